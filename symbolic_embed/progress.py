"""What is said on stderr while something works: a bar that knows the end, and messages that do not tear it.

The bar appears on a terminal only, and only once the work has taken longer than a second. Several pieces of work, one
inside another, are lines of one bar. Where there is no terminal but somebody who listens (`told_to`), they are told.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

PATIENCE = 1.0  # seconds

One = TypeVar("One")
Reach = Callable[[float, str], None]
Listener = Callable[[str, float, float, str], None]  # doing, done, total, where

_LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def told_to(listener: Listener) -> Iterator[None]:
    """Inside the block `listener` is told how far any work is, whenever it goes on."""
    before = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(before)


class Progress:
    """The progress of some work. `quiet`: neither a bar nor messages, but for those that are `needed`; `verbose`: each
    of what is else only counted."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False) -> None:
        self.quiet, self.verbose = quiet, verbose
        self._started = time.monotonic()
        self._bar: Bar | None = None

    def through(self, work: Iterable[One], *, total: int, doing: str) -> Iterator[One]:
        """The same `work`, counted on the bar as it is taken. `doing` says what is done, in a word."""
        with self.towards(total, doing=doing) as reach:
            for done, one in enumerate(work):
                reach(done, f"{done}/{total}")
                yield one

    def counting(self, doing: str) -> Callable[[Sequence[One]], Iterator[One]]:
        """`through`, for work that knows its length."""
        return lambda work: self.through(work, total=len(work), doing=doing)

    @contextmanager
    def towards(self, total: float, *, doing: str) -> Iterator[Reach]:
        """Work that is over at `total`: inside the block its function is told how far it is, and in words where."""
        task, listener = None, _LISTENER.get()

        def reach(done: float, where: str) -> None:
            nonlocal task
            if listener is not None:
                listener(doing, done, total, where)
            if task is None and self._is_wanted():
                task = self._opened().add_task(doing, total=total, where=where)
            if task is not None and self._bar is not None:
                self._bar.update(task, completed=done, where=where)

        try:
            yield reach
        finally:
            if task is not None and self._bar is not None:
                self._bar.remove_task(task)
                if not self._bar.tasks:
                    self._bar.stop()
                    self._bar = None

    def tell(self, line: str, *, needed: bool = False) -> None:
        """A line on stderr, above the bar."""
        if self.quiet and not needed:
            return
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            print(line, file=sys.stderr, flush=True)

    def _is_wanted(self) -> bool:
        return not self.quiet and time.monotonic() - self._started > PATIENCE and sys.stderr.isatty()

    def _opened(self) -> Bar:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            texts = [TextColumn(text) for text in ("{task.description}", "{task.fields[where]}")]
            columns = (texts[0], BarColumn(), texts[1], TimeRemainingColumn())
            self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
        return self._bar
