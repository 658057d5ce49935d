"""Reading a tune in ABC notation, the plain-text notation of folk musicians.

A tune opens with a header, a letter and a colon on each line: T title, C composer, G group (tunes that are versions of
each other), M metre, L the length that a bare letter stands for, Q tempo, K key, which ends the header. Then come the
voices, each opened by a V line with its name and by a `%%MIDI program` line with its instrument. In the music

    C is middle C, c the octave above, C, the octave below          ^ sharp, _ flat, = natural, until the barline
    A2 twice the length, A/ half, A3/2 one and a half               z rest, (3 three notes in the time of two
    [CEG] notes struck together                                     A- tied to the next A
    "Am" chord symbol                                               !mf! loudness from here on
    | barline                                                       & a second layer of the same bar

and a line P:name between the lines of music begins a section, a line M: changes the metre.

Every bar must fill its metre. Only the first may be shorter: it is a pick-up. All voices have the same bars.

music21 reads ABC too, but (version 10.5) it plays an accidental on one note only instead of until the barline, drops
ties of chords, metres that change within the tune and inline voices; so the tunes are read here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Self

from key_signatures import key_signature, midi_key
from metres import Bar, Metre, accented, full_length, read_metre
from midi_file import Note

TOKEN = re.compile(
    r"""\s+
    | "(?P<symbol>[^"]+)"
    | !(?P<dynamic>\w+)!
    | (?P<triplet>\(3)
    | (?P<pitches> z | [\^_=]?[A-Ga-g][,']* | \[ [^\]]+ \] ) (?P<length>[\d/]*) (?P<tie>-?)
    """,
    re.VERBOSE,
)
PITCH = re.compile(r"(?P<accidental>[\^_=]?)(?P<letter>[A-Ga-g])(?P<octaves>[,']*)")
SEMITONES_ABOVE_C = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
MIDDLE_C = 60
VELOCITIES = {"pp": 42, "p": 54, "mp": 66, "mf": 78, "f": 92, "ff": 104}


@dataclass(frozen=True)
class Voice:
    """A voice of the tune: its notes, the chord symbols over it as (onset, symbol), and its bars."""

    name: str
    programme: int
    notes: tuple[Note, ...]
    symbols: tuple[tuple[Fraction, str], ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Tune:
    """A tune as its header names it; `sections` are (onset, name)."""

    title: str
    composer: str
    group: str
    key: str
    quarters_a_minute: Fraction
    sections: tuple[tuple[Fraction, str], ...]
    voices: tuple[Voice, ...]

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The bars, which all voices share."""
        return self.voices[0].bars


def read_tune(text: str) -> Tune:
    """The tune in `text`. A bar that does not fill its metre, or an unknown sign, raises ValueError with its place."""
    lines = [line for line in text.splitlines() if line and not (line.startswith("%") and "%%MIDI" not in line)]
    key_line = next(number for number, line in enumerate(lines) if line.startswith("K:"))
    header = dict(line.split(":", 1) for line in lines[: key_line + 1])
    sections, voices = read_voices(lines[key_line + 1 :], header=header)
    for voice in voices:
        if voice.bars != voices[0].bars:
            raise ValueError(f"{header['T']}: the bars of {voice.name} differ from those of {voices[0].name}")
    return Tune(
        title=header["T"],
        composer=header["C"],
        group=header["G"],
        key=midi_key(header["K"]),
        quarters_a_minute=read_tempo(header["Q"]),
        sections=tuple(sections),
        voices=tuple(voices),
    )


def read_voices(lines: list[str], *, header: dict[str, str]) -> tuple[list[tuple[Fraction, str]], list[Voice]]:
    """The sections, which stand in the first voice, and the voices."""
    readers: list[VoiceReader] = []
    for line in lines:
        if line.startswith("V:"):
            readers.append(VoiceReader.begin(line, header=header))
        else:
            readers[-1].read_line(line)
    return readers[0].sections, [reader.voice() for reader in readers]


@dataclass
class VoiceReader:
    """Reads one voice line by line; `now` is the time reached, in quarters."""

    name: str
    unit: Fraction
    metre: Metre
    key: dict[str, int]
    programme: int = 0
    velocity: int = VELOCITIES["mf"]
    now: Fraction = Fraction(0)
    notes: list[Note] = field(default_factory=list)
    symbols: list[tuple[Fraction, str]] = field(default_factory=list)
    sections: list[tuple[Fraction, str]] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    open_ties: dict[int, Note] = field(default_factory=dict)

    @classmethod
    def begin(cls, line: str, *, header: dict[str, str]) -> Self:
        """The reader of the voice that the V line names."""
        name = re.search(r'name="([^"]+)"', line)
        if name is None:
            raise ValueError(f'{header["T"]}: a voice needs a name: V:1 name="Flute"')
        return cls(
            name=f"{header['T']}, {name[1]}",
            unit=Fraction(header["L"]) * 4,
            metre=read_metre(header["M"]),
            key=key_signature(header["K"]),
        )

    def voice(self) -> Voice:
        """What has been read."""
        if self.open_ties:
            raise ValueError(f"{self.name}: a tie leads to no note")
        return Voice(
            name=self.name.rsplit(", ", 1)[1],
            programme=self.programme,
            notes=tuple(accented(self.notes, bars=self.bars)),
            symbols=tuple(self.symbols),
            bars=tuple(self.bars),
        )

    def read_line(self, line: str) -> None:
        """A line of the voice: an instrument, a section, a metre, or bars."""
        if line.startswith("%%MIDI program"):
            self.programme = int(line.split()[-1])
        elif line.startswith("P:"):
            self.sections.append((self.now, line[2:]))
        elif line.startswith("M:"):
            self.metre = read_metre(line[2:])
        else:
            for bar in line.replace("|]", "|").removesuffix("|").split("|"):
                self.read_bar(bar)

    def read_bar(self, text: str) -> None:
        """One bar, with all its layers."""
        lengths = {self.read_layer(layer) for layer in text.split("&")}
        expected = full_length(self.metre)
        if len(lengths) > 1 or max(lengths) > expected or (self.bars and max(lengths) < expected):
            found = " and ".join(str(length / self.unit) for length in sorted(lengths))
            raise ValueError(
                f"{self.name}, bar {len(self.bars) + 1}: {found} units instead of {expected / self.unit} in {text!r}"
            )
        self.bars.append(Bar(self.now, max(lengths), self.metre))
        self.now += max(lengths)

    def read_layer(self, text: str) -> Fraction:
        """The notes of one layer of a bar; returns its length in quarters. An accidental holds until its end."""
        place, in_triplet, accidentals = Fraction(0), 0, dict[str, int]()
        for token in tokens(text, place=f"{self.name}, bar {len(self.bars) + 1}"):
            if token["symbol"]:
                self.symbols.append((self.now + place, token["symbol"]))
            elif token["dynamic"]:
                self.velocity = VELOCITIES[token["dynamic"]]
            elif token["triplet"]:
                in_triplet = 3
            elif token["pitches"]:
                length = read_length(token["length"]) * self.unit * (Fraction(2, 3) if in_triplet else 1)
                pitches = [self.pitch(match, accidentals=accidentals) for match in PITCH.finditer(token["pitches"])]
                self.sound(pitches, place=place, length=length, tied=bool(token["tie"]))
                place += length
                in_triplet = max(0, in_triplet - 1)
        return place

    def pitch(self, match: re.Match[str], *, accidentals: dict[str, int]) -> int:
        """The MIDI pitch of a written note; its accidental is kept in `accidentals` for the rest of the bar."""
        letter, octaves = match["letter"], match["octaves"]
        written = letter + octaves
        if match["accidental"]:
            accidentals[written] = {"^": 1, "_": -1, "=": 0}[match["accidental"]]
        alteration = accidentals.get(written, self.key[letter.upper()])
        octave = letter.islower() + octaves.count("'") - octaves.count(",")
        return MIDDLE_C + 12 * octave + SEMITONES_ABOVE_C[letter.upper()] + alteration

    def sound(self, pitches: list[int], *, place: Fraction, length: Fraction, tied: bool) -> None:
        """Add notes that begin at `place` in the bar, or lengthen those tied to them."""
        onset = self.now + place
        for pitch in pitches:
            note = self.open_ties.pop(pitch, Note(onset, Fraction(0), pitch, self.velocity))
            if note.end != onset:
                raise ValueError(f"{self.name}, bar {len(self.bars) + 1}: a tie to pitch {pitch} skips other notes")
            note = replace(note, length=note.length + length)
            if tied:
                self.open_ties[pitch] = note
            else:
                self.notes.append(note)


def tokens(text: str, *, place: str) -> Iterator[re.Match[str]]:
    """The signs of the text in order; `place` is named in the error that an unknown sign raises."""
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise ValueError(f"{place}: {text[position:]!r} begins with a sign that is not read here")
        yield match
        position = match.end()


def read_length(text: str) -> Fraction:
    """The factor that stands after a note: '' is 1, '3' is 3, '/' a half, '3/2' one and a half."""
    numerator, slash, denominator = text.partition("/")
    return Fraction(int(numerator or 1), int(denominator or (2 if slash else 1)))


def read_tempo(text: str) -> Fraction:
    """'3/8=60' is sixty dotted quarters a minute, which are 90 quarters."""
    beat, beats_a_minute = text.split("=")
    return Fraction(beat) * 4 * int(beats_a_minute)
