"""The model: which networks there are, of which size, and how windows of music become their input.

This is where music and networks meet. `ModelSettings` describes the networks completely; a checkpoint's card holds
them, so a trained model is rebuilt from its card and its weights alone.
"""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
import torch
from pydantic import Field
from torch import Tensor, nn

from symbolic_embed.bars import ROLES, STEPS_PER_QUARTER, WINDOW_STEPS, Windows
from symbolic_embed.encodings import note_rows, pianoroll
from symbolic_embed.networks.composer import Composer
from symbolic_embed.networks.decoder import NoteClasses, NoteDecoder
from symbolic_embed.networks.encoder import BagEncoder, Bags, TokenEncoder, Tokens
from symbolic_embed.settings import Settings

Representation = Literal["pianoroll", "events"]


class ModelSettings(Settings):
    """The size and kind of encoder and decoder.

    representation: what the encoder reads. metre: whether it is told how long each window is as well, as barlines tell
    a reader: a dotted half note fills a bar of 3/4, not one of 4/4. dim: numbers in an embedding. context_dim: on how
    many of them, from the first on, the next-bar objective works; the others are left to the detail that reconstruction
    needs. channels, hidden: width of the frames, and of the decoder's recurrent network. bounded: whether embeddings
    lie on the sphere of radius sqrt(dim); only a variational autoencoder's do not.
    """

    representation: Representation = "pianoroll"
    metre: bool = True
    dim: int = Field(256, ge=8, le=4096)
    context_dim: int = Field(64, ge=2)
    channels: int = Field(128, ge=8, multiple_of=4)
    hidden: int = Field(256, ge=8)
    steps_per_quarter: Literal[12] = STEPS_PER_QUARTER
    bounded: bool = True

    @classmethod
    def of_card(cls, card: dict[str, Any]) -> Self:
        """As a checkpoint's card tells them; a card that says nothing of metre is from before encoders were told."""
        return cls(**{"metre": False, **card["model"]})


class ComposerSettings(Settings):
    """The size of the composer. hidden: of the LSTM, of `layers` layers; width: of what it is told at a step; heads: of
    the attention to earlier bars."""

    hidden: int = Field(384, ge=8)
    layers: int = Field(1, ge=1)
    width: int = Field(256, ge=8)
    heads: int = Field(4, ge=1)


def build_encoder(settings: ModelSettings) -> nn.Module:
    """An encoder with fresh weights for what `encoder_input` makes."""
    size = {"frames": pianoroll.FRAMES, "channels": settings.channels, "dim": settings.dim, "bounded": settings.bounded}
    size["longest"] = WINDOW_STEPS if settings.metre else None
    if settings.representation == "events":
        from symbolic_embed.encodings import events

        return TokenEncoder(vocabulary=events.vocabulary_size(), padding=events.PADDING, **size)
    return BagEncoder(onset_vectors=pianoroll.ONSET_VECTORS, sounding_vectors=pianoroll.SOUNDING_VECTORS, **size)


def build_decoder(settings: ModelSettings) -> NoteDecoder:
    """A decoder with fresh weights, writing the rows of `encodings.note_rows`."""
    classes = NoteClasses(
        steps=WINDOW_STEPS,
        pitches=note_rows.PITCH_TOKENS,
        lengths=len(note_rows.LENGTHS),
        steps_per_frame=pianoroll.STEPS_PER_FRAME,
    )
    return NoteDecoder(
        classes=classes,
        dim=settings.dim,
        frames=pianoroll.FRAMES,
        channels=settings.channels,
        hidden=settings.hidden,
        bounded=settings.bounded,
    )


def build_networks(settings: ModelSettings) -> nn.ModuleDict:
    """Encoder and decoder with fresh weights, as the "embedder" of a checkpoint holds them."""
    return nn.ModuleDict({"encoder": build_encoder(settings), "decoder": build_decoder(settings)})


def build_composer(settings: ComposerSettings, *, model: ModelSettings) -> nn.ModuleDict:
    """A composer with fresh weights, and its own copy of the decoder."""
    size = settings.model_dump()
    return nn.ModuleDict(
        {"composer": Composer(dim=model.dim, roles=len(ROLES), **size), "decoder": build_decoder(model)}
    )


def encoder_input(windows: Windows, *, representation: Representation) -> Bags | Tokens:
    """Windows as the encoder takes them."""
    steps = torch.from_numpy(windows.steps)
    if representation == "events":
        from symbolic_embed.encodings import events

        tokens, counts = events.encode(windows)
        return Tokens(torch.from_numpy(tokens), torch.from_numpy(counts), steps)
    bags = pianoroll.note_bags(windows)
    return Bags(
        torch.from_numpy(bags.onsets),
        torch.from_numpy(bags.onset_offsets),
        torch.from_numpy(bags.sounding),
        torch.from_numpy(bags.sounding_weights.astype(np.float32)),
        torch.from_numpy(bags.sounding_offsets),
        steps,
    )


def padded_rows(rows: np.ndarray, counts: np.ndarray, *, longest: int) -> tuple[Tensor, Tensor]:
    """Note rows (notes, 3) with `counts` (windows,) as a padded batch (windows, at most `longest`, 3) and its counts.

    A window of more notes keeps its first `longest`.
    """
    kept = np.minimum(counts, longest)
    first = np.cumsum(counts) - counts
    place = np.arange(int(kept.max(initial=0)))
    inside = place < kept[:, None]
    index = np.where(inside, first[:, None] + place, 0)
    padded = rows[index] if len(rows) else np.zeros((*index.shape, 3), np.int64)
    return torch.from_numpy(np.where(inside[..., None], padded, 0)), torch.from_numpy(kept)
