"""Some parts of a piece, where they lie in it: its grid and metre stay, and its bars keep their numbers.

A query with tracks chosen is compared as if these were all it had.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from symbolic_embed.bars.cutting import BarredScore
from symbolic_embed.bars.naming import track_numbers


def only_tracks(barred: BarredScore, tracks: Iterable[int | str] | None) -> BarredScore:
    """The piece with only these of its parts, numbers from 0 or names, in their order; all where None. Raises
    UsageError, with the field `tracks`, for one that is not there."""
    if tracks is None:
        return barred
    every = barred.score.tracks
    chosen = sorted({number for wanted in tracks for number in track_numbers(wanted, every, field="tracks")})
    notes = barred.notes.where(np.isin(barred.notes.track, chosen))
    return replace(
        barred,
        score=replace(barred.score, tracks=tuple(every[number] for number in chosen)),
        notes=replace(notes, track=np.searchsorted(chosen, notes.track)),
    )
