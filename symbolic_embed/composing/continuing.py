"""New bars after a piece: its parts have played it, and play on."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch

from symbolic_embed.bars import WINDOW_STEPS, BarredScore
from symbolic_embed.composing.band import Band, WrittenNotes
from symbolic_embed.composing.hearing import writing_order
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.networks.writing import Choice


@torch.no_grad()
def continue_piece(
    trained: TrainedComposer,
    barred: BarredScore,
    *,
    bars: int,
    variations: int = 1,
    temperature: float = 1.0,
    top_p: float = 0.95,
    seed: int = 0,
    progress: Callable[[Iterable[int]], Iterable[int]] = iter,
) -> list[WrittenNotes]:
    """`variations` different continuations of `bars` bars, in the metre of the seed's last bar, for each of its parts;
    steps count on from the seed's last bar.

    The same seed gives the same notes. `progress` wraps the iteration over the new windows.
    """
    torch.set_num_threads(1)
    choice = Choice(temperature, top_p, torch.Generator().manual_seed(seed))
    band = Band.after(trained, barred, order=writing_order(barred.roles), variations=variations)
    start = int(barred.grid.bar_steps[-1])
    length = int(barred.grid.bar_length(barred.bars - 1))
    lengths = [min(WINDOW_STEPS, length - first) for first in range(0, length, WINDOW_STEPS)] * bars
    for window in progress(range(len(lengths))):
        band.write_window(start=start, steps=lengths[window], choice=choice)
        start += lengths[window]
    return band.finished(end=start)
