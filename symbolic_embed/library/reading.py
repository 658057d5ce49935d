"""What a worker does with a file: reads it, hashes it, cuts it into bars, and notes what its notes say by themselves.

It must be told apart from a change of its content whether only its name or its time is new. So it is known by the hash
of its bytes; and a file that was changed so shortly before it was read that the same time might be given to another
change (some file systems count in steps of two seconds), or while it was read, is not trusted by its time: `changed_ns`
is then UNTRUSTED, and whoever looks again has it hashed.
"""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass, replace

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.errors import InputError, NoNotesError
from symbolic_embed.library.facts import facts_of
from symbolic_embed.library.features import Features, Kind, Needs
from symbolic_embed.library.stores.library import Facts
from symbolic_embed.library.unembedded import unembedded
from symbolic_embed.notation import read_bytes
from symbolic_embed.score import MAX_BYTES, ScoreWarning, file_bytes

UNTRUSTED = -1
GRAIN_NS = 2_000_000_000  # of the clock of FAT


@dataclass(frozen=True)
class Manner:
    """How files are read, and what is noted of them."""

    kinds: frozenset[Kind]
    join_channels: bool = False
    max_bytes: int = MAX_BYTES


@dataclass(frozen=True)
class Unread:
    """A file to be read. sha256: the hash that it had; where it has it still, no more is done."""

    path: str
    sha256: str | None = None


@dataclass(frozen=True)
class Music:
    """What is in a file. features: with its hash in place of the path; facts: as a library keeps them."""

    features: Features
    facts: Facts
    warnings: tuple[ScoreWarning, ...]
    notes: int
    bars: int


@dataclass(frozen=True)
class FileRead:
    """A file that was read. size: bytes; changed_ns: time of its last change, or UNTRUSTED; sha256: of its bytes, empty
    where it cannot be opened. problem: why it holds nothing. Neither problem nor music: it is as it was."""

    size: int
    changed_ns: int
    sha256: str
    problem: str | None = None
    music: Music | None = None


def trusted(changed_ns: int, *, seen_ns: int) -> int:
    """The time of a file's last change, or UNTRUSTED where it was seen so soon that another may have the same."""
    return changed_ns if changed_ns < seen_ns - GRAIN_NS else UNTRUSTED


def file_read(file: Unread, *, manner: Manner) -> FileRead:
    """One file, read."""
    now = time.time_ns()
    try:
        before = os.stat(file.path)
        data = file_bytes(file.path, max_bytes=manner.max_bytes)
        after = os.stat(file.path)
    except InputError as error:
        return FileRead(0, UNTRUSTED, "", error.reason)
    except (OSError, ValueError) as refusal:
        reason = (getattr(refusal, "strerror", None) or str(refusal)).lower()
        return FileRead(0, UNTRUSTED, "", f"cannot be opened: {reason}; is the path right?")
    is_one = (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, len(data))
    changed_ns = trusted(after.st_mtime_ns, seen_ns=now) if is_one else UNTRUSTED
    seen = FileRead(len(data), changed_ns, hashlib.sha256(data).hexdigest())
    if seen.sha256 == file.sha256:
        return seen
    try:
        score = read_bytes(data, source=file.path, join_channels=manner.join_channels)
        if not score.note_count:
            raise NoNotesError(file.path)
        return replace(seen, music=_music(cut(score), seen.sha256, manner))
    except InputError as error:
        return replace(seen, problem=error.reason)


def _music(barred: BarredScore, sha256: str, manner: Manner) -> Music:
    facts = {field: tuple(count()) for field, count in facts_of("", barred).items() if field != "path"}
    features = unembedded(sha256, barred, Needs(manner.kinds))
    return Music(features, facts, tuple(barred.score.warnings), barred.score.note_count, barred.bars)
