"""The module in which an embedder learns.

Phase one: encoder and decoder step together on context (which bar comes next: adssm, adjacency or nothing),
reconstruction and decorrelation. Phase two: the discriminator steps, then the encoder alone steps to fool it. The
phases alternate, batch by batch, until the run's budget is spent or the phase-one loss has converged.

The context objective sees the first `context_dim` numbers of an embedding, and once more, with another weight, all of
them, so that the distance of whole embeddings tells what comes next as well. With the prior "kl" the encoder's vectors
are the means of a posterior, the decoder is given draws from it, and its divergence takes the place of phase two.
"""

from __future__ import annotations

import torch
from torch import Tensor

from symbolic_embed.embedding.model import EmbedderNetworks
from symbolic_embed.networks.adjacency import AdjacencyClassifier
from symbolic_embed.networks.discriminator import Discriminator
from symbolic_embed.objectives.adjacency import adjacency_loss
from symbolic_embed.objectives.dssm import DeepStructuredSimilarity
from symbolic_embed.objectives.prior import decorrelation, discriminator_loss, draw, fooling_loss
from symbolic_embed.objectives.reconstruction import reconstruction_losses
from symbolic_embed.objectives.variational import Posterior
from symbolic_embed.training.embedder_batches import EmbedderBatch
from symbolic_embed.training.module import RunModule
from symbolic_embed.training.settings import EmbedderTraining


class EmbedderModule(RunModule[EmbedderTraining]):
    """Encoder, decoder, and what trains them."""

    networks: EmbedderNetworks

    def __init__(self, settings: EmbedderTraining) -> None:
        super().__init__(settings)
        self.networks = EmbedderNetworks(settings.model)
        context_dim = min(settings.model.context_dim, settings.model.dim)
        self.similarity, self.whole_similarity = (
            DeepStructuredSimilarity(similarity=settings.similarity) for _ in range(2)
        )
        self.classifier, self.whole_classifier = (
            AdjacencyClassifier(dim=dim) for dim in (context_dim, settings.model.dim)
        )
        self.discriminator = Discriminator(dim=settings.model.dim)
        self.posterior = Posterior(dim=settings.model.dim) if settings.prior == "kl" else None
        self.average_networks()
        self.context_dim = context_dim

    def configure_optimizers(self) -> list[torch.optim.Optimizer]:
        """Phase one; the discriminator; the encoder in phase two (Adam as in Radford and others 2016 for both)."""
        objectives = (self.similarity, self.whole_similarity, self.classifier, self.whole_classifier, self.posterior)
        learners = [self.networks, *(objective for objective in objectives if objective is not None)]
        learning = [weights for learner in learners for weights in learner.parameters()]
        rate = self.settings.learning_rate
        return [
            torch.optim.AdamW(learning, lr=rate, betas=(0.9, 0.98), weight_decay=0.01),
            torch.optim.Adam(self.discriminator.parameters(), lr=rate, betas=(0.5, 0.99)),
            torch.optim.Adam(self.networks.encoder.parameters(), lr=rate, betas=(0.5, 0.99)),
        ]

    def training_step(self, batch: EmbedderBatch, batch_idx: int) -> dict[str, Tensor]:
        phase_one, of_discriminator, of_fooling = self.all_optimizers()
        losses, cells = self.phase_one_losses(batch)
        self.step(phase_one, losses["phase_one"])
        if self._phase_two_is_due():
            draws = draw(self.settings.prior, len(cells), cells.shape[1], generator=self.generator()).to(cells)
            losses["discriminator"] = discriminator_loss(self.discriminator, cells, draws)
            self.step(of_discriminator, losses["discriminator"], rate_factor=self.settings.discriminator_rate)
            losses["fooling"] = fooling_loss(self.discriminator, self.networks.encoder(batch.cells.anchors))
            self.step(of_fooling, losses["fooling"], rate_factor=self.settings.fooling_rate)
        return self.finished(losses)

    def phase_one_losses(self, batch: EmbedderBatch) -> tuple[dict[str, Tensor], Tensor]:
        """Every loss of phase one, unweighted, and their weighted sum "phase_one"; and the anchors' embeddings."""
        encoder, settings = self.networks.encoder, self.settings
        anchors, positives = encoder(batch.cells.anchors), encoder(batch.cells.positives)
        losses = self._context_losses("cells", anchors, positives, ignored=batch.cells.ignored)
        everything = [anchors, positives]
        if batch.bars is not None:
            first, second = encoder(batch.bars.anchors), encoder(batch.bars.positives)
            everything += [first, second]
            losses |= self._context_losses("bars", first, second, ignored=batch.bars.ignored)
        points = anchors
        if self.posterior is not None:
            points, divergence = self.posterior(anchors, generator=self.generator())
            notes = sum(int(counts.sum()) for _, _, counts in batch.targets)
            losses["kl"] = divergence.sum() / max(notes, 1)  # of a note, as reconstruction is
        parts = reconstruction_losses(self.networks.decoder, points, batch.targets)
        losses |= {"reconstruction": parts.sum()} | dict(zip(("onset", "pitch", "length"), parts, strict=True))
        losses["decorrelation"] = decorrelation(torch.cat(everything))
        total = settings.reconstruction_weight * losses["reconstruction"]
        for kind, weight in (("context", settings.context_weight), ("whole", settings.whole_weight)):
            total = total + weight * sum(loss for name, loss in losses.items() if name.startswith(kind))
        if self.posterior is not None:
            total = total + settings.kl_weight * losses["kl"]
        if settings.is_adversarial:
            total = total + settings.decorrelation_weight * losses["decorrelation"]
        return {"phase_one": total, **losses}, anchors

    def _context_losses(self, level: str, anchors: Tensor, positives: Tensor, *, ignored: Tensor) -> dict[str, Tensor]:
        """Of cells or bars: the context objective on the first numbers, and on all where that counts."""
        if self.settings.objective == "none":
            return {}
        first = (anchors[:, : self.context_dim], positives[:, : self.context_dim])
        pairs = {"context": (*first, self.similarity, self.classifier)}
        if self.settings.whole_weight:
            pairs["whole"] = (anchors, positives, self.whole_similarity, self.whole_classifier)
        losses = {}
        for kind, (ours, theirs, similarity, classifier) in pairs.items():
            if self.settings.objective == "adjacency":
                loss = adjacency_loss(classifier, ours, theirs, ignored=ignored)
            else:
                loss = similarity(ours, theirs, ignored=ignored)
            losses[f"{kind}_{level}"] = loss
        return losses

    def _phase_two_is_due(self) -> bool:
        settings = self.settings
        started = settings.is_adversarial and self.done >= settings.prior_start
        return started and self.batches_done % settings.prior_every == 0
