"""Which notes of one piece another has not, as pictures show it.

Notes are the same where onset, end and pitch are, on a grid so fine that nobody hears the difference. Strokes on drums
have no end. How loud a note is counts for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.score import Track

FINE = 96  # places to a quarter: what lies nearer together is the same note

NoteKey = tuple[int, ...]


def note_keys(track: Track, *, division: int) -> list[NoteKey]:
    """The notes of a part as they are compared: onset, end (0 for drums), pitch; `division` is ticks a quarter."""
    onset, offset = (
        np.rint(ticks * FINE / division).astype(int).tolist()
        for ticks in (track.notes.onset_ticks, track.notes.offset_ticks)
    )
    ends = [0] * len(offset) if track.is_drum else offset
    return list(zip(onset, ends, track.notes.pitch.tolist(), strict=True))


def not_among(keys: Sequence[NoteKey], others: Sequence[NoteKey]) -> NDArray[np.float64]:
    """1 for each key that the others have not, or not as often; float64 (keys,)."""
    left = Counter(others)
    lacks = np.zeros(len(keys))
    for index, key in enumerate(keys):
        lacks[index] = left[key] == 0
        left[key] -= left[key] > 0
    return lacks
