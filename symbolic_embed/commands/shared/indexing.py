"""What is told while files go into a library: a bar with the rate, who is rejected, and what it came to."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING

from symbolic_embed.commands.shared.account import Account, Verdict
from symbolic_embed.commands.shared.inputs import REJECTED
from symbolic_embed.errors import SymbolicEmbedError, printable
from symbolic_embed.files import InUse
from symbolic_embed.progress import Progress

if TYPE_CHECKING:
    from symbolic_embed.library.indexing import Outcome

LEFT = {
    "known": "its content is in {} already",
    "unchanged": "in {} already, left as it is",
}


class Teller:
    """Tells of files on their way into the library at `place`. A context: at its end the account is closed."""

    def __init__(self, progress: Progress, place: str, *, total: int, report: str | None, in_use: InUse) -> None:
        self.progress, self.place, self.total = progress, printable(place), total
        self.account = Account(progress, report=report, in_use=in_use)
        self.counts: Counter[str] = Counter()
        self._ends = ExitStack()

    def __enter__(self) -> Teller:
        self._ends.callback(self.account.close)
        self._reach = self._ends.enter_context(self.progress.towards(self.total, doing="building"))
        self._begun = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._ends.close()

    def told(self, outcome: Outcome) -> None:
        """What became of a file."""
        self.counts[outcome.state] += 1
        done = self.counts.total()
        rate = done / max(time.monotonic() - self._begun, 1e-3)
        self._reach(done, f"{done:,}/{self.total:,}, {rate:,.0f} files/s")
        if outcome.state == "rejected":
            self.progress.tell(f"rejected: {printable(outcome.path)}: {outcome.reason}", needed=True)
            self.account.enter(Verdict.rejected(outcome.path, outcome.reason or ""))
            return
        reason = LEFT[outcome.state].format(self.place) if outcome.state in LEFT else None
        verdict = Verdict.of(outcome.path, outcome.warnings, notes=outcome.notes, bars=outcome.bars, reason=reason)
        self.account.enter(verdict, outcome.warnings)

    def tell_gone(self, count: int, *, is_pruned: bool) -> None:
        """How many files were gone, if any."""
        if count:
            now = "and forgotten" if is_pruned else "still in the library, `prune` forgets them"
            self.progress.tell(f"gone from the disk, {now}: {count:,} files")

    def tell_result(self, files: int) -> None:
        """What it came to. Raises SymbolicEmbedError where no input could be used."""
        if self.total and self.counts["rejected"] == self.total:
            raise SymbolicEmbedError(f"nothing was done: {self.total} of {self.total} inputs were rejected")
        said = ", ".join(f"{state} {count:,}" for state, count in self.counts.most_common())
        self.progress.tell(f"{self.place}: {files:,} files; {said}")

    @property
    def exit_code(self) -> int:
        return REJECTED if self.counts["rejected"] else 0
