"""Parts that go on as they do: what they play returns, bar by bar, with the period it has."""

from __future__ import annotations

import numpy as np

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.patterns.loops import loop_of, same_metre
from symbolic_embed.composing.history import Cell, cells_of
from symbolic_embed.errors import UsageError, printable


def looped(barred: BarredScore, part: int, bars: int) -> list[list[Cell]]:
    """What a part plays in each of `bars` new bars after a piece: a cell for each window of the bar, onsets counted from
    its beginning.

    The part's own loop (`bars.patterns.loops`) is taken where it last sounds, in phase with the end of the piece. Raises
    UsageError, with the field `loop`, where the part rests in all bars of the metre that the piece ends in.
    """
    period = loop_of(barred, part=part).period
    last = _last_turn(barred, part, period=period)
    returning = [cells_of(barred, bar=bar, order=[part]) for bar in range(last - period, last)]
    return [[cells[0] for cells in returning[number % period]] for number in range(bars)]


def _last_turn(barred: BarredScore, part: int, *, period: int) -> int:
    """The bar after the last turn of the loop in which the part sounds, whole turns before the end of the piece."""
    bars = same_metre(barred)
    sounding = np.unique(barred.note_bar[barred.notes.track == part])
    for end in range(bars.stop, bars.start + period - 1, -period):
        if ((sounding >= end - period) & (sounding < end)).any():
            if int(barred.grid.bar_length(end - 1)) != barred.next_bar_steps:
                break
            return end
    name = printable(barred.score.tracks[part].name)
    raise UsageError(
        f"`loop` {part} {name}: it plays nothing in the last {len(bars)} bars of this metre that could return",
        field="loop",
    )
