"""What a session shows at a terminal, a line that is written over: the bar, what is heard, what comes, what was left.

Keys: + more, - less, h hold, n new idea, p panic, t tap, q a last bar.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any, TextIO

from symbolic_embed.live.asking import REST
from symbolic_embed.live.running import Told

KEYS = {"+": "more", "=": "more", "-": "less", "h": "hold", "n": "new", "p": "panic", "t": "tap", "q": "quit"}
HELP = "+ more   - less   h hold   n new idea   p panic   t tap   q last bar"
WIDTH = 120
MOST_LEAD_MS = 5000
LONGER = 1.5  # times as long before a barline, where answers were late


def line_of(told: Told) -> str:
    """A bar in words."""
    answer = told.answer
    left = "" if told.left is None else f"{1e3 * told.left:4.0f} ms left"
    away = "".join(f"  {name} {1e3 * clock.delay:.1f} ms away" for name, clock in told.clocks.items())
    away += "" if told.has_model else "  model lost"
    heard = " ".join(word for word in (answer.chord, f"({answer.key})" if answer.key else "") if word) or "-"
    return f"bar {told.bar + 1:4d}  {told.tempo:5.1f} bpm  heard {heard:18s}  next {answer.by:8s} {left}{away}"


def account_in_words(account: dict[str, Any], *, lead: float) -> str:
    """How a session went (`Session.close`): bars and by whom they were written, and what was late. lead: the seconds
    before a barline at which bars were begun."""
    bars, sent, late = account["bars"], account["sent"], account["late_answers"]
    written = ", ".join(f"{by} {count}" for by, count in bars.items())
    words = [f"{sum(bars.values())} bars" + (f" ({written})" if written else "")]
    if late:
        asked = sum(count for by, count in bars.items() if by != REST)
        longer = min(1e3 * LONGER * lead, MOST_LEAD_MS)
        words.append(f"{late} of {asked} answers were late; --lead-ms {longer:.0f} begins them earlier")
    if sent:
        worst = sent["late_ms"].get("worst", 0.0)
        words.append(f"{sent['messages']} messages, at most {worst:.1f} ms late, {sent['left_out']} left out")
    return "; ".join(words)


def shown(told: Told, stream: TextIO) -> None:
    """Writes a bar over the one before; on what is no terminal, below it."""
    end, start = ("", "\r") if stream.isatty() else ("\n", "")
    stream.write(f"{start}{line_of(told):{WIDTH}.{WIDTH}s}{end}")
    stream.flush()


@contextlib.contextmanager
def keys_pressed(press: Callable[[str], None]) -> Iterator[None]:
    """Inside the block each key that is known is handed on; where the input is no terminal, none is."""
    if not sys.stdin.isatty():
        yield
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)

    def read() -> None:
        while letter := sys.stdin.read(1):
            if letter in KEYS:
                press(KEYS[letter])

    tty.setcbreak(sys.stdin)
    threading.Thread(target=read, daemon=True, name="keys").start()
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
