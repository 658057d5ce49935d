"""Strokes as a drummer thinks of them: what is struck, where in the beat and the bar, what goes with it and before it.

Steps are twelfths of a beat; where eighths go by threes (6/8, 12/8) a beat is a dotted quarter, so a shuffle in 12/8
and triplets in 4/4 are one thing. Bars of four beats have 48 places. In others the first beat is a first beat, and
every later one is any beat but the first: those are the twelve places after the 48.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import STEPS_PER_QUARTER
from symbolic_embed.playing.kit import PIECES
from symbolic_embed.score.metre import beat_ticks
from symbolic_embed.score.score import TimeSignature

BEAT: Final = STEPS_PER_QUARTER  # steps
FOUR_BEATS: Final = 4 * BEAT
PLACES: Final = FOUR_BEATS + BEAT
NEAR: Final = (2, 3, 4)  # steps away: a sixteenth, a triplet
COMPANIES: Final = 16
_OF_COMPANY: Final = np.array(
    [1, 2, 0, 4, 4, 4, 8, 8, 0]
)  # of each of PIECES: kick, snare, hats and ride, crash and toms


@dataclass(frozen=True, eq=False)
class Strokes:
    """Strokes of one drummer, in columns (n,), int64.

    piece: as its place in PIECES. step: beats of the whole music times 12. bar_step: the same from the barline on.
    place: 0 to 59, as said above. between: whether the same piece is struck a sixteenth or a triplet before (1), and
    after (2). company: what else is struck at once, a sum of kick 1, snare 2, hats and ride 4, crash and toms 8.
    """

    piece: NDArray[np.int64]
    step: NDArray[np.int64]
    bar_step: NDArray[np.int64]
    place: NDArray[np.int64]
    between: NDArray[np.int64]
    company: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.piece)

    @property
    def in_beat(self) -> NDArray[np.int64]:
        """The step within the beat, 0 to 11."""
        return self.place % BEAT

    @classmethod
    def of(
        cls,
        piece: NDArray[np.int64],
        bar: NDArray[np.int64],
        position: NDArray[np.float64],
        metres: tuple[TimeSignature, ...],
    ) -> Strokes:
        """Strokes in bars (from 0) of the metres that they have, at positions in quarters of a bar."""
        beat = np.array([float(beat_quarters(metre)) for metre in metres])
        beats = np.array([4 * metre.numerator / metre.denominator for metre in metres]) / beat
        begin = np.concatenate([[0], np.cumsum(np.ceil(beats * BEAT - 1e-9))]).astype(np.int64)
        bar_step = np.rint(position / beat[bar] * BEAT).astype(np.int64)
        bar, bar_step = _carried(bar, bar_step, begin)
        step = begin[bar] + bar_step
        later = np.where(bar_step >= BEAT, FOUR_BEATS + bar_step % BEAT, bar_step)
        place = np.where(beats[bar] == 4, bar_step % FOUR_BEATS, later)
        return cls(piece, step, bar_step, place, _between(piece, step), _company(piece, step))


def beat_quarters(metre: TimeSignature) -> float:
    """How long a beat is, in quarters: a quarter, or a dotted one where eighths go by threes."""
    beat = float(beat_ticks(metre, division=48) / 48)
    return beat if beat == 1.5 else 1.0


def _carried(
    bar: NDArray[np.int64], bar_step: NDArray[np.int64], begin: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The same with strokes that were rounded to the next barline in the bar behind it, but in the last bar."""
    last = len(begin) - 2
    carried = (bar_step >= begin[bar + 1] - begin[bar]) & (bar < last)
    return bar + carried, np.maximum(bar_step - np.where(carried, begin[bar + 1] - begin[bar], 0), 0)


def _between(piece: NDArray[np.int64], step: NDArray[np.int64]) -> NDArray[np.int64]:
    keys = step * len(PIECES) + piece
    before, after = (
        np.any([np.isin(keys + sign * steps * len(PIECES), keys) for steps in NEAR], axis=0) for sign in (-1, 1)
    )
    between: NDArray[np.int64] = before + 2 * after
    return between


def _company(piece: NDArray[np.int64], step: NDArray[np.int64]) -> NDArray[np.int64]:
    steps, at = np.unique(step, return_inverse=True)
    struck = np.zeros((len(steps), len(PIECES)), bool)
    struck[at, piece] = True
    others = struck[at]
    others[np.arange(len(piece)), piece] = False
    return np.array([sum({*_OF_COMPANY[row].tolist()}) for row in others], np.int64)
