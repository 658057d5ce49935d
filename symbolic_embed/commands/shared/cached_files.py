"""Files whose pieces are taken from the user's cache, where it has them.

What was embedded before is not even read, if nothing but its features is asked for; what reading it told is told again.
Where its notes matter, for a condition or a picture, it is read and not embedded. Who is rejected is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple

from symbolic_embed.bars import BarredScore
from symbolic_embed.commands.shared.inputs import STDIN, Intake
from symbolic_embed.files.folders import Found
from symbolic_embed.library.cached import Cache, content_of, stamp_of, usable, wanted_of
from symbolic_embed.library.facts import facts_of
from symbolic_embed.library.features import Features, Needs
from symbolic_embed.library.stores.pieces_file import Kept, Told
from symbolic_embed.library.unembedded import unembedded
from symbolic_embed.requests.where import Where


class _Underway(NamedTuple):
    """A piece on its way to be embedded: its content, what reading it told, what is to be kept of it."""

    content: str
    told: Told
    sections: frozenset[str]


@dataclass(frozen=True, eq=False)
class CachedFiles:
    """Files as pieces (`library.building.Files`). where: only those of which it holds; noticed: hears of each piece,
    which is then read."""

    found: Sequence[Found]
    intake: Intake
    cache: Cache
    doing: str
    where: Where | None = None
    noticed: Callable[[str, BarredScore], object] | None = None
    _underway: dict[str, _Underway] = field(default_factory=dict)

    def noticing(self, noticed: Callable[[str, BarredScore], object]) -> CachedFiles:
        """The same files; of each piece somebody hears who wants its notes, beside who did before."""

        def both(path: str, barred: BarredScore) -> None:
            if self.noticed:
                self.noticed(path, barred)
            noticed(path, barred)

        return replace(self, noticed=both)

    def known(self, needs: Needs) -> Iterator[Features]:
        """The pieces with what is known of them: what is needed and kept, and else what their notes say."""
        for _, piece in self.intake.each(self.found, partial(self._piece, needs=needs), doing=self.doing):
            if piece is not None:
                yield piece

    def keep(self, piece: Features) -> None:
        """A piece of which all is known that is needed."""
        underway = self._underway.pop(piece.path, None)
        if underway is None or not underway.sections:
            return
        bars = None if piece.bars is None else replace(piece.bars, versions=piece.bars.versions[:1])
        cells = None if piece.cells is None else replace(piece.cells, versions=piece.cells.versions[:1])
        in_own_key = replace(piece, bars=bars, cells=cells)
        self.cache.keep(underway.content, underway.told, in_own_key, underway.sections)

    def _piece(self, path: str, *, needs: Needs) -> Features | None:
        """One file; None where it is not meant. Raises InputError, once it is accounted for."""
        data, content = self._content(path)
        wanted = wanted_of(needs.kinds if needs.together else needs.kinds - {"passages"}, blind=needs.blind)
        kept, there = self._there(path, content, wanted)
        is_read = path == STDIN or self.where is not None or self.noticed is not None
        if kept and there.kinds >= needs.kinds and not is_read:
            self.intake.known(path, kept.told)
            return there
        if data is None:
            data = self.intake.data(path)
            if content_of(path, data) != content:  # it was changed just now
                content, there = content_of(path, data), Features(path)
        barred = self.intake.piece(path, data=data)
        if self.where is not None and not self.where.holds(facts_of(path, barred)):
            self.intake.leave_out()
            return None
        if self.noticed:
            self.noticed(path, barred)
        told = Told(tuple(barred.score.warnings), barred.score.note_count, barred.bars)
        self._underway[path] = _Underway(content, told, wanted - wanted_of(there.kinds, blind=needs.blind))
        return _joined(there, barred, needs)

    def _content(self, path: str) -> tuple[bytes | None, str]:
        """A file's bytes, unless it is known without; and the name of its content."""
        stamp = None if path == STDIN else stamp_of(path)
        content = self.cache.content_at(path, stamp) if stamp else None
        if content:
            return None, content
        data = self.intake.data(path)
        content = content_of(path, data)
        if stamp and stamp == stamp_of(path):
            self.cache.keep_file(path, stamp, content)
        return data, content

    def _there(self, path: str, content: str, wanted: frozenset[str]) -> tuple[Kept | None, Features]:
        """A piece as it is kept, and what is known of it."""
        kept = self.cache.kept(content)
        sections = usable(wanted, kept.sections) if kept else frozenset()
        there = self.cache.features(kept, path, sections) if kept else None
        return kept, there or Features(path)


def _joined(there: Features, barred: BarredScore, needs: Needs) -> Features:
    """What is known of a piece, and what its notes say beside that."""
    missing = needs.kinds - there.kinds
    if not missing:
        return there
    notes = unembedded(there.path, barred, replace(needs, kinds=missing))
    known: dict[str, Any] = {kind: getattr(there, kind) for kind in there.kinds}
    return replace(notes, **known)
