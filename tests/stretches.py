"""Stretches written by hand, for tests of patterns: each part as text, a bar after another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symbolic_embed.bars.grid import Grid
from symbolic_embed.bars.patterns import SIXTEENTH, Stretch
from symbolic_embed.outputs.written_notes import WrittenNotes


def grid_of(bars: int, *, sixteenths: int = 16) -> Grid:
    """Bars of one length, at 480 ticks a quarter."""
    edges = np.arange(bars + 1) * sixteenths * SIXTEENTH
    return Grid(edges[:-1] * 40, edges[:-1], np.full(bars, 40.0), edges, int(edges[1]))


def notes_of(*parts: Sequence[str], sixteenths: int = 16) -> WrittenNotes:
    """Parts, each a list of bars. A bar is notes "place:pitch" or "place:pitch:length", in sixteenths; several pitches
    at one place with commas between. Lengths are 1 where none is said."""
    rows = []
    for number, bars in enumerate(parts):
        for bar, text in enumerate(bars):
            for word in text.split():
                place, pitches, *length = word.split(":")
                sounds = (number, bar * sixteenths + int(place), int(length[0]) if length else 1)
                rows += [(*sounds, int(pitch)) for pitch in pitches.split(",")]
    part, onset, length, pitch = np.array(rows, np.int64).reshape(-1, 4).T
    return WrittenNotes(part, onset * SIXTEENTH, length * SIXTEENTH, pitch)


def stretch(*parts: Sequence[str], drums: Sequence[int] = (), sixteenths: int = 16) -> Stretch:
    """The same as a stretch of as many bars as the longest part has; `drums` are the numbers of drum parts."""
    grid = grid_of(max(map(len, parts)), sixteenths=sixteenths)
    is_drum = np.isin(np.arange(len(parts)), list(drums))
    return Stretch.placed(notes_of(*parts, sixteenths=sixteenths), grid=grid, part_is_drum=is_drum)
