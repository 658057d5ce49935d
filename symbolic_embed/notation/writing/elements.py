"""Symbols as elements of MusicXML.

An accidental is written where a note differs from what holds for its line or space: the key, until another accidental
stood there in the same bar. How loud each note is stands beside it, for playing: 90 is a hundred per cent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element, SubElement

from symbolic_embed.notation.drum_staff import FEET, place_of
from symbolic_embed.notation.writing.beams import beams_of
from symbolic_embed.notation.writing.pieces import Piece
from symbolic_embed.notation.writing.spelling import LETTERS, Spelling, spelled
from symbolic_embed.notation.writing.values import Metre

ACCIDENTALS = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}
FULL_VELOCITY = 90
STEMLESS = ("whole", "breve")


@dataclass(frozen=True)
class StaffBar:
    """One staff in one bar: the symbols of its voices (by the voice's number), its part, its number where the part has
    several, and its key."""

    voices: Mapping[int, Sequence[Piece]]
    part: str
    sharps: int
    is_minor: bool = False
    number: int | None = None
    is_drum: bool = False

    def elements(self, metre: Metre, *, voice: int) -> Iterator[Element]:
        """A voice. Of all voices but the first the rests are not printed."""
        pieces = self.voices[voice]
        beams, ends = beams_of(pieces, metre), _tuplet_ends(pieces)
        for piece, beam, end in zip(pieces, beams, ends, strict=True):
            if piece.chord is None and piece.tuplet is None and voice % 4 != 1:
                yield _filled(Element("forward"), {"duration": _length(piece)})
                continue
            for head in range(len(piece.chord.pitches) if piece.chord else 1):
                note = Element("note")
                self._sound(note, piece, head)
                self._look(note, piece, head, voice=voice)
                for level, what in enumerate(beam if head == 0 else (), start=1):
                    SubElement(note, "beam", number=str(level)).text = what
                _notate(note, piece, end if head == 0 else ())
                yield note

    def whole_bar_rest(self, length: int, *, voice: int) -> Element:
        """A rest for the whole bar, whatever its length."""
        note = Element("note")
        SubElement(note, "rest", measure="yes")
        return _filled(note, {"duration": length, "voice": voice, "staff": self.number})

    def _sound(self, note: Element, piece: Piece, head: int) -> None:
        """What sounds, and for how long."""
        if piece.chord is None:
            SubElement(note, "rest")
        else:
            note.set("dynamics", f"{100 * piece.chord.velocities[head] / FULL_VELOCITY:.2f}")
            if head:
                SubElement(note, "chord")
            if self.is_drum:
                place = place_of(piece.chord.pitches[head])
                shown = {"display-step": place.step, "display-octave": place.octave}
                _filled(SubElement(note, "unpitched"), shown)
            else:
                step, alter, octave = self._spelled(piece, head)
                _filled(SubElement(note, "pitch"), {"step": step, "alter": alter or None, "octave": octave})
        _filled(note, {"duration": _length(piece)})
        for is_tied, kind in ((piece.is_tied_from, "stop"), (piece.is_tied_on, "start")):
            if is_tied:
                SubElement(note, "tie", type=kind)
        if piece.chord and self.is_drum:
            SubElement(note, "instrument", id=instrument_id(self.part, piece.chord.pitches[head]))

    def _look(self, note: Element, piece: Piece, head: int, *, voice: int) -> None:
        """How it is printed."""
        _filled(note, {"voice": voice})
        if piece.symbol:
            _filled(note, {"type": piece.symbol.type})
            for _ in range(piece.symbol.dots):
                SubElement(note, "dot")
        if piece.chord and not self.is_drum:
            _filled(note, {"accidental": self._accidentals.get((voice, piece.span.start, head))})
        if piece.tuplet:
            ratio = {"actual-notes": piece.tuplet.actual, "normal-notes": piece.tuplet.normal}
            _filled(SubElement(note, "time-modification"), ratio)
        if piece.chord and self.is_drum:
            key = piece.chord.pitches[head]
            stem = None if piece.symbol and piece.symbol.type in STEMLESS else "down" if key in FEET else "up"
            notehead = place_of(key).head
            _filled(note, {"stem": stem, "notehead": None if notehead == "normal" else notehead})
        _filled(note, {"staff": self.number})

    def _spelled(self, piece: Piece, head: int) -> Spelling:
        pitch = piece.chord.pitches[head] if piece.chord else 0
        return spelled(pitch, sharps=self.sharps, is_minor=self.is_minor)

    @cached_property
    def _accidentals(self) -> dict[tuple[int, int, int], str]:
        """The accidentals that have to be printed, by voice, place and number of the note in its chord."""
        heads = sorted(
            (piece.span.start, voice, head, self._spelled(piece, head), piece.is_tied_from)
            for voice, pieces in self.voices.items()
            for piece in pieces
            if piece.chord
            for head in range(len(piece.chord.pitches))
        )
        printed: dict[tuple[int, int, int], str] = {}
        in_force: dict[tuple[str, int], int] = {}
        for place, voice, head, (step, alter, octave), is_tied_from in heads:
            if in_force.get((step, octave), key_alteration(step, self.sharps)) != alter and not is_tied_from:
                printed[voice, place, head] = ACCIDENTALS[alter]
                in_force[step, octave] = alter
        return printed


def key_alteration(step: str, sharps: int) -> int:
    """By how much a key signature raises a letter."""
    place = LETTERS.index(step)
    return int(place < sharps) - int(place >= 7 + sharps)


def instrument_id(part: str, key: int) -> str:
    """The name within the file of a drum of a part."""
    return f"{part}-I{key + 1}"


def _notate(note: Element, piece: Piece, tuplet_ends: Sequence[str]) -> None:
    """What MusicXML calls notations: ties and tuplets as they are drawn."""
    ties = [kind for is_tied, kind in ((piece.is_tied_from, "stop"), (piece.is_tied_on, "start")) if is_tied]
    if not (ties or tuplet_ends):
        return
    notations = SubElement(note, "notations")
    for kind in ties:
        SubElement(notations, "tied", type=kind)
    for kind in tuplet_ends:
        SubElement(notations, "tuplet", type=kind, number="1")


def _tuplet_ends(pieces: Sequence[Piece]) -> list[tuple[str, ...]]:
    """Whether a tuplet starts or stops with each piece."""
    ends = []
    for index, piece in enumerate(pieces):
        begins = piece.tuplet is not None and (index == 0 or pieces[index - 1].tuplet != piece.tuplet)
        stops = piece.tuplet is not None and (index + 1 == len(pieces) or pieces[index + 1].tuplet != piece.tuplet)
        ends.append(tuple(kind for is_so, kind in ((begins, "start"), (stops, "stop")) if is_so))
    return ends


def _length(piece: Piece) -> int:
    return piece.span.end - piece.span.start


def _filled(element: Element, texts: Mapping[str, object]) -> Element:
    """The element with a child for each text that is not None."""
    for tag, text in texts.items():
        if text is not None:
            SubElement(element, tag).text = str(text)
    return element
