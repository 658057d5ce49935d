"""A run: its budget, progress, saving, stopping and going on.

A run ends when its minutes or batches are spent, when the phase-one loss has converged, or when interrupted; each time
the state is saved, so that the run can be resumed. Where a machine is lent for ten minutes at a time, a run goes on in
*sessions*: each ends after its own minutes, and what depends on how much of the run is over (learning rate, second
phase) follows the minutes of the whole.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pytorch_lightning as lightning
import torch
from torch import Tensor

from symbolic_embed.embedding.checkpoint import CARD, Checkpoint
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.precision import chosen_precision
from symbolic_embed.errors import CheckpointError, OutputError
from symbolic_embed.files import write_durably
from symbolic_embed.progress import Progress, Reach
from symbolic_embed.training.batches import Batch, Batches
from symbolic_embed.training.fitting import fit
from symbolic_embed.training.looking import Looks, Score
from symbolic_embed.training.module import RunModule
from symbolic_embed.training.processes import is_first_process, tell_waiting
from symbolic_embed.training.run_files import RUN, SETTINGS, STATE, append_losses, save_progress, saved_progress
from symbolic_embed.training.settings import BudgetSettings
from symbolic_embed.training.stopping import StoppingRule

WATCHED = "phase_one"  # the loss that is shown, and whose convergence ends a run


@dataclass(frozen=True)
class RunPlan:
    """Where a checkpoint is to lie, and how its run begins and ends.

    resume: goes on with the run in `folder`, where there is one. session_minutes: stops after so many and saves; the
    run is over when its own minutes are. start: begins from the weights of this checkpoint instead of fresh ones.
    progress: what is shown of it. held_out: what an embedder knows of music it does not learn from, by name.
    """

    folder: Path
    resume: bool = False
    session_minutes: float | None = None
    start: Checkpoint | None = None
    progress: Progress = field(default_factory=Progress, compare=False)
    held_out: Callable[[Embedder], Mapping[str, float]] | None = field(default=None, compare=False)

    @property
    def run_folder(self) -> Path:
        """Where the run's own files lie."""
        return self.folder / RUN

    @property
    def resumed_settings(self) -> Path | None:
        """The settings of the run that is resumed; None where none is."""
        path = self.run_folder / SETTINGS
        return path if self.resume and path.exists() else None

    def require_new(self) -> None:
        """Raises OutputError where a checkpoint is there already and its run is not to be resumed."""
        if (self.folder / CARD).exists() and not self.resume:
            raise OutputError(
                f"{self.folder / CARD}: exists already, nothing was done; `resume` goes on with its run, or name "
                "another folder"
            )


def run_to_checkpoint(
    module: RunModule[Any],
    batches: Callable[[int], Batches[Batch]],
    plan: RunPlan,
    written: Callable[[str], Checkpoint],
    score: Score | None = None,
) -> Checkpoint:
    """Trains `module` on the `batches` from a number on, and has the checkpoint `written` once it has learnt from one,
    also when interrupted; that is given why the run ended. `score` is looked at as it goes. Raises what stopped it,
    once saved; SystemExit in the other processes of a run, which the first one goes on from alone."""
    earlier = saved_progress(plan.run_folder) if plan.resume else None
    first = int(earlier["batches"]) if earlier else 0
    if not is_first_process():
        _take_part(module, batches(first), plan, earlier)
    ended = "interrupted"
    try:
        ended = run(module, batches(first), plan, earlier=earlier, score=score)
    finally:
        if module.batches_done:
            checkpoint = written(ended)
    return checkpoint


def _take_part(module: RunModule[Any], batches: Batches[Batch], plan: RunPlan, earlier: Any) -> NoReturn:
    """What a process does that is not the first: it trains, and ends where the first one goes on."""
    try:
        run(module, batches, plan, earlier=earlier)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    raise SystemExit(0)


def run(
    module: RunModule[Any],
    batches: Batches[Batch],
    plan: RunPlan,
    *,
    earlier: Mapping[str, Any] | None = None,
    score: Score | None = None,
) -> str:
    """Trains `module` to the end of the run or session, from the state `earlier`, if any; says why that ended."""
    settings: BudgetSettings = module.settings
    module.precision = chosen_precision(settings.precision, device="cuda" if torch.cuda.is_available() else "cpu")
    conductor = _RunCallback(settings, plan, earlier=earlier, looks=Looks(score, plan.progress, settings.minutes))
    tell_waiting(settings, plan.progress)
    fit(module, batches, conductor)
    return conductor.ended_because


class _RunCallback(lightning.Callback):
    """Keeps time, shows progress, writes curves and state, and ends the run."""

    def __init__(
        self, settings: BudgetSettings, plan: RunPlan, *, earlier: Mapping[str, Any] | None, looks: Looks
    ) -> None:
        self.settings, self.plan, self.earlier, self.looks = settings, plan, earlier, looks
        self.folder = plan.run_folder
        self.stopping = StoppingRule(rounds=settings.stop_rounds, threshold=settings.stop_threshold)
        self.ended_because = "interrupted"
        self.has_converged = False
        self.seconds_before = float(earlier["seconds"]) if earlier else 0.0
        self.sums: dict[str, list[Tensor]] = defaultdict(list)
        self.shown = ExitStack()  # the bar, for as long as the run lasts
        if earlier:
            self.stopping.history = list(earlier["history"])

    def on_fit_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        module = _our(pl_module)
        self.started = self.saved = time.monotonic()
        self.reach: Reach = self.shown.enter_context(self.plan.progress.towards(1.0, doing="training"))
        self._take_up(module)
        self.first_batch = module.batches_done
        if not module.rank:
            write_durably(self.folder / SETTINGS, self.settings.to_json().encode())
        self._look_at_budget(trainer, module)
        if self.looks.are_due(at_once=not module.batches_done):
            self._look(module)

    def on_train_batch_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """`outputs` are the losses by name."""
        module = _our(pl_module)
        for name, value in outputs.items():
            self.sums[name].append(value)  # read only when needed: each look waits for a GPU
        if module.batches_done % 10 == 0:
            loss = _mean(self.sums[WATCHED][-100:])
            self.reach(module.done, f"{module.done:.0%}, batch {module.batches_done}, loss {loss:.3f}")
        if module.batches_done % self.settings.round_batches == 0:
            self._end_round(trainer, module)
        if time.monotonic() - self.saved > 60 * self.settings.save_minutes:
            self._save(module)
        self._look_at_budget(trainer, module)
        if self.looks.are_due(at_once=trainer.should_stop):
            self._look(module)

    def on_fit_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        self._save(_our(pl_module))
        self.shown.close()

    def on_exception(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, exception: BaseException
    ) -> None:
        self.shown.close()
        if isinstance(exception, KeyboardInterrupt):
            self._save(_our(pl_module))

    def _take_up(self, module: RunModule[Any]) -> None:
        """Goes on from the earlier state, where there is one."""
        if not self.earlier:
            return
        try:
            module.take_up(self.earlier["module"])
        except (RuntimeError, ValueError, KeyError):
            raise CheckpointError(
                f"{self.folder / STATE}: the state of another model; resume with the settings beside it, or delete it "
                "to start anew"
            ) from None
        module.batches_done = int(self.earlier["batches"])

    def _look_at_budget(self, trainer: lightning.Trainer, module: RunModule[Any]) -> None:
        """Tells the module how much of the run is over, and ends it when all is, or this session; a run and a session
        train one batch at least. The clock and the losses of the first process count for all."""
        first = self._done(module), self._session_is_over(), self.has_converged
        module.done, session_is_over, has_converged = trainer.strategy.broadcast(first)
        if has_converged:
            self._end(trainer, "converged")
        elif module.done >= 1.0 and module.batches_done:
            self._end(trainer, "budget spent")
        elif session_is_over and module.batches_done > self.first_batch:
            self._end(trainer, "session over")

    def _end(self, trainer: lightning.Trainer, reason: str) -> None:
        self.ended_because = reason
        trainer.should_stop = True

    def _session_is_over(self) -> bool:
        minutes = self.plan.session_minutes
        return minutes is not None and time.monotonic() - self.started >= 60 * minutes

    def _seconds(self) -> float:
        return self.seconds_before + time.monotonic() - self.started

    def _done(self, module: RunModule[Any]) -> float:
        by_time = self._seconds() / (60 * self.settings.minutes)
        return min(1.0, max(by_time, module.batches_done / self.settings.batches))

    def _end_round(self, trainer: lightning.Trainer, module: RunModule[Any]) -> None:
        means = {name: _mean(values) for name, values in self.sums.items()}
        self.sums.clear()
        if not module.rank:
            append_losses(self.folder, {"batch": module.batches_done, "minutes": self._seconds() / 60, **means})
        self.has_converged = self.stopping.converged(means[WATCHED])

    def _look(self, module: RunModule[Any]) -> None:
        losses = {name: _mean(values) for name, values in self.sums.items() if values}
        taken = self.looks.take(where=f"{module.done:.0%}, batch {module.batches_done}", loss=losses.get(WATCHED))
        append_losses(self.folder, {"batch": module.batches_done, "minutes": self._seconds() / 60, **losses, **taken})

    def _save(self, module: RunModule[Any]) -> None:
        if not module.rank:
            state = {"module": module.state(), "batches": module.batches_done, "seconds": self._seconds()}
            save_progress(self.folder, {**state, "history": self.stopping.history})
        self.saved = time.monotonic()


def _our(module: lightning.LightningModule) -> RunModule[Any]:
    """The module that the callback was made for."""
    assert isinstance(module, RunModule)
    return module


def _mean(values: list[Tensor]) -> float:
    return float(torch.stack(values).double().mean())
