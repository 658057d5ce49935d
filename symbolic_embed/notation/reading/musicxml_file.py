"""MusicXML, made ready for music21.

What music21 (10.5) does not read is put so that it does:

- a drum part has an instrument for each drum, and each of its notes names one; music21 keeps the first. Its notes are
  given the pitch that is the drum's key on the drum channel;
- cue notes are printed for orientation and not played: rests;
- the programme of a part, which music21 guesses from its name where it looks like a piano's;
- rests over a whole pick-up, or a whole bar of one staff of several: it makes the first rest as long as a bar;
- scores that are written bar by bar instead of part by part (`score-timewise`);
- D.C. and D.S. said only for playback, or broken over lines; endings with numbers that no ending has.

All that is only print (lyrics, beams, layout, ornaments) is taken out: music21 cannot stumble over it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from symbolic_embed.errors import MidiError
from symbolic_embed.notation.drum_staff import key_at
from symbolic_embed.score.score import DRUM_CHANNEL

STEPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")

PRINTED = ("work", "identification", "defaults", "credit", "movement-title", "movement-number")
PRINTED_IN_BARS = ("print", "harmony", "figured-bass", "grouping", "link", "bookmark", "listening")
KEPT_IN_NOTES = frozenset(
    ("grace", "chord", "pitch", "unpitched", "rest", "duration", "tie", "voice", "type", "dot", "time-modification")
) | {"staff"}
KEPT_DIRECTIONS = frozenset(("metronome", "dynamics", "rehearsal", "segno", "coda"))
JUMPS = {"dacapo": "D.C.", "dalsegno": "D.S.", "fine": "Fine", "tocoda": "To Coda"}
"""What a `sound` element says of the order of playing, in the words that stand in scores."""


class PartFacts(NamedTuple):
    """What a file says of its parts and music21 does not keep, by their ids: programmes (from 0), and which are drums,
    whose pitches are keys of the drum channel. `cues`: how many cue notes were made rests."""

    programs: Mapping[str, int] = MappingProxyType({})
    drums: Collection[str] = frozenset()
    cues: int = 0


def prepare(root: Element, *, source: str) -> PartFacts:
    """Changes the document in place; what was found on the way. Raises MidiError where it is no MusicXML."""
    if root.tag == "score-timewise":
        _turn_partwise(root)
    if root.tag != "score-partwise":
        raise MidiError(source, f"XML of the kind {root.tag!r}, where score-partwise was needed; is it MusicXML?")
    for tag in PRINTED:
        for element in root.findall(tag):
            root.remove(element)
    instruments = {part.get("id", ""): _drum_keys(part) for part in root.findall("part-list/score-part")}
    programs = {part.get("id", ""): _program(part) for part in root.findall("part-list/score-part")}
    drums, cues = set(), 0
    for part in root.findall("part"):
        keys = instruments.get(part.get("id", ""), {})
        if part.find("measure/note/unpitched") is not None or _is_on_drum_channel(root, part.get("id", "")):
            drums.add(part.get("id", ""))
        for measure in part.findall("measure"):
            cues += sum(_prepare_note(measure, note, keys) for note in measure.findall("note"))
            if measure.get("implicit") == "yes" or len(measure.findall("note")) > 1:
                _keep_lengths(measure)
            _prepare_signs(measure, is_drum=part.get("id", "") in drums)
    return PartFacts({name: p for name, p in programs.items() if p is not None}, frozenset(drums), cues)


def _turn_partwise(root: Element) -> None:
    """A score that is written bar by bar, written part by part."""
    bars = root.findall("measure")
    parts: dict[str, Element] = {}
    for bar in bars:
        root.remove(bar)
        for inside in bar.findall("part"):
            name = inside.get("id", "")
            part = parts.setdefault(name, Element("part", {"id": name}))
            measure = SubElement(part, "measure", bar.attrib)
            measure.extend(list(inside))
    root.extend(parts.values())
    root.tag = "score-partwise"


def _program(part: Element) -> int | None:
    """The programme of a part, from 0; None where the file has none, or the first, which is what careless programs
    write for all."""
    number = _whole(part.findtext("midi-instrument/midi-program"))
    return number - 1 if number is not None and 2 <= number <= 128 else None


def _drum_keys(part: Element) -> dict[str, int]:
    """The key on the drum channel of each instrument of a part, by the instrument's id."""
    keys = {}
    for instrument in part.findall("midi-instrument"):
        number = _whole(instrument.findtext("midi-unpitched"))
        if number is not None and 1 <= number <= 128:
            keys[instrument.get("id", "")] = number - 1
    return keys


def _is_on_drum_channel(root: Element, name: str) -> bool:
    parts = [part for part in root.findall("part-list/score-part") if part.get("id") == name]
    channels = [_whole(part.findtext("midi-instrument/midi-channel")) for part in parts]
    return channels == [DRUM_CHANNEL + 1]


def _whole(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else None


def _prepare_note(measure: Element, note: Element, keys: dict[str, int]) -> bool:
    """Leaves of a note what sounds. Whether it was a cue note."""
    is_cue = note.find("cue") is not None
    if is_cue and note.find("chord") is not None:
        measure.remove(note)
        return True
    unpitched = note.find("unpitched")
    if unpitched is not None:
        _set_pitch(unpitched, _drum_key(note, keys))
    for element in list(note):
        if element.tag not in KEPT_IN_NOTES or (is_cue and element.tag in ("tie", "grace")):
            note.remove(element)
        elif is_cue and element.tag in ("pitch", "unpitched"):
            element.clear()
            element.tag = "rest"
    return is_cue


def _drum_key(note: Element, keys: dict[str, int]) -> int:
    """The key of the drum that a note strikes: that of its instrument, of the only one, or what stands there on a
    staff for drums."""
    instrument = note.find("instrument")
    named = keys.get(instrument.get("id", "")) if instrument is not None else None
    if named is not None or len(keys) == 1:
        return next(iter(keys.values())) if named is None else named
    step, octave = note.findtext("unpitched/display-step"), _whole(note.findtext("unpitched/display-octave"))
    is_cross = (note.findtext("notehead") or "").strip() in ("x", "cross", "circle-x")
    return key_at((step or "").strip(), octave or 0, is_cross=is_cross)


def _keep_lengths(measure: Element) -> None:
    """Lets rests over all of a pick-up, or beside other notes, last as long as the file says; music21 would make the
    first one of the measure a whole bar."""
    for rest in measure.findall("note/rest"):
        rest.attrib.pop("measure", None)


def _set_pitch(unpitched: Element, key: int) -> None:
    """A drum's note as the pitch that is its key."""
    unpitched.clear()
    unpitched.tag = "pitch"
    step = STEPS[key % 12]
    SubElement(unpitched, "step").text = step[0]
    if len(step) > 1:
        SubElement(unpitched, "alter").text = "1"
    SubElement(unpitched, "octave").text = str(key // 12 - 1)


def _prepare_signs(measure: Element, *, is_drum: bool) -> None:
    """Leaves of what is printed over and between the notes what is played."""
    for element in list(measure):
        if element.tag in PRINTED_IN_BARS:
            measure.remove(element)
        elif element.tag == "direction":
            _prepare_direction(element)
        elif element.tag == "sound" and _jumps(element):
            measure.insert(list(measure).index(element), _direction(*_jumps(element)))
        elif element.tag == "attributes" and is_drum:
            for transposition in element.findall("transpose"):
                element.remove(transposition)
    for ending in measure.findall("barline/ending"):
        numbers = re.findall(r"[1-9]\d?", ending.get("number", "")) or re.findall(r"[1-9]\d?", ending.text or "")
        ending.set("number", ",".join(numbers) or "1")
        ending.text = None


def _prepare_direction(direction: Element) -> None:
    """A direction without what is only print. Where it says a tempo for playback, that one holds."""
    sound = direction.find("sound")
    has_tempo = sound is not None and sound.get("tempo") is not None
    jumps = _jumps(sound) if sound is not None else []
    for kind in direction.findall("direction-type"):
        for element in list(kind):
            text = " ".join((element.text or "").split())
            if element.tag == "words" and not jumps and _is_about_order(text):
                element.text = text
            elif element.tag not in KEPT_DIRECTIONS or (element.tag == "metronome" and has_tempo):
                kind.remove(element)
    direction.extend(list(_direction(*jumps)))


def _is_about_order(text: str) -> bool:
    return re.match(r"(?i)(d\.? ?[cs]\b|da capo|dal segno|fine\b|to coda|al coda|coda\b|segno\b)", text) is not None


def _jumps(sound: Element) -> list[str]:
    """What a `sound` says of the order of playing, in words."""
    said = [words for name, words in JUMPS.items() if sound.get(name)]
    return [f"{said[0]} al Fine"] if said[:1] in (["D.C."], ["D.S."]) else said


def _direction(*texts: str) -> Element:
    direction = Element("direction")
    for text in texts:
        SubElement(SubElement(direction, "direction-type"), "words").text = text
    return direction
