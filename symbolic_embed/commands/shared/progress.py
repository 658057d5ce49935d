"""What a command says on stderr while it works: a bar that knows the end, and messages that do not tear it.

The bar appears on a terminal only, and only once the work has taken longer than a second.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from symbolic_embed.commands.shared.parameters import in_options

PATIENCE = 1.0  # seconds

One = TypeVar("One")


class Progress:
    """The progress of one command. `quiet`: neither bar nor warnings, but what is told as `needed`."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self._started = time.monotonic()
        self._bar: Any = None

    def through(self, work: Iterable[One], *, total: int, doing: str) -> Iterator[One]:
        """The same `work`, counted on the bar as it is taken. `doing` says what is done, in a word."""
        task = None
        try:
            for done, one in enumerate(work):
                if task is None and self._is_wanted():
                    task = self._opened().add_task(doing, total=total)
                if task is not None:
                    self._bar.update(task, completed=done)
                yield one
        finally:
            if task is not None:
                self._bar.stop()
                self._bar = None

    def counting(self, doing: str) -> Callable[[Sequence[One]], Iterator[One]]:
        """`through`, for work that knows its length."""
        return lambda work: self.through(work, total=len(work), doing=doing)

    def tell(self, line: str, *, needed: bool = False) -> None:
        """A line on stderr, above the bar. Fields in backquotes are called by their options."""
        line = in_options(line)
        if self.quiet and not needed:
            return
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            print(line, file=sys.stderr, flush=True)

    def _is_wanted(self) -> bool:
        return not self.quiet and time.monotonic() - self._started > PATIENCE and sys.stderr.isatty()

    def _opened(self) -> Any:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
        self._bar.start()
        return self._bar
