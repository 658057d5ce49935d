"""From bytes to track chunks, trusting nothing.

A Standard MIDI File is a row of chunks: four letters, a length of four bytes, and that many bytes. First the header
chunk `MThd` with three numbers (format, number of tracks, division), then one `MTrk` chunk a track. Chunks of other
names are legal and are skipped.

About one file in seventy in the wild breaks these rules. What can be repaired without guessing at music is repaired
and named in a warning: a RIFF wrapper is taken off, junk before the header is skipped, lengths that run past the end of
the file are clamped, the declared number of tracks gives way to the number that is there. What cannot be trusted is
refused with a MidiError. Nothing here reserves memory by a number that the file states.

Format 2 (independent sequences one after the other) is read as if its tracks sounded together, with a warning, as
mido and symusic do. The division is explained in `timebase.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from symbolic_embed.errors import MidiError
from symbolic_embed.score.reading.timebase import TimeBase
from symbolic_embed.score.score import ScoreWarning

MAX_TRACKS = 65_535  # what the header's two bytes can say
MANY_TRACKS = 1_000
JUNK_BYTES = 256  # a MacBinary header has 128
HEADER_LENGTHS = range(6, 65)

OTHER_FORMATS = {
    b"PK\x03\x04": "a ZIP archive; unpack it first",
    b"\x1f\x8b": "gzip data; unpack it first",
    b"SMF2CLIP": "a MIDI 2.0 clip; export it as a Standard MIDI File",
    b"FORM": "an IFF file (XMI?); convert it to a Standard MIDI File",
    b"MUS\x1a": "a DOOM MUS file; convert it to a Standard MIDI File",
    b"ID3": "an MP3 recording",
    b"OggS": "an Ogg recording",
    b"fLaC": "a FLAC recording",
    b"%PDF": "a PDF document",
    b"<": "a page of HTML or XML, and not MusicXML",
}


@dataclass(frozen=True)
class Chunk:
    """The bytes of one track chunk without its head, and the byte of the file at which they begin."""

    body: bytes
    offset: int


@dataclass(frozen=True)
class MidiChunks:
    """A file cut into its track chunks, in their order. `format` is 0, 1 or 2 (others are read as 1)."""

    format: int
    timebase: TimeBase
    chunks: tuple[Chunk, ...]
    source: str
    warnings: tuple[ScoreWarning, ...] = field(default=(), compare=False)


def cut_chunks(data: bytes, *, source: str = "bytes") -> MidiChunks:
    """The track chunks of a MIDI file given as bytes, with a warning for each repair of the container.

    Raises MidiError where the bytes are not MIDI, the header cannot be right, or no track is there that was declared.
    """
    warnings: list[ScoreWarning] = []
    data, start = _unwrapped(data, source, warnings)
    start = _header_start(data, start, source, warnings)
    format_number, declared, timebase, position = _header(data, start, source)
    if timebase.is_clock:
        text = f"time is counted in frames, not beats ({timebase}); read at 120 quarters a minute, bars mean nothing"
        warnings.append(ScoreWarning("no-grid", text))
    chunks = _tracks(data, position, warnings)
    _check_tracks(format_number, declared, len(chunks), source, warnings)
    return MidiChunks(min(format_number, 1) if format_number != 2 else 2, timebase, chunks, source, tuple(warnings))


def _unwrapped(data: bytes, source: str, warnings: list[ScoreWarning]) -> tuple[bytes, int]:
    """The MIDI data inside a RIFF RMID wrapper, if there is one, and where it starts in `data`."""
    for magic, name in OTHER_FORMATS.items():
        if data.startswith(magic):
            raise MidiError(source, f"not MIDI: it looks like {name}")
    if not data.startswith(b"RIFF"):
        return data, 0
    if data[8:12] != b"RMID":
        raise MidiError(source, f"not MIDI: a RIFF file of kind {data[8:12]!r}, where RMID was needed")
    position = 12
    while data[position : position + 4] != b"data" and position + 8 <= len(data):
        length = int.from_bytes(data[position + 4 : position + 8], "little")
        position += 8 + length + length % 2
    start = position + 8
    if data[start : start + 4] == b"RIFF":
        raise MidiError(source, "a RIFF file inside a RIFF file; take the outer wrapper off")
    length = int.from_bytes(data[position + 4 : position + 8], "little")
    if start >= len(data):
        raise MidiError(source, f"a RIFF file of {len(data)} bytes without MIDI data in it; it may have been cut short")
    warnings.append(ScoreWarning("riff", f"byte 0: wrapped in RIFF RMID; the MIDI data begins at byte {start}"))
    if not 14 <= length <= len(data) - start:
        text = f"byte {start - 4}: the wrapper declares {length} bytes of MIDI data, {len(data) - start} are there"
        warnings.append(ScoreWarning("riff-length", text))
        length = len(data) - start
    return data[: start + length], start


def _header_start(data: bytes, start: int, source: str, warnings: list[ScoreWarning]) -> int:
    """Where `MThd` stands: at `start`, or after some junk."""
    if data.startswith(b"MThd", start):
        return start
    header = data.find(b"MThd", start, start + JUNK_BYTES + 4)
    if header < 0:
        begins = data[start : start + 4].hex(" ") or "nothing"
        raise MidiError(source, f"not MIDI: it begins with {begins}, a MIDI file with 4d 54 68 64 (MThd)")
    text = f"byte {start}: {header - start} bytes of something else before the MIDI header were skipped"
    warnings.append(ScoreWarning("junk-before-header", text))
    return header


def _header(data: bytes, start: int, source: str) -> tuple[int, int, TimeBase, int]:
    """Format, declared number of tracks, time base, and the byte after the header."""
    if len(data) < start + 14:
        raise MidiError(
            source, f"ends after {len(data) - start} bytes, a header has 14; it was cut short, copy it again"
        )
    length = int.from_bytes(data[start + 4 : start + 8], "big")
    if length not in HEADER_LENGTHS:
        raise MidiError(source, f"byte {start + 4}: a header length of {length}, where it is 6; the file is damaged")
    format_number, declared, word = (int.from_bytes(data[start + i : start + i + 2], "big") for i in (8, 10, 12))
    try:
        timebase = TimeBase.of(word)
    except ValueError as problem:
        raise MidiError(source, f"byte {start + 12}: {problem}") from None
    return format_number, declared, timebase, start + 8 + length


def _tracks(data: bytes, position: int, warnings: list[ScoreWarning]) -> tuple[Chunk, ...]:
    """The bodies of all track chunks from `position` on."""
    chunks: list[Chunk] = []
    while len(data) - position >= 8:
        name = data[position : position + 4]
        length = int.from_bytes(data[position + 4 : position + 8], "big")
        start = position + 8
        if name == b"MTrk":
            length = _track_length(data, start, length, len(chunks), warnings)
            chunks.append(Chunk(data[start : start + length], start))
        elif name == b"MThd":
            warnings.append(ScoreWarning("second-header", f"byte {position}: a second MIDI header was ignored"))
            if chunks:
                return tuple(chunks)
        elif position + 4 < len(data) and data[position : position + 5] == b"\0MTrk":
            warnings.append(ScoreWarning("pad-byte", f"byte {position}: a filling byte before a track was skipped"))
            position += 1
            continue
        elif not (name.isascii() and name.decode("ascii").isprintable()) or start + length > len(data):
            following = data.find(b"MTrk", position) if not name.isalnum() else -1
            if following < 0:
                break
            text = f"byte {position}: {following - position} bytes that belong to no chunk were skipped"
            warnings.append(ScoreWarning("junk", text))
            position = following
            continue
        position = start + length
    if position < len(data):
        text = f"byte {position}: {len(data) - position} bytes after the last whole chunk were ignored"
        warnings.append(ScoreWarning("trailing-junk", text))
    return tuple(chunks)


def _track_length(data: bytes, start: int, declared: int, index: int, warnings: list[ScoreWarning]) -> int:
    """How many bytes of a track chunk to take, where its declared length cannot be right."""
    present = len(data) - start
    length = min(declared, present)
    if declared == 0 and present and not data.startswith((b"MTrk", b"\0MTrk"), start):
        following = data.find(b"MTrk", start)  # a recorder that was switched off never wrote the length
        length = (following if following >= 0 else len(data)) - start
    if length != declared:
        text = f"chunk {index}, byte {start - 4}: declares {declared} bytes, {length} were taken of {present} present"
        warnings.append(ScoreWarning("chunk-length", text))
    return length


def _check_tracks(format_number: int, declared: int, present: int, source: str, warnings: list[ScoreWarning]) -> None:
    """Warns where the header and the chunks disagree; raises MidiError where nothing is left."""
    if declared and not present:
        raise MidiError(source, f"{declared} tracks declared and none there; the file was cut short, copy it again")
    if present > MAX_TRACKS:
        raise MidiError(source, f"{present:,} tracks, more than the {MAX_TRACKS:,} a file can declare; is it damaged?")
    if not present:
        warnings.append(ScoreWarning("no-tracks", "the file has no tracks"))
    elif present != declared:
        warnings.append(ScoreWarning("track-count", f"{declared} tracks declared, {present} found; all were read"))
    if format_number == 0 and present > 1:
        warnings.append(ScoreWarning("format", f"format 0 has one track, this file {present}; read as format 1"))
    elif format_number == 2:
        text = f"format 2: {present} sequences meant to be played one after the other were read as sounding together"
        warnings.append(ScoreWarning("format", text))
    elif format_number > 2:
        warnings.append(ScoreWarning("format", f"format {format_number} does not exist; read as format 1"))
    if present > MANY_TRACKS:
        warnings.append(ScoreWarning("many-tracks", f"{present:,} tracks; more than {MANY_TRACKS:,} is rarely music"))
