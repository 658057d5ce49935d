"""What music a file holds: told by its first bytes, and only then by its name.

MIDI begins with `MThd`, or is wrapped in RIFF RMID. MusicXML is XML whose outermost element is a score; packed (`.mxl`)
it is a ZIP archive. ABC and kern are text: an ABC tune begins with a reference number, `X:1`, kern with `**kern` at the
head of its columns. By name alone go `.mid`, `.midi`, `.kar`, `.rmi`, `.mxl`, `.musicxml`, `.abc` and `.krn`; an `.xml`
file is music only if it begins like it.

Recordings are sound, in containers that can be read (WAV, FLAC, Ogg, MP3, AIFF and some rarer ones) or are well known
(M4A, WebM and others, which are refused by name). MP3 begins with a tag or with the header of its first frame.
"""

from __future__ import annotations

import os
import re
from typing import Literal

Kind = Literal["midi", "musicxml", "mxl", "abc", "kern", "audio"]

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
AUDIO_EXTENSIONS: tuple[str, ...] = (
    *(".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".aifc", ".caf", ".au", ".snd"),
    *(".m4a", ".mp4", ".aac", ".webm", ".weba", ".wma", ".amr", ".3gp"),
)
LOOKED_AT = 4096  # bytes at the beginning; MusicXML may open with a licence
UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
MUSICXML = re.compile(rb"<(?:\w+:)?score-(?:partwise|timewise)[\s>/]|<!DOCTYPE\s+score-(?:partwise|timewise)\b")
ABC = re.compile(rb"\A(?:\s|%[^\n\r]*[\n\r])*X:[ \t]*\d")
KERN = re.compile(rb"(?:\A|[\n\r])\*\*kern\b")
MUSICXML_ARCHIVE = re.compile(rb"application/vnd\.recordare\.musicxml|META-INF/container\.xml|\.musicxml")
PACKED = b"PK\x03\x04"
AUDIO_BEGINNINGS = (
    *(b"fLaC", b"OggS", b"ID3", b"caff\0", b".snd\0"),
    *(b"\x1aE\xdf\xa3", b"#!AMR", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),  # WebM, AMR, WMA
)
CHUNKED_AUDIO = {b"RIFF": (b"WAVE",), b"RF64": (b"WAVE",), b"FORM": (b"AIFF", b"AIFC")}


def kind_of(data: bytes, path: str | os.PathLike[str] | bytes = "") -> Kind | None:
    """The music in a file that begins with `data` (some kilobytes are enough); None where it looks like none."""
    return kind_by_content(data) or kind_by_name(path, data)


def kind_by_content(data: bytes) -> Kind | None:
    """What the first bytes say."""
    if data.startswith(b"MThd") or (data.startswith(b"RIFF") and data[8:12] == b"RMID"):
        return "midi"
    if is_sound(data):
        return "audio"
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
    ending = os.path.splitext(os.fsdecode(path))[1].lower()
    if ending in AUDIO_EXTENSIONS:
        return "audio"
    kind = EXTENSIONS.get(ending)
    return None if kind in ("abc", "kern") and b"\0" in data[:LOOKED_AT] else kind


def is_sound(data: bytes) -> bool:
    """Whether the first bytes are those of a recording."""
    chunked = data[8:12] in CHUNKED_AUDIO.get(data[:4], ())
    return chunked or data[4:8] == b"ftyp" or data.startswith(AUDIO_BEGINNINGS) or _is_mpeg_frame(data[:4])


def _is_mpeg_frame(header: bytes) -> bool:
    """Whether four bytes are the header of a frame of MPEG audio, layer III, or of AAC: twelve set bits (eleven in
    MPEG 2.5), and of the rest none that is reserved."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return False
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    bit_rate, rate = header[2] >> 4, header[2] >> 2 & 3
    if layer == 0:  # AAC has no layer
        return version & 2 == 2 and header[2] >> 2 & 15 < 13
    return layer == 1 and version != 1 and bit_rate not in (0, 15) and rate != 3
