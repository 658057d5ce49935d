"""How well a stretch that was filled leads on into the music behind it.

Who judges has heard what lies before the stretch and what fills it, and nothing else: then what lies behind it is
likely where the filling leads there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from symbolic_embed.composing.ensemble import Ensemble
from symbolic_embed.composing.gaps import Gap
from symbolic_embed.composing.given import given_windows
from symbolic_embed.composing.history import Cell, SeedHistory
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.encodings import note_rows
from symbolic_embed.networks.choosing import Choice
from symbolic_embed.outputs.written_notes import WrittenNotes

JOINED = 2  # windows behind a stretch that are to be likely


@torch.no_grad()
def nats_behind(trained: TrainedComposer, gap: Gap, fillings: Sequence[WrittenNotes]) -> list[float] | None:
    """How unlikely what the parts that fill a stretch play behind it is after each of these fillings, in nats a note;
    None where they play nothing there."""
    takes, writing = len(fillings), gap.writing
    history = SeedHistory(gap.barred, order=writing)
    behind = {
        int(window): [history.cell(turn, int(window)) for turn in range(len(writing))] for window in gap.behind[:JOINED]
    }
    notes = sum(len(cell) for cells in behind.values() for cell in cells)
    if not notes:
        return None
    judge = Ensemble.among(
        trained,
        gap.barred,
        order=gap.order,
        hearing=gap.hearing(behind=False),
        variations=takes,
        writers=len(writing),
    )
    given = given_windows(gap.barred, gap.staying) if gap.staying else [None] * len(gap.bars)
    for window in gap.windows.tolist():
        played = [_cells(gap, notes, window) for notes in fillings]
        start, steps = gap.start_of(window), int(gap.bars.steps[window])
        judge.write_window(start=start, steps=steps, choice=Choice(), given=given[window], played=played)
    nats = np.zeros(takes)
    for window, cells in behind.items():
        start, steps = gap.start_of(window), int(gap.bars.steps[window])
        nats += judge.judged_window([cells] * takes, start=start, steps=steps, given=given[window])
    return [float(total) for total in nats / notes]


def _cells(gap: Gap, notes: WrittenNotes, window: int) -> list[Cell]:
    """What notes come to in one window of a stretch, in each part that fills it."""
    start, steps = gap.start_of(window), int(gap.bars.steps[window])
    inside = notes.where((notes.onset_steps >= start) & (notes.onset_steps < start + steps))
    tokens = inside.pitch + note_rows.FIRST_DRUM * gap.barred.part_is_drum[inside.track]
    table: NDArray[np.int64] = np.stack([inside.onset_steps - start, tokens, inside.length_steps], axis=1)
    return [table[inside.track == part] for part in gap.writing]
