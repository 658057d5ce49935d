"""The composer of a checkpoint, in use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from symbolic_embed.embedding.checkpoint import Checkpoint, open_checkpoint, requiring_fit
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.model import ComposerNetworks, ComposerSettings
from symbolic_embed.errors import MissingComposerError
from symbolic_embed.networks.composer import Composer
from symbolic_embed.networks.decoder import NoteDecoder
from symbolic_embed.networks.writing import Writer


@dataclass(frozen=True, eq=False)
class TrainedComposer:
    """A composer, its own decoder, and the embedder they were trained on."""

    embedder: Embedder
    composer: Composer
    decoder: NoteDecoder

    @classmethod
    def load(cls, folder: Path | None = None) -> TrainedComposer:
        """The composer of a checkpoint, the bundled one by default. Raises CheckpointError, MissingComposerError."""
        return cls.of(open_checkpoint(folder))

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> TrainedComposer:
        """The composer of an opened checkpoint. Raises as `load` does."""
        if not checkpoint.holds("composer"):
            raise MissingComposerError(checkpoint.folder)
        embedder = Embedder.of(checkpoint)
        with requiring_fit(checkpoint):
            networks = ComposerNetworks(ComposerSettings(**checkpoint.card["composer"]), model=embedder.settings)
            networks.load_state_dict(checkpoint.weights("composer"))
        networks.eval().requires_grad_(False)
        return cls(embedder, networks.composer, networks.decoder)

    @cached_property
    def writer(self) -> Writer:
        """The composer's decoder, made ready to write."""
        return Writer(self.decoder)
