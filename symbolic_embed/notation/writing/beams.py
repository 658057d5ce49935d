"""Which short notes are joined by beams.

Notes shorter than a quarter that follow each other within a beat share beams, as many as the shorter of two neighbours
has flags; a rest or a longer note between them parts them. In 4/4 the four eighths of half a bar share one, in metres
like 3/8 all of a bar, in 5/8 and 7/8 two and two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symbolic_embed.notation.writing.pieces import Piece
from symbolic_embed.notation.writing.values import UNITS, Metre

FLAGS = {"eighth": 1, "16th": 2, "32nd": 3}


def beams_of(pieces: Sequence[Piece], metre: Metre) -> list[tuple[str, ...]]:
    """For each piece what happens to each of its beams, the outermost first: begin, continue, end, or a hook."""
    beams: list[tuple[str, ...]] = [()] * len(pieces)
    for group in _groups(pieces, metre):
        flags = [FLAGS[_type(pieces[index])] for index in group]
        for place, index in enumerate(group):
            before = flags[place - 1] if place else 0
            after = flags[place + 1] if place + 1 < len(group) else 0
            beams[index] = tuple(_beam(level, before, after) for level in range(1, flags[place] + 1))
    return beams


def _beam(level: int, before: int, after: int) -> str:
    """What a beam of a level does, by how many flags the neighbours have."""
    if level <= before:
        return "continue" if level <= after else "end"
    if level <= after:
        return "begin"
    return "backward hook" if before else "forward hook"


def _groups(pieces: Sequence[Piece], metre: Metre) -> Iterator[list[int]]:
    """The indices of pieces that share a beam, two of them or more."""
    group: list[int] = []
    for index, piece in enumerate(pieces):
        if group and (piece.chord is None or _beat(piece, pieces, metre) != _beat(pieces[group[0]], pieces, metre)):
            yield from [group] if len(group) > 1 else []
            group = []
        if piece.chord is not None and _type(piece) in FLAGS:
            group.append(index)
        elif group:
            yield from [group] if len(group) > 1 else []
            group = []
    yield from [group] if len(group) > 1 else []


def _beat(piece: Piece, pieces: Sequence[Piece], metre: Metre) -> tuple[int, int]:
    """The stretch of the bar in which a piece may share a beam: how long it is, and its number."""
    bar = metre.levels[0]
    length = bar if bar <= 3 * UNITS // 2 else max(metre.beat, UNITS)
    if bar == 4 * UNITS and not metre.is_compound:
        half = piece.span.start // (2 * UNITS)
        here = [other for other in pieces if other.span.start // (2 * UNITS) == half]
        if all(other.chord and _type(other) == "eighth" and other.tuplet is None for other in here):
            length = 2 * UNITS
    return length, piece.span.start // length


def _type(piece: Piece) -> str:
    return piece.symbol.type if piece.symbol else ""
