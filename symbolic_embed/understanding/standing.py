"""What some marks stand for: "the first" for a file, "track 2" for a part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from symbolic_embed.understanding.reading import Mark

COUNTED = {"NUM", "FEW", "BAR", "STEP"}


def standing_for(marks: Sequence[Mark], files: Sequence[str]) -> list[Mark]:
    """The marks, those that stand for a file or a part as such."""
    return list(_with_tracks(list(_with_ordinals(marks, files))))


def _with_ordinals(marks: Sequence[Mark], files: Sequence[str]) -> Iterator[Mark]:
    """Marks with "the first", "the second" as the files that they are: not in "the first 5", nor in "a.mid first"."""
    before = ""
    for mark, behind in zip_longest(marks, marks[1:]):
        place = int(mark.value or 0) if mark.concept == "ORD" else int(mark.concept == "TOP" and "first" in mark.text)
        counts = behind is not None and behind.concept in COUNTED
        is_file = 0 < place <= len(files) and not counts and before != "FILE"
        yield Mark("FILE", files[place - 1], mark.text) if is_file else mark
        before = mark.concept


def _with_tracks(marks: Sequence[Mark]) -> Iterator[Mark]:
    """Marks with the numbers of tracks as parts: "track 2 and 3" are two."""
    are_tracks = False
    for place, mark in enumerate(marks):
        behind = marks[place + 1 :]
        if mark.concept == "TRACK" and behind and behind[0].concept in ("NUM", "NAME"):
            are_tracks = True
        elif are_tracks and mark.concept == "NUM" and isinstance(mark.value, float) and mark.value.is_integer():
            yield Mark("PART", str(int(mark.value)), f"track {mark.text}")
        else:
            are_tracks = are_tracks and mark.concept in ("AND", "COMMA") and bool(behind) and behind[0].concept == "NUM"
            yield mark
