"""What was written, read again: records speak of the bytes of a file, never of what was meant.

On the way from notes that were meant to a file some may be lost: kept ones are in their way, a channel is shared, a
part comes out as a rest. So an output is turned into its bytes, these are read as anybody's program would read them,
and cut along the grid of the seed, whose bars keep their numbers. What a record counts and measures is measured there.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, Windows, cell_windows
from symbolic_embed.bars.cutting import cut_along
from symbolic_embed.bars.merging import merge
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.score import EventList, Score, parse, read_bytes

MOST_PARTS_OF_BAR = 4096


def read_again(events: EventList, seed: Seed) -> Score:
    """The score that the bytes of an output say, its parts as the seed's are taken."""
    data = events.to_bytes()
    if events.roles:  # which stand in no file
        said = parse(data, source=seed.path, join_channels=events.join_channels)
        return replace(said, roles=events.roles).score()
    return read_bytes(data, source=seed.path, join_channels=events.join_channels)


def cut_again(events: EventList, seed: Seed, *, more_bars: int = 0) -> BarredScore:
    """The same, cut along the seed's grid, which goes on for `more_bars` bars."""
    return cut_along(read_again(events, seed), seed.barred, more_bars=more_bars)


def cells_again(cells: Windows, seed: Seed, written: BarredScore) -> Windows:
    """What stands in a file that was read again where cell windows of the seed are; in their order, empty ones too."""
    if len(cells) == 0:
        return cells
    found = cell_windows(written)
    of_seed = np.append(parts_of_seed(written, seed.barred), -1)
    places = _places(of_seed[found.track], found, bars=written.bars)
    wanted = _places(cells.track, cells, bars=written.bars)
    order = np.argsort(wanted)
    row = order[np.minimum(np.searchsorted(wanted[order], places), len(order) - 1)]
    is_wanted = wanted[row] == places
    return merge(found.where(is_wanted), groups=row[is_wanted], steps=cells.steps)


def parts_of_seed(written: BarredScore, seed: BarredScore) -> NDArray[np.int64]:
    """Which part of the seed each part of a file is that was written from it, -1 for a new one; int64 (parts,). They
    may be numbered otherwise, as a part that rests is none."""
    number = {(track.chunk, track.address): number for number, track in enumerate(seed.score.tracks)}
    return np.array([number.get((track.chunk, track.address), -1) for track in written.score.tracks], np.int64)


def is_as_before(output: Output, seed: Seed) -> bool:
    """Whether an output has no note that its seed has not, nor lacks one, and is at its tempo (but for the one that
    comes back at a seam) and in its key. New bars alone are compared with nothing at all."""
    score, before = output.events.score(), seed.barred.score
    if output.record["settings"].get("alone"):
        return score.note_count == 0
    is_at_tempo = "seam" in output.record or score.tempi == before.tempi
    return is_at_tempo and score.key_signatures == before.key_signatures and score.tracks == before.tracks


def _places(track: NDArray[np.int64], windows: Windows, *, bars: int) -> NDArray[np.int64]:
    """A number for the part, bar and place in the bar of each window."""
    return (track * bars + windows.bar) * MOST_PARTS_OF_BAR + windows.part_of_bar
