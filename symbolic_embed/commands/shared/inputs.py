"""What comes in: files, folders, lists of names, stdin; each read once, and each accounted for.

A bad file never stops a batch. Each input ends as *ok*, *warned* (read, but repaired or strange) or *rejected*; the
rejected are named on stderr, and with --report every input is a line of JSON:

    {"path": ..., "status": ok|warned|rejected, "reason": ..., "warnings": [...], "notes": ..., "bars": ...}

Warnings begin with a stable word for programs. What could not be counted, because it could not be read, is null. Names
that are not UTF-8 keep their bytes: in JSON as the lone surrogates that Python reads back (`os.fsencode`).
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import TextIO, TypeVar

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.commands.shared.progress import Progress
from symbolic_embed.errors import (
    InputError,
    MidiError,
    NoNotesError,
    OutputError,
    SymbolicEmbedError,
    UsageError,
    printable,
)
from symbolic_embed.files.folders import Found, find_midi
from symbolic_embed.score import MAX_BYTES, EventList, Score, file_bytes, parse, read, read_bytes

STDIN = "-"
REJECTED = 3  # the exit code of a command that rejected some inputs
NAMED_WARNINGS = 20  # files whose warnings are written out; of the others the kinds are counted
WARNINGS_A_LINE = 3

One = TypeVar("One")


@dataclass(frozen=True)
class Verdict:
    """What became of one input."""

    path: str
    status: str
    reason: str | None = None
    warnings: tuple[str, ...] = ()
    notes: int | None = None
    bars: int | None = None


def gathered(paths: Sequence[str] | None, *, names_from: str | None) -> list[Found]:
    """All files that the user named, walked into and sorted by path, each once.

    Raises UsageError where nothing was named, SymbolicEmbedError where what was named holds no MIDI.
    """
    only_one_stdin(*(paths or []), names_from=names_from)
    named = [*(paths or []), *(_listed(names_from) if names_from else [])]
    if not named:
        raise UsageError("no files or folders were named; name some, or give a list with --files-from")
    only_one_stdin(*named, names_from=names_from)
    found = {one.path: one for one in find_midi(name for name in named if name != STDIN)}
    if STDIN in named:
        found[STDIN] = Found(STDIN)
    if not found:
        raise SymbolicEmbedError(f"{', '.join(map(printable, named))}: no MIDI files (0 found, 1 needed)")
    return [found[path] for path in sorted(found)]


def only_one_stdin(*named: str, names_from: str | None = None) -> None:
    """Raises UsageError where stdin would have to be two things at once."""
    if [*named, names_from].count(STDIN) > 1:
        raise UsageError("stdin (-) can be one file, or the list of files; give the others by name")


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
    ) -> None:
        self.progress, self.needs_notes, self.is_quiet, self.max_bytes = progress, needs_notes, is_quiet, max_bytes
        self.accepted = self.rejected = 0
        self._told: set[str] = set()
        self._warned: Counter[str] = Counter()
        self._warned_files = 0
        self._report = _opened(report) if report else None

    def __enter__(self) -> Intake:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._warned_files > NAMED_WARNINGS:
            kinds = ", ".join(f"{kind} {count}" for kind, count in self._warned.most_common())
            self.progress.tell(f"warnings in {self._warned_files} files in all ({kinds}); --report FILE lists them")
        if self._report:
            self._report.close()

    def piece(self, path: str) -> BarredScore:
        """One file, read and cut into bars. Raises InputError, once it is accounted for."""
        return self._accounted(path, lambda: _read(path, max_bytes=self.max_bytes))

    def events(self, path: str) -> tuple[EventList, BarredScore]:
        """One file with everything it says, and cut into bars. Raises as `piece` does."""
        found: list[EventList] = []

        def scored() -> Score:
            found.append(_events(path, max_bytes=self.max_bytes))
            return found[0].score()

        barred = self._accounted(path, scored)
        return found[0], barred

    def _accounted(self, path: str, scored: Callable[[], Score]) -> BarredScore:
        try:
            barred = cut(scored())
            if self.needs_notes and not barred.score.note_count:
                self._account(Verdict(path, "rejected", NoNotesError(path).reason, (), 0, 0), barred.score)
                raise NoNotesError(path)
        except MidiError as error:
            self._account(Verdict(path, "rejected", error.reason))
            raise
        warnings = tuple(f"{warning.kind}: {warning}" for warning in barred.score.warnings)
        bars = barred.bars if barred.score.note_count else 0
        status = "warned" if warnings else "ok"
        self._account(Verdict(path, status, None, warnings, barred.score.note_count, bars), barred.score)
        return barred

    def pieces(self, found: Sequence[Found], *, doing: str) -> Iterator[tuple[str, BarredScore]]:
        """All files that can be read and have notes, with their paths; the others are named on stderr."""
        return self._each(found, self.piece, doing=doing)

    def event_lists(self, found: Sequence[Found], *, doing: str) -> Iterator[tuple[str, EventList]]:
        """The same, with everything the files say."""
        return self._each(found, lambda path: self.events(path)[0], doing=doing)

    def _each(self, found: Sequence[Found], one_of: Callable[[str], One], *, doing: str) -> Iterator[tuple[str, One]]:
        for one in self.progress.through(found, total=len(found), doing=doing):
            if one.problem:
                self._account(Verdict(one.path, "rejected", one.problem))
                self.progress.tell(f"rejected: {printable(one.path)}: {one.problem}")
                continue
            try:
                opened = one_of(one.path)
            except InputError as error:
                self.progress.tell(f"rejected: {error}")
                continue
            self.accepted += 1
            yield one.path, opened

    @property
    def exit_code(self) -> int:
        return REJECTED if self.rejected else 0

    def require_some(self) -> None:
        """Raises SymbolicEmbedError where no input could be used."""
        if not self.accepted:
            raise SymbolicEmbedError(f"nothing was done: {self.rejected} of {self.rejected} inputs were rejected")

    def _account(self, verdict: Verdict, score: Score | None = None) -> None:
        if verdict.path in self._told:
            return
        self._told.add(verdict.path)
        self.rejected += verdict.status == "rejected"
        if verdict.warnings and score and not self.is_quiet:
            self._warned_files += 1
            self._warned.update(warning.kind for warning in score.warnings)
            if self._warned_files <= NAMED_WARNINGS:
                self.progress.tell(f"warning: {printable(verdict.path)}: {_in_short(score)}")
        if self._report:
            self._report.write(json.dumps(asdict(verdict)) + "\n")


def _in_short(score: Score) -> str:
    """The first warnings of a score, on one line."""
    texts = [printable(str(warning)) for warning in score.warnings]
    more = len(texts) - WARNINGS_A_LINE
    return "; ".join(texts[:WARNINGS_A_LINE]) + (f"; and {more} more" if more > 0 else "")


def _read(path: str, *, max_bytes: int) -> Score:
    if path != STDIN:
        return read(path, max_bytes=max_bytes)
    return read_bytes(stdin_bytes(max_bytes=max_bytes), source="stdin")


def _events(path: str, *, max_bytes: int) -> EventList:
    if path != STDIN:
        return parse(file_bytes(path, max_bytes=max_bytes), source=path)
    return parse(stdin_bytes(max_bytes=max_bytes), source="stdin")


def stdin_bytes(*, max_bytes: int = MAX_BYTES) -> bytes:
    """The file that is piped in. Raises MidiError where it is too long to be a MIDI file."""
    data = sys.stdin.buffer.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise MidiError("stdin", f"more than the {max_bytes:,} bytes that are read; --max-bytes raises the limit")
    return data


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


def _opened(report: str) -> TextIO:
    try:
        return open(report, "w", encoding="utf-8", newline="\n")
    except OSError as refusal:
        reason = (refusal.strerror or str(refusal)).lower()
        raise OutputError(f"{printable(report)}: the report cannot be written: {reason}") from None
