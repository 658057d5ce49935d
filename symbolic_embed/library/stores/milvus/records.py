"""Everything of a library but its rows is records of one collection, told apart by what they are of:

    state    one: what the library is, and its last commit; what its text says of commits decides what others see
    lease    one: who writes
    file     a file, by the hash of its path; key: its number, in the order in which paths first came
    piece    a piece, by the hash of its file; key: its number; where its content is text, its facts and sections
    chunk    a stretch of a section of a piece, as base64; key: the piece; part: which stretch

A record is seen from the commit on in which it was `born`, until that in which it `died`. Nothing is changed but by
such commits, so that a writer that breaks off has changed nothing.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

FOREVER = 1 << 62
LONGEST = 48_000  # bytes of a chunk; a field holds 65,535 letters, of which base64 needs four for three
STATE, LEASE, FILE, PIECE, CHUNK = "state", "lease", "file", "piece", "chunk"


@dataclass(frozen=True)
class Record:
    """A row of the collection of records; see the head of this file."""

    id: str
    sort: str
    key: int
    name: str
    part: int
    born: int
    died: int
    content: str

    @property
    def said(self) -> Any:
        """What its content says, where it is JSON."""
        return json.loads(self.content)

    @property
    def row(self) -> dict[str, Any]:
        """As the server takes it; a collection must have vectors."""
        return {**asdict(self), "vector": [0.0, 0.0]}


NAMES = tuple(Record.__annotations__)


def only(sort: str, content: Any) -> Record:
    """The one record of a sort, which is overwritten."""
    return Record(sort, sort, 0, "", 0, 0, FOREVER, json.dumps(content))


def chunks_of(piece: int, section: str, content: bytes, *, born: int) -> Iterator[Record]:
    """A section of a piece as records."""
    for part, begin in enumerate(range(0, max(len(content), 1), LONGEST)):
        text = base64.b64encode(content[begin : begin + LONGEST]).decode("ascii")
        yield Record(f"{CHUNK}.{piece}.{section}.{part}", CHUNK, piece, section, part, born, FOREVER, text)


def section_again(chunks: list[Record]) -> bytes:
    """What `chunks_of` made records of, in any order."""
    return b"".join(base64.b64decode(one.content) for one in sorted(chunks, key=lambda one: one.part))
