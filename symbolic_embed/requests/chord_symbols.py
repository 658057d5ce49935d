"""Chords as musicians write them: "Am F C G", "| Dm7 G7 | Cmaj7 |", "Am/G", "N.C.".

    Am F C G            a chord a bar
    Am G | F | C        between strokes stands a bar, whose chords share it evenly; the same on every line
    F C x4              what a line says so far is played four times
    | % |               the bar before again
    N.C.                no chord: whatever is played is free

A chord is a root (A to G, with # or b), a kind, and behind a stroke the bass: F#m7b5/C.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache

LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
NONE = ("N.C.", "NC", "N.C")
MOST_BARS = 1_000  # that a text may come to

# Semitones above the root, by how a kind is written; the first spelling is the one that is printed.
KINDS: dict[tuple[str, ...], tuple[int, ...]] = {
    ("", "maj", "M"): (0, 4, 7),
    ("m", "min", "-"): (0, 3, 7),
    ("7", "dom7"): (0, 4, 7, 10),
    ("maj7", "M7", "ma7", "Δ", "Δ7"): (0, 4, 7, 11),
    ("m7", "min7", "-7"): (0, 3, 7, 10),
    ("mmaj7", "mM7", "m(maj7)", "minmaj7"): (0, 3, 7, 11),
    ("dim", "o", "°"): (0, 3, 6),
    ("dim7", "o7", "°7"): (0, 3, 6, 9),
    ("m7b5", "ø", "ø7", "min7b5", "-7b5"): (0, 3, 6, 10),
    ("aug", "+"): (0, 4, 8),
    ("aug7", "+7", "7#5"): (0, 4, 8, 10),
    ("7b5",): (0, 4, 6, 10),
    ("sus4", "sus"): (0, 5, 7),
    ("sus2",): (0, 2, 7),
    ("7sus4", "7sus"): (0, 5, 7, 10),
    ("5",): (0, 7),
    ("6", "maj6"): (0, 4, 7, 9),
    ("m6", "min6", "-6"): (0, 3, 7, 9),
    ("69", "6/9"): (0, 2, 4, 7, 9),
    ("add9", "add2"): (0, 2, 4, 7),
    ("madd9", "m(add9)"): (0, 2, 3, 7),
    ("9",): (0, 2, 4, 7, 10),
    ("maj9", "M9"): (0, 2, 4, 7, 11),
    ("m9", "min9", "-9"): (0, 2, 3, 7, 10),
    ("7b9",): (0, 1, 4, 7, 10),
    ("7#9",): (0, 3, 4, 7, 10),
    ("9sus4", "9sus"): (0, 2, 5, 7, 10),
    ("11",): (0, 2, 4, 5, 7, 10),
    ("m11", "min11", "-11"): (0, 2, 3, 5, 7, 10),
    ("13",): (0, 2, 4, 7, 9, 10),
    ("maj7#11",): (0, 4, 6, 7, 11),
}
SPELLINGS = {spelling: tones for spellings, tones in KINDS.items() for spelling in spellings}
_CHORD = re.compile(r"([A-G])([#b♯♭]*)(.*)")
_TIMES = re.compile(r"[x×](\d{1,3})", re.IGNORECASE)
_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


@dataclass(frozen=True)
class Chord:
    """A chord: pitch classes of its root and its bass, and of all that it has, rising. `root` -1: no chord."""

    root: int
    bass: int
    tones: tuple[int, ...]

    @classmethod
    def none(cls) -> Chord:
        """No chord."""
        return cls(-1, -1, ())

    @classmethod
    def of(cls, root: int, kind: str, *, bass: int | None = None) -> Chord:
        """A chord of a root and a kind as KINDS spells them; the bass is the root unless given."""
        low = root if bass is None else bass
        return cls(root, low, tuple(sorted({*((root + tone) % 12 for tone in SPELLINGS[kind]), low})))

    @property
    def name(self) -> str:
        """How it is written, so that `chord_of` reads it again."""
        if self.root < 0:
            return NONE[0]
        own = {(tone - self.root) % 12 for tone in self.tones}
        above = own - {(self.bass - self.root) % 12} | {0}
        low = "" if self.bass == self.root else f"/{_NAMES[self.bass]}"
        for spellings, tones in KINDS.items():  # the plainer kind, a foreign bass apart: F/G, not Fadd9/G
            if set(tones) in (own, above):
                return f"{_NAMES[self.root]}{spellings[0]}{low}"
        raise ValueError(f"{self} has no name")


Bar = tuple[Chord, ...]  # the chords of a bar, which share it evenly


@cache
def chords_of(text: str) -> tuple[Bar, ...]:
    """The bars of a text. Raises ValueError for what is no chord, with a guess, and where it has none."""
    bars: list[Bar] = []
    for line in text.splitlines():
        here = _bars_of_line(line.strip(), before=bars)
        if len(bars) + len(here) > MOST_BARS:
            raise ValueError(f"comes to more than {MOST_BARS:,} bars")
        bars += here
    if not bars:
        raise ValueError("holds no chord; write them as in Am F C G")
    return tuple(bars)


def chord_of(word: str) -> Chord:
    """What a chord's name means. Raises ValueError, with a guess, for what is none."""
    if word.upper() in NONE:
        return Chord.none()
    said = _CHORD.fullmatch(word)
    if said is None:
        raise ValueError(f"{word}: a chord begins with its root, A to G, as Am or F#7 does")
    root = (LETTERS[said[1]] + accidental(said[2])) % 12
    kind, bass = said[3], None
    if kind not in SPELLINGS and "/" in kind:
        kind, _, low = kind.rpartition("/")
        bass = _CHORD.fullmatch(low)
        if bass is None or bass[3]:
            raise ValueError(f"{word}: behind / stands the bass, a note such as G or Bb")
    if kind not in SPELLINGS:
        near = difflib.get_close_matches(kind, [spelling for spelling in SPELLINGS if spelling], n=1)
        guess = f"did you mean {said[1]}{said[2]}{near[0]}?" if near else f"kinds are {_kinds()}"
        raise ValueError(f"{word}: {kind} is no kind of chord; {guess}")
    return Chord.of(root, kind, bass=None if bass is None else (LETTERS[bass[1]] + accidental(bass[2])) % 12)


def accidental(text: str) -> int:
    """By how many semitones sharps and flats move a note."""
    return sum(1 if sign in "#♯" else -1 for sign in text)


def _kinds() -> str:
    return ", ".join(spellings[0] for spellings in KINDS if spellings[0])


def _bars_of_line(line: str, *, before: list[Bar]) -> list[Bar]:
    """The bars of a line, which `before` precede."""
    has_strokes = "|" in line
    bars: list[Bar] = []
    for group in line.split("|"):
        words = group.split()
        here: list[Bar] = []
        for word in words:
            if times := _TIMES.fullmatch(word):
                bars, here = (bars + _as_bars(here, together=has_strokes)) * int(times[1]), []
            elif word == "%":
                earlier = [*before, *bars, *here]
                if not earlier:
                    raise ValueError("%: there is no bar before that could return")
                here.append(earlier[-1])
            else:
                here.append((chord_of(word),))
        bars += _as_bars(here, together=has_strokes)
        if len(bars) > MOST_BARS:
            raise ValueError(f"comes to more than {MOST_BARS:,} bars")
    return bars


def _as_bars(chords: list[Bar], *, together: bool) -> list[Bar]:
    """Chords as one bar, or as a bar each."""
    if not together or not chords:
        return chords
    return [tuple(chord for bar in chords for chord in bar)]
