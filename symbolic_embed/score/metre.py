"""Where the barlines are.

A bar is what lies between two barlines. Barlines follow from the time signatures and never from the notes: each
signature puts a barline where it stands, even inside a bar (which ends there, short), and from it barlines follow at
the distance of one bar until the next signature. Before the first signature the metre is 4/4, as the MIDI standard
says; a first signature that comes late therefore does not move the bars before it. A pick-up is simply a short first
bar. The last bar is complete in its metre, even where the music stops before its end.

A signature that stands less than a 64th beside a barline is that barline's: programs round, and a bar of one tick is
nobody's music.

Where the piece ends. Bars go on as long as notes do, but two things that files say mean something else:

- A *tail* adds no bar. A note that began before a barline and sounds into the next bar for less than a beat, where no
  note begins any more, is a release, a late note-off, a legato that leans over the end.
- A *rest* at the end counts. A sequencer that exports a clip puts the end-of-track where the clip ends: on a barline.
  Such an end (`Score.length_ticks`), a few bars behind the last note's bar at most, is where the piece ends. Most other
  programs put it behind the last event, or anywhere, and that says nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.errors import MidiError
from symbolic_embed.score.score import Score, TimeSignature

MAX_BARS = 100_000  # six hours at a bar of 0.2 s; beyond it a file is damaged, not long
REST_BARS = 4  # so many bars may follow the last note's bar where an end-of-track says so
BESIDE = Fraction(1, 16)  # of a quarter, a 64th: nearer to a barline than this a signature is that barline's
HALF_STEP = Fraction(1, 24)  # of a quarter: a note that begins so little before a barline begins the bar behind it


@dataclass(frozen=True, eq=False)
class MetreMap:
    """The barlines of a piece.

    barline_ticks: int64 (bars + 1,), strictly increasing, from 0 to the end of the last bar.
    signatures: one TimeSignature a bar, the one in force.
    stated: all signatures of the piece, each on its barline, also those behind the last bar.
    """

    barline_ticks: NDArray[np.int64]
    signatures: tuple[TimeSignature, ...]
    stated: tuple[TimeSignature, ...] = ()

    @property
    def following(self) -> TimeSignature:
        """The signature of a bar after the last: another one where it stands on the last barline."""
        here = [signature for signature in self.stated if signature.tick == self.barline_ticks[-1]]
        return here[-1] if here else self.signatures[-1]

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


def beat_ticks(signature: TimeSignature, *, division: int) -> Fraction:
    """The length of a beat: three units in 6/8, 9/8 and 12/8, else one, and half a bar at most."""
    compound = signature.numerator > 3 and signature.numerator % 3 == 0 and signature.denominator >= 8
    units = Fraction(4 * division * (3 if compound else 1), signature.denominator)
    return min(units, bar_length_ticks(signature, division=division) / 2)


def metre_map(score: Score, *, offset_ticks: int = 0) -> MetreMap:
    """The barlines of `score`, as many bars as its music takes, at least one. Notes are taken to lie `offset_ticks`
    beside the grid.

    Raises MidiError where that would be more than MAX_BARS bars.
    """
    music_end = score.end_tick - offset_ticks
    metre = _barlines_to(max(music_end, score.length_ticks or 0, 1), score)
    if len(metre) > 1 and music_end > metre.barline_ticks[-2] and _is_tail(score, metre, offset_ticks=offset_ticks):
        return replace(metre, barline_ticks=metre.barline_ticks[:-1], signatures=metre.signatures[:-1])
    return metre


def stated_length(ends: Iterable[int], score: Score, *, music_end: int) -> int | None:
    """Where the ends of tracks, ticks in any order, say that the piece ends, whose last note ends at tick `music_end`;
    None where they say nothing.

    Those count that stand on a barline behind the last note, REST_BARS bars behind its bar at most. Where they differ
    most of them are right, and of as many the later.
    """
    division, signatures = score.division, score.time_signatures
    behind = Counter(end for end in ends if end > music_end and _may_be_barline(end, signatures, division=division))
    if not behind or not music_end:
        return None
    in_force = _settled(signatures, division=division)
    stated = {end: count for end, count in behind.items() if _is_length(end, music_end, in_force, division)}
    return max(stated, key=lambda end: (stated[end], end), default=None)


def off_barline(signature: TimeSignature, before: TimeSignature, *, division: int) -> Fraction:
    """How many ticks a signature stands beside the nearest barline of the one before; negative: before it."""
    if (signature.tick - before.tick) * before.denominator % (4 * division * before.numerator) == 0:
        return Fraction(0)  # the common case, without fractions
    length = _spacing(before, division=division)
    into = (signature.tick - before.tick) % length
    return into - length if 2 * into > length else into


def is_beside(distance: Fraction, before: TimeSignature, *, division: int) -> bool:
    """Whether what stands at a distance from a barline of a signature means that barline."""
    return abs(distance) < min(BESIDE * division, bar_length_ticks(before, division=division) / 4)


def _settled(signatures: Sequence[TimeSignature], *, division: int) -> list[TimeSignature]:
    """The signatures from tick 0 on, 4/4 where none stands there, each on the barline that it means."""
    settled = [TimeSignature(0, 4, 4)]
    for signature in signatures:
        before = settled[-1]
        distance = off_barline(signature, before, division=division)
        if distance and is_beside(distance, before, division=division):
            bars = np.array([round((signature.tick - distance - before.tick) / _spacing(before, division=division))])
            offset = int(_barline_offsets(before, bars, division=division)[0])
            signature = replace(signature, tick=before.tick + offset)
        if signature.tick == before.tick:
            settled.pop()
        settled.append(signature)
    return settled


def _barlines_to(end: int, score: Score) -> MetreMap:
    """As many bars as it takes to reach a tick."""
    division = score.division
    settled = _settled(score.time_signatures, division=division)
    starts = [signature for signature in settled if signature.tick < end]
    barlines: list[NDArray[np.int64]] = []
    signatures: list[TimeSignature] = []
    for signature, following in zip(starts, [*starts[1:], None], strict=True):
        ticks = _barlines_under(signature, following.tick if following else end, division=division)
        if len(signatures) + len(ticks) > MAX_BARS:
            raise MidiError(
                score.source,
                f"more than {MAX_BARS} bars ({signature} at tick {signature.tick}, last note ends at tick {end}); "
                "is a time signature or a length wrong?",
            )
        barlines.append(ticks)
        signatures += [signature] * len(ticks)
    last = starts[-1].tick + _barline_offsets(starts[-1], np.array([len(barlines[-1])]), division=division)
    return MetreMap(np.concatenate([*barlines, last]), tuple(signatures), tuple(settled))


def _is_tail(score: Score, metre: MetreMap, *, offset_ticks: int) -> bool:
    """Whether what sounds in the last bar is the tail of notes that began before it."""
    barline, signature = int(metre.barline_ticks[-2]) + offset_ticks, metre.signatures[-1]
    lasts = score.end_tick - barline + HALF_STEP * score.division  # a beat with a gap of articulation is a beat
    if lasts >= beat_ticks(signature, division=score.division):
        return False
    last_onset = max(int(track.notes.onset_ticks[-1]) for track in score.tracks if len(track.notes))
    return last_onset < barline - HALF_STEP * score.division


def _may_be_barline(end: int, signatures: Sequence[TimeSignature], *, division: int) -> bool:
    """False only where a tick stands on no barline, wherever the signature before it belongs; in whole numbers, since
    nearly every file is asked and ends nowhere in particular."""
    signature = next((one for one in reversed(signatures) if one.tick < end), TimeSignature(0, 4, 4))
    length = 4 * division * signature.numerator  # of a bar, in ticks times the denominator
    into = (end - signature.tick) * signature.denominator % length
    return 16 * min(into, length - into) <= (division + 16) * signature.denominator


def _is_length(end: int, music_end: int, in_force: Sequence[TimeSignature], division: int) -> bool:
    """Whether an end-of-track behind the music stands on a barline near enough to mean the end of the piece."""
    signature = next(signature for signature in reversed(in_force) if signature.tick < end)
    length = _spacing(signature, division=division)
    if end - music_end >= (REST_BARS + 1) * length:
        return False
    bars = round((end - signature.tick) / length)
    return bool(signature.tick + _barline_offsets(signature, np.array([bars]), division=division)[0] == end)


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
