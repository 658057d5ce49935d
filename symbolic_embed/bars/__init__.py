"""A score seen as bars and cells.

A *bar* is what lies between two barlines; a *cell* is one part's share of a bar. `cut` turns a score into a table of
notes placed in bars, `join` gives the score back, tick for tick.
"""

from symbolic_embed.bars.cutting import BarredScore, PlacedNotes, cut, join
from symbolic_embed.bars.grid import STEPS_PER_QUARTER, WINDOW_STEPS, Grid
from symbolic_embed.bars.roles import ROLES, class_name, role_of, with_roles
from symbolic_embed.bars.windows import Windows, bar_windows, cell_windows

__all__ = [
    "ROLES",
    "STEPS_PER_QUARTER",
    "WINDOW_STEPS",
    "BarredScore",
    "Grid",
    "PlacedNotes",
    "Windows",
    "bar_windows",
    "cell_windows",
    "class_name",
    "cut",
    "join",
    "role_of",
    "with_roles",
]
