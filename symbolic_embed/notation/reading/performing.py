"""From sheet music to a MIDI file, as a player reads it who adds nothing.

Bars follow each other in the order that `repeats.py` finds. Tied notes become one. A bar that is longer or shorter than
its metre gets a time signature of its own length, so that every barline of the sheet is one of the file: a pick-up of a
quarter before 4/4 is a bar of 1/4. A quarter has 480 ticks, or as many more as it takes to put every note on a whole
tick (up to 10,080, then places are rounded). Each part has a chunk of its own; drums play on MIDI channel 10.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

from symbolic_embed.notation.reading.repeats import playing_order
from symbolic_embed.notation.reading.sheet import Sheet, SheetBar, SheetNote, SheetPart
from symbolic_embed.score.events import EventList
from symbolic_embed.score.metre import MAX_BARS
from symbolic_embed.score.score import (
    DRUM_CHANNEL,
    KeySignature,
    Marker,
    Notes,
    Score,
    Tempo,
    TimeSignature,
    Track,
)
from symbolic_embed.score.writing.channels import MELODIC_CHANNELS, assigned_channels
from symbolic_embed.score.writing.layout import part_events, score_to_events

Said = TypeVar("Said")

DIVISIONS = (480, 960, 10_080)
FINEST_DENOMINATOR = 128
LONGEST_NUMERATOR = 255
SLOWEST, FASTEST = 4.0, 6000.0  # quarters a minute that a MIDI tempo can say


def performed(sheet: Sheet, *, source: str = "sheet") -> Score:
    """The sheet as a score in ticks. What it has no notes for (words, slurs, ornaments) is not played."""
    order = [bar for bar in playing_order([bar.repeats for bar in sheet.bars], most=MAX_BARS) if sheet.bars[bar].length]
    signatures = [_signature(sheet.bars[bar]) for bar in order]
    lengths = [Fraction(4 * numerator, denominator) for numerator, denominator in signatures]
    starts = _running_sum(lengths)
    played = [_played(part, order, starts) for part in sheet.parts]
    division = _division(place for notes in played for note in notes for place in _ends(note))

    def ticks(place: Fraction) -> int:
        return round(place * division)

    return Score(
        division=division,
        tracks=tuple(_track(part, notes, division) for part, notes in zip(sheet.parts, played, strict=True)),
        tempi=tuple(
            Tempo(ticks(place), round(60e6 / min(max(tempo, SLOWEST), FASTEST)))
            for place, tempo in _changes(_tempi(sheet, order, starts))
        ),
        time_signatures=tuple(
            TimeSignature(ticks(place), *metre) for place, metre in _changes(zip(starts, signatures, strict=True))
        ),
        key_signatures=tuple(
            KeySignature(ticks(place), *key)
            for place, key in _changes((place, sheet.bars[bar].key) for place, bar in zip(starts, order, strict=True))
            if key is not None
        ),
        markers=tuple(
            Marker(ticks(start + place), text)
            for start, bar in zip(starts, order, strict=True)
            for place, text in sheet.bars[bar].marks
        ),
        source=source,
    )


def performed_events(sheet: Sheet, *, source: str = "sheet") -> EventList:
    """The same as the events of a MIDI file. Where parts share a channel, no note of one cuts a note of another."""
    score = performed(sheet, source=source)
    channels = assigned_channels(score.tracks)
    parts = [
        part_events(track, channel, number=number)
        for number, (track, channel) in enumerate(zip(score.tracks, channels, strict=True), start=1)
    ]
    return replace(score_to_events(score), chunks=(score_to_events(score).chunks[0], *parts))


def _signature(bar: SheetBar) -> tuple[int, int]:
    """The time signature of a bar's true length: its own, where it fills it; else in its beats, or in shorter ones. A
    length that none can say (a bar of triplets that is one short) is rounded up."""
    numerator, denominator = bar.metre
    if bar.length == Fraction(4 * numerator, denominator):
        return bar.metre
    while (bar.length * denominator / 4).denominator > 1 and denominator < FINEST_DENOMINATOR:
        denominator *= 2
    while math.ceil(bar.length * denominator / 4) > LONGEST_NUMERATOR and denominator > 1:
        denominator //= 2
    return min(math.ceil(bar.length * denominator / 4), LONGEST_NUMERATOR), denominator


def _running_sum(lengths: Iterable[Fraction]) -> list[Fraction]:
    """Where each bar begins."""
    starts, place = [], Fraction(0)
    for length in lengths:
        starts.append(place)
        place += length
    return starts


def _played(part: SheetPart, order: list[int], starts: list[Fraction]) -> list[SheetNote]:
    """The notes of a part as they sound, counted from the beginning of the piece, with tied ones joined."""
    sounding: list[SheetNote] = []
    tied: dict[tuple[int, Fraction], int] = {}  # which note waits for one of its pitch that begins there
    for bar, start in zip(order, starts, strict=True):
        for note in sorted(part.bars[bar]):
            placed = note._replace(onset=start + note.onset)
            index = tied.pop((note.pitch, placed.onset), None)
            if index is None:
                index = len(sounding)
                sounding.append(placed)
            else:
                before = sounding[index]
                sounding[index] = before._replace(length=before.length + note.length)
            if note.tied:
                tied[note.pitch, placed.onset + note.length] = index
    return sounding


def _division(places: Iterable[Fraction]) -> int:
    """The fewest ticks a quarter on which all places are whole ticks."""
    needed = math.lcm(*{place.denominator for place in places})
    return next((division for division in DIVISIONS if division % needed == 0), DIVISIONS[-1])


def _ends(note: SheetNote) -> tuple[Fraction, Fraction]:
    return note.onset, note.onset + note.length


def _track(part: SheetPart, notes: list[SheetNote], division: int) -> Track:
    onsets = [round(note.onset * division) for note in notes]
    ends = [round((note.onset + note.length) * division) for note in notes]
    lengths = [max(end - onset, 1) for onset, end in zip(onsets, ends, strict=True)]
    columns = Notes.of(onsets, lengths, [note.pitch for note in notes], [note.velocity for note in notes])
    channel = DRUM_CHANNEL if part.is_drum else MELODIC_CHANNELS[0]
    return Track(columns, part.name, part.program, channel)


def _tempi(sheet: Sheet, order: list[int], starts: list[Fraction]) -> Iterator[tuple[Fraction, float | None]]:
    """The tempo at each barline (a jump goes back to that of its goal) and within bars."""
    at_barline: list[float | None] = []
    current: float | None = None
    for written in sheet.bars:
        at_barline.append(current)
        current = written.tempi[-1][1] if written.tempi else current
    for bar, start in zip(order, starts, strict=True):
        yield start, at_barline[bar]
        for place, tempo in sheet.bars[bar].tempi:
            yield start + place, tempo


def _changes(said: Iterable[tuple[Fraction, Said | None]]) -> Iterator[tuple[Fraction, Said]]:
    """Each statement that differs from the one before; of several at one place the last. None says nothing."""
    last_there = {place: what for place, what in said if what is not None}
    before: Said | None = None
    for place, what in sorted(last_there.items(), key=lambda item: item[0]):
        if what != before:
            yield place, what
        before = what
