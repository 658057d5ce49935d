"""What became of each input: told on stderr, and with --report a line of JSON for every one.

    {"path": ..., "status": ok|warned|rejected, "reason": ..., "warnings": [...], "notes": ..., "bars": ...}

Each input ends as *ok*, *warned* (read, but repaired or strange) or *rejected*. Who is rejected is named at once.
Warnings wait until all is read and take a line a kind, so that they never bury the results; --verbose names every file,
as it is read. Warnings begin with a stable word for programs. What could not be counted, because it could not be read,
is null. Names that are not UTF-8 keep their bytes: in JSON as the lone surrogates that Python reads back
(`os.fsencode`).

A report is an account of the work and not its result, so a new one takes the place of an earlier one without being
forced; but what is no report stays, and there is no force for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from symbolic_embed.errors import OutputError, printable
from symbolic_embed.files import NOTHING_IN_USE, GrowingFile, InUse
from symbolic_embed.files.identity import kind
from symbolic_embed.progress import Progress
from symbolic_embed.score import Score, ScoreWarning

WARNINGS_A_LINE = 3
LONGEST_LINE = 1 << 20  # of a report; a path has 4,096 bytes at most


@dataclass(frozen=True)
class Verdict:
    """What became of one input."""

    path: str
    status: str
    reason: str | None = None
    warnings: tuple[str, ...] = ()
    notes: int | None = None
    bars: int | None = None

    @classmethod
    def rejected(cls, path: str, reason: str) -> Verdict:
        return cls(path, "rejected", reason)

    @classmethod
    def taken(cls, path: str, score: Score, *, bars: int) -> Verdict:
        """Of a file that was read."""
        return cls.of(path, score.warnings, notes=score.note_count, bars=bars if score.note_count else 0)

    @classmethod
    def of(
        cls, path: str, told: Iterable[ScoreWarning], *, notes: int | None, bars: int | None, reason: str | None = None
    ) -> Verdict:
        """Of a file that can be used, with what it was warned of."""
        warnings = tuple(f"{warning.kind}: {warning}" for warning in told)
        return cls(path, "warned" if warnings else "ok", reason, warnings, notes, bars)


class Account:
    """The account of one command. Every path is entered once; the first entry counts.

    report    the file for lines of JSON; where it cannot be written, OutputError is raised at once
    is_quiet  warnings are not told, since they are what the command prints
    """

    def __init__(
        self,
        progress: Progress,
        *,
        report: str | None = None,
        is_quiet: bool = False,
        in_use: InUse = NOTHING_IN_USE,
    ) -> None:
        self.progress, self.is_quiet = progress, is_quiet
        self.rejected = 0
        self._entered: set[str] = set()
        self._warned: dict[str, list[tuple[str, str]]] = {}  # by kind: the files, and what is said of them
        self._report = None if report is None else _opened(report, in_use)

    def enter(self, verdict: Verdict, warnings: Iterable[ScoreWarning] = ()) -> None:
        """What became of an input, and the warnings that its verdict speaks of."""
        if verdict.path in self._entered:
            return
        self._entered.add(verdict.path)
        self.rejected += verdict.status == "rejected"
        if verdict.warnings and not self.is_quiet:
            self._warn(verdict.path, tuple(warnings))
        if self._report:
            self._report.write(line_of(verdict))

    def close(self) -> None:
        """Tells what was warned of, and ends the report."""
        for name, files in sorted(self._warned.items(), key=lambda one: -len(one[1])):
            path, text = files[0]
            first = f"{printable(path)}: {text}"
            self.progress.tell(f"warning: {first if len(files) == 1 else f'{name} in {len(files)} files; {first}'}")
        if not self.progress.verbose and any(len(files) > 1 for files in self._warned.values()):
            self.progress.tell("`verbose` names every file that was warned of")
        if self._report:
            self._report.close()

    def _warn(self, path: str, warnings: tuple[ScoreWarning, ...]) -> None:
        if self.progress.verbose:
            self.progress.tell(f"warning: {printable(path)}: {_in_short(warnings)}")
            return
        by_kind: dict[str, list[ScoreWarning]] = {}
        for warning in warnings:
            by_kind.setdefault(warning.kind, []).append(warning)
        for name, of_kind in by_kind.items():
            text = _in_short(of_kind[:1]) + _and_more(len(of_kind) - 1)
            self._warned.setdefault(name, []).append((path, text))


def _in_short(warnings: Iterable[ScoreWarning]) -> str:
    """The first warnings, on one line."""
    texts = [printable(str(warning)) for warning in warnings]
    return "; ".join(texts[:WARNINGS_A_LINE]) + _and_more(len(texts) - WARNINGS_A_LINE)


def _and_more(count: int) -> str:
    return f"; and {count} more" if count > 0 else ""


def line_of(verdict: Verdict) -> str:
    """A verdict as a report has it."""
    return json.dumps(asdict(verdict))


def require_report(path: str) -> None:
    """Raises OutputError where a file is there already that is no report."""
    if kind(path, follow=True) == "a file" and not _is_report(path):
        raise OutputError(f"{printable(path)}: exists already and is no report, nothing was written; name another")


def _opened(report: str, in_use: InUse) -> GrowingFile:
    """The report, ready for its first line. Raises OutputError."""
    require_report(report)
    return GrowingFile(report, force=True, in_use=in_use)


def _is_report(path: str) -> bool:
    """Whether a file is empty, or begins with a line of a report."""
    try:
        with open(path, "rb") as file:
            begin = file.readline(LONGEST_LINE)
        line = json.loads(begin) if begin else asdict(Verdict(path, "ok"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(line, dict) and asdict(Verdict(path, "ok")).keys() <= line.keys()
