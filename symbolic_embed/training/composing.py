"""The module that learns to continue.

Encoder and embeddings are finished; what learns is the composer and its own copy of the decoder, on the likelihood of
the next cell's notes.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from symbolic_embed.embedder import Embedder
from symbolic_embed.model import build_composer
from symbolic_embed.networks.composer import Heard
from symbolic_embed.objectives.reconstruction import reconstruction_losses
from symbolic_embed.training.module import RunModule
from symbolic_embed.training.passages import PassageBatch
from symbolic_embed.training.settings import ComposerTraining

DECODER_RATE = 0.3  # of the composer's learning rate: the decoder's copy only has to be tuned


class ComposingModule(RunModule):
    """A composer, its decoder, and the embedder they build on."""

    def __init__(self, settings: ComposerTraining, embedder: Embedder) -> None:
        super().__init__(settings)
        self.networks = build_composer(settings.composer, model=embedder.settings)
        self.networks["decoder"].load_state_dict(embedder.decoder.state_dict())
        self.encoder = embedder.encoder
        self.averaged = AveragedModel(self.networks, multi_avg_fn=get_ema_multi_avg_fn(settings.averaging))

    def configure_optimizers(self) -> torch.optim.Optimizer:
        rate, networks = self.settings.learning_rate, self.networks
        groups = [
            {"params": networks["composer"].parameters(), "share": 1.0},
            {"params": networks["decoder"].parameters(), "share": DECODER_RATE},
        ]
        return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), weight_decay=0.01)

    def training_step(self, batch: PassageBatch, batch_idx: int) -> dict[str, Tensor]:
        parts = self.losses(batch)
        loss = parts.sum()
        self.step(self.optimizers(), loss)
        self.averaged.update_parameters(self.networks)
        self.batches_done += 1
        named = dict(zip(("onset", "pitch", "length"), parts.detach(), strict=True))
        return {"phase_one": loss.detach(), **named}

    def losses(self, batch: PassageBatch) -> Tensor:
        """The mean negative log-likelihood of the next cells' notes: onset, pitch, length; (3,)."""
        heard = self.heard(batch)
        composer: nn.Module = self.networks["composer"]
        derived, _ = composer(heard, composer.no_memory(len(batch.roles)))
        return reconstruction_losses(self.networks["decoder"], derived.flatten(0, 1), batch.targets)

    @torch.no_grad()
    def heard(self, batch: PassageBatch) -> Heard:
        """What the composer is told at each step; (parts, steps, dim)."""
        parts = len(batch.roles)
        cells = self.encoder(batch.cells).unflatten(0, (parts, -1))  # (parts, steps + 1, dim)
        steps = cells.shape[1] - 1
        bars = self.encoder(batch.bars).unflatten(0, (-1, steps + 1))[batch.piece]  # (parts, steps + 1, dim)
        written = cells.new_zeros(parts, steps, cells.shape[2])
        if batch.follows.any():
            written[batch.follows] = self.encoder(batch.written).unflatten(0, (-1, steps))
        return Heard(cells[:, :-1], bars[:, :-1], written, batch.roles)

    def trained_weights(self) -> dict[str, Tensor]:
        """The averaged weights of composer and decoder."""
        return dict(self.averaged.module.state_dict())
