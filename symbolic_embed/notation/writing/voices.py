"""Voices: lines of notes on one staff that can be read one after the other.

In a voice one chord follows another: notes that begin and end together are one chord, and none begins before the last
has ended. Notes that are held while others move need a voice of their own. The upper voice is the first. A staff has
two, and up to MOST_VOICES only where a program wrote notes that are truly held; where more would be needed the note
that has sounded longest is written shorter, as a player who sees an arpeggio lets it ring.

Notes whose end is only near are first closed (`closed`): up to the next note of the staff where it is not far, else to
the end that takes the fewest symbols.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest
from typing import NamedTuple

from symbolic_embed.notation.writing.quantising import WrittenNote, WrittenPart
from symbolic_embed.notation.writing.values import FINEST, UNITS, Metre, divided

MOST_VOICES = 4
PLAIN_VOICES = 2  # more only for notes that are truly held
SYMBOL = SHORT_REST = 6  # units by which an end is moved rather than to write one more
LONGER = 0.5  # a note may be written longer than it was played by so much of its length
OVERLAP = 0.5  # of the time to the next note: what a legato player holds over


class Bar(NamedTuple):
    """A bar in units through the piece, and its metre."""

    start: int
    end: int
    metre: Metre


@dataclass(frozen=True)
class Chord:
    """Notes of one onset and end, by pitch. `is_exact`: they truly end there."""

    onset: int
    end: int
    pitches: tuple[int, ...]
    velocities: tuple[int, ...]
    is_exact: bool = True


def closed(part: WrittenPart, bars: Sequence[Bar]) -> list[WrittenNote]:
    """The notes of a staff with ends that a player would write."""
    onsets = sorted({note.onset for note in part.notes})
    following = dict(zip_longest(onsets, onsets[1:]))
    starts = [bar.start for bar in bars]
    notes = []
    for note in part.notes:
        if not note.is_exact:
            bar = bars[bisect_right(starts, note.onset) - 1]
            note = note._replace(end=_closing(note, following[note.onset], bar, part))
        notes.append(note)
    return notes


def _closing(note: WrittenNote, following: int | None, bar: Bar, part: WrittenPart) -> int:
    """The end of a note that was let go early, or held over."""
    if following is not None and 0 <= note.end - following <= max(OVERLAP * (following - note.onset), FINEST):
        return following
    latest = note.onset + max(int((note.end - note.onset) * (1 + LONGER)), UNITS // 2)
    if following is not None and note.end < following:
        latest = min(latest, following)
    earliest = max(note.onset + 1, min(note.end, latest) - UNITS // 4)
    ends = part.places(earliest, latest)
    return min(ends, key=lambda end: (_cost(note, end, following, bar), end), default=following or latest)


def _cost(note: WrittenNote, end: int, following: int | None, bar: Bar) -> float:
    """What a note that ends there asks of its reader, in units of time by which its end is moved."""
    symbols = len(divided(note.onset - bar.start, min(end, bar.end) - bar.start, bar.metre)) + (end > bar.end)
    has_short_rest = following is not None and 0 < following - end <= UNITS // 4
    return SYMBOL * (symbols - 1) + SHORT_REST * has_short_rest + abs(end - note.end)


def chords_of(notes: Sequence[WrittenNote]) -> list[Chord]:
    """The chords of a staff, by onset; of one onset the higher first."""
    chords = []
    for (onset, end), together in groupby(sorted(notes, key=lambda n: (n.onset, n.end, n.pitch)), lambda n: n[:2]):
        of_chord = list(together)
        pitches, velocities = (tuple(values) for values in zip(*((n.pitch, n.velocity) for n in of_chord), strict=True))
        chords.append(Chord(onset, end, pitches, velocities, is_exact=all(note.is_exact for note in of_chord)))
    return sorted(chords, key=lambda chord: (chord.onset, -chord.pitches[-1]))


def voices_of(chords: Sequence[Chord], *, most: int = MOST_VOICES) -> list[list[Chord]]:
    """The chords as voices, the upper first; each chord in one, some of them shorter.

    Where nothing is held over, voices begin anew: a stretch that one voice can say is in the first.
    """
    voices: list[list[Chord]] = []
    for stretch in _stretches(chords):
        lines = sorted(_lines(stretch, most=most), key=_height, reverse=True)
        voices += [[] for _ in range(len(lines) - len(voices))]
        for voice, line in zip(voices, lines, strict=False):
            voice += line
    return voices


def _stretches(chords: Sequence[Chord]) -> Iterator[list[Chord]]:
    """The chords, parted where none of those before is held any more."""
    stretch: list[Chord] = []
    until = 0
    for chord in chords:
        if stretch and chord.onset >= until:
            yield stretch
            stretch = []
        stretch.append(chord)
        until = max(until, chord.end)
    if stretch:
        yield stretch


def _lines(chords: Sequence[Chord], *, most: int) -> list[list[Chord]]:
    """Chords that overlap, as lines: each goes on from the line that is free and lay nearest."""
    lines: list[list[Chord]] = []
    for chord in chords:
        free = [line for line in lines if line[-1].end <= chord.onset]
        needed = sum(line[-1].is_exact for line in lines) + 1
        if not free and len(lines) < min(most, max(needed, PLAIN_VOICES)):
            lines.append([chord])
            continue
        held = [line for line in lines if line[-1].onset < chord.onset]
        if not free and not held:  # more notes begin here than there are voices: a chord takes them in
            nearest = min(lines, key=lambda line: abs(_middle(line[-1]) - _middle(chord)))
            nearest[-1] = _joined(nearest[-1], chord)
            continue
        if not free:
            oldest = min(held, key=lambda line: (line[-1].is_exact, line[-1].onset, line[-1].end))
            oldest[-1] = replace(oldest[-1], end=chord.onset)
            free = [oldest]
        min(free, key=lambda line: abs(_middle(line[-1]) - _middle(chord))).append(chord)
    return lines


def _middle(chord: Chord) -> float:
    return sum(chord.pitches) / len(chord.pitches)


def _height(line: Sequence[Chord]) -> float:
    """How high a line lies: the mean pitch of its chords."""
    return sum(map(_middle, line)) / len(line)


def _joined(one: Chord, other: Chord) -> Chord:
    """Two chords that begin together as one, which ends with the shorter."""
    notes = sorted(zip(one.pitches + other.pitches, one.velocities + other.velocities, strict=True))
    pitches, velocities = zip(*notes, strict=True)
    return Chord(one.onset, min(one.end, other.end), tuple(pitches), tuple(velocities))
