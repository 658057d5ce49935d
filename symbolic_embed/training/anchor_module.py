"""The module in which an anchor learns: contrast of what comes next with what does not, of cells and of whole bars."""

from __future__ import annotations

import torch
from torch import Tensor

from symbolic_embed.embedding.model import build_anchor
from symbolic_embed.networks.anchor import AnchorContext, AnchorNetwork, sums_of_the_others
from symbolic_embed.objectives.dssm import DeepStructuredSimilarity
from symbolic_embed.training.anchor_batches import AnchorBatch, Asked
from symbolic_embed.training.module import RunModule
from symbolic_embed.training.settings import AnchorTraining


class AnchorModule(RunModule[AnchorTraining]):
    """An anchor over embeddings of `dim` numbers; for cells and for bars the objective, each with its temperature."""

    networks: AnchorNetwork

    def __init__(self, settings: AnchorTraining, *, dim: int) -> None:
        super().__init__(settings)
        self.networks = build_anchor(settings.anchor, dim=dim, dropout=settings.dropout)
        self.of_cells, self.of_bars = DeepStructuredSimilarity(), DeepStructuredSimilarity()
        self.average_networks()

    def configure_optimizers(self) -> torch.optim.Optimizer:
        learning = [*self.networks.parameters(), *self.of_cells.parameters(), *self.of_bars.parameters()]
        return torch.optim.AdamW(learning, lr=self.settings.learning_rate, betas=(0.9, 0.98), weight_decay=0.01)

    def training_step(self, batch: AnchorBatch, batch_idx: int) -> dict[str, Tensor]:
        (optimiser,) = self.all_optimizers()
        losses = self.losses(batch)
        self.step(optimiser, losses["phase_one"])
        return self.finished(losses)

    def losses(self, batch: AnchorBatch) -> dict[str, Tensor]:
        """The objective for "cells" and for "bars", unweighted, and their weighted sum "phase_one"; that of a level of
        which nothing is asked is 0."""
        members = self.networks.member(batch.members, batch.roles[:, None].expand(batch.plays.shape))
        company = sums_of_the_others(members, batch.plays, piece=batch.piece)[batch.asked_parts]
        nobody = company.new_zeros(*batch.bars.own.shape[:2], company.shape[2])
        whole = batch.bars.own
        cells = self._loss(self.of_cells, batch.cells, whole[batch.piece[batch.asked_parts]], company)
        bars = self._loss(self.of_bars, batch.bars, whole, nobody)
        return {"phase_one": cells + self.settings.bar_weight * bars, "cells": cells, "bars": bars}

    def _loss(self, objective: DeepStructuredSimilarity, asked: Asked, whole: Tensor, company: Tensor) -> Tensor:
        """The objective on what is asked, with the whole bars (sequences, steps + 1, dim) and the company beside."""
        roles, whole_known, company_known = asked.conditions
        context = AnchorContext(
            own=asked.own[:, :-1],
            sounds=asked.sounds[:, :-1],
            whole=whole[:, :-1],
            whole_known=whole_known[:, None].expand(asked.at.shape),
            company=company,
            company_known=company_known,
            roles=roles,
        )
        anchors = self.networks(context)[asked.at].float()  # (questions, out)
        if not len(anchors):
            nothing: Tensor = anchors.sum()
            return nothing
        targets = self.networks.targets(asked.own[:, 1:][asked.at]).float()
        with torch.autocast(anchors.device.type, enabled=False):  # distances are differences of large numbers
            loss: Tensor = objective(anchors, targets, ignored=asked.ignored)
        return loss
