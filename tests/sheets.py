"""Sheet music by hand, for tests: MusicXML from notes, and what is in a document that was written."""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree

from symbolic_embed.notation.reading.sheet import RepeatSigns, Sheet, SheetBar, SheetNote, SheetPart

QUARTERS = {"C": 60, "D": 62, "E": 64, "F": 65, "G": 67, "A": 69, "B": 71, "c": 72}
FOUR_FOUR = "<divisions>2</divisions><time><beats>4</beats><beat-type>4</beat-type></time>"


def note(step: str = "C", duration: int = 2, *, octave: int = 4, more: str = "", first: str = "") -> str:
    """A note element; a quarter has two divisions."""
    pitch = f"<pitch><step>{step}</step><octave>{octave}</octave></pitch>"
    return f"<note>{first}{pitch}<duration>{duration}</duration>{more}</note>"


def measure(content: str, *, attributes: str = "", **named: str) -> str:
    said = "".join(f' {name}="{value}"' for name, value in named.items())
    return f"<measure{said}>{f'<attributes>{attributes}</attributes>' if attributes else ''}{content}</measure>"


def score(*parts: str, entries: str = "") -> bytes:
    """A score-partwise; each part is its measures."""
    listed = entries or "".join(
        f'<score-part id="P{number}"><part-name>Part {number}</part-name></score-part>'
        for number in range(1, len(parts) + 1)
    )
    bodies = "".join(f'<part id="P{number}">{part}</part>' for number, part in enumerate(parts, start=1))
    return f'<score-partwise version="4.0"><part-list>{listed}</part-list>{bodies}</score-partwise>'.encode()


def tune(text: str, *, head: str = "M:4/4\nL:1/4\n", key: str = "C") -> str:
    """An ABC tune of this music."""
    return f"X:1\n{head}K:{key}\n{text}\n"


def sheet(*bars: str, signs: dict[int, RepeatSigns] | None = None, metre: tuple[int, int] = (4, 4)) -> Sheet:
    """A part in quarters; each bar is a word of letters, and as long as it has letters."""
    return Sheet(
        tuple(
            SheetBar(Fraction(len(bar)), metre, repeats=(signs or {}).get(number, RepeatSigns()))
            for number, bar in enumerate(bars)
        ),
        (SheetPart(tuple(tuple(quarters(bar)) for bar in bars)),),
    )


def quarters(letters: str) -> list[SheetNote]:
    return [SheetNote(Fraction(place), Fraction(1), QUARTERS[letter]) for place, letter in enumerate(letters)]


def notes_of(sheet: Sheet, part: int = 0) -> list[list[tuple]]:
    """The notes of a part, bar by bar, as (place, length, pitch)."""
    return [sorted((one.onset, one.length, one.pitch) for one in bar) for bar in sheet.parts[part].bars]


def document(data: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(data)


def symbols(data: bytes, *, part: int = 0) -> list[list[str]]:
    """What stands in each bar of a part that was written: `C4 quarter`, `rest half`, `+` before a note of a chord, `~`
    after one that is tied on, `.` for a dot, `3` for a tuplet, `|` between voices."""
    found = []
    for bar in document(data).findall("part")[part].findall("measure"):
        said = []
        for element in bar:
            if element.tag == "backup":
                said.append("|")
            elif element.tag == "note":
                said.append(_symbol(element))
        found.append(said)
    return found


def _symbol(note: ElementTree.Element) -> str:
    pitch = note.find("pitch")
    if note.find("unpitched") is not None:
        name = f"{note.findtext('unpitched/display-step')}{note.findtext('unpitched/display-octave')}"
    elif pitch is None:
        name = "rest"
    else:
        alter = {"1": "#", "-1": "b", "2": "##", "-2": "bb"}.get(pitch.findtext("alter") or "", "")
        name = f"{pitch.findtext('step')}{alter}{pitch.findtext('octave')}"
    kind = note.findtext("type") or ("bar" if note.find("rest[@measure]") is not None else "?")
    dots = "." * len(note.findall("dot"))
    ratio = note.findtext("time-modification/actual-notes") or ""
    tie = "~" if note.find("tie[@type='start']") is not None else ""
    return f"{'+' if note.find('chord') is not None else ''}{name} {kind}{dots}{' ' + ratio if ratio else ''}{tie}"
