"""Lightning's trainer, as this package wants it: one device, no files of its own, no words, no answer to Ctrl-C."""

from __future__ import annotations

import logging
import signal
import warnings
from typing import Any, Literal

import pytorch_lightning as lightning
from torch.utils.data import DataLoader

from symbolic_embed.embedding.precision import Precision
from symbolic_embed.training.batches import Batch
from symbolic_embed.training.module import RunModule

LIGHTNING_NAMES: dict[Precision, Literal["32-true", "bf16-mixed"]] = {"float32": "32-true", "bfloat16": "bf16-mixed"}


def fit(module: RunModule[Any], batches: DataLoader[Batch], callback: lightning.Callback) -> None:
    """Trains `module` in its precision until the `callback` ends it. Raises KeyboardInterrupt where it is interrupted:
    Lightning answers Ctrl-C by ending the process and ignoring the next ones, and both are the caller's business."""
    answer = signal.getsignal(signal.SIGINT)
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
            callbacks=[callback],
        )
        try:
            trainer.fit(module, batches)
        except SystemExit:
            signal.signal(signal.SIGINT, answer)
            raise KeyboardInterrupt from None
