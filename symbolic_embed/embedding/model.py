"""The model: which networks there are, of which size, and how windows of music become their input.

This is where music and networks meet. `ModelSettings` describes the networks completely; a checkpoint's card holds
them, so a trained model is rebuilt from its card and its weights alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn

from symbolic_embed.bars import ROLES, STEPS_PER_QUARTER, WINDOW_STEPS, Windows, ranges
from symbolic_embed.bars.chords import CHORDS
from symbolic_embed.encodings import note_rows, pianoroll
from symbolic_embed.encodings.cell_rolls import PITCHES
from symbolic_embed.encodings.patterns import PLACES, material, sources
from symbolic_embed.encodings.sound import FEATURES, SoundKind
from symbolic_embed.networks.anchor import AnchorNetwork
from symbolic_embed.networks.bar_plan import BarPlan, PlanSize
from symbolic_embed.networks.blocks import NetworkSize
from symbolic_embed.networks.composer import Composer, ComposerSize
from symbolic_embed.networks.copying import Copying, CopyingSize
from symbolic_embed.networks.decoder import NoteClasses, NoteDecoder
from symbolic_embed.networks.encoder import BagEncoder, Bags, Encoder, TokenEncoder, Tokens
from symbolic_embed.networks.passages import PassageEncoder, PassageSize
from symbolic_embed.networks.sound import SoundNetworks
from symbolic_embed.settings import Settings

Representation = Literal["pianoroll", "events"]


class ModelSettings(Settings):
    """The size and kind of encoder and decoder.

    representation: what the encoder reads. metre: whether it is conditioned on how long each window is as well, as a
    reader is on the barlines: a dotted half note fills a bar of 3/4, not one of 4/4. dim: numbers in an embedding.
    context_dim: on how many of them, from the first on, the next-bar objective works; the others are left to the detail
    that reconstruction needs. channels, hidden: width of the frames, and of the decoder's recurrent network. bounded:
    whether embeddings lie on the sphere of radius sqrt(dim); only a variational autoencoder's do not.
    """

    representation: Representation = "pianoroll"
    metre: bool = True
    dim: int = Field(default=256, ge=8, le=4096)
    context_dim: int = Field(default=64, ge=2)
    channels: int = Field(default=128, ge=8, multiple_of=4)
    hidden: int = Field(default=256, ge=8)
    steps_per_quarter: Literal[12] = STEPS_PER_QUARTER
    bounded: bool = True

    @classmethod
    def of_card(cls, card: Mapping[str, Any]) -> Self:
        """As a checkpoint's card has them; one that says nothing of metre is from before encoders had it."""
        return cls(**{"metre": False, **card["model"]})

    @property
    def size(self) -> NetworkSize:
        """What encoder and decoder agree on."""
        return NetworkSize(pianoroll.FRAMES, self.channels, self.dim, self.bounded)


class ComposerSettings(Settings):
    """The size of the composer. hidden: of the LSTM, of `layers` layers; width: of its input at a step; heads: of the
    attention to earlier bars; plan: of the LSTM that plans whole windows; gates: of the network that weighs what is
    copied."""

    hidden: int = Field(default=384, ge=8)
    layers: int = Field(default=1, ge=1)
    width: int = Field(default=256, ge=8)
    heads: int = Field(default=4, ge=1)
    plan: int = Field(default=192, ge=8)
    gates: int = Field(default=96, ge=8)


class PassageSettings(Settings):
    """The size of the passage encoder, as `networks.passages.PassageSize` has it; what is not here follows from music
    and from the embedder."""

    hidden: int = Field(default=512, ge=8)
    channels: int = Field(default=40, ge=4)
    out: int = Field(default=16, ge=1)


class AnchorSettings(Settings):
    """The size of the anchor. width: of its `layers` blocks, each with so many `heads`; out: numbers in an anchor and a
    target; longest: how many bars it looks back over, this one counted."""

    width: int = Field(default=128, ge=8)
    layers: int = Field(default=2, ge=1)
    heads: int = Field(default=4, ge=1)
    out: int = Field(default=128, ge=2)
    longest: int = Field(default=8, ge=1)

    @property
    def member(self) -> int:
        """How many numbers a member of a company has."""
        return self.out + self.width


class SoundSettings(Settings):
    """The kind and size of an encoder of recordings; how long an embedding is follows from the embedder. kind: what it
    hears; channels: width of its frames; audible: how many numbers are kept of an embedding to compare what is heard
    with what is written."""

    kind: SoundKind = "chroma"
    channels: int = Field(default=128, ge=8, multiple_of=4)
    audible: int = Field(default=128, ge=2)


class EmbedderNetworks(nn.Module):
    """Encoder and decoder with fresh weights, as the "embedder" of a checkpoint holds them."""

    def __init__(self, settings: ModelSettings) -> None:
        super().__init__()
        self.encoder, self.decoder = build_encoder(settings), build_decoder(settings)


class ComposerNetworks(nn.Module):
    """A composer with fresh weights, the plan before it, its own copy of the decoder and what this copies, as the
    "composer" of a checkpoint holds them."""

    def __init__(self, settings: ComposerSettings, *, model: ModelSettings) -> None:
        super().__init__()
        dim, roles = model.dim, len(ROLES)
        sizes = settings.model_dump(include={"hidden", "layers", "width", "heads"})
        self.composer = Composer(
            ComposerSize(dim, **sizes, roles=roles, chords=CHORDS, places=PLACES, returning=material.RETURN_FEATURES)
        )
        features = (sources.CANDIDATE_FEATURES, sources.PLAYING_FEATURES)
        self.plan = BarPlan(PlanSize(dim, *features, CHORDS, roles, PLACES, settings.plan))
        self.decoder = build_decoder(model)
        copying = CopyingSize(material.COUNT, material.TRUST_FEATURES, state=model.hidden, hidden=settings.gates)
        self.copying = Copying(copying, steps=WINDOW_STEPS, pitches=PITCHES, lengths=len(note_rows.LENGTHS))


class PassageNetworks(nn.Module):
    """A passage encoder with fresh weights, as the "passages" of a checkpoint hold it."""

    def __init__(self, settings: PassageSettings, *, model: ModelSettings) -> None:
        super().__init__()
        size = PassageSize(dim=model.dim, roles=len(ROLES), **settings.model_dump())
        self.encoder = PassageEncoder(size)


def build_anchor(settings: AnchorSettings, *, dim: int, dropout: float = 0.0) -> AnchorNetwork:
    """An anchor with fresh weights, over embeddings of `dim` numbers; whole bars are a role of their own, the last."""
    return AnchorNetwork(dim=dim, roles=len(ROLES) + 1, dropout=dropout, **settings.model_dump())


def build_sound(settings: SoundSettings, *, dim: int) -> SoundNetworks:
    """An encoder of recordings with fresh weights, to embeddings of `dim` numbers on their sphere."""
    size = NetworkSize(pianoroll.FRAMES, settings.channels, dim)
    features = FEATURES[settings.kind]
    return SoundNetworks(size, features=features, longest=WINDOW_STEPS, audible=settings.audible)


def build_encoder(settings: ModelSettings) -> Encoder:
    """An encoder with fresh weights for what `encoder_input` makes."""
    longest = WINDOW_STEPS if settings.metre else None
    if settings.representation == "events":
        from symbolic_embed.encodings import events

        vocabulary = events.vocabulary_size()
        return TokenEncoder(settings.size, vocabulary=vocabulary, padding=events.PADDING, longest=longest)
    vectors = {"onset_vectors": pianoroll.ONSET_VECTORS, "sounding_vectors": pianoroll.SOUNDING_VECTORS}
    return BagEncoder(settings.size, **vectors, longest=longest)


def build_decoder(settings: ModelSettings) -> NoteDecoder:
    """A decoder with fresh weights, writing the rows of `encodings.note_rows`."""
    classes = NoteClasses(
        steps=WINDOW_STEPS,
        pitches=note_rows.PITCH_TOKENS,
        lengths=len(note_rows.LENGTHS),
        steps_per_frame=pianoroll.STEPS_PER_FRAME,
    )
    return NoteDecoder(settings.size, classes=classes, hidden=settings.hidden)


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


def padded_rows(rows: NDArray[np.int64], counts: NDArray[np.int64], *, longest: int) -> tuple[Tensor, Tensor]:
    """Note rows (notes, 3) with `counts` (windows,) as a padded batch (windows, at most `longest`, 3) and its counts.

    A window of more notes keeps its first `longest`.
    """
    kept = np.minimum(counts, longest)
    first = ranges.offsets(counts)[:-1]
    ordinal = np.arange(int(kept.max(initial=0)))
    inside = ordinal < kept[:, None]
    index = np.where(inside, first[:, None] + ordinal, 0)
    padded = rows[index] if len(rows) else np.zeros((*index.shape, 3), np.int64)
    return torch.from_numpy(np.where(inside[..., None], padded, 0)), torch.from_numpy(kept)
