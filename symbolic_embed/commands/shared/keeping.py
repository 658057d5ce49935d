"""Models that stay loaded from command to command, where one process carries out many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symbolic_embed.api.session import Session

Kept = dict[tuple[Path | None, int], "Session"]
_KEPT: ContextVar[Kept | None] = ContextVar("kept", default=None)


@contextmanager
def models_kept() -> Iterator[None]:
    """Inside the block each model is loaded once, whatever number of commands it serves."""
    before = _KEPT.set({})
    try:
        yield
    finally:
        _KEPT.reset(before)


def session_of(checkpoint: Path | None, *, jobs: int = 1) -> Session:
    """The model of a checkpoint, the bundled one where none is named; one that is kept, where models are. Raises
    CheckpointError."""
    from symbolic_embed.api.session import Session

    kept = _KEPT.get()
    if kept is None:
        return Session(checkpoint, jobs=jobs)
    if (checkpoint, jobs) not in kept:
        kept[checkpoint, jobs] = Session(checkpoint, jobs=jobs)
    return kept[checkpoint, jobs]
