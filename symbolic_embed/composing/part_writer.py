"""A part that is written, and what it may play: read off what it does in its piece."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.voices import is_single_voice
from symbolic_embed.encodings import note_rows

RANGE_BEYOND = 7  # semitones that a part may go beyond the range it has in the seed


@dataclass(frozen=True, eq=False)
class PartWriter:
    """A part that is written: the number of its track, its role (one of ROLES), the pitch tokens it may use, bool
    (tokens,), whether it sounds one note at a time, and how many notes it writes at the least in each window in which
    the given parts begin one."""

    track: int
    role: str
    pitches: NDArray[np.bool_]
    single: bool
    fewest: int = 0

    @classmethod
    def of(cls, barred: BarredScore, part: int) -> PartWriter:
        """The writer of a part of a piece, which goes on as it plays there."""
        return cls(part, barred.roles[part], pitches_of(barred, part), is_single_voice(barred, part))


def pitches_of(barred: BarredScore, part: int) -> NDArray[np.bool_]:
    """Which pitch tokens a part may use, bool (tokens,): a drum part the drums it has, another its range and a little
    beyond."""
    pitches = barred.score.tracks[part].notes.pitch.astype(np.int64)
    allowed = np.zeros(note_rows.PITCH_TOKENS, bool)
    if barred.roles[part] == "drums":
        allowed[note_rows.FIRST_DRUM + pitches] = True
    else:
        allowed[max(pitches.min() - RANGE_BEYOND, 0) : min(pitches.max() + RANGE_BEYOND, 127) + 1] = True
    return allowed
