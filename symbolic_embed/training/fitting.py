"""Lightning's trainer, as this package wants it: no files of its own, no words, no answer to Ctrl-C."""

from __future__ import annotations

import logging
import os
import signal
import warnings
from typing import Any, Literal

import pytorch_lightning as lightning
import torch
from torch.utils.data import DataLoader

from symbolic_embed.embedding.precision import Precision
from symbolic_embed.errors import TrainingError
from symbolic_embed.training.batches import Batch, Batches
from symbolic_embed.training.module import RunModule
from symbolic_embed.training.settings import BudgetSettings

LIGHTNING_NAMES: dict[Precision, Literal["32-true", "bf16-mixed"]] = {"float32": "32-true", "bfloat16": "bf16-mixed"}


def fit(module: RunModule[Any], batches: Batches[Batch], callback: lightning.Callback) -> None:
    """Trains `module` in its precision until the `callback` ends it, in as many processes as its settings have
    (`training.processes`), of which each takes its own of the `batches`. Raises KeyboardInterrupt where it is
    interrupted: Lightning answers Ctrl-C by ending the process and ignoring the next ones, and both are the caller's
    business."""
    settings: BudgetSettings = module.settings
    count = settings.processes * settings.machines
    answer = signal.getsignal(signal.SIGINT)
    if count > 1:
        os.environ.setdefault("OMP_NUM_THREADS", str(settings.threads))  # else Lightning takes a share of all cores
    for name in ("pytorch_lightning", "lightning_fabric"):
        logging.getLogger(name).setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="pytorch_lightning")
        warnings.filterwarnings("ignore", message=".*num_workers.*")
        trainer = lightning.Trainer(
            accelerator="auto",
            precision=LIGHTNING_NAMES[module.precision],
            strategy="auto" if count == 1 else "ddp_find_unused_parameters_true",
            devices=settings.processes,
            num_nodes=settings.machines,
            max_epochs=1,
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            callbacks=[callback],
        )
        batches.share(trainer.global_rank, of=count)
        module.rank, module.processes = trainer.global_rank, count
        on_gpu = torch.cuda.is_available()
        loader: DataLoader[Batch] = DataLoader(
            batches, batch_size=None, num_workers=settings.loaders, pin_memory=on_gpu
        )
        try:
            trainer.fit(module, loader)
        except torch.distributed.DistError as error:
            raise TrainingError(f"the processes of the run have lost each other: {error}") from None
        except SystemExit:
            signal.signal(signal.SIGINT, answer)
            raise KeyboardInterrupt from None
