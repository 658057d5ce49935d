"""What all requests have in common, and how tracks and bars are chosen in them.

Tracks are numbers from 0 among those with notes, as `show` numbers them, or names in any case. Bars in text, "5-8,12",
count from 1, as `show` numbers them; bars given as integers are indices, from 0, as everywhere in Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import index
from typing import Annotated, SupportsIndex

from pydantic import BeforeValidator, Field

from symbolic_embed.settings import Settings, refused

MOST_BARS = 100_000  # that a piece can have
BAR_NUMBER = r"\d{1,9}"
TRACK_NUMBER = r"0|[1-9]\d{0,8}"  # what is written otherwise, "007", is a name


class Request(Settings):
    """The base of all requests. Frozen; two are equal where their fields are. `to_json` and `from_file` write one down
    and read it again. Construction raises SettingsError, which is a UsageError."""

    @classmethod
    def verb(cls) -> str:
        """The verb that is asked for: ComposeRequest asks for `compose`."""
        return cls.__name__.removesuffix("Request").lower()

    @classmethod
    def _owner(cls) -> str:
        return cls.verb()


class ReadingRequest(Request):
    """What can be asked of music that is read.

    join_channels   channels of one track and programme are one part, drums apart
    """

    join_channels: bool = Field(
        False, description="Take channels of one track and programme for one part: a guitar with a channel a string."
    )


def _tracks(given: object) -> tuple[int | str, ...] | None:
    """Numbers and names from text such as "0,bass", or from an iterable of either; each once."""
    if given is None:
        return None
    chosen = [track_of(word) for word in (given.split(",") if isinstance(given, str) else _listed(given))]
    if not chosen:
        raise refused("must name at least one track")
    return tuple(dict.fromkeys(chosen))


def track_of(word: object) -> int | str:
    """A number or a name of a track."""
    name = word.strip() if isinstance(word, str) else ""
    number = int(name) if re.fullmatch(TRACK_NUMBER, name, re.ASCII) else _whole(word)
    if number is None and not name:
        raise refused("must be numbers of tracks, from 0, or their names")
    return name if number is None else number


def bars_of(given: object) -> tuple[int, ...] | None:
    """Bars from 0, rising, from text such as "5-8,12" (counted from 1) or from integers (counted from 0)."""
    if given is None:
        return None
    if isinstance(given, str):
        return _bars_in_text(given)
    bars = [_whole(bar) for bar in _listed(given)]
    chosen = {bar for bar in bars if bar is not None and bar < MOST_BARS}
    if len(chosen) < len(set(bars)):
        raise refused('must be indices of bars, from 0, or text such as "5-8", counted from 1')
    if not chosen:
        raise refused("must name at least one bar")
    return tuple(sorted(chosen))


def _bars_in_text(text: str) -> tuple[int, ...]:
    bars: set[int] = set()
    for stretch in text.split(","):
        ends = re.fullmatch(f"({BAR_NUMBER})(?:-({BAR_NUMBER}))?", stretch.strip(), re.ASCII)
        first, last = (int(ends[1]), int(ends[2] or ends[1])) if ends else (0, 0)
        if not 1 <= first <= last <= MOST_BARS:
            raise refused('must be bars such as "5-8,12", counted from 1')
        bars.update(range(first - 1, last))
    return tuple(sorted(bars))


def _words(given: object) -> object:
    """Words from text with commas, or as they are; each once."""
    if isinstance(given, str):
        given = [word.strip() for word in given.split(",")]
    if isinstance(given, (list, tuple)) and all(isinstance(word, str) for word in given):
        return tuple(dict.fromkeys(given))
    return given


def _listed(given: object) -> list[object]:
    """Several things as a list, one as a list of one."""
    return list(given) if isinstance(given, Iterable) and not isinstance(given, (str, bytes)) else [given]


def _whole(value: object) -> int | None:
    """A number from 0 on, NumPy's too; None for anything else, truth among it."""
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        return None
    try:
        number = index(value)
    except TypeError:  # NumPy's truth has an index that it refuses to give
        return None
    return number if number >= 0 else None


Tracks = Annotated[tuple[int | str, ...] | None, BeforeValidator(_tracks)]
Bars = Annotated[tuple[int, ...] | None, BeforeValidator(bars_of)]
Words = BeforeValidator(_words)
