"""Signals that end a session as `q` at once would: what sounds is ended, and its files are whole."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator


class Interrupts:
    """Signals, and which of them came."""

    def __init__(self, *signals: signal.Signals) -> None:
        self._signals = signals
        self.came: signal.Signals | None = None

    @contextlib.contextmanager
    def ending(self, end: Callable[[], object]) -> Iterator[None]:
        """Inside the block the first of the signals calls `end`; another one does what it did before. In a thread that
        is not the main one, which no signal reaches, nothing is done."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.getsignal(number) for number in self._signals}

        def restore() -> None:
            for number, handler in before.items():
                signal.signal(number, handler)

        def take(number: int, _frame: object) -> None:
            self.came = signal.Signals(number)
            restore()
            end()

        for number in self._signals:
            signal.signal(number, take)
        try:
            yield
        finally:
            restore()
