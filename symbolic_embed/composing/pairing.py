"""Two pieces side by side: which part answers which, which bar stands beside which, in one key.

Parts are paired by what they do and where they lie, bars by their order; the shorter piece begins again until the
longer one is over. The second piece is transposed so that its pitch classes sound most like those of the first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from symbolic_embed.bars import WINDOW_STEPS, BarredScore, Windows, cell_windows
from symbolic_embed.bars.keys import best_transposition, pitch_class_durations

OTHER_ROLE, OTHER_FAMILY = 4.0, 1.0  # how little two parts fit; a difference of pitch counts 1 an octave
NEVER = 1e6

Pair = tuple[int | None, int | None]


def paired_parts(first: BarredScore, second: BarredScore) -> list[Pair]:
    """Parts of two pieces, each in one pair: alike ones together, drums only with drums, and those left over with None.
    In the order of the first piece, then of the second."""
    cost = np.array(
        [[_unlikeness(first, a, second, b) for b in range(len(second.roles))] for a in range(len(first.roles))]
    )
    partner = {int(a): int(b) for a, b in zip(*linear_sum_assignment(cost), strict=True) if cost[a, b] < NEVER}
    left = [b for b in range(len(second.roles)) if b not in partner.values()]
    return [(a, partner.get(a)) for a in range(len(first.roles))] + [(None, b) for b in left]


def transposition(first: BarredScore, second: BarredScore) -> int:
    """By how many semitones, -5 to 6, the second piece moves so that its pitch classes sound most like the first's."""
    return best_transposition(pitch_class_durations(first.score), pitch_class_durations(second.score))


@dataclass(frozen=True, eq=False)
class SideBySide:
    """All cells of two pieces, every pair of parts in every window of the longer piece: those of the first, and beside
    them those of the second, transposed by `semitones`.

    Of each window, (windows,): pair, int64, its number in `pairs`; start, int64, the step it begins at, counted on
    beyond the first piece's end; is_looped, bool, whether it lies there; is_drum, bool.
    """

    pairs: list[Pair]
    semitones: int
    first: Windows
    second: Windows
    pair: NDArray[np.int64]
    start: NDArray[np.int64]
    is_looped: NDArray[np.bool_]
    is_drum: NDArray[np.bool_]

    @classmethod
    def of(cls, first: BarredScore, second: BarredScore) -> SideBySide:
        """Two pieces as the head of this page says."""
        pairs, semitones = paired_parts(first, second), transposition(first, second)
        places = _places(first, bars=max(first.bars, second.bars))
        return cls(
            pairs,
            semitones,
            _looped(first, [a for a, _ in pairs], places),
            _looped(second, [b for _, b in pairs], places).transposed(semitones),
            np.repeat(np.arange(len(pairs)), len(places)),
            np.tile([place.start for place in places], len(pairs)),
            np.tile([place.bar >= first.bars for place in places], len(pairs)),
            np.repeat([_is_drum(first, second, pair) for pair in pairs], len(places)),
        )

    def __len__(self) -> int:
        return len(self.pair)

    @property
    def windows_a_part(self) -> int:
        """How many windows each pair of parts has."""
        return len(self) // len(self.pairs)


@dataclass(frozen=True)
class _Place:
    """A window of the longer piece: its bar, its place in the bar, the step it starts at, its length in steps."""

    bar: int
    part_of_bar: int
    start: int
    steps: int


def _places(first: BarredScore, *, bars: int) -> list[_Place]:
    """The windows of `bars` bars: those of the piece, then more of the length of its last."""
    starts = [int(step) for step in first.grid.bar_steps]
    last = starts[-1] - starts[-2]
    while len(starts) <= bars:
        starts.append(starts[-1] + last)
    return [
        _Place(bar, number, start + number * WINDOW_STEPS, min(WINDOW_STEPS, end - start - number * WINDOW_STEPS))
        for bar, (start, end) in enumerate(pairwise(starts[: bars + 1]))
        for number in range(-(-(end - start) // WINDOW_STEPS))
    ]


def _looped(barred: BarredScore, parts: list[int | None], places: list[_Place]) -> Windows:
    """The cells of parts at places, again from the beginning where the piece is over; silent where a part is None or
    rests. Each has its part's number (-1 for None), its bar in the piece, and the length of its place."""
    sounding = cell_windows(barred)
    silent = len(sounding)
    cells = sounding.where(np.append(np.arange(silent), 0))
    cells = cells.keeping(cells.note_window != silent)
    keys = zip(sounding.track.tolist(), sounding.bar.tolist(), sounding.part_of_bar.tolist(), strict=True)
    number = {key: index for index, key in enumerate(keys)}
    wanted = [(part, place.bar % barred.bars, place.part_of_bar) for part in parts for place in places]
    looped = cells.where(np.array([number.get(key, silent) for key in wanted]))
    track, bar, part_of_bar = np.array([(-1 if key[0] is None else key[0], *key[1:]) for key in wanted]).T
    steps = np.tile([place.steps for place in places], len(parts))
    fitting = looped.onset < steps[looped.note_window]
    return replace(looped, track=track, bar=bar, part_of_bar=part_of_bar, steps=steps).keeping(fitting)


def _unlikeness(first: BarredScore, a: int, second: BarredScore, b: int) -> float:
    """How little a part of one piece fits a part of the other."""
    ours, theirs = first.score.tracks[a], second.score.tracks[b]
    if ours.is_drum != theirs.is_drum:
        return NEVER
    octaves = abs(float(ours.notes.pitch.mean()) - float(theirs.notes.pitch.mean())) / 12
    other_role = OTHER_ROLE * (first.roles[a] != second.roles[b])
    return other_role + OTHER_FAMILY * (ours.program // 8 != theirs.program // 8) + octaves


def _is_drum(first: BarredScore, second: BarredScore, pair: Pair) -> bool:
    a, b = pair
    if a is not None:
        return first.score.tracks[a].is_drum
    return b is not None and second.score.tracks[b].is_drum
