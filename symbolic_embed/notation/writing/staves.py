"""On which staff a note is written, and under which clef.

A part has one staff, or two where a keyboard or a harp plays well above and well below middle C; in each bar they part
where the widest gap between pitches lies, near middle C. A staff has the clef with which its notes need the fewest
ledger lines; instruments that are written an octave away from where they sound have clefs that say so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from symbolic_embed.notation.writing.quantising import WrittenNote
from symbolic_embed.score.score import Track

MIDDLE_C = 60
TWO_HANDED = frozenset((*range(8), *range(16, 21), 46))  # pianos, organs, harp
HAND_SHARE, LOW, HIGH = 0.2, 57, 64  # of the notes of two hands a fifth lie below A3, and a fifth above E4
SPLITS = range(50, 71)  # the lowest pitch of the right hand
VIOLA, OCTAVE_BELOW, OCTAVE_ABOVE = 41, frozenset((*range(24, 40), 43)), frozenset((72,))


class Clef(NamedTuple):
    """Its sign, the line it stands on, by how many octaves it moves what is written; and the lowest and highest pitch
    that lie on its lines."""

    sign: str
    line: int
    octaves: int
    low: int
    high: int


TREBLE, ALTO, BASS = Clef("G", 2, 0, 64, 77), Clef("C", 3, 0, 53, 67), Clef("F", 4, 0, 43, 57)
PERCUSSION = Clef("percussion", 2, 0, 0, 127)


class Staff(NamedTuple):
    """A clef, and the notes under it, by onset."""

    clef: Clef
    notes: tuple[WrittenNote, ...]


def staves_of(track: Track, notes: Sequence[WrittenNote], barlines: Sequence[int]) -> tuple[Staff, ...]:
    """The staves of a part, the upper first. `barlines`: where bars begin, in units, and the end of the last."""
    if track.is_drum:
        return (Staff(PERCUSSION, tuple(notes)),)
    if not _has_two_hands(track, notes):
        return (Staff(clef_of(track.program, [note.pitch for note in notes]), tuple(notes)),)
    hands: tuple[list[WrittenNote], list[WrittenNote]] = ([], [])
    for inside in _by_bar(notes, barlines):
        split = _split(inside)
        for note in inside:
            hands[note.pitch < split].append(note)
    return tuple(Staff(clef, tuple(hand)) for clef, hand in zip((TREBLE, BASS), hands, strict=True))


def clef_of(program: int, pitches: Sequence[int]) -> Clef:
    """The clef with which the pitches need the fewest ledger lines."""
    octaves = -1 if program in OCTAVE_BELOW else 1 if program in OCTAVE_ABOVE else 0
    clefs = (ALTO, TREBLE) if program == VIOLA else (TREBLE, BASS)
    moved = [Clef(sign, line, octaves, low + 12 * octaves, high + 12 * octaves) for sign, line, _, low, high in clefs]
    return min(moved, key=lambda clef: sum(max(clef.low - pitch, pitch - clef.high, 0) for pitch in pitches))


def _has_two_hands(track: Track, notes: Sequence[WrittenNote]) -> bool:
    below, above = (sum(note.pitch < LOW for note in notes), sum(note.pitch > HIGH for note in notes))
    return track.program in TWO_HANDED and min(below, above) > HAND_SHARE * len(notes)


def _by_bar(notes: Sequence[WrittenNote], barlines: Sequence[int]) -> list[list[WrittenNote]]:
    """The notes that begin in each bar that has some."""
    found: dict[int, list[WrittenNote]] = defaultdict(list)
    bar = 0
    for note in notes:
        while bar + 1 < len(barlines) - 1 and barlines[bar + 1] <= note.onset:
            bar += 1
        found[bar].append(note)
    return list(found.values())


def _split(notes: Sequence[WrittenNote]) -> int:
    """The lowest pitch of the right hand among notes that are played near each other."""
    pitches = sorted({note.pitch for note in notes})

    def room(split: int) -> float:
        """How wide the gap around a split is, less for one far from middle C."""
        below = max((pitch for pitch in pitches if pitch < split), default=split - 12)
        above = min((pitch for pitch in pitches if pitch >= split), default=split + 12)
        return min(above - below, 12) - abs(split - MIDDLE_C) / 2

    return max(SPLITS, key=room)
