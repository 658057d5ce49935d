"""ABC notation: tunes as plain text.

A file holds tunes, each from a field `X:` to an empty line or the next. Of several the first that has notes is read. A
tune opens with fields (M metre, L the length of a bare letter, Q tempo, K key, which ends them), then come lines of
music. `V:` goes to another voice, at the beginning of a line or within it; `%%MIDI program 40` (from 0) chooses the
instrument of the voice, `%%MIDI channel 10` or `clef=perc` says it is drums. `P:` names a section. Words are not sung.

This is read here and not by music21, which (version 10.5) drops metres, keys and tempi that change within a tune, bars
of rest, ties of chords and the last bar before `::`, plays layers and inline voices one after the other, makes a new
part of each `V:` line, and takes a bass clef for an octave.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from symbolic_embed.errors import MidiError
from symbolic_embed.notation.reading.abc_fields import (
    Key,
    read_key,
    read_metre,
    read_name,
    read_transposition,
    read_unit,
    unit_of,
)
from symbolic_embed.notation.reading.abc_voice import VoiceReader
from symbolic_embed.notation.reading.sheet import RepeatSigns, Sheet, SheetBar, SheetPart

MOST_VOICES = 200
MOST_EMPTY_TUNES = 1000
FIELD = re.compile(r"([A-Za-z+]):(.*)")
INLINE_VOICE = re.compile(r"\[V:([^\]]*)\]")
PROPAGATION = re.compile(r"(?:%%|I:\s*)propagate-accidentals[\s=]+(not|octave|pitch)")
MIDI = re.compile(r"(?:%%|I:\s*)MIDI[\s=]+(\w+)\s*(.*)")
CHANGES = "KMLQP"  # fields that say something of the notes


@dataclass
class Player:
    """A voice: its name, its instrument, and its music, once there is some."""

    name: str = ""
    program: int | None = None
    is_drum: bool = False
    transposition: int = 0
    reader: VoiceReader | None = None


@dataclass
class TuneReader:
    """Reads one tune line by line. `metre`, `unit` and `key` are those of the header; `here` is the voice being read,
    "" before any is named."""

    metre: tuple[int, int] | None = (4, 4)
    unit: Fraction | None = None
    key: Key = field(default_factory=lambda: Key(None, {}))
    transposition: int = 0
    accidentals_hold: str = "pitch"
    is_in_header: bool = True
    here: str = ""
    opening: list[tuple[str, str]] = field(default_factory=list)
    players: dict[str, Player] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def read(self, lines: Iterable[str]) -> None:
        """All lines of a tune."""
        for line in lines:
            if midi := MIDI.match(line):
                self._read_midi(*midi.groups())
                continue
            if propagation := PROPAGATION.match(line):
                self.accidentals_hold = propagation[1]
            text = re.split(r"(?<!\\)%", line, maxsplit=1)[0].strip()
            named = FIELD.match(text)
            if named:
                self._read_field(*named.groups())
            elif text and not self.is_in_header:
                self._read_music(text)
            elif not text and not line and any(player.reader for player in self.players.values()):
                break

    def playing(self) -> list[Player]:
        """The voices that have notes, their last bar ended."""
        for player in self.players.values():
            if player.reader:
                player.reader.close()
        return [player for player in self.players.values() if player.reader and any(player.reader.notes)]

    def _player(self, name: str) -> Player:
        if name not in self.players and len(self.players) < MOST_VOICES:
            self.players[name] = Player()
        return self.players.get(name) or next(iter(self.players.values()))

    def _reader(self) -> VoiceReader:
        """What reads the voice here; a new one begins as the header says."""
        player = self._player(self.here)
        if player.reader is None:
            is_first = not any(other.reader for other in self.players.values())
            transposition = self.transposition + player.transposition
            unit = self.unit or unit_of(self.metre)
            player.reader = VoiceReader(
                unit, self.metre, self.key, transposition, accidentals_hold=self.accidentals_hold, counts=self.counts
            )
            for letter, text in self.opening if is_first else ():
                player.reader.read_field(letter, text)
        return player.reader

    def _read_field(self, letter: str, text: str) -> None:
        if letter == "V":
            self._enter(text)
        elif self.is_in_header and letter == "M":
            self.metre = read_metre(text)
        elif self.is_in_header and letter == "L":
            self.unit = read_unit(text)
        elif self.is_in_header and letter == "Q":
            self.opening.append((letter, text))
        elif self.is_in_header and letter == "K":
            self.key, self.transposition = read_key(text), read_transposition(text)
            self.is_in_header, self.here = False, next(iter(self.players), "")
        elif not self.is_in_header and letter in CHANGES:
            self._reader().read_field(letter, text)

    def _enter(self, text: str) -> None:
        """Goes to the voice that a V field names, and keeps what it says of it."""
        self.here = (text.split() or [""])[0]
        player = self._player(self.here)
        player.name = read_name(text) or player.name
        player.is_drum |= re.search(r"\bperc\b", text) is not None
        player.transposition = read_transposition(text) or player.transposition

    def _read_midi(self, word: str, text: str) -> None:
        """A MIDI directive: `program [channel] number`, `channel number`, `transpose semitones`."""
        numbers = [int(number) for number in re.findall(r"-?\d{1,3}\b", text)]
        player = self._player(self.here)
        if word == "program" and numbers and 0 <= numbers[-1] <= 127:
            player.program = numbers[-1]
        elif word == "channel" and numbers:
            player.is_drum = numbers[0] == 10
        elif word == "transpose" and numbers and player.reader is None:
            player.transposition = max(-127, min(numbers[0], 127))

    def _read_music(self, text: str) -> None:
        """A line of music, which may go from voice to voice."""
        first, *others = INLINE_VOICE.split(text)
        if first.strip():
            self._reader().read_line(first)
        for voice, music in zip(others[::2], others[1::2], strict=True):
            self._enter(voice)
            self._reader().read_line(music)


def abc_sheet(text: str, *, source: str) -> Sheet:
    """The first tune of an ABC file that has notes. Raises MidiError where none has."""
    head, *tunes = re.split(r"(?m)^(?=[ \t]*X:)", text.replace("\r\n", "\n").replace("\r", "\n"))
    reader, players = TuneReader(), list[Player]()
    for tune in tunes[:MOST_EMPTY_TUNES] or [""]:
        reader = TuneReader()
        try:
            reader.read(line.strip() for line in [*head.split("\n"), *tune.split("\n")])
        except ValueError as fault:
            raise MidiError(source, f"{fault}; is it music?") from None
        if players := reader.playing():
            break
    else:
        raise MidiError(source, "ABC without a note (0 found, 1 needed); music follows the key, K:, of a tune")
    warnings = [
        (kind, words, count)
        for kind, words, count in (
            ("grace-notes", "grace notes were left out", reader.counts["grace"]),
            ("unknown-signs", "signs that are not read were passed over", reader.counts["unknown"]),
        )
        if count
    ]
    if len(tunes) > 1:
        warnings.insert(0, ("first-tune", f"{len(tunes)} tunes in one file; the first was read", 1))
    bars = _common_bars([player.reader.bars for player in players if player.reader])
    general = reader.players.get("", Player()).program or 0
    return Sheet(bars, tuple(_part(player, len(bars), general) for player in players), tuple(warnings))


def _part(player: Player, bars: int, general_program: int) -> SheetPart:
    notes = player.reader.notes if player.reader else []
    program = general_program if player.program is None else player.program
    return SheetPart((*notes, *((),) * (bars - len(notes))), player.name, program, player.is_drum)


def _common_bars(voices: Sequence[Sequence[SheetBar]]) -> tuple[SheetBar, ...]:
    """The bars of all voices: each as long as the longest, with the signs of the first voice that has any."""
    signs = next((bars for bars in voices if any(bar.repeats != RepeatSigns() for bar in bars)), ())
    common = []
    for number in range(max(map(len, voices))):
        here = [bars[number] for bars in voices if number < len(bars)]
        tempi = {place: tempo for bar in reversed(here) for place, tempo in bar.tempi}
        marks = dict.fromkeys(mark for bar in here for mark in bar.marks)
        repeats = signs[number].repeats if number < len(signs) else RepeatSigns()
        bar = replace(here[0], length=max(bar.length for bar in here), repeats=repeats)
        common.append(replace(bar, tempi=tuple(sorted(tempi.items())), marks=tuple(marks)))
    return tuple(common)
