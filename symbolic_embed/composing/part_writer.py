"""A part that is written, and what it may play: read off what it does in its piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.patterns import Stretch
from symbolic_embed.bars.patterns.doubling import Doubling, doublings
from symbolic_embed.bars.voices import is_single_voice
from symbolic_embed.encodings import note_rows

RANGE_BEYOND = 2  # semitones that a part may go beyond the range it has in the seed


@dataclass(frozen=True, eq=False)
class PartWriter:
    """A part that is written: the number of its track, its role (one of ROLES), the pitch tokens it may use, bool
    (tokens,), whether it sounds one note at a time, how many notes it writes at the least in each window in which the
    given parts begin one, and whether it only doubles another: then the doubling is of two writers, by their turns."""

    track: int
    role: str
    pitches: NDArray[np.bool_]
    single: bool
    fewest: int = 0
    doubles: Doubling | None = None

    @classmethod
    def of(cls, barred: BarredScore, part: int) -> PartWriter:
        """The writer of a part of a piece, which goes on as it plays there."""
        return cls(part, barred.roles[part], pitches_of(barred, part), is_single_voice(barred, part))


def pitches_of(barred: BarredScore, part: int, *, beyond: int = RANGE_BEYOND) -> NDArray[np.bool_]:
    """Which pitch tokens a part may use, bool (tokens,): a drum part the drums it has, another its range and so many
    semitones `beyond`."""
    pitches = barred.score.tracks[part].notes.pitch.astype(np.int64)
    allowed = np.zeros(note_rows.PITCH_TOKENS, bool)
    if barred.roles[part] == "drums":
        allowed[note_rows.FIRST_DRUM + pitches] = True
    else:
        allowed[max(pitches.min() - beyond, 0) : min(pitches.max() + beyond, 127) + 1] = True
    return allowed


def writers_of(barred: BarredScore, *, order: Sequence[int]) -> list[PartWriter]:
    """The writers of the parts of a piece, in `order`; one that doubles an earlier one in it goes on doubling it."""
    writers = [PartWriter.of(barred, part) for part in order]
    among = [double for double in doublings(Stretch.of(barred)) if {double.first, double.second} <= set(order)]
    for double in sorted(among, key=lambda double: double.likeness):
        leader, follower = sorted((order.index(double.first), order.index(double.second)))
        semitones = double.interval if order[leader] == double.first else -double.interval
        if semitones % 12 == 0 and writers[leader].doubles is None:
            writers[follower] = replace(
                writers[follower], doubles=Doubling(leader, follower, double.likeness, semitones)
            )
    return writers
