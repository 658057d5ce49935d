"""A groove: what one file does with time and loudness, place by place in the bar.

Of each place the table has how late the notes there begin (in quarters, so that it fits another tempo and another
division) and how loud they are beside the others (a ratio, so that it fits a softer part); for each piece of the kit
and for all together. Drums carry a groove: where there are any, the others are not listened to. Each piece is compared
with its own mean, or a loud kick and a soft hat would be taken for accents.

A groove repeats after one bar or after several. The cycle is the shortest after which bars play as they did, as well as
after any longer one; in a clip too short for that to be seen it is the clip, unless its bars are alike.

Where a place has no note, its neighbours on both sides say what a note would do there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, ranges
from symbolic_embed.playing.kit import PIECES, pieces_of
from symbolic_embed.playing.places import BarPlaces, places_in_bar, subdivision

FEWEST_NOTES: Final = 4
LONGEST_CYCLE: Final = 8
SAME_TIME: Final = 0.02  # of a quarter: what a player cannot help
SAME_LOUDNESS: Final = 0.06  # of the mean
NEARLY_AS_WELL: Final = 1.1
ALL: Final = len(PIECES)  # the row for all pieces together


class Onsets(NamedTuple):
    """Notes of one metre: the bar of each, int64 (n,), how many quarters into it it begins, float64 (n,), its row
    (piece of the kit, or ALL), what it strikes, and its velocity, int64 (n,)."""

    bar: NDArray[np.int64]
    position: NDArray[np.float64]
    row: NDArray[np.int64]
    struck: NDArray[np.int64]
    velocity: NDArray[np.int64]


class Heard(NamedTuple):
    """The same notes on a subdivision: the number of the bar of each in a row of bars, its place in it and its row,
    int64 (n,); how late it is, in quarters, and how loud, times the mean of its like, float64 (n,)."""

    number: NDArray[np.int64]
    place: NDArray[np.int64]
    row: NDArray[np.int64]
    late: NDArray[np.float64]
    loud: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Groove:
    """The groove of one metre.

    metre       such as "4/4"; `quarters`: the length of its bar
    division    places a quarter
    bars        after how many bars it repeats
    late        float64 (PIECES + 1, places of the cycle): quarters from the grid; the last row is all pieces together
    loud        float64, the same shape: times the mean
    hits        int64, the same shape: how many notes a value is from; 0: it is from its neighbours
    """

    metre: str
    quarters: float
    division: int
    bars: int
    late: NDArray[np.float64]
    loud: NDArray[np.float64]
    hits: NDArray[np.int64]

    @property
    def is_mechanical(self) -> bool:
        """Whether all is on the grid and equally loud."""
        return bool((np.abs(self.late) < 1e-3).all() and (np.abs(self.loud - 1) < 1e-3).all())

    def at(
        self, bar: NDArray[np.int64], position: NDArray[np.float64], row: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """How late (quarters) and how loud (times the mean) notes are in bars counted from where cycles begin, at
        positions in quarters, between places by as much as they are near to each; float64 (n,) both."""
        length = self.late.shape[1]
        exact = np.mod((np.mod(bar, self.bars) * self.quarters + position) * self.division, length)
        before = np.floor(exact + 1e-9).astype(np.int64)
        share = np.maximum(exact - before, 0.0)
        here, after = np.mod(before, length), np.mod(before + 1, length)
        late, loud = ((1 - share) * table[row, here] + share * table[row, after] for table in (self.late, self.loud))
        return late, loud

    def record(self) -> dict[str, Any]:
        """The table in numbers, for the sidecar: rows of those pieces that were heard, null where nothing was."""
        rows = {name: row for row, name in enumerate((*PIECES, "all")) if self.hits[row].any()}

        def heard(table: NDArray[np.float64], row: int) -> list[float | None]:
            pairs = zip(table[row], self.hits[row], strict=True)
            return [round(float(value), 4) if hits else None for value, hits in pairs]

        return {
            "metre": self.metre,
            "places_a_quarter": self.division,
            "bars": self.bars,
            "late_quarters": {name: heard(self.late, row) for name, row in rows.items()},
            "loud_times_mean": {name: heard(self.loud, row) for name, row in rows.items()},
        }


def grooves_of(barred: BarredScore) -> dict[str, Groove]:
    """The grooves of a piece, by metre; metres in which fewer than FEWEST_NOTES notes begin have none."""
    places = BarPlaces.of(barred)
    onsets = _onsets(barred, places)
    grooves = {}
    for metre in dict.fromkeys(places.metre):
        here = (np.array(places.metre) == metre)[onsets.bar]
        if here.sum() >= FEWEST_NOTES:
            of_metre = Onsets(*(column[here] for column in onsets))
            grooves[metre] = _groove(metre, of_metre, places)
    return grooves


def _onsets(barred: BarredScore, places: BarPlaces) -> Onsets:
    """The notes that carry the groove of a piece."""
    drums = [track for track in barred.score.tracks if track.is_drum]
    tracks = drums or list(barred.score.tracks)
    onset, _, pitch, velocity = np.concatenate([track.notes.rows() for track in tracks]).T
    owner = ranges.owners(np.array([len(track.notes) for track in tracks]))
    row, struck = (pieces_of(pitch), pitch) if drums else (np.full(len(pitch), ALL), owner)
    return Onsets(*places.positions(onset), row, struck, velocity)


def _groove(metre: str, onsets: Onsets, places: BarPlaces) -> Groove:
    quarters = float(places.quarters[onsets.bar[0]])
    division = subdivision(onsets.bar * quarters + onsets.position, onsets.struck, quarters=quarters)
    count = places_in_bar(quarters, division) or round(quarters * division)
    heard = _heard(onsets, places.number[onsets.bar], division=division, count=count)
    bars = _cycle(heard)
    at = np.mod(heard.number, bars) * count + heard.place
    shape = (ALL + 1, bars * count)
    late, loud, hits = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, np.int64)
    for row in range(ALL + 1):
        is_mine = heard.row == row if row < ALL else np.ones(len(at), bool)
        for place in np.unique(at[is_mine]):
            here = is_mine & (at == place)
            late[row, place], loud[row, place] = np.median(heard.late[here]), heard.loud[here].mean()
            hits[row, place] = here.sum()
    return Groove(metre, quarters, division, bars, _filled(late), _filled(loud), hits)


def _heard(onsets: Onsets, number: NDArray[np.int64], *, division: int, count: int) -> Heard:
    """Notes on a subdivision of which a bar has `count` places."""
    place = np.rint(onsets.position * division).astype(np.int64)
    late = onsets.position - place / division
    _, like = np.unique(onsets.row, return_inverse=True)
    means = np.bincount(like, onsets.velocity) / np.bincount(like)
    return Heard(number + place // count, place % count, onsets.row, late, onsets.velocity / means[like])


def _filled(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """A table whose unknown values (nan) are known: a piece does as all together do at that place, and all together as
    the places before and behind."""
    everyone, places = table[-1], np.arange(table.shape[1])
    known = np.flatnonzero(~np.isnan(everyone))
    everyone = np.interp(places, known, everyone[known], period=len(places))
    return np.where(np.isnan(table), everyone, table)


def _cycle(heard: Heard) -> int:
    """After how many bars a groove repeats."""
    bars = int(heard.number.max() - heard.number.min()) + 1
    seen = {cycle: _surprise(heard, cycle) for cycle in range(1, min(LONGEST_CYCLE, bars // 2) + 1)}
    least = min(seen.values(), default=np.inf)
    shortest = next((cycle for cycle, surprise in seen.items() if surprise <= NEARLY_AS_WELL * least + 0.1), bars)
    return bars if least > 1 and bars <= LONGEST_CYCLE else shortest


def _surprise(heard: Heard, cycle: int) -> float:
    """How far notes are from the mean of the others that a cycle holds them to be the same as, in units of what a
    player cannot help; a note that has no others is a surprise of 2."""
    keys = np.stack([np.mod(heard.number, cycle), heard.place, heard.row], axis=1)
    _, group, counts = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    others = counts[group] - 1
    surprise = np.zeros(len(group))
    for values, unit in ((heard.late, SAME_TIME), (heard.loud, SAME_LOUDNESS)):
        mean = (np.bincount(group, values)[group] - values) / np.maximum(others, 1)
        surprise += np.abs(values - mean) / unit / 2
    return float(np.where(others > 0, surprise, 2.0).mean())
