"""Values that are given for all parts, for some of them, or both: "lower,bass=1.5", "drums=5-8,12".

Words stand between commas. One with an equals sign names a track (a number from 0 or a name, as everywhere; where no
track is called so, what a part does: melody, bass, chords, drums) and gives its value; one without is for all other
parts. A mapping says the same from Python, with None for all others: {"bass": 1.5, None: "lower"}.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from symbolic_embed.requests.base import track_of

Track = int | str
Value = TypeVar("Value")
Given = tuple[tuple[Track | None, Value], ...]  # pairs of a track, None for all others, and its value


def per_part(given: object, value_of: Callable[[object], Value]) -> Given[Value]:
    """Pairs of a track (None: all others) and its value, each track once, from text, a mapping, pairs, or one value for
    all. `value_of` makes a value of what was given for one, or raises what `refused` makes. Of several values for one
    track the last counts."""
    if given is None:
        return ()
    if isinstance(given, str):
        pairs: Iterable[tuple[object, object]] = [_pair(word) for word in given.split(",")]
    elif isinstance(given, Mapping):
        pairs = given.items()
    elif isinstance(given, (tuple, list)) and all(isinstance(one, (tuple, list)) and len(one) == 2 for one in given):
        pairs = [(one[0], one[1]) for one in given]
    else:
        pairs = [(None, given)]
    values = {None if track is None else track_of(track): value_of(value) for track, value in pairs}
    return tuple(values.items())


def divided(text: str) -> tuple[str | None, dict[str, str]]:
    """What text says of all parts (None: nothing) and what of each that it names. A word without an equals sign goes on
    from the word before it: "1-4,9,drums=5-8,12" is "1-4,9" and {"drums": "5-8,12"}."""
    general: list[str] = []
    named: dict[str, list[str]] = {}
    here = general
    for word in text.split(","):
        track, equals, value = word.rpartition("=")
        if equals:
            here = named.setdefault(track.strip(), [])
        here.append(value)
    return ",".join(general) or None, {track: ",".join(words) for track, words in named.items()}


def _pair(word: str) -> tuple[str | None, str]:
    track, equals, value = word.rpartition("=")
    return (track if equals else None), value.strip()
