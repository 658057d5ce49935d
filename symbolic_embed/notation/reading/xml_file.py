"""XML that nobody should trust, and the ZIP archive it may lie in.

MusicXML comes bare or packed: then `META-INF/container.xml` in the archive names the score. Nothing is unpacked beyond
a size, whatever the archive says of itself; no entity is expanded or fetched (a document that declares one is refused:
a few lines of them can be gigabytes); and elements lie inside each other only so deep.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers import expat

from symbolic_embed.errors import MidiError

DEEPEST = 40  # elements inside each other; a score has under ten
CONTAINER = "META-INF/container.xml"


def unpacked(data: bytes, *, source: str, most_bytes: int) -> bytes:
    """The score in a `.mxl` archive. Nothing larger than `most_bytes` is ever unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            name = _rootfile(archive, source=source, most_bytes=most_bytes)
            return _member(archive, name, source=source, most_bytes=most_bytes)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError, NotImplementedError, ValueError) as fault:
        raise MidiError(source, f"a .mxl archive that cannot be unpacked ({fault}); is it damaged?") from None


def _rootfile(archive: zipfile.ZipFile, *, source: str, most_bytes: int) -> str:
    """The name of the score in the archive: what the container says, else the first that looks like one."""
    names = archive.namelist()
    if CONTAINER in names:
        container = parsed(_member(archive, CONTAINER, source=source, most_bytes=most_bytes), source=source)
        for element in container.iter():
            path = element.get("full-path", "")
            if element.tag == "rootfile" and path in names and not path.endswith((".pdf", ".png", ".jpg")):
                return path
    scores = [name for name in names if name.lower().endswith((".musicxml", ".xml")) and "META-INF" not in name]
    if not scores:
        raise MidiError(source, f"a ZIP archive without a score in it ({len(names)} files); unpack it, name the music")
    return scores[0]


def _member(archive: zipfile.ZipFile, name: str, *, source: str, most_bytes: int) -> bytes:
    with archive.open(name) as file:  # what the archive says of sizes may be a lie
        data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise MidiError(source, f"unpacks to more than the {most_bytes:,} bytes that are read; is it music?")
    return data


def parsed(data: bytes, *, source: str) -> Element:
    """The root of an XML document. Raises MidiError where it is none, or declares an entity, or is nested without
    end."""
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    depth = 0

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise MidiError(source, f"more than {DEEPEST} XML elements inside each other; a score has under ten")
        builder.start(tag.rpartition("}")[2], {name: value for name, value in attributes.items() if "}" not in name})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag.rpartition("}")[2])

    def refuse(*_: object) -> None:
        raise MidiError(source, "its XML declares entities, which no score needs; export it again")

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
        return builder.close()
    except (expat.ExpatError, ValueError, LookupError, AssertionError) as fault:
        if getattr(fault, "code", None) == expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]:
            raise MemoryError from None
        raise MidiError(source, f"not XML that can be read ({fault}); it may have been cut short") from None
