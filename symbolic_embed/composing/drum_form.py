"""What drums do where phrases and sections end, when they are written from nothing.

Left alone, drums that begin a piece hardly leave the groove of their first bar: what returned once is likelier to
return again. Drummers do. In 76 pieces of the training split with drums, eight data sets, the sections found as
`bars/patterns/loops.py` finds them, a bar is the one before it over again, and if not shares so much with it (Jaccard):

    the last of a section           .26    .62
    the last of each four           .30    .64
    the second of each two          .31    .74
    the first of a section          .24    .58    a crash on its first beat in .30, elsewhere in .10
    others                          .46    .74

So bars are drawn in which the drums do not return, but are written anew, about as unlike the bar before. What they
play there can return as anything can: the second bar of a pattern of two does, a fill mostly does not, since the others
play on. A crash stands on the first beat where a section begins, if it is drawn, and on no other first beat.

Beside parts that go round in a loop drums hold their bar up to the end of the section: the more alike the turns of the
loop are, the fewer bars within are written anew, and the more are the bar before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, Windows
from symbolic_embed.bars.patterns import SIXTEENTH
from symbolic_embed.bars.patterns.loops import loop_of, section_bars
from symbolic_embed.composing.history import Cell
from symbolic_embed.encodings import note_rows
from symbolic_embed.encodings.cell_rolls import Rolls

PHRASE = 4  # bars
# How often a bar is written anew, and how like the bar before it then is. The model itself has some return
# less often; chosen so that bars equal the one before about as often as above, of 20 validation pieces.
OTHERS, SECOND, FOURTH, LAST = (0.1, 0.74), (0.3, 0.74), (0.5, 0.64), (0.5, 0.62)
SPREAD = 0.25  # of that likeness, to either side
CHANGING = 0.2  # what changes from turn to turn, where drums leave their groove as often as beside music without a loop
CRASHES = 0.3  # of the sections begin with one
CRASH = note_rows.FIRST_DRUM + 49
TIMEKEEPERS = note_rows.FIRST_DRUM + np.array([42, 44, 46, 51])  # hi-hats and ride, which the same hand plays

Strokes = set[tuple[int, int]]  # a sixteenth and a key


@dataclass(frozen=True, eq=False)
class DrumForm:
    """Of each window of a piece: whether the drums are written `anew` in it, bool (windows,), how like the same window
    of the bar before, float64 (windows,), and how many windows `back` that is, int64 (windows,); whether it `holds`
    that one; whether it begins a bar, and whether with a crash, bool (windows,)."""

    anew: NDArray[np.bool_]
    holds: NDArray[np.bool_]
    likeness: NDArray[np.float64]
    back: NDArray[np.int64]
    begins_bar: NDArray[np.bool_]
    crashes: NDArray[np.bool_]

    @classmethod
    def drawn(cls, barred: BarredScore, windows: Windows, random: np.random.Generator) -> DrumForm:
        """The form of new drums beside a piece, whose `windows` are all of its bars'."""
        section, number = section_bars(barred), np.arange(barred.bars)
        habits = np.tile(OTHERS, (barred.bars, 1))
        habits[1::2] = SECOND
        if section % PHRASE == 0:
            habits[PHRASE - 1 :: PHRASE] = FOURTH
        changing = min((1 - loop_of(barred).likeness) / CHANGING, 1.0)
        habits[:, 0] *= changing
        if section >= PHRASE:
            habits[section - 1 :: section] = LAST
        anew = random.random(barred.bars) < habits[:, 0]
        likeness = habits[:, 1] + random.uniform(-SPREAD, SPREAD, barred.bars)
        crashes = (number % section == 0) & (random.random(barred.bars) < CRASHES)
        holds = (number > 0) & ~anew
        if changing:
            holds &= changing < 1 and random.random(barred.bars) >= changing
        begins_bar = windows.part_of_bar == 0
        bar = windows.bar
        back = _windows_back(windows)
        return cls(anew[bar], holds[bar], likeness[bar], back, begins_bar, crashes[bar] & begins_bar)

    def held(self, before: Sequence[Cell], window: int) -> list[Cell] | None:
        """What drums play in a window that holds the one `before`, a cell for each variation; None where one of them
        rests."""
        if not all(map(len, before)):
            return None
        return [self.with_crash(cell, window) for cell in before]

    def chosen(self, cells: Sequence[Cell], window: int, *, before: Rolls) -> Cell:
        """Of several cells the one that comes nearest to being as like the one before, uint8 (48, 128), as it shall."""
        strokes = _strokes(*np.nonzero(before))
        return min(cells, key=lambda cell: abs(_jaccard(_of_cell(cell), strokes) - self.likeness[window]))

    def with_crash(self, cell: Cell, window: int) -> Cell:
        """A cell with a crash on the first beat of its bar where one shall be, in the place of hi-hat or ride, and with
        none where none shall be, unless it has nothing else. A rest stays one."""
        if not self.begins_bar[window] or not len(cell):
            return cell
        first = cell[:, 0] == 0
        if not self.crashes[window]:
            kept = cell[~(first & (cell[:, 1] == CRASH))]
            return kept if len(kept) else cell
        kept = cell[~(first & np.isin(cell[:, 1], [CRASH, *TIMEKEEPERS]))]
        together = np.concatenate([kept, np.array([[0, CRASH, cell[0, 2]]], cell.dtype)])
        return together[np.lexsort((together[:, 1], together[:, 0]))]


def _windows_back(windows: Windows) -> NDArray[np.int64]:
    """How far each window is behind that at its place in the bar before, or the last of that bar; 1 in the first."""
    first = np.flatnonzero(windows.part_of_bar == 0)
    counts = np.diff(np.append(first, len(windows)))
    bar_before = np.maximum(windows.bar - 1, 0)
    same = first[bar_before] + np.minimum(windows.part_of_bar, counts[bar_before] - 1)
    return np.where(windows.bar > 0, np.arange(len(windows)) - same, 1)


def _of_cell(cell: Cell) -> Strokes:
    return _strokes(cell[:, 0], cell[:, 1] - note_rows.FIRST_DRUM)


def _strokes(onset: NDArray[np.int64], key: NDArray[np.int64]) -> Strokes:
    return set(zip((onset // SIXTEENTH).tolist(), key.tolist(), strict=True))


def _jaccard(first: Strokes, second: Strokes) -> float:
    either = first | second
    return len(first & second) / len(either) if either else 1.0
