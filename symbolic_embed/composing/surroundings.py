"""What lies beside cells that are written, as the decoder takes it."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from symbolic_embed.bars import WINDOW_STEPS, Windows
from symbolic_embed.bars.chords import root_rows, sounding_steps, tones_of
from symbolic_embed.encodings.cell_rolls import keys_of
from symbolic_embed.encodings.patterns.material import Outlook
from symbolic_embed.encodings.patterns.past import Numbers
from symbolic_embed.networks.copying import Material


def material_of(
    seen: Outlook, written: Windows, *, cells: tuple[Numbers, Numbers], chords: Numbers, drums: NDArray[np.bool_]
) -> Material:
    """What lies beside the cells (n,) of some parts of some pieces, the two `cells` numbering these in what was `seen`;
    written: what others have written in the window of each; chords, drums (n,)."""
    rolls = np.ascontiguousarray(seen.references[cells])
    habits = (seen.habits.pitches[cells], seen.habits.onsets[cells], seen.habits.lengths[cells])
    classes = seen.habits.classes[cells[0]]
    columns = (rolls, keys_of(rolls), seen.trust[cells], *habits, classes, chord_rows(chords), *around(written), drums)
    return Material(*(torch.from_numpy(np.ascontiguousarray(column)) for column in columns))


def chord_rows(chords: Numbers) -> NDArray[np.float32]:
    """1 for the tones of chords (n,), and for their roots; float32 (n, 2, 12)."""
    return np.stack([tones_of(chords).astype(np.float32), root_rows(chords)], axis=1)


def around(written: Windows) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """1 for the pitch classes that windows sound at each step, float32 (n, 48, 12), and where a note begins in them,
    (n, 48)."""
    struck = np.zeros((len(written), WINDOW_STEPS), np.float32)
    begins = written.begins
    struck[written.note_window[begins], written.onset[begins]] = 1.0
    return sounding_steps(written).astype(np.float32), struck
