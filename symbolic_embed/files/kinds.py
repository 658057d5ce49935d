"""What music a file holds: told by its first bytes, and only then by its name.

MIDI begins with `MThd`, or is wrapped in RIFF RMID. MusicXML is XML whose outermost element is a score; packed (`.mxl`)
it is a ZIP archive. ABC and kern are text: an ABC tune begins with a reference number, `X:1`, kern with `**kern` at the
head of its columns. By name alone go `.mid`, `.midi`, `.kar`, `.rmi`, `.mxl`, `.musicxml`, `.abc` and `.krn`; an `.xml`
file is music only if it begins like it.
"""

from __future__ import annotations

import os
import re
from typing import Literal

Kind = Literal["midi", "musicxml", "mxl", "abc", "kern"]

EXTENSIONS: dict[str, Kind] = {
    ".mid": "midi",
    ".midi": "midi",
    ".kar": "midi",
    ".rmi": "midi",
    ".musicxml": "musicxml",
    ".mxl": "mxl",
    ".abc": "abc",
    ".krn": "kern",
}
LOOKED_AT = 4096  # bytes at the beginning; MusicXML may open with a licence
UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
MUSICXML = re.compile(rb"<(?:\w+:)?score-(?:partwise|timewise)[\s>/]|<!DOCTYPE\s+score-(?:partwise|timewise)\b")
ABC = re.compile(rb"\A(?:\s|%[^\n\r]*[\n\r])*X:[ \t]*\d")
KERN = re.compile(rb"(?:\A|[\n\r])\*\*kern\b")
MUSICXML_ARCHIVE = re.compile(rb"application/vnd\.recordare\.musicxml|META-INF/container\.xml|\.musicxml")
PACKED = b"PK\x03\x04"


def kind_of(data: bytes, path: str | os.PathLike[str] | bytes = "") -> Kind | None:
    """The music in a file that begins with `data` (some kilobytes are enough); None where it looks like none."""
    return kind_by_content(data) or kind_by_name(path, data)


def kind_by_content(data: bytes) -> Kind | None:
    """What the first bytes say."""
    if data.startswith(b"MThd") or (data.startswith(b"RIFF") and data[8:12] == b"RMID"):
        return "midi"
    begin = data[:LOOKED_AT]
    if begin.startswith(PACKED):
        return "mxl" if MUSICXML_ARCHIVE.search(begin) and b"application/epub" not in begin else None
    if begin.startswith(UTF_16):
        begin = begin.replace(b"\0", b"")
    if MUSICXML.search(begin):
        return "musicxml"
    if KERN.search(begin):
        return "kern"
    return "abc" if ABC.match(begin.removeprefix(b"\xef\xbb\xbf")) else None


def kind_by_name(path: str | os.PathLike[str] | bytes, data: bytes = b"") -> Kind | None:
    """What the ending of the name says, unless the first bytes cannot be that: ABC and kern are text."""
    kind = EXTENSIONS.get(os.path.splitext(os.fsdecode(path))[1].lower())
    return None if kind in ("abc", "kern") and b"\0" in data[:LOOKED_AT] else kind
