"""The module in which a composer learns.

Encoder and embeddings are finished; what learns is the composer and its own copy of the decoder, on the likelihood of
the next cell's notes, and of what returns.
"""

from __future__ import annotations

import torch
from torch import Tensor

from symbolic_embed.embedding.checkpoint import Checkpoint
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.model import ComposerNetworks
from symbolic_embed.errors import CheckpointError, MissingComposerError
from symbolic_embed.networks.composer import Context
from symbolic_embed.objectives.reconstruction import reconstruction_losses
from symbolic_embed.objectives.returning import returning_loss
from symbolic_embed.training.composer_batches import ComposerBatch
from symbolic_embed.training.module import RunModule
from symbolic_embed.training.settings import ComposerTraining

DECODER_RATE = 0.3  # of the composer's learning rate: the decoder's copy only has to be tuned


class ComposerModule(RunModule[ComposerTraining]):
    """A composer, its decoder, and the encoder of the embedder they build on."""

    networks: ComposerNetworks

    def __init__(self, settings: ComposerTraining, embedder: Embedder) -> None:
        super().__init__(settings)
        self.networks = ComposerNetworks(settings.composer, model=embedder.settings)
        self.networks.decoder.load_state_dict(embedder.decoder.state_dict())
        self.encoder = embedder.encoder
        self.embedder_hash = embedder.card.get("weights", {}).get("embedder")
        self.embedder_origin = embedder.card.get("training", {}).get("started_from", {}).get("checkpoint")
        self.average_networks()

    def start_from(self, checkpoint: Checkpoint) -> None:
        """Takes the composer of a checkpoint, and its decoder too where that reads the same embeddings, or those of an
        embedder that went on from this one's: they lie near (2.58 nats a note with it, 9.63 without, 2.55 before).
        Raises CheckpointError where it is of another size, MissingComposerError where there is none."""
        if not checkpoint.holds("composer"):
            raise MissingComposerError(checkpoint.folder)
        taken = checkpoint.weights("composer")
        if checkpoint.card["weights"]["embedder"] != self.embedder_hash and checkpoint.hash != self.embedder_origin:
            kept = {f"decoder.{name}": weights for name, weights in self.networks.decoder.state_dict().items()}
            taken = {**taken, **kept}
        try:
            self.networks.load_state_dict(taken)
        except RuntimeError:
            raise CheckpointError(
                f"{checkpoint.folder}: its composer is of another size; a run that starts from it takes the same"
            ) from None

    def configure_optimizers(self) -> torch.optim.Optimizer:
        groups = [
            {"params": self.networks.composer.parameters(), "share": 1.0},
            {"params": self.networks.decoder.parameters(), "share": DECODER_RATE},
        ]
        return torch.optim.AdamW(groups, lr=self.settings.learning_rate, betas=(0.9, 0.98), weight_decay=0.01)

    def training_step(self, batch: ComposerBatch, batch_idx: int) -> dict[str, Tensor]:
        (optimiser,) = self.all_optimizers()
        losses = self.losses(batch)
        self.step(optimiser, losses["phase_one"])
        return self.finished(losses)

    def losses(self, batch: ComposerBatch) -> dict[str, Tensor]:
        """The mean negative log-likelihood of the next cells' notes, a choice at a time, and of what returns, each
        unweighted; and their weighted sum "phase_one"."""
        composer = self.networks.composer
        derived, returns, _ = composer(self.context(batch), composer.initial_state(len(batch.roles)))
        parts = reconstruction_losses(self.networks.decoder, derived.flatten(0, 1), batch.targets)
        returning = returning_loss(returns.float(), batch.contents)
        total = parts.sum() + self.settings.return_weight * returning
        named = dict(zip(("onset", "pitch", "length"), parts, strict=True))
        return {"phase_one": total, **named, "returning": returning}

    @torch.no_grad()
    def context(self, batch: ComposerBatch) -> Context:
        """What the composer is conditioned on at each step; (parts, steps, dim)."""
        parts = len(batch.roles)
        cells = self.encoder(batch.cells).unflatten(0, (parts, -1))  # (parts, steps + 1, dim)
        steps = cells.shape[1] - 1
        bars = self.encoder(batch.bars).unflatten(0, (-1, steps + 1))[batch.piece]  # (parts, steps + 1, dim)
        written = cells.new_zeros(parts, steps, cells.shape[2])
        if batch.follows.any():
            written[batch.follows] = self.encoder(batch.written).unflatten(0, (-1, steps))
        return Context(cells[:, :-1], bars[:, :-1], written, batch.roles)
