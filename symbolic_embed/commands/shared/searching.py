"""What is searched: files and folders, or a library that was built of them; and by which queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from symbolic_embed.bars import BarredScore
from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.inputs import Intake, all_named, gathered, only_one_stdin
from symbolic_embed.commands.shared.roles import roles_line
from symbolic_embed.errors import InputError, UsageError
from symbolic_embed.files.folders import Found
from symbolic_embed.listening.melodies import HEARD
from symbolic_embed.requests.roles import Roles


@dataclass(frozen=True, kw_only=True)
class Collected(options.EmbeddedOnce):
    """Options of a command that goes through files, or a library."""

    library: Annotated[
        str | None,
        typer.Option(metavar="LIB", help="Take this library instead of files; `library build` makes one."),
    ] = None

    def collected(self, *others: str, recordings: bool | None = False) -> list[Found]:
        """The files that are gone through, `others` among them, `recordings` as `inputs.walked` has it; none where it
        is a library. Raises UsageError where both are named."""
        if self.library is None:
            return gathered([*(self.inputs or []), *others], names_from=self.files_from, recordings=recordings)
        if self.inputs or self.files_from:
            raise UsageError("a library and files were named; leave out `library`, or the files")
        return []


@dataclass(frozen=True, kw_only=True)
class Searching(Collected):
    """The same, of one that searches them."""

    queries_from: Annotated[
        str | None,
        typer.Option(metavar="FILE|-", help="Several queries, which FILE lists, one a line; the results name theirs."),
    ] = None

    @property
    def takes_several(self) -> bool:
        """Whether there may be several queries, which the results then name."""
        return self.queries_from is not None

    def queries(self, first: str | None) -> list[str]:
        """The queries by name; `first` is the first argument, which is one unless they are listed."""
        if self.queries_from is not None:
            return all_named(None, names_from=self.queries_from)
        if first is None:
            raise UsageError("no query was named; name a file, or give a list with --queries-from")
        return [first]

    def searched(self, first: str | None, *, recordings: bool | None = False) -> list[Found]:
        """The files that are searched, `recordings` as `inputs.walked` has it; none where it is a library. Raises
        UsageError for both."""
        others = [first] if self.takes_several and first is not None else []
        query = [] if self.takes_several or first is None else [first]
        only_one_stdin(*others, *(self.inputs or []), *query, names_from=self.files_from)
        if others and self.library is not None:
            raise UsageError("a library and files were named; leave out `library`, or the files")
        return self.collected(*others, recordings=recordings)


def queries_read(intake: Intake, names: Sequence[str], *, roles: Roles) -> list[tuple[str, BarredScore]]:
    """Queries, each with its name. Of several those that cannot be read are named and left out. Raises InputError where
    none is left."""
    read: list[tuple[str, BarredScore]] = []
    for name in names:
        try:
            read.append((name, intake.piece(name, roles=roles)))
        except InputError as error:
            if name == names[-1] and not read:
                raise
            intake.progress.tell(f"rejected: {error}", needed=True)
    for _, query in read:
        if not any(warning.kind == HEARD for warning in query.score.warnings):  # of a melody there is nothing to tell
            intake.progress.tell(roles_line(query))
    return read
