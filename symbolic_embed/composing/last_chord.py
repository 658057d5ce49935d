"""The last chord of a piece that closes: each part holds a tone of the tonic, from the first beat to the bar's end.

Nothing leaps: a bass takes the nearest root, a melody the nearest tone, of a chord each voice the tone that is nearest
to it. Drums strike their bass drum and a crash, as far as they have them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.windows import DRUM_LENGTH
from symbolic_embed.composing.history import Cell
from symbolic_embed.encodings import note_rows
from symbolic_embed.requests.chord_symbols import Chord

BASS_DRUMS, CRASHES = (36, 35), (49, 57, 52, 55)


def last_chord(before: Cell, *, role: str, tonic: Chord, pitches: NDArray[np.bool_], bar_steps: int) -> Cell:
    """The cell with which a part of a role closes; in the first window of a bar of `bar_steps` steps, its other windows
    are empty.

    before: the last cell in which the part plays; of none it stays silent. pitches: bool (tokens,), what the part may
    play; of a pitched part that may play no tone of the tonic the cell is empty too.
    """
    if not len(before):
        return before
    if role == "drums":
        struck = [_first_of(BASS_DRUMS, pitches), _first_of(CRASHES, pitches)]
        return _cell([token for token in struck if token is not None], length=DRUM_LENGTH)
    tones = np.zeros(12, bool)
    tones[[tonic.bass] if role == "bass" else list(tonic.tones)] = True
    possible = np.flatnonzero(tones[np.arange(note_rows.FIRST_DRUM) % 12] & pitches[: note_rows.FIRST_DRUM])
    if not len(possible):
        return before[:0]
    voices = np.unique(before[before[:, 0] == before[:, 0].max(), 1])
    voices = voices if role == "chords" else voices[:1] if role == "bass" else voices[-1:]
    nearest = possible[np.abs(possible - voices[:, None]).argmin(axis=1)]
    return _cell(np.unique(nearest).tolist(), length=bar_steps)


def _first_of(keys: tuple[int, ...], pitches: NDArray[np.bool_]) -> int | None:
    """The token of the first of some drums that a part may play."""
    return next((note_rows.FIRST_DRUM + key for key in keys if pitches[note_rows.FIRST_DRUM + key]), None)


def _cell(tokens: list[int], *, length: int) -> Cell:
    """Notes that begin together on the first step."""
    return np.array([(0, token, length) for token in tokens], np.int64).reshape(-1, 3)
