"""Files into a library: what is new is read, embedded and kept; what is there already is left as it is.

    found --> unread --engine--> files read --new--> pieces --finish--> embedded --keep--> library

A file whose path, size and time of change are known is not opened. One that is new or changed is read by an engine
(`engines`); its content may be known nevertheless, under another name or from before, and is then not embedded again.
A file that cannot be opened now, but could before, stays as it was. Why a file was rejected that was read is kept as
well, and said again without reading it.

What has been done is committed every few seconds, so that whatever ends the work costs no more than these, and the same
call goes on from there.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from symbolic_embed.files.folders import Found
from symbolic_embed.library.features import Features
from symbolic_embed.library.reading import FileRead, Music, Unread, trusted
from symbolic_embed.library.stores.library import File, Library, Writer
from symbolic_embed.score import ScoreWarning
from symbolic_embed.workers import Lost

COMMIT_SECONDS = 10.0

State = Literal["embedded", "known", "unchanged", "rejected"]
Engine = Callable[[Iterable[Unread]], Iterator[tuple[Unread, FileRead | Lost]]]
Finish = Callable[[Iterator[Features]], Iterator[Features]]


@dataclass(frozen=True)
class Outcome:
    """What became of a file. state: embedded; known: its content is there under another name, or from before;
    unchanged: it was not opened; rejected, for a reason. Of what was read now: warnings, and how many notes and
    bars."""

    path: str
    state: State
    reason: str | None = None
    warnings: tuple[ScoreWarning, ...] = ()
    notes: int | None = None
    bars: int | None = None


def index(
    library: Library, found: Sequence[Found], engine: Engine, finish: Finish, told: Callable[[Outcome], object]
) -> None:
    """Adds files to a library, and tells what became of each. `engine` reads them, in order; `finish` embeds what is
    new, in order. Raises LibraryInUseError where something is new and somebody else is writing into it."""
    earlier = {file.path: file for file in library.files()}
    unread: list[Unread] = []
    for one in found:
        known = earlier.get(one.path)
        outcome = _left_alone(one, known)
        if outcome:
            told(outcome)
        else:
            unread.append(Unread(one.path, known.sha256 or None if known else None))
    if not unread:
        return
    with library.writing() as writer:
        work = _Indexing(writer, earlier, told)
        for piece in finish(work.new(engine(unread))):
            work.keep(piece)


class _Indexing:
    """The work on one library, while it is held."""

    def __init__(self, writer: Writer, earlier: Mapping[str, File], told: Callable[[Outcome], object]) -> None:
        self.writer, self.earlier, self.told = writer, earlier, told
        self._underway: dict[str, list[tuple[File, Music]]] = {}  # by hash: the files of a piece being embedded
        self._committed = time.monotonic()

    def new(self, answers: Iterable[tuple[Unread, FileRead | Lost]]) -> Iterator[Features]:
        """The pieces that are not there yet, each once; all else is kept and told of."""
        for file, read in answers:
            if isinstance(read, Lost):
                self._reject(file.path, read.reason, _as_it_lies(file.path))
            elif read.problem:
                self._reject(file.path, read.problem, _file(file.path, read) if read.sha256 else None)
            elif read.music is None:
                self._keep_as_it_was(_file(file.path, read))
            elif (number := self.writer.piece_of(read.sha256)) is not None:
                self._keep_known(replace(_file(file.path, read), piece=number), read.music)
            else:
                waiting = self._underway.setdefault(read.sha256, [])
                waiting.append((_file(file.path, read), read.music))
                if len(waiting) == 1:
                    yield read.music.features
            self._commit_now_and_then()

    def keep(self, piece: Features) -> None:
        """Keeps an embedded piece, and the files that it is from."""
        first, *others = self._underway.pop(piece.path)
        file, music = first
        number = self.writer.add_piece(file.sha256, replace(piece, path=""), music.facts)
        self.writer.put_file(replace(file, piece=number))
        self.told(_outcome(file, "embedded", music))
        for other, same in others:
            self._keep_known(replace(other, piece=number), same)
        self._commit_now_and_then()

    def _keep_known(self, file: File, music: Music) -> None:
        self.writer.put_file(file)
        self.told(_outcome(file, "known", music))

    def _keep_as_it_was(self, file: File) -> None:
        """A file that only its time has changed of."""
        known = self.earlier[file.path]
        self.writer.put_file(replace(known, size=file.size, changed_ns=file.changed_ns))
        self.told(Outcome(file.path, "rejected" if known.problem else "unchanged", known.problem))

    def _reject(self, path: str, reason: str, file: File | None = None) -> None:
        """Keeps why a file is rejected. What was not even opened is no `file` yet: it is looked at anew each time, and
        stays as it was where it was there before."""
        if file is not None:
            self.writer.put_file(replace(file, problem=reason))
        self.told(Outcome(path, "rejected", reason))

    def _commit_now_and_then(self) -> None:
        if time.monotonic() - self._committed > COMMIT_SECONDS:
            self.writer.commit()
            self._committed = time.monotonic()


def _left_alone(one: Found, known: File | None) -> Outcome | None:
    """What becomes of a file that is not opened; None for one that is to be read."""
    if one.problem:
        return Outcome(one.path, "rejected", one.problem)
    if known is None or not is_unchanged(known):
        return None
    return Outcome(one.path, "rejected" if known.problem else "unchanged", known.problem)


def is_unchanged(file: File) -> bool:
    """Whether a file of a library lies where it lay, as it was."""
    try:
        status = os.stat(file.path)
    except (OSError, ValueError):
        return False
    return (file.size, file.changed_ns) == (status.st_size, status.st_mtime_ns)


def _as_it_lies(path: str) -> File | None:
    """A file that nobody could read to its end."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return File(path, status.st_size, trusted(status.st_mtime_ns, seen_ns=time.time_ns()), "")


def _file(path: str, read: FileRead) -> File:
    return File(path, read.size, read.changed_ns, read.sha256)


def _outcome(file: File, state: State, music: Music) -> Outcome:
    return Outcome(file.path, state, None, music.warnings, music.notes, music.bars)
