"""Notes as an assistant has them, and as files do.

A note is [bar, at, length, pitch, velocity]: the bar from 1, where it begins in quarters after the barline (0 is on it,
0.5 an eighth later; a little below 0 where it is played ahead of its bar), how long it is in quarters, its pitch (60 is
middle C) and velocity, 1 to 127. Places are rounded to ten-thousandths, which is finer than a tick.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore

ROW = "[bar, quarters after the barline, length in quarters, pitch, velocity]"
DIGITS = 4

Row = tuple[int, float, float, int, int]


def rows_of(barred: BarredScore, *, track: int, bars: NDArray[np.bool_]) -> list[Row]:
    """The notes of one part that begin in some bars, bool (bars,), in order."""
    chosen = np.flatnonzero((barred.notes.track == track) & bars[barred.note_bar])
    notes, division = barred.score.tracks[track].notes, barred.score.division
    bar, source = barred.note_bar[chosen], barred.notes.source[chosen]
    at = (notes.onset_ticks[source] - barred.metre.barline_ticks[bar]) / division
    length = notes.duration_ticks[source] / division
    columns = (bar + 1, at.round(DIGITS), length.round(DIGITS), notes.pitch[source], notes.velocity[source])
    return sorted(zip(*(column.tolist() for column in columns), strict=True))
