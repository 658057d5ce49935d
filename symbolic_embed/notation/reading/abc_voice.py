"""The music of one voice in ABC notation.

    C is middle C, c the octave above, C, the octave below      ^ sharp, _ flat, = natural, until the barline
    A2 twice the length, A/ half, A3/2 one and a half           z x rest, Z4 four bars of rest
    [CEG] notes struck together   A-A tied                      (3 three notes in the time of two, (p:q:r
    A>B the first dotted, the second halved; A<B the reverse    {g} grace notes, not played
    & another layer of the same bar                             | || |] barlines, |: :| repeats, |1 :|2 endings
    !mf! loudness, !fine! !D.C.! order of playing               "Am" and all else in quotes is not played

A line is read sign by sign; a sign that is unknown is passed over and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from fractions import Fraction

from symbolic_embed.notation.reading.abc_fields import ACCIDENTALS, Key, read_key, read_metre, read_tempo, read_unit
from symbolic_embed.notation.reading.sheet import PLAIN_VELOCITY, VELOCITIES, RepeatSigns, SheetBar, SheetNote
from symbolic_embed.score.metre import MAX_BARS

MIDDLE_C = 60
SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
MOST_RESTS = 1000  # bars of rest in a row
LONGEST = 1000  # a length is at most so many bare letters
COMPOUND_TIME = {2: 3, 4: 3, 8: 3, 3: 2, 6: 2}
"""In the time of how many, for (2 (3 (4 (6 (8; for the others of three in compound metres, else of two."""
SIGN = re.compile(
    r"""(?P<space>[\s`\\*$;?@]+ | y\d* )
    | (?P<text>"[^"]*"?)
    | (?P<mark>![^!\s|]*! | \+[A-Za-z.]+\+ )
    | (?P<grace>\{[^}]*\}?)
    | \[(?P<field>[A-Za-z]):(?P<said>[^\]]*)\]?
    | (?P<ending>\[(?P<brackets>\d[\d,\-]*) | \["[^"]*" )
    | (?P<bar>:*[\[\|]*\|[\|\]:]*(?P<numbers>\d[\d,\-]*)? | ::+ | \[\| | :(?=\s*$) )
    | (?P<tuplet>\((?P<notes>\d)(?: : (?P<time>\d*) (?: : (?P<many>\d*) )? )? )
    | (?P<chord>\[ (?P<inside>[^\]|]*) \]) (?P<chord_length>[\d/]*) (?P<chord_tie>-?)
    | (?P<rests>[ZX]) (?P<count>\d*)
    | (?P<pitch>[\^_=]*[\d/]*[A-Ga-g][,']*) (?P<length>[\d/]*) (?P<tie>-?)
    | (?P<rest>[zx]) (?P<rest_length>[\d/]*)
    | (?P<broken>>+|<+)
    | (?P<layer>&+)
    | (?P<ornament>[.~H-Wh-w()\-])
    """,
    re.VERBOSE,
)
NOTE = re.compile(r"(?P<accidental>[\^_=]*)[\d/]*(?P<letter>[A-Ga-g])(?P<octaves>[,']*)(?P<length>[\d/]*)(?P<tie>-?)")
JUMPS = {"D.C.": "capo", "dacapo": "capo", "D.S.": "segno", "dalsegno": "segno"}


@dataclass
class Layer:
    """What is being written between two barlines."""

    notes: list[SheetNote] = field(default_factory=list)
    place: Fraction = Fraction(0)
    end: Fraction = Fraction(0)
    accidentals: dict[str, int] = field(default_factory=dict)


@dataclass
class VoiceReader:
    """Reads one voice; `bars` and `notes` (of each bar) grow. `unit` is a bare letter's length in quarters.
    `accidentals_hold`: for a "pitch" in all octaves, as the standard has it, for an "octave", or "not"."""

    unit: Fraction
    metre: tuple[int, int] | None
    key: Key
    transposition: int = 0
    accidentals_hold: str = "pitch"
    counts: Counter[str] = field(default_factory=Counter)
    bars: list[SheetBar] = field(default_factory=list)
    notes: list[tuple[SheetNote, ...]] = field(default_factory=list)
    velocity: int = PLAIN_VELOCITY
    _here: Layer = field(default_factory=Layer)
    _signs: RepeatSigns = field(default_factory=RepeatSigns)
    _endings: frozenset[int] = frozenset()
    _tempi: list[tuple[Fraction, float]] = field(default_factory=list)
    _marks: list[tuple[Fraction, str]] = field(default_factory=list)
    _tuplet: tuple[int, Fraction] = (0, Fraction(1))
    _broken: Fraction = Fraction(1)
    _last: int = 0  # how many notes at the end of the layer are the last ones struck

    def read_line(self, line: str) -> None:
        """One line of music."""
        position = 0
        while position < len(line):
            match = SIGN.match(line, position)
            if match is None:
                self.counts["unknown"] += 1
                position += 1
                continue
            self._read_sign(match)
            position = match.end()

    def read_field(self, letter: str, text: str) -> None:
        """A field within the music: key, metre, length, tempo, section."""
        if letter == "K":
            self.key = read_key(text)
        elif letter == "M":
            self.metre = read_metre(text)
        elif letter == "L":
            self.unit = read_unit(text) or self.unit
        elif letter == "Q" and (tempo := read_tempo(text, unit=self.unit)):
            self._tempi.append((self._here.place, tempo))
        elif letter == "P":
            self._marks.append((self._here.place, text.strip()))

    def close(self) -> None:
        """Ends the last bar, whether or not a barline does."""
        self._end_bar("|")

    def _read_sign(self, sign: re.Match[str]) -> None:
        if sign["pitch"]:
            self._strike(sign["pitch"], sign["length"], is_tied=bool(sign["tie"]))
        elif sign["chord"]:
            self._strike(sign["inside"], sign["chord_length"], is_tied=bool(sign["chord_tie"]))
        elif sign["rest"]:
            self._strike("", sign["rest_length"], is_tied=False)
        elif sign["rests"]:
            self._rest_bars(min(int(sign["count"] or 1), MOST_RESTS))
        elif sign["bar"]:
            self._end_bar(sign["bar"])
            self._begin_ending(sign["numbers"])
        elif sign["ending"]:
            self._begin_ending(sign["brackets"])
        elif sign["tuplet"]:
            self._tuplet = self._read_tuplet(int(sign["notes"]), sign["time"], sign["many"])
        elif sign["broken"]:
            self._break_rhythm(sign["broken"])
        elif sign["layer"]:
            self._here.end, self._here.place = max(self._here.end, self._here.place), Fraction(0)
        elif sign["field"]:
            self.read_field(sign["field"], sign["said"])
        elif sign["mark"]:
            self._read_mark(sign["mark"].strip("!+"))
        elif sign["grace"]:
            self.counts["grace"] += len(NOTE.findall(sign["grace"]))

    def _strike(self, pitches: str, length: str, *, is_tied: bool) -> None:
        """Notes that begin together, or a rest."""
        here = self._here
        left, ratio = self._tuplet
        factor = self.unit * (ratio if left else 1) * self._broken
        self._tuplet, self._broken = (max(left - 1, 0), ratio), Fraction(1)
        heads = list(NOTE.finditer(pitches))
        whole = read_length(length) * (read_length(heads[0]["length"]) if heads else 1) * factor
        for head in heads:
            lasting = read_length(length) * read_length(head["length"]) * factor
            pitch = self._pitch(head)
            if 0 <= pitch <= 127 and lasting:
                here.notes.append(SheetNote(here.place, lasting, pitch, self.velocity, is_tied or bool(head["tie"])))
        self._last = len(heads)
        here.place += whole

    def _pitch(self, head: re.Match[str]) -> int:
        """The MIDI pitch of a written note; its accidental holds until the barline, in every octave (what else it may
        hold for is `accidentals_hold`)."""
        letter, octaves = head["letter"], head["octaves"]
        written = letter.upper() if self.accidentals_hold == "pitch" else letter + octaves
        raised = self._here.accidentals.get(written, self.key.raised.get(letter.upper(), 0))
        if head["accidental"] in ACCIDENTALS:
            raised = ACCIDENTALS[head["accidental"]]
            if self.accidentals_hold != "not":
                self._here.accidentals[written] = raised
        octave = letter.islower() + octaves.count("'") - octaves.count(",")
        return MIDDLE_C + 12 * octave + SEMITONES[letter.upper()] + raised + self.transposition

    def _read_tuplet(self, notes: int, time: str | None, many: str | None) -> tuple[int, Fraction]:
        """How many notes the tuplet holds, and what their lengths are multiplied by."""
        is_compound = self.metre is not None and self.metre[0] % 3 == 0 and self.metre[0] > 3
        usual = COMPOUND_TIME.get(notes, 3 if is_compound else 2)
        return int(many or notes), Fraction(int(time or 0) or usual, notes or 1)

    def _break_rhythm(self, signs: str) -> None:
        """`>`: the note before is dotted and the next halved; `>>` double dotted and quartered; `<` the reverse."""
        small = Fraction(1, 2 ** min(len(signs), 4))
        before, self._broken = (2 - small, small) if signs[0] == ">" else (small, 2 - small)
        here = self._here
        if self._last and here.notes:
            for index in range(len(here.notes) - self._last, len(here.notes)):
                note = here.notes[index]
                here.place += note.length * (before - 1) if index == len(here.notes) - 1 else 0
                here.notes[index] = note._replace(length=note.length * before)

    def _read_mark(self, word: str) -> None:
        """A word between exclamation marks."""
        signs = self._signs
        jump = next((jump for begin, jump in JUMPS.items() if word.startswith(begin)), "")
        if word in VELOCITIES:
            self.velocity = VELOCITIES[word]
        elif jump:
            self._signs = replace(signs, jump=jump)
        elif word == "fine":
            self._signs = replace(signs, fine=True)
        elif word == "segno":
            self._signs = replace(signs, segno=True)
        elif word in ("coda", "tocoda"):
            self._signs = replace(signs, coda=word == "coda" or signs.coda, to_coda=word == "tocoda" or signs.to_coda)

    def _begin_ending(self, numbers: str | None) -> None:
        """A bracket with numbers like 1, 1,3 or 1-3 over the bars that follow."""
        if numbers:
            found: set[int] = set()
            for first, last in re.findall(r"(\d{1,2})(?:-(\d{1,2}))?", numbers):
                found |= set(range(int(first), int(last or first) + 1))
            self._endings = frozenset(found - {0})

    def _end_bar(self, barline: str) -> None:
        """Ends the bar, where there is one, and begins the next with what the barline says."""
        here = self._here
        length = max(here.end, here.place)
        if len(self.bars) > MAX_BARS:
            raise ValueError(f"a voice of more than {MAX_BARS:,} bars")
        if length:
            ends = barline.startswith(":")
            signs = replace(self._signs, ends=ends, endings=self._endings)
            key = None if self.key.sharps is None else (self.key.sharps, self.key.is_minor)
            metre = self.metre or (4, 4)
            self.bars.append(SheetBar(length, metre, key, tuple(self._tempi), tuple(self._marks), signs))
            self.notes.append(tuple(here.notes))
            self._signs, self._tempi, self._marks = RepeatSigns(), [], []
            if barline not in ("|", ".|"):
                self._endings = frozenset()
        elif barline.startswith(":") and self.bars:
            self.bars[-1] = replace(self.bars[-1], repeats=replace(self.bars[-1].repeats, ends=True))
        if barline.rstrip("0123456789,-").endswith(":"):
            self._signs = replace(self._signs, starts=True)
        self._here, self._last, self._broken = Layer(), 0, Fraction(1)

    def _rest_bars(self, count: int) -> None:
        """Bars of rest."""
        for number in range(count):
            self._here.place += Fraction(4 * self.metre[0], self.metre[1]) if self.metre else 4 * self.unit
            if number < count - 1:
                self._end_bar("|")


def read_length(text: str) -> Fraction:
    """The factor that stands after a note: '' is 1, '3' is 3, '/' a half, '//' a quarter, '3/2' one and a half."""
    numerator, slash, denominator = text.partition("/")
    above = int(numerator[:4] or 1)
    below = int(denominator.strip("/")[:4] or 2 ** min(text.count("/"), 8)) if slash else 1
    return min(Fraction(above, below or 1), Fraction(LONGEST))
