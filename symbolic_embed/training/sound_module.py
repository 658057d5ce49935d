"""The module in which an encoder of recordings learns: a window as heard is to lie where the same window as written
does.

Phase one: the objective of the method, with what is heard as the anchor and what is written, by the finished embedder,
as the positive, both by what of them can be heard; and the plain distance of the two. Phase two: the discriminator
steps, then the encoder to fool it.
"""

from __future__ import annotations

import torch
from torch import Tensor

from symbolic_embed.embedding.model import build_sound
from symbolic_embed.networks.adjacency import AdjacencyClassifier
from symbolic_embed.networks.discriminator import Discriminator
from symbolic_embed.networks.sound import SoundNetworks
from symbolic_embed.objectives.adjacency import adjacency_loss
from symbolic_embed.objectives.dssm import DeepStructuredSimilarity
from symbolic_embed.objectives.prior import discriminator_loss, draw, fooling_loss
from symbolic_embed.training.module import RunModule
from symbolic_embed.training.settings import SoundTraining
from symbolic_embed.training.sound_batches import SoundBatch


class SoundModule(RunModule[SoundTraining]):
    """An encoder of recordings to embeddings of `dim` numbers, and what trains it."""

    networks: SoundNetworks

    def __init__(self, settings: SoundTraining, *, dim: int) -> None:
        super().__init__(settings)
        self.networks = build_sound(settings.sound, dim=dim)
        self.similarity = DeepStructuredSimilarity(similarity=settings.similarity)
        self.classifier = AdjacencyClassifier(dim=settings.sound.audible)
        self.discriminator = Discriminator(dim=dim)
        self.average_networks()

    def configure_optimizers(self) -> list[torch.optim.Optimizer]:
        """Phase one; the discriminator; the encoder in phase two."""
        learners = (self.networks, self.similarity, self.classifier)
        learning = [weights for learner in learners for weights in learner.parameters()]
        rate = self.settings.learning_rate
        return [
            torch.optim.AdamW(learning, lr=rate, betas=(0.9, 0.98), weight_decay=0.01),
            torch.optim.Adam(self.discriminator.parameters(), lr=rate, betas=(0.5, 0.99)),
            torch.optim.Adam(self.networks.encoder.parameters(), lr=rate, betas=(0.5, 0.99)),
        ]

    def training_step(self, batch: SoundBatch, batch_idx: int) -> dict[str, Tensor]:
        phase_one, of_discriminator, of_fooling = self.all_optimizers()
        losses, heard = self.phase_one_losses(batch)
        self.step(phase_one, losses["phase_one"])
        if self._phase_two_is_due():
            draws = draw(self.settings.prior, len(heard), heard.shape[1], generator=self.generator()).to(heard)
            losses["discriminator"] = discriminator_loss(self.discriminator, heard, draws)
            self.step(of_discriminator, losses["discriminator"], rate_factor=self.settings.discriminator_rate)
            losses["fooling"] = fooling_loss(self.discriminator, self.networks.encoder(batch.heard))
            self.step(of_fooling, losses["fooling"], rate_factor=self.settings.fooling_rate)
        return self.finished(losses)

    def phase_one_losses(self, batch: SoundBatch) -> tuple[dict[str, Tensor], Tensor]:
        """Every loss of phase one, unweighted, and their weighted sum "phase_one"; and what is heard, embedded."""
        heard = self.networks.encoder(batch.heard).float()
        with torch.autocast(heard.device.type, enabled=False):  # distances are differences of large numbers
            pairs = self.networks.heard(heard), self.networks.heard(batch.meant)
            if self.settings.objective == "adjacency":
                context = adjacency_loss(self.classifier, *pairs, ignored=batch.ignored)
            else:
                context = self.similarity(*pairs, ignored=batch.ignored)
            nearness = (heard - batch.meant).square().mean()
        total = context + self.settings.nearness_weight * nearness
        return {"phase_one": total, "context": context, "nearness": nearness}, heard

    def _phase_two_is_due(self) -> bool:
        settings = self.settings
        started = settings.prior != "none" and self.done >= settings.prior_start
        return started and self.batches_done % settings.prior_every == 0
