"""What comes in: files, folders, lists of names, stdin; each read once, and each accounted for (`account`).

A bad file never stops a batch: it is named on stderr, and the others are worked on.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from symbolic_embed.bars import BarredScore, cut, with_roles
from symbolic_embed.commands.shared.account import Account, Verdict
from symbolic_embed.commands.shared.piped import stdin_bytes
from symbolic_embed.errors import InputError, MidiError, NoNotesError, SymbolicEmbedError, UsageError, printable
from symbolic_embed.files import NOTHING_IN_USE, InUse
from symbolic_embed.files.folders import Found, find_midi
from symbolic_embed.files.identity import StrPath
from symbolic_embed.library.facts import facts_of
from symbolic_embed.notation import parse, read_bytes
from symbolic_embed.progress import Progress
from symbolic_embed.requests.roles import Roles
from symbolic_embed.requests.where import Where
from symbolic_embed.score import MAX_BYTES, EventList, Score, file_bytes

if TYPE_CHECKING:
    from symbolic_embed.library.stores.pieces_file import Told

STDIN = "-"
REJECTED = 3  # the exit code of a command that rejected some inputs

One = TypeVar("One")


def gathered(paths: Sequence[str] | None, *, names_from: str | None, recordings: bool | None = False) -> list[Found]:
    """All files that the user named, walked into and sorted by path, each once; recordings as `walked` has it.

    Raises UsageError where nothing was named, SymbolicEmbedError where what was named holds no MIDI.
    """
    return walked(all_named(paths, names_from=names_from), recordings=recordings)


def all_named(paths: Sequence[str] | None, *, names_from: str | None) -> list[str]:
    """The files and folders that the user named. Raises UsageError where there are none."""
    only_one_stdin(*(paths or []), names_from=names_from)
    named = [*(paths or []), *(_listed(names_from) if names_from else [])]
    if not named:
        raise UsageError("no files or folders were named; name some, or give a list with --files-from")
    only_one_stdin(*named, names_from=names_from)
    return named


def walked(named: Sequence[str], *, recordings: bool | None = False) -> list[Found]:
    """All files that are named or lie in folders that are, sorted by path, each once. In folders recordings are found
    too (`recordings`), or, where that is None, if there is nothing else. Raises SymbolicEmbedError where there is no
    music."""
    names = [name for name in named if name != STDIN]
    found = {one.path: one for one in find_midi(names, recordings=bool(recordings))}
    if not found and recordings is None:
        found = {one.path: one for one in find_midi(names, recordings=True)}
    if STDIN in named:
        found[STDIN] = Found(STDIN)
    if not found:
        raise SymbolicEmbedError(f"{', '.join(map(printable, named))}: no MIDI files (0 found, 1 needed)")
    return [found[path] for path in sorted(found)]


def only_one_stdin(*named: str, names_from: str | None = None) -> None:
    """Raises UsageError where stdin would have to be two things at once."""
    if [*named, names_from].count(STDIN) > 1:
        raise UsageError("stdin (-) can be one file, or the list of files; give the others by name")


def in_use(found: Iterable[Found], *others: StrPath | None) -> InUse:
    """What a command reads, and its results must not replace: the files that were found, and others that were named."""
    named = [*(one.path for one in found), *(os.fspath(other) for other in others if other is not None)]
    return InUse(path for path in named if path != STDIN)


class Intake:
    """Reads the inputs of one command and keeps account of them. A context: at its end the account is closed."""

    def __init__(
        self,
        progress: Progress,
        *,
        report: str | None = None,
        needs_notes: bool = True,
        is_quiet: bool = False,
        max_bytes: int = MAX_BYTES,
        join_channels: bool = False,
        in_use: InUse = NOTHING_IN_USE,
    ) -> None:
        self.progress, self.needs_notes, self.max_bytes = progress, needs_notes, max_bytes
        self.join_channels = join_channels
        self.accepted = 0
        self.piped: BarredScore | None = None  # what came through stdin, and cannot be read again
        self._left_out: Counter[str] = Counter()  # of files that were found, by reason
        self.account = Account(progress, report=report, is_quiet=is_quiet, in_use=in_use)

    def __enter__(self) -> Intake:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.account.close()

    def piece(self, path: str, *, roles: Roles = (), data: bytes | None = None) -> BarredScore:
        """One file, read and cut into bars, its tracks in `roles`; `data`: its bytes, where they are known. Raises
        InputError, once it is accounted for, and UsageError for a track that it does not have."""
        barred = self._accounted(path, lambda: with_roles(self._read(path, data), roles))
        if path == STDIN:
            self.piped = barred
        return barred

    def data(self, path: str) -> bytes:
        """The bytes of a file. Raises InputError, once it is accounted for."""
        try:
            return self._bytes(path)
        except MidiError as error:
            self.account.enter(Verdict.rejected(path, error.reason))
            raise

    def known(self, path: str, told: Told) -> None:
        """A file that need not be read, since it is known what reading it tells."""
        verdict = Verdict.of(path, told.warnings, notes=told.notes, bars=told.bars)
        self.account.enter(verdict, told.warnings)

    def leave_out(self) -> None:
        """The file that was read last is not meant."""
        self.accepted -= 1
        self._left_out["`where`"] += 1

    def events(self, path: str) -> tuple[EventList, BarredScore]:
        """One file with everything it says, and cut into bars. Raises as `piece` does."""
        found: list[EventList] = []

        def scored() -> Score:
            found.append(self._events(path))
            return found[0].score()

        barred = self._accounted(path, scored)
        return found[0], barred

    def _accounted(self, path: str, scored: Callable[[], Score]) -> BarredScore:
        try:
            barred = cut(scored())
            if self.needs_notes and not barred.score.note_count:
                self.account.enter(Verdict(path, "rejected", NoNotesError(path).reason, (), 0, 0))
                raise NoNotesError(path)
        except MidiError as error:
            self.account.enter(Verdict.rejected(path, error.reason))
            raise
        self.account.enter(Verdict.taken(path, barred.score, bars=barred.bars), barred.score.warnings)
        return barred

    def pieces(
        self, found: Sequence[Found], *, doing: str, roles: Roles = (), where: Where | None = None
    ) -> Iterator[tuple[str, BarredScore]]:
        """All files that can be read, have notes, and are meant, with their paths; who is rejected is named on
        stderr."""
        for path, barred in self.each(found, partial(self.piece, roles=roles), doing=doing):
            if where is None or where.holds(facts_of(path, barred)):
                yield path, barred
            else:
                self.leave_out()

    def event_lists(self, found: Sequence[Found], *, doing: str) -> Iterator[tuple[str, EventList]]:
        """The same, with everything the files say."""
        return self.each(found, lambda path: self.events(path)[0], doing=doing)

    def each(self, found: Sequence[Found], one_of: Callable[[str], One], *, doing: str) -> Iterator[tuple[str, One]]:
        """What `one_of` makes of each file that it does not raise InputError for, with its path; who is rejected is
        named on stderr."""
        for one in self.progress.through(found, total=len(found), doing=doing):
            if one.problem:
                self.account.enter(Verdict.rejected(one.path, one.problem))
                self._left_out[_in_a_word(one.problem)] += 1
                self.progress.tell(f"rejected: {printable(one.path)}: {one.problem}", needed=True)
                continue
            try:
                opened = one_of(one.path)
            except InputError as error:
                self._left_out[_in_a_word(error.reason)] += 1
                self.progress.tell(f"rejected: {error}", needed=True)
                continue
            self.accepted += 1
            yield one.path, opened

    def _bytes(self, path: str) -> bytes:
        if path == STDIN:
            return stdin_bytes(max_bytes=self.max_bytes)
        return file_bytes(path, max_bytes=self.max_bytes)

    def _read(self, path: str, data: bytes | None = None) -> Score:
        data = self._bytes(path) if data is None else data
        return read_bytes(data, source=_named(path), join_channels=self.join_channels)

    def _events(self, path: str) -> EventList:
        return parse(self._bytes(path), source=_named(path), join_channels=self.join_channels)

    @property
    def rejected(self) -> int:
        return self.account.rejected

    @property
    def exit_code(self) -> int:
        return REJECTED if self.rejected else 0

    def require_some(self) -> None:
        """Raises SymbolicEmbedError where no input could be used."""
        if not self.accepted and self._left_out["`where`"]:
            raise SymbolicEmbedError(f"nothing was done: all inputs were left out ({self._reasons()})")
        if not self.accepted:
            raise SymbolicEmbedError(f"nothing was done: {self.rejected} of {self.rejected} inputs were rejected")

    def tell_left_out(self) -> None:
        """The foot of a result, on stderr: left out: 3 of 20 files (no notes: 2, --where: 1). Nothing if none was."""
        count = self._left_out.total()
        if count:
            self.progress.tell(f"left out: {count:,} of {count + self.accepted:,} files ({self._reasons()})")

    def _reasons(self) -> str:
        return ", ".join(f"{reason}: {count:,}" for reason, count in self._left_out.most_common())


def _named(path: str) -> str:
    return "stdin" if path == STDIN else path


def _in_a_word(reason: str) -> str:
    """The beginning of a reason, which those of one kind share."""
    return re.split(r"[:;(,]| \d", reason, maxsplit=1)[0].strip()


def _listed(source: str) -> Iterable[str]:
    """The names in a list: one a line, or, where it holds NUL characters (`find -print0`), between those."""
    try:
        if source == STDIN:
            content = sys.stdin.buffer.read()
        else:
            with open(source, "rb") as file:
                content = file.read()
    except OSError as refusal:
        reason = (refusal.strerror or str(refusal)).lower()
        raise UsageError(f"{printable(source)}: the list of files cannot be opened: {reason}") from None
    names = content.split(b"\0") if b"\0" in content else [line.rstrip(b"\r") for line in content.split(b"\n")]
    return [os.fsdecode(name) for name in names if name]
