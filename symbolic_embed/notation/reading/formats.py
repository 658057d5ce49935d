"""Each notation as sheet music.

MusicXML and kern are read by music21. Text is given to it as text (`parseData`): given a name, music21 would look for a
file or an address of that name; and `forceSource=True, storePickle=False` keep it from reading or writing a pickle.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from symbolic_embed.files.kinds import PACKED, UTF_16, Kind
from symbolic_embed.notation.reading.abc_file import abc_sheet
from symbolic_embed.notation.reading.musicxml_file import PartFacts, prepare
from symbolic_embed.notation.reading.sheet import Sheet
from symbolic_embed.notation.reading.streams import sheet_of_stream
from symbolic_embed.notation.reading.xml_file import parsed, unpacked

if TYPE_CHECKING:
    from symbolic_embed.notation.reading.streams import Music

MOST_UNPACKED = 64_000_000  # an opera of three hours has about 40 MB of MusicXML


def sheet_of(data: bytes, *, kind: Kind, source: str) -> Sheet:
    """The sheet in a file of any notation. Raises MidiError."""
    if kind == "abc":
        return abc_sheet(text_of(data), source=source)
    if kind == "kern":
        return sheet_of_stream(_music21(text_of(data), "humdrum"))
    if kind == "mxl" and data.startswith(PACKED):
        data = unpacked(data, source=source, most_bytes=MOST_UNPACKED)
    return sheet_of_stream(*musicxml_stream(data, source=source))


def text_of(data: bytes) -> str:
    """The text in a file of no stated alphabet: UTF-16 where it begins so, UTF-8 where it is that, else Latin-1."""
    if data.startswith(UTF_16[:2]):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def musicxml_stream(data: bytes, *, source: str) -> tuple[Music, PartFacts]:
    """What music21 makes of a MusicXML document, at sounding pitch, and what it does not keep."""
    root = parsed(data, source=source)
    facts = prepare(root, source=source)
    return _music21(ElementTree.tostring(root, encoding="unicode"), "musicxml"), facts


def _music21(text: str, format: str) -> Music:
    """What music21 reads in a text, at sounding pitch."""
    from music21 import converter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        music = converter.parseData(text, format=format, forceSource=True, storePickle=False)
        music.toSoundingPitch(inPlace=True)
    return music
