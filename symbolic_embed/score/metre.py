"""Where the barlines are.

A bar is what lies between two barlines. Barlines follow from the time signatures and never from the notes: each
signature puts a barline where it stands, even inside a bar (which ends there, short), and from it barlines follow at
the distance of one bar until the next signature. Before the first signature the metre is 4/4, as the MIDI standard
says; a first signature that comes late therefore does not move the bars before it. A pick-up is simply a short first
bar. The last bar is complete in its metre, even where the music stops before its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.errors import MidiError
from symbolic_embed.score.score import Score, TimeSignature

MAX_BARS = 100_000  # six hours at a bar of 0.2 s; beyond it a file is damaged, not long


@dataclass(frozen=True, eq=False)
class MetreMap:
    """The barlines of a piece.

    barline_ticks: int64 (bars + 1,), strictly increasing, from 0 to the end of the last bar.
    signatures: one TimeSignature a bar, the one in force.
    """

    barline_ticks: NDArray[np.int64]
    signatures: tuple[TimeSignature, ...]

    def __len__(self) -> int:
        return len(self.barline_ticks) - 1

    def bar_at(self, ticks: NDArray[np.signedinteger]) -> NDArray[np.int64]:
        """The index (from 0) of the bar that each tick lies in; int64, the shape of `ticks`. Ticks past the last
        barline give len(self)."""
        return np.searchsorted(self.barline_ticks, ticks, side="right") - 1

    def is_complete(self, bar: int, *, division: int) -> bool:
        """Whether the bar has the full length of its metre (a pick-up, or a bar cut by a new signature, has not)."""
        length = bar_length_ticks(self.signatures[bar], division=division)
        return bool(abs(int(self.barline_ticks[bar + 1] - self.barline_ticks[bar]) - length) < 1)


def bar_length_ticks(signature: TimeSignature, *, division: int) -> Fraction:
    """The exact length of a bar: 3/8 at 100 ticks a quarter is 150 ticks, 1/128 at 100 is 25/8."""
    return Fraction(4 * division * signature.numerator, signature.denominator)


def metre_map(score: Score, *, end_tick: int | None = None) -> MetreMap:
    """The barlines of `score`, as many bars as it takes to reach `end_tick` (the end of its last note), at least one.

    Raises MidiError where that would be more than MAX_BARS bars.
    """
    end = max(score.end_tick if end_tick is None else end_tick, 1)
    starts = [s for s in score.time_signatures if s.tick < end]
    if not starts or starts[0].tick > 0:
        starts.insert(0, TimeSignature(0, 4, 4))
    barlines: list[NDArray[np.int64]] = []
    signatures: list[TimeSignature] = []
    for signature, following in zip(starts, [*starts[1:], None], strict=True):
        ticks = _barlines_under(signature, following.tick if following else end, division=score.division)
        if len(signatures) + len(ticks) > MAX_BARS:
            raise MidiError(
                score.source,
                f"more than {MAX_BARS} bars ({signature} at tick {signature.tick}, last note ends at tick {end}); "
                "is a time signature or a length wrong?",
            )
        barlines.append(ticks)
        signatures += [signature] * len(ticks)
    last = starts[-1].tick + _barline_offsets(starts[-1], np.array([len(barlines[-1])]), division=score.division)
    return MetreMap(np.concatenate([*barlines, last]), tuple(signatures))


def _barlines_under(signature: TimeSignature, stop: int, *, division: int) -> NDArray[np.int64]:
    """The ticks from the signature on, a bar apart, that lie before `stop`; at most one more than MAX_BARS."""
    length = _spacing(signature, division=division)
    count = max(1, min(-((signature.tick - stop) // length), MAX_BARS + 1))
    offsets = _barline_offsets(signature, np.arange(count, dtype=np.int64), division=division)
    return signature.tick + offsets[offsets < stop - signature.tick]


def _barline_offsets(signature: TimeSignature, bars: NDArray[np.int64], *, division: int) -> NDArray[np.int64]:
    """How many ticks after its signature the barline before each bar (from 0) stands, rounded without drift."""
    length = _spacing(signature, division=division)
    return (bars * length.numerator * 2 + length.denominator) // (2 * length.denominator)


def _spacing(signature: TimeSignature, *, division: int) -> Fraction:
    """How far apart barlines are: a bar, but a tick at least, or two barlines would fall on one tick."""
    return max(bar_length_ticks(signature, division=division), Fraction(1))
