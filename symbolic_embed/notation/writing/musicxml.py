"""MusicXML that a player can read, from a score in ticks.

    quantising   on which places notes are written          spelling   C sharp or D flat
    staves       under which clef, in which hand             values     which symbols there are, and where they part
    voices       which notes make a line                     beams      which short notes are joined
    pieces       lines as symbols, ties, tuplets, rests      layout     the bars of all that
    elements, signs   it as XML

It is written here and not by music21 (10.5): read by MuseScore, the sixteen samples have the same parts, bars, metres
and notes, where ten have that music21 wrote, and it takes a fifteenth of the time (`benchmarks/notation.py`). The bytes
depend on the music alone: no date, no random name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from symbolic_embed.bars import cut
from symbolic_embed.notation.writing.elements import StaffBar, instrument_id
from symbolic_embed.notation.writing.layout import LaidStaff, Layout, layout_of, staves_in
from symbolic_embed.notation.writing.pieces import pieces_of
from symbolic_embed.notation.writing.signs import attributes, rehearsal_mark, tempo_marks
from symbolic_embed.notation.writing.values import UNITS
from symbolic_embed.notation.writing.voices import MOST_VOICES
from symbolic_embed.score import EventList, Notes, Score, Track
from symbolic_embed.score.instruments import drum_name, instrument_name
from symbolic_embed.score.score import DRUM_CHANNEL
from symbolic_embed.score.writing.channels import MELODIC_CHANNELS

HEAD = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    b'"http://www.musicxml.org/dtds/partwise.dtd">\n'
)


def musicxml(music: EventList | Score, *, title: str = "") -> bytes:
    """A score as a MusicXML document (4.0, UTF-8). Raises MidiError where it has impossibly many bars."""
    score = music.score() if isinstance(music, EventList) else music
    barred = cut(score if score.tracks else replace(score, tracks=(Track(Notes.none()),)))  # paper has a staff at least
    layout = layout_of(barred)
    root = Element("score-partwise", version="4.0")
    if title:
        SubElement(SubElement(root, "work"), "work-title").text = title
    entries = SubElement(root, "part-list")
    for number, track in enumerate(barred.score.tracks):
        name = f"P{number + 1}"
        entries.append(_entry(track, name, MELODIC_CHANNELS[number % len(MELODIC_CHANNELS)]))
        part = SubElement(root, "part", id=name)
        staves = staves_in(barred, number, layout)
        part.extend(_measures(staves, layout, part=name, is_drum=track.is_drum))
        if number == 0:
            _mark(part, layout)
    ElementTree.indent(root)
    return HEAD + bytes(ElementTree.tostring(root, encoding="utf-8")) + b"\n"


def _entry(track: Track, name: str, channel: int) -> Element:
    """The entry of a part in the list of parts: its name and what plays it."""
    entry = Element("score-part", id=name)
    plays = instrument_name(track.program, is_drum=track.is_drum)
    SubElement(entry, "part-name").text = track.name or plays
    keys = sorted(set(track.notes.pitch.tolist())) if track.is_drum else []
    names = {instrument_id(name, key): drum_name(key) for key in keys} or {f"{name}-I1": plays}
    for identity, said in names.items():
        SubElement(SubElement(entry, "score-instrument", id=identity), "instrument-name").text = said
    for number, identity in enumerate(names):
        instrument = SubElement(entry, "midi-instrument", id=identity)
        SubElement(instrument, "midi-channel").text = str(1 + (DRUM_CHANNEL if track.is_drum else channel))
        SubElement(instrument, "midi-program").text = str(1 + (0 if track.is_drum else track.program))
        if track.is_drum:
            SubElement(instrument, "midi-unpitched").text = str(1 + keys[number])
    return entry


def _measures(staves: Sequence[LaidStaff], layout: Layout, *, part: str, is_drum: bool) -> Iterator[Element]:
    """A part, bar by bar."""
    before = None
    for index, (bar, heading) in enumerate(zip(layout.bars, layout.headings, strict=True)):
        measure = Element("measure", number=str(index + (not layout.has_pick_up)))
        if (bar.end - bar.start) * heading.signature.denominator != 4 * UNITS * heading.signature.numerator:
            measure.set("implicit", "yes")  # as long as it is, whatever the metre says
        is_new_key = before is None or (heading.key.sharps, heading.key.minor) != (before.key.sharps, before.key.minor)
        is_new_metre = before is None or str(heading.signature) != str(before.signature)
        said = attributes(
            key=heading.key if is_new_key and not is_drum else None,
            signature=heading.signature if is_new_metre else None,
            clefs=[staff.clef for staff in staves] if before is None else [],
        )
        measure.extend([said] if said is not None else [])
        measure.extend(_notes(staves, layout, index, part=part, is_drum=is_drum))
        if index == len(layout.bars) - 1:
            SubElement(SubElement(measure, "barline", location="right"), "bar-style").text = "light-heavy"
        before = heading
        yield measure


def _notes(staves: Sequence[LaidStaff], layout: Layout, index: int, *, part: str, is_drum: bool) -> Iterator[Element]:
    """The notes of a bar, voice after voice, each from the barline on."""
    bar, key = layout.bars[index], layout.headings[index].key
    length = bar.end - bar.start
    for number, staff in enumerate(staves):
        lines = {number * MOST_VOICES + voice: line for voice, line in enumerate(staff.bars[index], start=1) if line}
        pieces = {voice: pieces_of(line, bar, has_ties=not is_drum) for voice, line in lines.items()}
        of_several = number + 1 if len(staves) > 1 else None
        written = StaffBar(pieces, part, key.sharps, key.minor, of_several, is_drum)
        if number:
            yield _back(length)
        if 1 + number * MOST_VOICES not in lines:
            yield written.whole_bar_rest(length, voice=1 + number * MOST_VOICES)
            if lines:
                yield _back(length)
        for place, voice in enumerate(lines):
            if place:
                yield _back(length)
            yield from written.elements(bar.metre, voice=voice)


def _back(length: int) -> Element:
    backup = Element("backup")
    SubElement(backup, "duration").text = str(length)
    return backup


def _mark(part: Element, layout: Layout) -> None:
    """Writes tempi and rehearsal marks over the bars of a part, after their attributes."""
    printed = None
    for measure, heading in zip(part, layout.headings, strict=True):
        tempi, printed = tempo_marks(heading.tempi, heading.signature, printed)
        marks = [*tempi, *(rehearsal_mark(text, place) for place, text in heading.marks)]
        after = int(len(measure) > 0 and measure[0].tag == "attributes")
        for place, mark in enumerate(marks, start=after):
            measure.insert(place, mark)
