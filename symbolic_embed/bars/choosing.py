"""Some parts of a piece: which are meant, and the piece as if it had no others.

A part is named by its number or its name; where no part is called so, by what it does: "drums" is then every part that
is drums. A query with tracks chosen is compared as if these were all it had; its grid and metre stay, and its bars keep
their numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from symbolic_embed.bars.cutting import BarredScore
from symbolic_embed.bars.naming import track_numbers
from symbolic_embed.errors import UsageError
from symbolic_embed.requests.roles import ALSO


def parts_meant(wanted: int | str, barred: BarredScore, *, field: str) -> set[int]:
    """The numbers of the parts that are meant. Raises UsageError, with the field that named them, where there is
    none."""
    try:
        return track_numbers(wanted, barred.score.tracks, field=field)
    except UsageError:
        role = ALSO.get(str(wanted).casefold(), str(wanted).casefold())
        of_role = {part for part, its_role in enumerate(barred.roles) if its_role == role}
        if not of_role:
            raise
        return of_role


def only_tracks(barred: BarredScore, tracks: Iterable[int | str] | None) -> BarredScore:
    """The piece with only these of its parts, as `parts_meant` finds them, in their order; all where None. Raises
    UsageError, with the field `tracks`, for one that is not there."""
    if tracks is None:
        return barred
    every = barred.score.tracks
    chosen = sorted({number for wanted in tracks for number in parts_meant(wanted, barred, field="tracks")})
    notes = barred.notes.where(np.isin(barred.notes.track, chosen))
    return replace(
        barred,
        score=replace(barred.score, tracks=tuple(every[number] for number in chosen)),
        notes=replace(notes, track=np.searchsorted(chosen, notes.track)),
    )
