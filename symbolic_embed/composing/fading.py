"""How a part fades: which of its notes go first.

A player who has to leave out more and more leaves out what is least missed: notes on weak places before those on beats,
those before the downbeat; of a chord the inner voices first, of drums nearly all else before bass drum and snare. So an
accompaniment thins to its frame, and a beat to its backbeat. Equal bars thin alike, but for the place that is just on
its way out, which goes bar by bar.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import WINDOW_STEPS, Windows, ranges

PLACES = (24, 12, 6, 3)  # steps of which a stronger place is a multiple: half bars, quarters, eighths, sixteenths
TRIPLETS = 4
FRAME = (35, 36, 38, 40)  # bass drums and snares
BESIDE_FRAME = 4  # a hat on the downbeat is missed less than a snare on any eighth
BAR_ORDER = (0, 2, 1, 3)  # in which bars a place goes last to first, counted in fours


def weakness(windows: Windows, *, part: NDArray[np.int64], random_seed: int) -> NDArray[np.float64]:
    """When each note comes if a part enters note by note, as a share of the way, 0 (at once) to below 1; float64
    (notes,). Of each part's notes those below a share are that share of all, to the note; `part`, int64 (windows,), is
    the part that each window is of. What is equally weak is ordered by chance."""
    owner = windows.note_window
    step = windows.onset.astype(np.int64) + WINDOW_STEPS * windows.part_of_bar[owner]
    bar = np.array(BAR_ORDER)[windows.bar[owner] % len(BAR_ORDER)]
    chance = np.random.default_rng(random_seed).permutation(int(step.max(initial=0)) + 1)[step]
    order = np.lexsort((bar, chance, _metrical(step) + _voice(windows), part[owner]))
    counts = np.bincount(part[owner], minlength=int(part.max(initial=-1)) + 1)
    share = np.empty(len(owner))
    share[order] = ranges.ordinals(counts) / np.repeat(np.maximum(counts, 1), counts)
    return share


def _metrical(step: NDArray[np.int64]) -> NDArray[np.int64]:
    """How weak a place in the bar is: 0 the downbeat, then half bars, quarters, eighths, what is shorter, the rest."""
    weak = np.full(len(step), len(PLACES) + 1)
    weak[step % TRIPLETS == 0] = len(PLACES)
    for number, multiple in reversed(list(enumerate(PLACES, start=1))):
        weak[step % multiple == 0] = number
    return np.where(step == 0, 0, weak)


def _voice(windows: Windows) -> NDArray[np.int64]:
    """How little a note is missed among those that begin with it: 0 the highest, 1 the lowest, then the inner ones; of
    drums 0 bass drum and snare, BESIDE_FRAME all others."""
    onset = windows.note_window * WINDOW_STEPS + windows.onset  # notes stand in order of window, onset, pitch
    first = np.append(True, onset[1:] != onset[:-1])[: len(onset)]
    last = np.append(onset[1:] != onset[:-1], True)[: len(onset)]
    of_chord = np.where(last, 0, np.where(first, 1, 2))
    of_kit = np.where(np.isin(windows.pitch, FRAME), 0, BESIDE_FRAME)
    return np.where(windows.is_drum, of_kit, of_chord)
