"""The module in which a composer learns.

Encoder and embeddings are finished; what learns is the composer and its own copy of the decoder, on the likelihood of
the next cell's notes, and of what returns.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from symbolic_embed.embedding.checkpoint import Checkpoint
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.model import ComposerNetworks
from symbolic_embed.errors import CheckpointError, MissingComposerError
from symbolic_embed.networks.bar_plan import BarPlan
from symbolic_embed.networks.composer import Context
from symbolic_embed.networks.following import Beside
from symbolic_embed.objectives.reconstruction import reconstruction_losses
from symbolic_embed.objectives.returning import returning_loss
from symbolic_embed.training.composer_batches import ComposerBatch
from symbolic_embed.training.module import RunModule
from symbolic_embed.training.settings import ComposerTraining

DECODER_RATE = 0.3  # of the composer's learning rate: the decoder's copy only has to be tuned
COPYING_RATE = 3.0  # few numbers, each of which is met at every note


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
        What a composer from before there were plans has not learnt begins anew. Raises CheckpointError where it is of
        another size, MissingComposerError where there is none."""
        if not checkpoint.holds("composer"):
            raise MissingComposerError(checkpoint.folder)
        taken, own = checkpoint.weights("composer"), self.networks.state_dict()
        if not any(name.startswith("plan.") for name in taken):
            taken = {name: taken.get(name, weights) for name, weights in own.items()}
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
            {"params": self.networks.plan.parameters(), "share": 1.0},
            {"params": self.networks.copying.parameters(), "share": COPYING_RATE},
        ]
        return torch.optim.AdamW(groups, lr=self.settings.learning_rate, betas=(0.9, 0.98), weight_decay=0.01)

    def training_step(self, batch: ComposerBatch, batch_idx: int) -> dict[str, Tensor]:
        (optimiser,) = self.all_optimizers()
        losses = self.losses(batch)
        self.step(optimiser, losses["phase_one"])
        return self.finished(losses)

    def losses(self, batch: ComposerBatch) -> dict[str, Tensor]:
        """The mean negative log-likelihood of the next cells' notes, a choice at a time, of what the plan says, and of
        what returns, each unweighted; and their weighted sum "phase_one"."""
        networks, plan = self.networks, batch.plan
        bars, context = self.context(batch)
        derived, hidden, _ = networks.composer(context, networks.composer.initial_state(len(batch.roles)))
        beside = Beside(networks.copying, networks.copying.prepared(batch.material))
        notes = reconstruction_losses(networks.decoder, derived.flatten(0, 1), batch.targets, beside)
        planned = plan_losses(networks.plan, bars, batch)
        returns = networks.composer.return_logits(hidden, plan.returning)[plan.may_return]
        returning = binary_loss(returns, plan.returns[plan.may_return])
        named = dict(zip(("onset", "pitch", "length"), notes, strict=True)) | planned | {"returning": returning}
        weights = {"returning": self.settings.return_weight} | dict.fromkeys(planned, self.settings.plan_weight)
        total = sum(weights.get(name, 1.0) * loss for name, loss in named.items())
        return {"phase_one": total, **named}

    @torch.no_grad()
    def context(self, batch: ComposerBatch) -> tuple[Tensor, Context]:
        """The embeddings of whole windows, (pieces, steps + 1, dim), and what the composer is conditioned on at each
        step; (parts, steps, dim)."""
        parts = len(batch.roles)
        cells = self.encoder(batch.cells).unflatten(0, (parts, -1))  # (parts, steps + 1, dim)
        steps = cells.shape[1] - 1
        whole = self.encoder(batch.bars).unflatten(0, (-1, steps + 1))  # (pieces, steps + 1, dim)
        bars = whole[batch.piece]  # (parts, steps + 1, dim)
        written = cells.new_zeros(parts, steps, cells.shape[2])
        if batch.follows.any():
            written[batch.follows] = self.encoder(batch.written).unflatten(0, (-1, steps))
        sources = batch.plan.sources[batch.piece]
        earlier = (at_sources(cells, sources), at_sources(bars, sources))
        chords = batch.plan.chords[batch.piece, 1:]
        places = batch.places[batch.piece]
        return whole, Context(cells[:, :-1], bars[:, :-1], written, *earlier, chords, places, batch.roles)


def at_sources(vectors: Tensor, sources: Tensor) -> Tensor:
    """The vectors (n, windows, dim) of the windows that are the source of each step, (n, steps); zeros where none is;
    (n, steps, dim)."""
    chosen = torch.take_along_dim(vectors, sources.clamp(min=0)[..., None], dim=1)
    return chosen.masked_fill((sources < 0)[..., None], 0.0)


def plan_losses(plan: BarPlan, bars: Tensor, batch: ComposerBatch) -> dict[str, Tensor]:
    """Of what the plan says of windows 1 to `steps`, each unweighted, in nats: "source", "chord", "plays"; bars
    (pieces, steps + 1, dim)."""
    asked = batch.plan
    states, after = plan(bars[:, :-1], asked.chords[:, :-1], batch.places, plan.initial_state(len(bars)))
    keys = functional.pad(after.keys, (0, 0, 1, 0))[:, :-1]  # of window s: what was known when it came
    steps = states.shape[1]
    scores = plan.source_scores(states, keys[:, None].expand(-1, steps, -1, -1), asked.features, asked.fits)
    going_on = batch.goes_on
    source = returning_loss(scores.float()[going_on], asked.right[going_on])
    logits = plan.chord_logits(states, asked.source_chords, asked.chords[:, :-1], asked.classes)
    chord = functional.cross_entropy(logits[going_on], asked.chords[:, 1:][going_on])
    plays = plan.playing_logits(states[batch.piece], batch.roles[:, None].expand(-1, steps), asked.playing)
    of_parts = going_on[batch.piece]
    return {"source": source, "chord": chord, "plays": binary_loss(plays[of_parts], asked.plays[of_parts])}


def binary_loss(logits: Tensor, answers: Tensor) -> Tensor:
    """The mean cross-entropy of yes or no, in nats; 0 where nothing is asked."""
    if not len(logits):
        return logits.sum()
    return functional.binary_cross_entropy_with_logits(logits.float(), answers.to(torch.float32))
