"""After how many bars music returns.

Two bars are alike as far as they share notes: of all that begin in either, the share that begins in both at the same
place, in the same part, at the same pitch (half of the likeness) or pitch class (the other half). A *loop* is what
returns after a fixed number of bars, its period: every bar of the last ones is compared with the bar a period before.
Drums that never change are alike after any number of bars, chords over them only after a whole turn, so of the periods
after which music is about as alike as it ever is the smallest is taken; powers of two come first. But where the last
turn is a return note for note, fills and all, that is the loop.

A *section* is a stretch of whole loops after which something changes: who plays, or what. Of the lengths that sections
have in music the one is taken whose barlines see most of the changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.cutting import BarredScore

MOST_BARS = 64  # the last ones, in which loops are looked for
RECENT = 16  # of the last bars each is compared with the one a period before
LONGEST = 16  # bars that a loop has at the most
USUAL = (1, 2, 4, 8, 16, 3, 6, 12)  # periods, the first of about equally good ones; others come after them
NOTE_FOR_NOTE = 1 - 1e-6  # where a whole turn returns so, it is the loop, fills and all
ABOUT = 0.9  # times the best likeness is about as good
FAINT = 0.35  # below this nothing returns
FEW = 0.5  # likenesses of m pairs count m / (m + FEW): one pair may be alike by chance
WITHOUT = 8  # bars of the end of a piece in which nothing returns that stand for its loop
SECTIONS = (8, 4, 16, 12, 6)  # bars that sections have, the first of equally good ones
CLEAR = 0.1  # by how much more must change at the ends of sections than elsewhere


@dataclass(frozen=True)
class Loop:
    """How many bars a loop has, and how alike bars a period apart are, 0 to 1; 0 where nothing returns, and the last
    bars stand for a loop."""

    period: int
    likeness: float

    def bar(self, number: int, *, bars: int) -> int:
        """The bar, of `bars` in all, that the new bar `number` (from 0, after the last) brings back."""
        return bars - self.period + number % self.period


def loop_of(barred: BarredScore, *, part: int | None = None) -> Loop:
    """The loop that a piece ends with, of all parts or of one alone. Bars of another length than those that would
    follow are none of it, nor are a part's rests after its last note; where nothing is left, the last bar is the
    loop."""
    bars = same_metre(barred)
    likeness = bar_likeness(barred, part=part, last=len(bars))
    playing = len(bars) if part is None else len(playing_bars(barred, part))
    return best_loop(likeness[: max(playing, 1), : max(playing, 1)])


def playing_bars(barred: BarredScore, part: int) -> range:
    """The last bars of one metre up to the one in which a part last begins a note; none where it rests in all."""
    bars = same_metre(barred)
    last = int(barred.note_bar[barred.notes.track == part].max(initial=-1))
    return range(bars.start, max(min(last + 1, bars.stop), bars.start))


def same_metre(barred: BarredScore) -> range:
    """The last bars, as long each as a bar after them would be; the last one alone where it is not."""
    lengths = np.diff(barred.grid.bar_steps)[-MOST_BARS:]
    other = np.flatnonzero(lengths[::-1] != barred.next_bar_steps)
    count = int(other[0]) if len(other) else len(lengths)
    return range(barred.bars - max(count, 1), barred.bars)


def bar_likeness(barred: BarredScore, *, part: int | None = None, last: int = MOST_BARS) -> NDArray[np.float64]:
    """How alike each two of the `last` bars are, 0 to 1, in all parts or in one; float64 (bars, bars). Two rests are
    alike."""
    first = max(barred.bars - last, 0)
    chosen = barred.note_bar >= first
    chosen &= True if part is None else barred.notes.track == part
    notes, bar = barred.notes.where(chosen), barred.note_bar[chosen]
    drum = barred.note_is_drum[chosen]
    place = (notes.track * 2**20 + notes.onset_steps - barred.grid.bar_steps[bar]) * 128
    classes = np.where(drum, notes.pitch, notes.pitch % 12)
    count = barred.bars - first
    return (
        _jaccard(bar - first, place + notes.pitch, bars=count) + _jaccard(bar - first, place + classes, bars=count)
    ) / 2


def best_loop(likeness: NDArray[np.float64]) -> Loop:
    """The loop that the last of some bars are in, from how alike each two are, float64 (bars, bars)."""
    bars = len(likeness)
    alike, sure = np.zeros(LONGEST + 1), np.zeros(LONGEST + 1)
    exact: set[int] = set()
    for period in range(1, min(LONGEST, bars - 1) + 1):
        pairs = np.diagonal(likeness, -period)[-RECENT:]
        alike[period] = pairs.mean()
        sure[period] = alike[period] * len(pairs) / (len(pairs) + FEW)
        if len(pairs) >= period and pairs[-period:].min() > NOTE_FOR_NOTE:
            exact.add(period)
    if sure.max() < FAINT:
        return Loop(min(bars, WITHOUT), 0.0)
    good = exact or set(np.flatnonzero(sure >= ABOUT * sure.max()).tolist())
    period = next(period for period in (*USUAL, *range(1, LONGEST + 1)) if period in good)
    return Loop(period, round(float(alike[period]), 4))


def section_bars(barred: BarredScore) -> int:
    """How many bars a section of a piece has: a number of whole loops, no more than the piece has bars."""
    bars = same_metre(barred)
    likeness = bar_likeness(barred, last=len(bars))
    loop = best_loop(likeness)
    changes = np.zeros(len(bars))
    changes[loop.period :] = 1 - np.diagonal(likeness, -loop.period)
    changes[1:] += _entries(barred, bars)
    lengths = [
        length for length in SECTIONS if 2 * length <= len(bars) and (length % loop.period == 0 or not loop.likeness)
    ]
    at_ends = {length: _contrast(changes[loop.period :], begin=loop.period, length=length) for length in lengths}
    if at_ends and max(at_ends.values()) > CLEAR:
        return max(lengths, key=lambda length: at_ends[length])
    whole = loop.period * max(1, round(WITHOUT / loop.period)) if loop.period < WITHOUT else loop.period
    return min(whole, len(bars))


def _entries(barred: BarredScore, bars: range) -> NDArray[np.float64]:
    """Of the parts that play in either, the share that plays in one alone, of each bar and the one before; float64
    (bars - 1,)."""
    plays = np.zeros((barred.bars, len(barred.roles)), bool)
    plays[barred.note_bar, barred.notes.track] = True
    before, after = plays[bars.start : bars.stop - 1], plays[bars.start + 1 : bars.stop]
    share: NDArray[np.float64] = (before != after).sum(axis=1) / np.maximum((before | after).sum(axis=1), 1)
    return share


def _contrast(changes: NDArray[np.float64], *, begin: int, length: int) -> float:
    """How much more changes where sections of a length begin, counted from the first bar, than elsewhere. `changes`
    are those of bar `begin` and later."""
    is_end = (np.arange(len(changes)) + begin) % length == 0
    if not is_end.any() or is_end.all():
        return 0.0
    return float(changes[is_end].mean() - changes[~is_end].mean())


def _jaccard(bar: NDArray[np.int64], note: NDArray[np.int64], *, bars: int) -> NDArray[np.float64]:
    """Of the different notes of each two bars the share that both have; float64 (bars, bars). Two rests share all."""
    kinds, number = np.unique(note, return_inverse=True)
    has = np.zeros((bars, len(kinds)), np.float32)
    has[bar, number.ravel()] = 1
    common = (has @ has.T).astype(np.float64)
    size = np.diagonal(common)
    either = size[:, None] + size - common
    return np.where(either > 0, common / np.maximum(either, 1), 1.0)
