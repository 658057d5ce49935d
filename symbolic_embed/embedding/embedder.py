"""The trained model in use: bars and cells to embeddings, embeddings to notes.

Nothing here trains, and nothing here imports Lightning. Everything is computed in single precision (unless an embedder
is asked for another, for many files at once), in batches of one size, one thread each, so the same files give the same
numbers. Windows that hold the same notes are embedded once.

A bar longer than 4/4 has several windows. Its embedding is the direction of their mean: the mean itself lies inside the
sphere, the deeper the more the windows differ, and nothing else that is embedded lies there.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symbolic_embed.bars import BarredScore, Windows, bar_windows, cell_windows
from symbolic_embed.embedding.anchor import PART as ANCHOR
from symbolic_embed.embedding.anchor import Anchor
from symbolic_embed.embedding.checkpoint import Checkpoint, embedding_hash, open_checkpoint, requiring_fit
from symbolic_embed.embedding.decoding import DecodingRules
from symbolic_embed.embedding.model import EmbedderNetworks, ModelSettings, encoder_input
from symbolic_embed.embedding.passages import PART as PASSAGES
from symbolic_embed.embedding.passages import PassageModel
from symbolic_embed.embedding.precision import Precision
from symbolic_embed.embedding.prior_map import PriorMap, load_prior_map
from symbolic_embed.embedding.sound import SoundEmbedder, sound_hash
from symbolic_embed.embedding.units import BATCH, LEAST, CellEmbeddings
from symbolic_embed.encodings import note_rows
from symbolic_embed.errors import CheckpointError
from symbolic_embed.networks.bfloat16 import rounded_encoder
from symbolic_embed.networks.choosing import Choice
from symbolic_embed.networks.decoder import NoteDecoder
from symbolic_embed.networks.encoder import Encoder
from symbolic_embed.networks.writing import Writer

FAINTEST = 0.01  # of the radius: the mean of windows that is shorter has next to no direction, and stays short


@dataclass(frozen=True, eq=False)
class Embedder:
    """An encoder and a decoder with trained weights; `folder` is that of their checkpoint, None where there is none.
    `precision` is that of the encoder's matrix products; the decoder is always float32."""

    settings: ModelSettings
    encoder: Encoder
    decoder: NoteDecoder
    card: Mapping[str, Any]
    hash: str
    jobs: int = 1
    folder: Path | None = None
    precision: Precision = "float32"

    @classmethod
    def load(cls, folder: Path | None = None, *, jobs: int = 1) -> Embedder:
        """The embedder of a checkpoint, the bundled one by default. Raises CheckpointError."""
        return cls.of(open_checkpoint(folder), jobs=jobs)

    @classmethod
    def of(cls, checkpoint: Checkpoint, *, jobs: int = 1) -> Embedder:
        """The embedder of an opened checkpoint. Raises CheckpointError where card and weights do not fit."""
        with requiring_fit(checkpoint):
            settings = ModelSettings.of_card(checkpoint.card)
            networks = EmbedderNetworks(settings)
            networks.load_state_dict(checkpoint.weights("embedder"))
        networks.eval().requires_grad_(False)
        return cls(
            settings,
            networks.encoder,
            networks.decoder,
            checkpoint.card,
            checkpoint.hash,
            jobs=jobs,
            folder=checkpoint.folder,
        )

    @cached_property
    def writer(self) -> Writer:
        """The decoder, made ready to write, every window alike whatever is written beside it."""
        return Writer(self.decoder, is_even=True)

    @cached_property
    def encoder_in_use(self) -> Encoder:
        """The encoder, multiplying in `precision`."""
        return self.encoder if self.precision == "float32" else rounded_encoder(self.encoder)

    @cached_property
    def prior_map(self) -> PriorMap | None:
        """The map to the prior that lies beside the checkpoint; None for one from before there were maps. Raises
        CheckpointError where its file is not the one that the card knows."""
        return load_prior_map(self.folder, self.card) if self.folder else None

    @cached_property
    def embedding_hash(self) -> str:
        """Which weights music is embedded by, also in passages: those of one hash can be compared, whoever composes."""
        return embedding_hash(self.card) if "weights" in self.card else self.hash

    @property
    def has_passages(self) -> bool:
        """Whether there is a passage encoder in the checkpoint."""
        return PASSAGES in self.card.get("weights", {})

    @cached_property
    def passage_model(self) -> PassageModel:
        """The passage encoder of the checkpoint, in single precision. Raises CheckpointError where there is none."""
        if self.folder is None:
            raise CheckpointError("this embedder has no checkpoint, and so no passage encoder; load one that has")
        return PassageModel.of(Checkpoint(self.folder, self.card))

    @property
    def has_sound(self) -> bool:
        """Whether there is an encoder of recordings in the checkpoint."""
        return sound_hash(self.card) is not None

    @cached_property
    def sound_model(self) -> SoundEmbedder:
        """The encoder of recordings of the checkpoint. Raises CheckpointError where there is none."""
        if self.folder is None:
            raise CheckpointError("this embedder has no checkpoint, and so no encoder of recordings; load one that has")
        return SoundEmbedder.of(Checkpoint(self.folder, self.card))

    @property
    def has_anchor(self) -> bool:
        """Whether there is an anchor in the checkpoint."""
        return ANCHOR in self.card.get("weights", {})

    @cached_property
    def anchor(self) -> Anchor:
        """The anchor of the checkpoint. Raises CheckpointError where there is none."""
        if self.folder is None:
            raise CheckpointError("this embedder has no checkpoint, and so no anchor; load one that has")
        return Anchor.of(Checkpoint(self.folder, self.card))

    @property
    def dim(self) -> int:
        return self.settings.dim

    def embed_windows(self, windows: Windows) -> NDArray[np.float32]:
        """An embedding for each window; float32 (windows, dim)."""
        if len(windows) == 0:
            return np.zeros((0, self.dim), np.float32)
        _, first, inverse = np.unique(windows.content_hashes(), return_index=True, return_inverse=True)
        batches = np.split(first, np.arange(BATCH, len(first), BATCH))
        if len(batches) == 1:
            return self.embed_batch(windows.where(first))[inverse]
        with ThreadPoolExecutor(self.jobs) as pool:
            vectors = list(pool.map(lambda chosen: self.embed_batch(windows.where(chosen)), batches))
        return np.concatenate(vectors)[inverse]

    def embed_few(self, windows: Windows) -> NDArray[np.float32]:
        """As `embed_windows`, of one window at least and at the cost of no more than there are: for what is written and
        is context at once. The last bits depend on how many they are; float32 (windows, dim)."""
        _, first, inverse = np.unique(windows.content_hashes(), return_index=True, return_inverse=True)
        batches = np.split(first, np.arange(BATCH, len(first), BATCH))
        return np.concatenate([self._embedded(windows.where(chosen)) for chosen in batches])[inverse]

    def embed_bars(self, barred: BarredScore) -> NDArray[np.float32]:
        """An embedding for each bar, the empty ones too; float32 (bars, dim)."""
        windows = bar_windows(barred)
        return self.of_bars(self.embed_windows(windows), np.flatnonzero(windows.part_of_bar == 0))

    def embed_cells(self, barred: BarredScore) -> CellEmbeddings:
        """An embedding for each cell in which a note begins, by part, then bar."""
        windows = cell_windows(barred)
        first = np.flatnonzero(windows.part_of_bar == 0)
        return CellEmbeddings(
            self.of_bars(self.embed_windows(windows), first), windows.track[first], windows.bar[first]
        )

    def of_bars(self, vectors: NDArray[np.float32], first: NDArray[np.int64]) -> NDArray[np.float32]:
        """The embeddings of bars (or cells) from those of their windows, (windows, dim): a bar's windows begin at each
        row in `first`; float32 (bars, dim). A single window is the bar, to the last bit. The mean of several is brought
        back to the radius sqrt(dim), unless embeddings are not bounded; of opposite windows it is 0 and stays so."""
        counts = np.diff(np.append(first, len(vectors)))
        long = np.flatnonzero(counts > 1)
        if len(long) == 0:
            return vectors[first]
        means = np.add.reduceat(vectors, first, axis=0) / counts[:, None]
        if self.settings.bounded:
            radius = self.dim**0.5
            lengths = np.linalg.norm(means[long], axis=1, keepdims=True)
            means[long] *= radius / np.maximum(lengths, FAINTEST * radius)
        return means.astype(np.float32)

    def decode(self, embeddings: NDArray[np.float32], rules: DecodingRules, *, choice: Choice | None = None) -> Windows:
        """A window of notes for each embedding (windows, dim), under the rules of these windows. Greedy unless `choice`
        says otherwise. What a window becomes, if greedily, does not depend on the others."""
        grammar = rules.grammar()
        points = torch.from_numpy(np.ascontiguousarray(embeddings, np.float32))
        batches = np.split(np.arange(len(points)), np.arange(BATCH, len(points), BATCH))  # memory stays flat
        written = [
            self.writer.write(points[batch], grammar=grammar.rows(batch), choice=choice or Choice())
            for batch in batches
        ]
        rows, counts = (np.concatenate(columns) for columns in zip(*written, strict=True))
        return note_rows.decode(rows, counts, steps=rules.steps)

    def with_jobs(self, jobs: int) -> Embedder:
        """The same model, using `jobs` threads for many windows. The numbers do not depend on it."""
        return replace(self, jobs=jobs)

    def with_precision(self, precision: Precision) -> Embedder:
        """The same model, its encoder multiplying in `precision`. In bfloat16 embeddings differ in their third digit
        from those in float32, so the two should not be mixed."""
        return replace(self, precision=precision)

    def embed_batch(self, windows: Windows) -> NDArray[np.float32]:
        """An embedding for each of at most BATCH windows, as they are; float32 (windows, dim)."""
        # Matrix products of one to three rows are computed in another order, and differ in the last bits.
        filled = windows.where(np.arange(max(len(windows), LEAST)) % len(windows))
        return self._embedded(filled)[: len(windows)]

    @torch.no_grad()
    def _embedded(self, windows: Windows) -> NDArray[np.float32]:
        vectors: Tensor = self.encoder_in_use(encoder_input(windows, representation=self.settings.representation))
        return vectors.numpy()
