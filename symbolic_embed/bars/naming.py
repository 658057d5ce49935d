"""Which tracks are meant: names become numbers here, and nowhere else.

Tracks are numbers from 0 among those with notes, as `show` numbers them, or names in any case. One name may stand for
several, as many files have more than one "Piano".
"""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_embed.errors import UsageError, printable
from symbolic_embed.score.score import Track


def track_numbers(wanted: int | str, tracks: Sequence[Track], *, field: str) -> set[int]:
    """The numbers of the tracks that are meant; a number that no track has may be a name, such as "808". Raises
    UsageError, with the field that named it, where there is none."""
    if isinstance(wanted, int) and wanted < len(tracks):
        return {wanted}
    name = str(wanted).casefold()
    matching = {number for number, track in enumerate(tracks) if track.name.casefold() == name}
    if not matching:
        known = ", ".join(f"{number} {printable(track.name)}".strip() for number, track in enumerate(tracks))
        text = printable(str(wanted))
        raise UsageError(f"`{field}`: there is no track {text!r}; there are: {known}", field=field)
    return matching
