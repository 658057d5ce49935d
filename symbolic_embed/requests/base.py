"""What all requests have in common, and how tracks and bars are chosen in them.

Tracks are numbers from 0 among those with notes, as `show` numbers them, or names in any case. Bars in text, "5-8,12",
count from 1, as `show` numbers them; bars given as integers are indices, from 0, as everywhere in Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationError
from pydantic_core import PydanticCustomError

from symbolic_embed.errors import UsageError
from symbolic_embed.settings import Settings

MOST_BARS = 100_000  # that a piece can have


class Request(Settings):
    """The base of all requests. Frozen; two are equal where their fields are. `to_json` and `from_file` write one down
    and read it again. Construction raises UsageError, whose message names the field in backquotes."""

    @classmethod
    def verb(cls) -> str:
        """The verb that is asked for: ComposeRequest asks for `compose`."""
        return cls.__name__.removesuffix("Request").lower()

    @classmethod
    def _owner(cls) -> str:
        return cls.verb()

    @classmethod
    def _refusal(cls, error: ValidationError) -> UsageError:
        """The first of what pydantic found, in one line."""
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else None
        reason = first["msg"].removeprefix("Value error, ").removeprefix("Input ")
        if field is None:
            return UsageError(reason)
        return UsageError(f"`{field}` {reason}, not {first['input']!r}", field=field)


def refused(reason: str) -> PydanticCustomError:
    """What a validator raises. `reason` goes on from the field's name: "must be letters"."""
    return PydanticCustomError("refused", "{reason}", {"reason": reason})


def _tracks(given: Any) -> tuple[int | str, ...] | None:
    """Numbers and names from text such as "0,bass", or from an iterable of either."""
    if given is None:
        return None
    words = given.split(",") if isinstance(given, str) else given if isinstance(given, Iterable) else [given]
    chosen: list[int | str] = []
    for word in words:
        text = word.strip() if isinstance(word, str) else word
        if isinstance(text, str) and text.isdecimal() and text.isascii():
            text = int(text)
        is_number = isinstance(text, int) and not isinstance(text, bool) and text >= 0
        if not is_number and not (isinstance(text, str) and text):
            raise refused("must be numbers of tracks, from 0, or their names")
        chosen.append(text)
    return tuple(dict.fromkeys(chosen))


def _bars(given: Any) -> tuple[int, ...] | None:
    """Bars from 0, rising, from text such as "5-8,12" (counted from 1) or from integers (counted from 0)."""
    if given is None:
        return None
    if isinstance(given, str):
        return _bars_in_text(given)
    bars = [given] if isinstance(given, int) else list(given) if isinstance(given, Iterable) else [None]
    if any(isinstance(bar, bool) or not hasattr(bar, "__index__") or not 0 <= bar < MOST_BARS for bar in bars):
        raise refused('must be indices of bars, from 0, or text such as "5-8", counted from 1')
    return tuple(sorted({int(bar) for bar in bars}))


def _bars_in_text(text: str) -> tuple[int, ...]:
    bars: set[int] = set()
    for word in text.split(","):
        found = re.fullmatch(r"(\d+)(?:-(\d+))?", word.strip(), re.ASCII)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= first <= last <= MOST_BARS:
            raise refused('must be bars such as "5-8,12", counted from 1')
        bars.update(range(first - 1, last))
    return tuple(sorted(bars))


def _words(given: Any) -> Any:
    """Words from text with commas, or as they are."""
    return tuple(word.strip() for word in given.split(",")) if isinstance(given, str) else given


Tracks = Annotated[tuple[int | str, ...] | None, BeforeValidator(_tracks)]
Bars = Annotated[tuple[int, ...] | None, BeforeValidator(_bars)]
Words = BeforeValidator(_words)
