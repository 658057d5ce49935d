"""The module in which a passage encoder learns.

The embedder is finished. What learns is the unfolding of its embeddings, held to what really sounds in the cells, and
all that is built on it, by telling other versions of a passage from other passages of the same style.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from symbolic_embed.embedding.checkpoint import Checkpoint
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.model import PassageNetworks
from symbolic_embed.embedding.passages import PART
from symbolic_embed.errors import CheckpointError
from symbolic_embed.networks.blocks import on_sphere
from symbolic_embed.networks.passages import SIZES, PassageVectors
from symbolic_embed.objectives.versions import VersionContrast
from symbolic_embed.training.module import RunModule
from symbolic_embed.training.passage_batches import PassageBatch
from symbolic_embed.training.settings import PassageTraining

FEWEST = 2  # passages that can be told from each other


class PassageModule(RunModule[PassageTraining]):
    """A passage encoder, its objectives, and the encoder of the embedder it builds on."""

    networks: PassageNetworks

    def __init__(self, settings: PassageTraining, embedder: Embedder, *, bars: int) -> None:
        super().__init__(settings)
        self.bars = bars
        self.networks = PassageNetworks(settings.passages, model=embedder.settings)
        self.embedder = embedder
        self.turning = VersionContrast(places=self.networks.encoder.size.places)
        self.blind = VersionContrast()
        self.average_networks()

    def start_from(self, checkpoint: Checkpoint) -> None:
        """Takes the passage encoder of a checkpoint. Raises CheckpointError where there is none, or one of another
        size."""
        if not checkpoint.holds(PART):
            raise CheckpointError(f"{checkpoint.folder}: no passage encoder to start from; name a checkpoint with one")
        try:
            self.networks.load_state_dict(checkpoint.weights(PART))
        except RuntimeError:
            raise CheckpointError(
                f"{checkpoint.folder}: its passage encoder is of another size; a run that starts from it takes the same"
            ) from None

    def configure_optimizers(self) -> torch.optim.Optimizer:
        learning = [*self.networks.parameters(), *self.turning.parameters(), *self.blind.parameters()]
        return torch.optim.AdamW(learning, lr=self.settings.learning_rate, betas=(0.9, 0.98), weight_decay=0.01)

    def training_step(self, batch: PassageBatch, batch_idx: int) -> dict[str, Tensor]:
        (optimiser,) = self.all_optimizers()
        losses = self.losses(batch)
        self.step(optimiser, losses["phase_one"])
        return self.finished(losses)

    def losses(self, batch: PassageBatch) -> dict[str, Tensor]:
        """How well cells are unfolded; of each size of passages how well versions are told, by either vector, once the
        unfolding has learnt by itself; and their weighted sum "phase_one"."""
        settings, encoder = self.settings, self.networks.encoder
        embeddings, cells = self._embedded(batch)
        losses = {"sounding": self._sounding_loss(embeddings, batch)}
        total = settings.sounding_weight * losses["sounding"]
        if self.done < settings.unfolding_share:
            return {"phase_one": total, **losses}
        unfolded = encoder.unfolding(cells, batch.roles)
        vectors = encoder(unfolded, slots=batch.slots, lines=2 * len(batch.ignored), bars=self.bars)
        for question in self._questions(vectors, batch):
            if len(question.rows) >= FEWEST:
                ignored = batch.ignored[question.rows][:, question.rows]
                name = f"{SIZES[question.size]}_bars"
                turning, blind = self._contrasts(question, ignored)
                losses |= {f"turning_{name}": turning, f"blind_{name}": blind}
                total = total + settings.turning_weight * turning + settings.blind_weight * blind
        return {"phase_one": total, **losses}

    @torch.no_grad()
    def _embedded(self, batch: PassageBatch) -> tuple[Tensor, Tensor]:
        """Embeddings of the windows, (windows, dim), and of the cells, (cells, dim)."""
        if self.embedder.precision != self.precision:
            self.embedder = self.embedder.with_precision(self.precision)
        encoder = self.embedder.encoder_in_use
        device = batch.slots.device
        with torch.autocast(device.type, enabled=False):
            windows = torch.cat([encoder.to(device)(windows) for windows in batch.windows]).float()
            summed = windows.new_zeros(len(batch.slots), windows.shape[1]).index_add(
                0, batch.cell, windows[batch.window]
            )
            return windows, on_sphere(summed)

    def _sounding_loss(self, embeddings: Tensor, batch: PassageBatch) -> Tensor:
        """How far the unfolded frames of some cells are from what sounds in them: the mean square over all numbers."""
        roles = batch.roles.new_zeros(len(embeddings)).scatter(0, batch.window, batch.roles[batch.cell])
        count = len(batch.sounding)
        frames = self.networks.encoder.unfolding(embeddings[:count], roles[:count]).frames
        return functional.mse_loss(frames.float(), batch.sounding)

    def _questions(self, vectors: tuple[PassageVectors, ...], batch: PassageBatch) -> list[Question]:
        """For each size the passages of anchors and others that belong together, from one bar on, drawn for the batch.
        Where one of the two is twice as slow, half as many bars of the other belong to its bars from the first on."""
        count = len(batch.ignored)
        sounds = torch.zeros(2 * count * self.bars, dtype=torch.bool, device=batch.slots.device)
        sounds[batch.slots] = True
        sounds = sounds.reshape(2, count, self.bars)
        slow_other = batch.is_slow & ~batch.slow_anchor
        questions = []
        for size, (bars, of_size) in enumerate(zip(SIZES, vectors, strict=True)):
            start = int(torch.randint(self.bars - bars + 1, (1,), generator=self.generator()))
            there = sounds[:, :, start : start + bars].any(dim=2).all(dim=0)
            pairs = [(one[:count, start], one[count:, start]) for one in of_size]
            if size == 0:
                there = there & ~batch.is_slow
            else:
                half = vectors[size - 1]
                there = torch.where(batch.is_slow, sounds[:, :, : bars // 2].any(dim=2).all(dim=0), there)
                pairs = [
                    (
                        _chosen(slow_other, shorter[:count, 0], _chosen(batch.slow_anchor, one[:count, 0], anchors)),
                        _chosen(batch.slow_anchor, shorter[count:, 0], _chosen(slow_other, one[count:, 0], others)),
                    )
                    for one, shorter, (anchors, others) in zip(of_size, half, pairs, strict=True)
                ]
            rows = there.nonzero()[:, 0]
            anchors, others = (PassageVectors(*side) for side in zip(*pairs, strict=True))
            questions.append(Question(size, rows, anchors, others))
        return questions

    def _contrasts(self, question: Question, ignored: Tensor) -> tuple[Tensor, Tensor]:
        rows, anchors, others = question.rows, question.anchors, question.others
        turning = self.turning(anchors.turning[rows].float(), others.turning[rows].float(), ignored=ignored)
        blind = self.blind(anchors.blind[rows].float(), others.blind[rows].float(), ignored=ignored)
        return turning, blind


class Question(NamedTuple):
    """Passages of one size, a number in SIZES: which of the batch, (rows,), and the vectors of all, (n, d) each."""

    size: int
    rows: Tensor
    anchors: PassageVectors
    others: PassageVectors


def _chosen(mask: Tensor, one: Tensor, other: Tensor) -> Tensor:
    return torch.where(mask[:, None], one, other)
