"""Models that stay loaded from command to command, where one process carries out many, each in a folder of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symbolic_embed.api.session import Session

Kept = dict[tuple[Path | None, int], "Session"]
_KEPT: ContextVar[Kept | None] = ContextVar("kept", default=None)
_HOME: ContextVar[str | None] = ContextVar("home", default=None)


@contextmanager
def models_kept() -> Iterator[None]:
    """Inside the block each model is loaded once, for however many commands, and where it begins is home."""
    kept, home = _KEPT.set({}), _HOME.set(os.getcwd())
    try:
        yield
    finally:
        _KEPT.reset(kept)
        _HOME.reset(home)


@contextmanager
def at_home() -> Iterator[None]:
    """Inside the block paths are of the folder that the process began in, where the files of its libraries are."""
    home = _HOME.get()
    if home is None:
        yield
        return
    with chdir(home):
        yield


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
