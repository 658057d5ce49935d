"""Parts that go on as they do: what they play returns, bar by bar, with the period it has."""

from __future__ import annotations

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.patterns.loops import loop_of, playing_bars
from symbolic_embed.composing.history import Cell, cells_of
from symbolic_embed.errors import UsageError, printable


def looped(barred: BarredScore, part: int, bars: int) -> list[list[Cell]]:
    """What a part plays in each of `bars` new bars after a piece: a cell for each window of the bar, onsets counted
    from its beginning.

    The part's own loop (`bars.patterns.loops`) is taken where it last sounds, in phase with the end of the piece.
    Raises UsageError, with the field `loop`, where the part rests in all bars of the metre that the piece ends in.
    """
    playing = playing_bars(barred, part)
    if not playing or int(barred.grid.bar_length(playing[-1])) != barred.next_bar_steps:
        name = printable(f"{part} {barred.score.tracks[part].name}".rstrip())
        raise UsageError(
            f"`loop` {name}: it plays in none of the last bars that are as long as the new ones; leave it out",
            field="loop",
        )
    period = loop_of(barred, part=part).period
    first = playing.stop - period
    returning = [cells_of(barred, bar=bar, order=[part]) for bar in range(first, playing.stop)]
    turns = [(barred.bars + number - first) % period for number in range(bars)]
    return [[cells[0] for cells in returning[turn]] for turn in turns]
