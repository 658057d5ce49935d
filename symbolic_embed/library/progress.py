"""How whoever asks a library hears of the work: it wraps the iteration over what is done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

Done = TypeVar("Done")


class Progress(Protocol):
    """Gives `work` on as it is, having seen each part of it pass; `total` says how many there are, None that nobody
    knows before the end."""

    def __call__(self, work: Iterable[Done], total: int | None, /) -> Iterable[Done]: ...


def in_silence(work: Iterable[Done], total: int | None, /) -> Iterable[Done]:
    """Nobody hears of it."""
    return work
