"""What stands over and before the notes, as elements of MusicXML: metre, key, clefs, tempo, rehearsal marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement

from symbolic_embed.notation.writing.staves import Clef
from symbolic_embed.notation.writing.values import UNITS, is_compound
from symbolic_embed.score.score import KeySignature, TimeSignature

NOTICED = 0.04  # tempi that differ by less are played, not printed: a ritardando is one mark, not fifty


def attributes(*, key: KeySignature | None, signature: TimeSignature | None, clefs: Sequence[Clef]) -> Element | None:
    """Key and metre, as far as they are new in a bar; in the first also the unit of time, staves and clefs."""
    element = Element("attributes")
    if clefs:
        SubElement(element, "divisions").text = str(UNITS)
    if key:
        said = SubElement(element, "key")
        SubElement(said, "fifths").text = str(key.sharps)
        SubElement(said, "mode").text = "minor" if key.minor else "major"
    if signature:
        said = SubElement(element, "time")
        SubElement(said, "beats").text = str(signature.numerator)
        SubElement(said, "beat-type").text = str(signature.denominator)
    if len(clefs) > 1:
        SubElement(element, "staves").text = str(len(clefs))
    for number, clef in enumerate(clefs, start=1):
        said = SubElement(element, "clef", {"number": str(number)} if len(clefs) > 1 else {})
        SubElement(said, "sign").text = clef.sign
        SubElement(said, "line").text = str(clef.line)
        if clef.octaves:
            SubElement(said, "clef-octave-change").text = str(clef.octaves)
    return element if len(element) else None


def tempo_marks(
    tempi: Iterable[tuple[int, float]], signature: TimeSignature, printed: float | None
) -> tuple[list[Element], float | None]:
    """The tempi of a bar, (place in units, quarters a minute), and the one that was printed last."""
    elements = []
    for place, tempo in tempi:
        if printed is not None and abs(tempo - printed) < NOTICED * printed:
            sound = Element("sound", tempo=f"{tempo:.9g}")
            if place:
                SubElement(sound, "offset").text = str(place)
            elements.append(sound)
            continue
        printed = tempo
        has_dot = is_compound(signature.numerator, signature.denominator) and signature.denominator == 8
        metronome = Element("metronome")
        SubElement(metronome, "beat-unit").text = "quarter"
        if has_dot:
            SubElement(metronome, "beat-unit-dot")
        SubElement(metronome, "per-minute").text = f"{round(tempo / (1.5 if has_dot else 1))}"
        elements.append(_direction(metronome, place, tempo=tempo))
    return elements, printed


def rehearsal_mark(text: str, place: int) -> Element:
    """A boxed text over the staff."""
    element = Element("rehearsal")
    element.text = text
    return _direction(element, place)


def _direction(what: Element, place: int, *, tempo: float | None = None) -> Element:
    direction = Element("direction", placement="above")
    SubElement(direction, "direction-type").append(what)
    if place:
        SubElement(direction, "offset", sound="yes").text = str(place)
    if tempo is not None:
        SubElement(direction, "sound", tempo=f"{tempo:.9g}")
    return direction
