"""The composer of a checkpoint, in use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from symbolic_embed.embedding.checkpoint import Checkpoint, open_checkpoint, requiring_fit
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.model import ComposerNetworks, ComposerSettings
from symbolic_embed.errors import CheckpointError, MissingComposerError
from symbolic_embed.networks.bar_plan import BarPlan
from symbolic_embed.networks.composer import Composer
from symbolic_embed.networks.copying import Copying
from symbolic_embed.networks.decoder import NoteDecoder
from symbolic_embed.networks.writing import Writer


@dataclass(frozen=True, eq=False)
class TrainedComposer:
    """A composer, the plan before it, its own decoder and what this copies, and the embedder they were trained on."""

    embedder: Embedder
    composer: Composer
    plan: BarPlan
    decoder: NoteDecoder
    copying: Copying

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
        weights = checkpoint.weights("composer")
        if not any(name.startswith("plan.") for name in weights):
            raise CheckpointError(
                f"{checkpoint.folder}: its composer makes no plan of a bar yet; train it on with this version: "
                f"`train composer --from {checkpoint.folder} --checkpoint {checkpoint.folder}`"
            )
        with requiring_fit(checkpoint):
            networks = ComposerNetworks(ComposerSettings(**checkpoint.card["composer"]), model=embedder.settings)
            networks.load_state_dict(weights)
        networks.eval().requires_grad_(False)
        return cls.from_networks(embedder, networks)

    @classmethod
    def from_networks(cls, embedder: Embedder, networks: ComposerNetworks) -> TrainedComposer:
        """Of finished networks, and the embedder they were trained on."""
        return cls(embedder, networks.composer, networks.plan, networks.decoder, networks.copying)

    @cached_property
    def writer(self) -> Writer:
        """The composer's decoder, made ready to write."""
        return Writer(self.decoder, copying=self.copying)
