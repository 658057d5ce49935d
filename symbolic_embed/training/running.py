"""A run: its budget, progress, saving, stopping and going on.

In the folder of a run lie `settings.json` (starts the same run again), `curves.csv` (every loss, averaged over rounds),
and `state.pt` (everything needed to go on). State is written beside its place, flushed and moved there, so a kill
leaves the last good one. It is loaded with `weights_only=True` and only from the run's own folder.

A run ends when its minutes or batches are spent, when the phase-one loss has converged, or when interrupted; each time
the state is saved, so `--resume` can go on. Where a machine is lent for ten minutes at a time, a run goes on in
*sessions*: each ends after its own minutes, and what depends on how much of the run is over (learning rate, second
phase) follows the minutes of the whole.
"""

from __future__ import annotations

import csv
import io
import logging
import signal
import time
import warnings
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytorch_lightning as lightning
import torch
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset

from symbolic_embed.embedding.checkpoint import write_durably
from symbolic_embed.embedding.precision import chosen_precision
from symbolic_embed.errors import CheckpointError
from symbolic_embed.training.module import RunModule
from symbolic_embed.training.settings import BudgetSettings

RUN = "run"  # the run's own files, inside the checkpoint's folder
STATE, SETTINGS, CURVES = "state.pt", "settings.json", "curves.csv"
LIGHTNING_NAMES = {"float32": "32-true", "bfloat16": "bf16-mixed"}
WATCHED = "phase_one"  # the loss that is shown, and whose convergence ends a run


def saved_progress(folder: Path) -> dict[str, Any] | None:
    """The state of an earlier run in `folder`, None where there is none. Raises CheckpointError where it is damaged."""
    path = folder / STATE
    if not path.exists():
        return None
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises many kinds for a damaged file; all mean the same to the user
        raise CheckpointError(f"{path}: damaged ({type(error).__name__}); delete it to start anew") from None


def run(
    module: RunModule,
    batches: IterableDataset,
    *,
    settings: BudgetSettings,
    folder: Path,
    earlier: dict[str, Any] | None = None,
    session_minutes: float | None = None,
) -> str:
    """Trains `module` on `batches` until the run is over, or this session of it; says why it ended. Raises what stopped
    it, once saved."""
    on_gpu = torch.cuda.is_available()
    module.precision = chosen_precision(settings.precision, device="cuda" if on_gpu else "cpu")
    conductor = _RunCallback(settings, folder=folder, earlier=earlier, session_minutes=session_minutes)
    logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="pytorch_lightning")
        warnings.filterwarnings("ignore", message=".*num_workers.*")
        trainer = lightning.Trainer(
            accelerator="auto",
            precision=LIGHTNING_NAMES[module.precision],
            devices=1,
            max_epochs=1,
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            callbacks=[conductor],
        )
        loader = DataLoader(batches, batch_size=None, num_workers=settings.loaders, pin_memory=on_gpu)
        _fit(trainer, module, loader)
    return conductor.ended_because


def _fit(trainer: lightning.Trainer, module: RunModule, batches: DataLoader) -> None:
    """Lightning answers Ctrl-C by ending the process and ignoring the next ones. Both are the caller's business."""
    answer = signal.getsignal(signal.SIGINT)
    try:
        trainer.fit(module, batches)
    except SystemExit:
        signal.signal(signal.SIGINT, answer)
        raise KeyboardInterrupt from None


class StoppingRule:
    """The run has converged when the watched loss has stayed within a share of itself for some rounds ([74])."""

    def __init__(self, *, rounds: int, threshold: float) -> None:
        self.rounds, self.threshold = rounds, threshold
        self.history: list[float] = []

    def converged(self, loss: float) -> bool:
        """Tells it the loss of a round; True when that was the last round needed."""
        self.history = [*self.history, loss][-self.rounds :]
        spread = max(self.history) - min(self.history)
        return len(self.history) == self.rounds and spread <= self.threshold * abs(loss)


class _RunCallback(lightning.Callback):
    """Keeps time, shows progress, writes curves and state, and ends the run."""

    def __init__(
        self,
        settings: BudgetSettings,
        *,
        folder: Path,
        earlier: dict[str, Any] | None,
        session_minutes: float | None,
    ) -> None:
        self.settings, self.folder, self.earlier = settings, folder, earlier
        self.stopping = StoppingRule(rounds=settings.stop_rounds, threshold=settings.stop_threshold)
        self.session_minutes = session_minutes
        self.ended_because = "interrupted"
        self.seconds_before = float(earlier["seconds"]) if earlier else 0.0
        self.sums: dict[str, list[Tensor]] = defaultdict(list)
        if earlier:
            self.stopping.history = list(earlier["history"])

    def on_fit_start(self, trainer: lightning.Trainer, module: RunModule) -> None:
        self.started = self.saved = time.monotonic()
        columns = (TextColumn("training"), BarColumn(), TextColumn("{task.percentage:.0f} %"), TimeRemainingColumn())
        self.progress = Progress(*columns, TextColumn("{task.description}"), console=_stderr())
        self.task = self.progress.add_task("", total=1.0)
        self.progress.start()
        self._take_up(module)
        self.first_batch = module.batches_done
        write_durably(self.folder / SETTINGS, self.settings.to_json().encode())
        self._look_at_budget(trainer, module)

    def on_train_batch_end(
        self, trainer: lightning.Trainer, module: RunModule, outputs: Mapping[str, Tensor], batch: Any, batch_idx: int
    ) -> None:
        for name, value in outputs.items():
            self.sums[name].append(value)  # read only when needed: each look waits for a GPU
        if module.batches_done % 10 == 0:
            text = f"batch {module.batches_done}, loss {_mean(self.sums[WATCHED][-100:]):.3f}"
            self.progress.update(self.task, completed=module.done, description=text)
        if module.batches_done % self.settings.round_batches == 0:
            self._end_round(trainer, module)
        if time.monotonic() - self.saved > 60 * self.settings.save_minutes:
            self._save(module)
        self._look_at_budget(trainer, module)

    def on_fit_end(self, trainer: lightning.Trainer, module: RunModule) -> None:
        self._save(module)
        self.progress.stop()

    def on_exception(self, trainer: lightning.Trainer, module: RunModule, exception: BaseException) -> None:
        self.progress.stop()
        if isinstance(exception, KeyboardInterrupt):
            self._save(module)

    def _take_up(self, module: RunModule) -> None:
        """Goes on from the earlier state, where there is one."""
        if not self.earlier:
            return
        try:
            module.take_up(self.earlier["module"])
        except (RuntimeError, ValueError, KeyError):
            place = self.folder / STATE
            raise CheckpointError(
                f"{place}: the state of another model; resume with the settings beside it, or delete it to start anew"
            ) from None
        module.batches_done = int(self.earlier["batches"])

    def _look_at_budget(self, trainer: lightning.Trainer, module: RunModule) -> None:
        """Tells the module how much of the run is over, and ends it when all is, or this session; a run and a session
        train one batch at least."""
        module.done = self._done(module)
        if module.done >= 1.0 and module.batches_done:
            self._end(trainer, "budget spent")
        elif self._session_is_over() and module.batches_done > self.first_batch:
            self._end(trainer, "session over")

    def _end(self, trainer: lightning.Trainer, reason: str) -> None:
        self.ended_because = reason
        trainer.should_stop = True

    def _session_is_over(self) -> bool:
        return self.session_minutes is not None and time.monotonic() - self.started >= 60 * self.session_minutes

    def _seconds(self) -> float:
        return self.seconds_before + time.monotonic() - self.started

    def _done(self, module: RunModule) -> float:
        by_time = self._seconds() / (60 * self.settings.minutes)
        return min(1.0, max(by_time, module.batches_done / self.settings.batches))

    def _end_round(self, trainer: lightning.Trainer, module: RunModule) -> None:
        means = {name: _mean(values) for name, values in self.sums.items()}
        self.sums.clear()
        _append_row(self.folder / CURVES, {"batch": module.batches_done, "minutes": self._seconds() / 60, **means})
        if self.stopping.converged(means[WATCHED]):
            self._end(trainer, "converged")

    def _save(self, module: RunModule) -> None:
        history = self.stopping.history
        state = {"module": module.state(), "batches": module.batches_done, "seconds": self._seconds()}
        buffer = io.BytesIO()
        torch.save({**state, "history": history}, buffer)
        write_durably(self.folder / STATE, buffer.getvalue())
        self.saved = time.monotonic()


def _mean(values: list[Tensor]) -> float:
    return float(torch.stack(values).double().mean())


def _append_row(path: Path, row: dict[str, float]) -> None:
    """One more line of a table; a column the table lacks (a loss that began later) makes it be written anew."""
    rows: list[dict[str, Any]] = []
    if path.exists():
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    rows.append({name: f"{value:.6g}" for name, value in row.items()})
    names = list(dict.fromkeys(name for one in rows for name in one))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_durably(path, text.getvalue().encode())


def _stderr():
    from rich.console import Console

    return Console(stderr=True)
