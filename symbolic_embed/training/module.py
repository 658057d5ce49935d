"""What both training modules share: a count of batches, steps that can be trusted, weights averaged over the run, and a
state to go on from."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import numpy as np
import pytorch_lightning as lightning
import torch
from pytorch_lightning.core.optimizer import LightningOptimizer
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from symbolic_embed.embedding.precision import Precision
from symbolic_embed.errors import TrainingError
from symbolic_embed.training.settings import BudgetSettings

Chosen = TypeVar("Chosen", bound=BudgetSettings)


class RunModule(lightning.LightningModule, Generic[Chosen]):
    """A module that learns in a run. `networks` are what a checkpoint holds of it.

    A `training_step` returns `finished(losses)`, the losses of its batch by name, detached, for the run to log.
    `batches_done` is counted here: under manual optimisation Lightning's own count rises with every optimiser's step.
    `done`, the share of the run that is over, `precision`, in which it multiplies, and which of how many `processes`
    this is (`rank`), are set by the run.
    """

    networks: nn.Module

    def __init__(self, settings: Chosen) -> None:
        super().__init__()
        self.automatic_optimization = False
        self.settings = settings
        self.batches_done, self.done = 0, 0.0
        self.rank, self.processes = 0, 1
        self.precision: Precision = "float32"

    def average_networks(self) -> None:
        """Begins the average of the networks' weights over the run (exponential, so the last ones count most)."""
        average = get_ema_multi_avg_fn(self.settings.averaging)  # type: ignore[no-untyped-call]  # torch has none here
        self.averaged = AveragedModel(self.networks, multi_avg_fn=average).requires_grad_(False)

    def step(self, optimiser: LightningOptimizer, loss: Tensor, *, rate_factor: float = 1.0) -> None:
        """One step of one optimiser on `loss`; a parameter group may take a `share` of the rate. Raises TrainingError
        where loss or gradient are no numbers, before any weight has changed."""
        if self.processes == 1:  # else all must find the same: the mean gradient tells them
            self._require_finite(loss, name="loss")
        optimiser.zero_grad()
        self.manual_backward(loss)
        parameters = [parameter for group in optimiser.param_groups for parameter in group["params"]]
        self._require_finite(nn.utils.clip_grad_norm_(parameters, self.settings.clip_norm), name="gradient")
        rate = self.settings.rate_at(batch=self.batches_done, done=self.done) * rate_factor
        for group in optimiser.param_groups:
            group["lr"] = rate * group.get("share", 1.0)
        optimiser.step()

    def _require_finite(self, value: Tensor, *, name: str) -> None:
        if not torch.isfinite(value):
            raise TrainingError(
                f"the {name} became {value.item()} in batch {self.batches_done}; the last good state is kept. "
                "A lower `learning_rate` (half of it) usually helps"
            )

    def finished(self, losses: dict[str, Tensor]) -> dict[str, Tensor]:
        """Counts a batch and takes its weights into the average; the losses, detached."""
        self.averaged.update_parameters(self.networks)
        self.batches_done += 1
        return {name: loss.detach() for name, loss in losses.items()}

    def trained_weights(self) -> dict[str, Tensor]:
        """The averaged weights of the networks, as a checkpoint holds them; before the first batch those of the start,
        of which there is no average yet."""
        return dict((self.averaged.module if self.batches_done else self.networks).state_dict())

    def generator(self) -> torch.Generator:
        """Chance for this batch: it follows from the run's seed and the batch's number alone, as the batch does."""
        number = self.batches_done * self.processes + self.rank
        random = np.random.default_rng([self.settings.seed, number])
        return torch.Generator().manual_seed(int(random.integers(2**62)))

    def all_optimizers(self) -> list[LightningOptimizer]:
        known = self.optimizers()
        return known if isinstance(known, list) else [known]

    def state(self) -> dict[str, Any]:
        """Everything another process needs to go on with the run: tensors, numbers and lists."""
        optimisers = [optimiser.optimizer.state_dict() for optimiser in self.all_optimizers()]
        return {"module": self.state_dict(), "optimisers": optimisers, "random": torch.get_rng_state()}

    def take_up(self, state: dict[str, Any]) -> None:
        """Goes on from `state`; called once the optimisers are there."""
        self.load_state_dict(state["module"])
        for optimiser, saved in zip(self.all_optimizers(), state["optimisers"], strict=True):
            optimiser.optimizer.load_state_dict(saved)
        torch.set_rng_state(state["random"])
