"""Ableton Link: one tempo and one phase for all programs of a network. It comes from linkpython-extern, which is loaded
when it is asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable

from symbolic_embed.errors import SoundError
from symbolic_embed.live.events import Linked

LOOKS = 0.05  # seconds between two looks at the session


class Linking:
    """A part in a Link session, which is looked at until `close`; what it says is handed to `hear`. Raises SoundError
    without the library."""

    def __init__(self, tempo: float, *, quarters: float, hear: Callable[[Linked], None]) -> None:
        try:
            import link
        except ImportError:
            raise SoundError("no Ableton Link: `pip install symbolic-embed[live]` installs linkpython-extern") from None
        self._link, self._quarters, self._hear = link.Link(tempo), quarters, hear
        self._link.enabled = True
        self._is_over = threading.Event()
        threading.Thread(target=self._run, daemon=True, name="link").start()

    def close(self) -> None:
        """Leaves the session."""
        self._is_over.set()
        self._link.enabled = False

    def _run(self) -> None:
        while not self._is_over.wait(LOOKS):
            state = self._link.captureSessionState()
            beat = state.beatAtTime(self._link.clock().micros(), self._quarters)
            self._hear(Linked(state.tempo(), beat))
