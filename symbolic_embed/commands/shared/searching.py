"""What is searched: files and folders, or a library that was built of them; and by which queries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from symbolic_embed.bars import BarredScore
from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.account import Verdict
from symbolic_embed.commands.shared.inputs import Intake, all_named, gathered, only_one_stdin
from symbolic_embed.commands.shared.roles import roles_line
from symbolic_embed.errors import InputError, SymbolicEmbedError, UsageError, printable
from symbolic_embed.files.folders import Found
from symbolic_embed.requests.roles import Roles
from symbolic_embed.requests.where import Where

if TYPE_CHECKING:
    from symbolic_embed.embedding.embedder import Embedder
    from symbolic_embed.library.building import Pieces
    from symbolic_embed.library.stores.library import Library


@dataclass(frozen=True, kw_only=True)
class Collected(options.ByModel):
    """Options of a command that goes through files, or a library."""

    library: Annotated[
        str | None,
        typer.Option(metavar="LIB", help="Take this library instead of files; `library build` makes one."),
    ] = None

    def collected(self, *others: str) -> list[Found]:
        """The files that are gone through, `others` among them; none where it is a library. Raises UsageError where
        both are named."""
        if self.library is None:
            return gathered([*(self.inputs or []), *others], names_from=self.files_from)
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

    def searched(self, first: str | None) -> list[Found]:
        """The files that are searched; none where it is a library. Raises UsageError for both."""
        others = [first] if self.takes_several and first is not None else []
        query = [] if self.takes_several or first is None else [first]
        only_one_stdin(*others, *(self.inputs or []), *query, names_from=self.files_from)
        if others and self.library is not None:
            raise UsageError("a library and files were named; leave out `library`, or the files")
        return self.collected(*others)


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
        intake.progress.tell(roles_line(query))
    return read


@contextmanager
def pieces_searched(
    given: Collected, found: Sequence[Found], intake: Intake, embedder: Embedder, *, doing: str, where: Where | None
) -> Iterator[Pieces]:
    """The library, open, after a line on what is no longer as it was read; or the pieces of the files."""
    if given.library is None:
        yield intake.pieces(found, doing=doing, where=where)
        intake.require_some()
        return
    from symbolic_embed.library.stores.opening import open_library

    with closing(open_library(given.library, checkpoint=embedder.embedding_hash)) as library:
        if not len(library):
            raise SymbolicEmbedError(
                f"{printable(given.library)}: no music in it (0 files, 1 needed); `library build` adds some"
            )
        _tell_of_stale(library, intake)
        yield library


def _tell_of_stale(library: Library, intake: Intake) -> None:
    """A line on the files that are not as they were read; each is in the report."""
    from symbolic_embed.library.contents import is_gone
    from symbolic_embed.library.indexing import is_unchanged
    from symbolic_embed.library.reading import UNTRUSTED

    counts = {"changed": 0, "gone": 0}
    for file in library.files():
        if file.piece is None or is_unchanged(file):
            continue
        state = "gone" if is_gone(file.path) else "changed"
        if state == "changed" and file.changed_ns == UNTRUSTED:
            continue
        counts[state] += 1
        intake.account.enter(Verdict(file.path, "warned", f"{state} since the library read it"))
    if any(counts.values()):
        intake.progress.tell(
            f"since the library read its files {counts['changed']:,} have changed and {counts['gone']:,} are gone; "
            "it answers as they were (`library build` reads them again)"
        )
