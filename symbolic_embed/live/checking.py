"""Lines of a session's file, which anybody may have edited, checked before anything is made of them."""

from __future__ import annotations

from typing import Any

from symbolic_embed.live.events import KEYS
from symbolic_embed.live.telling import MOST_BARS, real, whole

LONGEST = 1e9  # seconds, or quarters
SLOWEST, FASTEST = 1.0, 1e4  # quarters a minute


def check_line(fields: dict[str, Any]) -> None:
    """Raises ValueError where a line, but the head, says what cannot be. What is said of unknown things is let be."""
    match fields:
        case {"out": message}:
            _require(0 < len(_bytes(message)) <= 3)
            _time(fields.get("due"))
            return
        case {"end": end}:
            _time(end)
            return
        case {"map": beats}:
            _require(isinstance(beats, list) and len(beats) == 3)
            _time(beats[0])
            _time(beats[1])
            real(beats[2], SLOWEST, FASTEST)
        case {"in": message}:
            _bytes(message)
            _time(fields.get("came", 0))
        case {"answer": bar} | {"stand_in": bar}:
            whole(bar, 0, MOST_BARS)
            _require(isinstance(fields.get("by"), str))
            real(fields.get("ms", 0), 0, LONGEST)
        case {"key": name}:
            _require(name in KEYS)
        case {"port": which}:
            _require(which in ("in", "out") and isinstance(fields.get("there"), bool))
        case {"tempo": tempo}:
            real(tempo, 0, FASTEST)
            _time(fields.get("beat"))
        case {"renewed": who}:
            _require(who in ("answer", "stand_in"))
        case _:
            return
    _time(fields.get("at"))


def _time(seconds: Any) -> None:
    real(seconds, -LONGEST, LONGEST)


def _bytes(message: Any) -> bytes:
    _require(isinstance(message, str))
    return bytes.fromhex(message)


def _require(is_so: bool) -> None:
    if not is_so:
        raise ValueError("that cannot be")
