"""Which parts and bars are meant where music is written: only some, all but some, each part its own bars.

A request knows no music. Whether there is a track "bass" or a bar 40 is asked where a seed is (`verbs.scope`).
"""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from symbolic_embed.requests.base import Bars, Request, Tracks, bars_of, track_of
from symbolic_embed.requests.per_part import Track, divided
from symbolic_embed.settings import refused

LOCKS = ("melody", "chords", "rhythm")  # what stays of music, whoever plays it


def _kept(given: object) -> object:
    """Locks, and parts by number or name, from text with commas or several; each once."""
    if isinstance(given, str):
        given = given.split(",")
    words = list(given) if isinstance(given, (tuple, list)) else [given]
    try:
        return tuple(dict.fromkeys(track_of(word) for word in words))
    except PydanticCustomError:
        raise refused(f"must be {', '.join(LOCKS)}, or parts: numbers from 0, names, or drums, bass") from None


def _part_bars(given: object) -> object:
    """Pairs of a track and its bars, from a mapping or pairs of what `Bars` takes."""
    pairs = list(given.items()) if isinstance(given, dict) else given
    if not isinstance(pairs, (tuple, list)):
        raise refused('must be bars of tracks, such as "drums=5-8"')
    return tuple((track_of(track), bars_of(bars)) for track, bars in pairs)


def _own_bars(track: object, bars: object) -> tuple[Track, tuple[int, ...] | None]:
    """A track and its bars; what is wrong with them is said of `bars`."""
    try:
        return track_of(track), bars_of(bars)
    except PydanticCustomError as error:
        raise refused(f"`bars` {track}={bars}: {error.message()}") from None


Kept = Annotated[tuple[int | str, ...], BeforeValidator(_kept)]
PartBars = Annotated[tuple[tuple[Track, tuple[int, ...]], ...], BeforeValidator(_part_bars)]


class TracksRequest(Request):
    """A request about some of the parts of a piece.

    tracks          only these: numbers from 0 or names; None: all
    except_tracks   but none of these
    """

    tracks: Tracks = Field(None, description="Only these tracks: numbers or names, as `show` has them.")
    except_tracks: Tracks = Field(None, description="All tracks but these.")


class RegionsRequest(Request):
    """A request about some bars of a piece, of all parts or of each its own.

    bars        which: "5-8,12" from 1, or indices from 0; None: all. "5-8,drums=1-2" gives a part its own
    part_bars   the bars of parts that have their own, whatever `bars` says; where `bars` says nothing, the only parts
    """

    bars: Bars = Field(None, description="Only these bars, counted from 1; drums=5-8 are those of one track.")
    part_bars: PartBars = Field((), description="The bars of tracks that have their own.")

    @model_validator(mode="before")
    @classmethod
    def _divide_bars(cls, values: Any) -> Any:
        """Takes the bars of single parts out of the text that says all."""
        bars = values.get("bars") if isinstance(values, dict) else None
        named = bars if isinstance(bars, dict) else None
        if isinstance(bars, str) and "=" in bars:
            general, named = divided(bars)
            values = {**values, "bars": general}
        elif named is not None:
            values = {**values, "bars": named.get(None)}
        if named is None:
            return values
        return {**values, "part_bars": [_own_bars(track, own) for track, own in named.items() if track is not None]}


class GoingOnRequest(TracksRequest):
    """A request for more bars, for which some parts are written and some go on as they do.

    loop   parts that go on as they do: what they play returns with the period it has; not written anew
    """

    loop: Tracks = Field(None, description="These tracks go on as they do: their loop is found and returns.")

    @model_validator(mode="after")
    def _require_each_once(self) -> Self:
        for track in self.loop or ():
            if track in (self.tracks or ()):
                raise refused(
                    f"`loop` {track} with `tracks` {track}: it goes on as it does or is written; leave one out"
                )
        return self
