"""What a query sings: its melody, in its own time, of which neither bars nor grid need be known; and the lines of
pieces in which it is looked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, PlacedNotes, cut
from symbolic_embed.bars.leading import leading_parts
from symbolic_embed.bars.lines import Pitched, top_line
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import InputError, SymbolicEmbedError, UsageError, printable
from symbolic_embed.library.building import Pieces
from symbolic_embed.library.features import Features, Needs
from symbolic_embed.library.unembedded import unembedded
from symbolic_embed.library.within import Within, features_of
from symbolic_embed.listening.melodies import HEARD
from symbolic_embed.notation import read
from symbolic_embed.score.clock import seconds
from symbolic_embed.similarity.tunes.query import TuneQuery

TIMES = 100  # a second: how finely the notes of a query are told apart
NEEDED = Needs.of("tunes")


class Sung(NamedTuple):
    """A tune that is looked for, and in which of the query's bars, from 0, each of its notes begins."""

    tune: TuneQuery
    bar: NDArray[np.int64]


def sung(query: BarredScore) -> Sung:
    """The melody of a query: the top line of the part that leads, or of all parts where none does. Raises UsageError
    where it has too few notes."""
    leading = leading_parts(query)
    is_sung = ~query.note_is_drum & (np.isin(query.notes.track, sorted(leading)) if leading else True)
    notes = query.notes.where(is_sung)
    first, last = _seconds(query, notes)
    begin, end = (np.rint(TIMES * when).astype(np.int64) for when in (first, last))
    line = top_line(Pitched(begin, np.maximum(end - begin, 1), notes.pitch))
    order = np.argsort(begin, kind="stable")
    chosen = order[np.searchsorted(begin[order], line.onset_steps)]
    return Sung(TuneQuery.of(first[chosen], line.pitch.astype(np.float64)), query.note_bar[is_sung][chosen])


def _seconds(query: BarredScore, notes: PlacedNotes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """When notes begin and end, as they are played."""
    begin = query.grid.tick_of(notes.onset_steps) + notes.onset_residue
    end = query.grid.tick_of(notes.onset_steps + notes.length_steps) + notes.offset_residue
    tempi, division = query.score.tempi, query.score.division
    first, last = (seconds(ticks, tempi=tempi, division=division) for ticks in (begin, end))
    return first, last


def is_by_tune(queries: Sequence[BarredScore], by: str | None, *, otherwise: bool = False) -> bool:
    """Whether queries are looked for by their tune: as somebody says, or, where nobody says how and nothing is asked
    that is measured `otherwise`, where all of them are recordings that were heard as melodies. Raises UsageError where
    some are, and some are not."""
    if by is not None or otherwise:
        return by == "tune"
    heard = [any(warning.kind == HEARD for warning in query.score.warnings) for query in queries]
    if any(heard) and not all(heard):
        raise UsageError("some of the queries are recordings, others are not; say what counts with `by`", field="by")
    return any(heard)


def lines_of(pieces: Pieces | Within, embedder: Embedder) -> Iterator[Features]:
    """The lines of pieces. A library that was built before lines were kept has its files read again. Raises
    SymbolicEmbedError where one of these cannot be read."""
    if isinstance(pieces, Within) and "tunes" not in pieces.library.kinds:
        return _read_again(pieces)
    return features_of(pieces, embedder, NEEDED)


def _read_again(pieces: Within) -> Iterator[Features]:
    join_channels = pieces.library.options.get("join_channels") == "yes"
    for path, *_ in pieces.paths.values():
        try:
            barred = cut(read(path, join_channels=join_channels))
        except InputError as error:
            raise SymbolicEmbedError(
                f"the library was built before tunes were kept, and {printable(path)}, which would tell them, cannot "
                f"be read ({error.reason}); build it again"
            ) from None
        yield unembedded(path, barred, NEEDED)
