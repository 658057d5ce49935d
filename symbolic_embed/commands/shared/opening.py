"""How a verb begins that asks something of many files, or of a library: the model, the account, the pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Sized
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.account import Verdict
from symbolic_embed.commands.shared.inputs import Intake
from symbolic_embed.commands.shared.searching import Collected
from symbolic_embed.errors import SymbolicEmbedError, printable
from symbolic_embed.files import InUse
from symbolic_embed.files.folders import Found
from symbolic_embed.requests.where import WhereRequest

if TYPE_CHECKING:
    from symbolic_embed.embedding.embedder import Embedder
    from symbolic_embed.library.building import Pieces
    from symbolic_embed.library.stores.library import Library


@dataclass(frozen=True)
class Opened:
    """A verb at work: what was asked of it, the model, and the account of what it reads."""

    request: WhereRequest
    given: options.EmbeddedOnce
    embedder: Embedder
    intake: Intake

    @contextmanager
    def pieces(self, found: Sequence[Found], *, doing: str, beside: bool = False) -> Iterator[Pieces]:
        """The pieces of the files; or the library that was named in their place, open, after a line on what is no
        longer as it was read. Raises SymbolicEmbedError where there are none, unless there may be something `beside`
        them in a library."""
        place = self.given.library if isinstance(self.given, Collected) else None
        if place is None:
            with self._of_files(found, doing) as pieces:
                yield pieces
                self.intake.require_some()
            return
        from symbolic_embed.library.stores.opening import open_library

        with closing(open_library(place, checkpoint=self.embedder.embedding_hash)) as library:
            if not len(library) and not beside:
                raise SymbolicEmbedError(
                    f"{printable(place)}: no music in it (0 files, 1 needed); `library build` adds some"
                )
            _tell_of_stale(library, self.intake)
            yield library

    def require_meant(self, pieces: Pieces, answer: Sized) -> None:
        """Raises SymbolicEmbedError where there is no answer since the conditions leave nothing of a library."""
        from symbolic_embed.library.stores.library import Library
        from symbolic_embed.library.within import Within

        if answer or self.request.conditions is None or not isinstance(pieces, Library):
            return
        if not len(Within.of(pieces, self.request.conditions, checkpoint=self.embedder.embedding_hash)):
            place = self.given.library if isinstance(self.given, Collected) else None
            raise SymbolicEmbedError(f"{printable(place or '')}: nothing was done: `where` leaves none of its files")

    @contextmanager
    def _of_files(self, found: Sequence[Found], doing: str) -> Iterator[Pieces]:
        """The pieces of files; what was embedded before comes from the cache, unless nothing is to be kept there."""
        given, intake, where = self.given, self.intake, self.request.conditions
        if not given.cache or not given.cache_size:
            yield intake.pieces(found, doing=doing, where=where)
            return
        from symbolic_embed.commands.shared.cached_files import CachedFiles
        from symbolic_embed.library.cached import Cache, way_of_reading

        how = way_of_reading(
            self.embedder.embedding_hash, join_channels=intake.join_channels, max_bytes=intake.max_bytes
        )
        with Cache(how, said=intake.progress.tell, size=round(given.cache_size * 1e9)) as cache:
            yield CachedFiles(found, intake, cache, doing, where)


@contextmanager
def opened(request: WhereRequest, given: options.EmbeddedOnce, *, in_use: InUse) -> Iterator[Opened]:
    """A verb that begins: its model is loaded and computes with one thread. At the end of the block the account of what
    was read is closed; `in_use` is what no report may replace."""
    from symbolic_embed.commands.shared.keeping import session_of
    from symbolic_embed.commands.shared.threads import use_threads

    use_threads(1)
    embedder = session_of(given.checkpoint, jobs=options.cores(given.jobs)).embedder
    with Intake(
        given.progress(),
        report=given.report,
        max_bytes=given.max_bytes,
        join_channels=request.join_channels,
        in_use=in_use,
    ) as intake:
        yield Opened(request, given, embedder, intake)


def _tell_of_stale(library: Library, intake: Intake) -> None:
    """A line on the files that are not as they were read; each is in the report."""
    from symbolic_embed.commands.shared.keeping import at_home
    from symbolic_embed.library.contents import is_gone
    from symbolic_embed.library.indexing import is_unchanged
    from symbolic_embed.library.reading import UNTRUSTED

    counts = {"changed": 0, "gone": 0}
    with at_home():
        stale = [
            (file, "gone" if is_gone(file.path) else "changed")
            for file in library.files()
            if file.piece is not None and not is_unchanged(file)
        ]
    for file, state in stale:
        if state == "changed" and file.changed_ns == UNTRUSTED:
            continue
        counts[state] += 1
        intake.account.enter(Verdict(file.path, "warned", f"{state} since the library read it"))
    if any(counts.values()):
        intake.progress.tell(
            f"since the library read its files {counts['changed']:,} have changed and {counts['gone']:,} are gone; "
            "it answers as they were (`library build` reads them again)"
        )
