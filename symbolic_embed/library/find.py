"""Which piece a fragment is from, or most like: where in each piece it fits best, in which part, in which key.

The fragment is laid along the piece, bar beside bar, from any bar of the piece, in any of twelve keys (it is the
fragment that is transposed: it is short). What is laid beside what:

    together    all of the fragment's parts beside all of the piece's, as bars: the embeddings of what sounds at once
    as a part   all of the fragment beside one part of the piece, as cells
    by parts    each part of the fragment beside that part of the piece which it fits best, as cells

A mixed bar has lost the part that is looked for, so the second is what finds a tune, or a bass line, in a song; the
third, a few parts out of many.

Bars that lie beside each other cost their distance, 0 for the same notes and about 1 for random ones, and one that has
nothing beside it costs 1 (`similarity.placement`): a piece shorter than the fragment does not win by one equal bar.

How often the right one of 200 pieces of the validation split came first, and among the first five, for 100 fragments
of four bars each (`benchmarks/finding.py`); and bars laid along bars alone, as it was done before:

                                        now          bars alone
    all parts      as they are       1.00  1.00      1.00  1.00
                   moved, 5 % wrong  1.00  1.00      1.00  1.00
    one of several as they are        .99  1.00       .56   .77
                   moved, 5 % wrong   .99  1.00       .56   .76
    two of four    as they are       1.00  1.00       .86   .95
                   moved, 5 % wrong  1.00  1.00       .86   .94
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.choosing import only_tracks
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.building import Pieces, count_of, featured, passages_of
from symbolic_embed.library.features import Features, Needs, always, known
from symbolic_embed.library.fragments import fragment_candidates
from symbolic_embed.library.progress import Progress, in_silence
from symbolic_embed.library.stores.library import Library
from symbolic_embed.library.within import Within
from symbolic_embed.networks.passages import SIZES
from symbolic_embed.requests import FindRequest
from symbolic_embed.similarity.calibration import FEWEST_NOTES, NOTHING_ALIKE, Calibration, Word
from symbolic_embed.similarity.placement import Lines, first_bar, placement_costs
from symbolic_embed.similarity.transposing import TRANSPOSITIONS


@dataclass(frozen=True)
class Place:
    """Where a fragment fits best in the piece at `path`.

    distance: 0 for the same music, 1 for music that has nothing to do with it. transposition: by how many semitones (-5
    to 6) the fragment is to be moved. track: the part it lies beside, from 0, None where all parts matched together.
    bar, last_bar: the bars it lies beside, from 1. likeness: "same music", "related" or "nothing alike", and
    probability: how probable the first is (`similarity.calibration`); both follow from the distance and the fragment.
    """

    path: str
    distance: float
    transposition: int
    track: int | None
    bar: int
    last_bar: int
    likeness: Word = field(default=NOTHING_ALIKE, compare=False)
    probability: float = field(default=0.0, compare=False)

    @property
    def is_far(self) -> bool:
        """Whether it is no nearer than music that has nothing to do with the fragment."""
        return self.likeness == NOTHING_ALIKE


def find(
    fragment: BarredScore,
    pieces: Pieces,
    embedder: Embedder,
    request: FindRequest,
    *,
    progress: Progress = in_silence,
) -> list[Place]:
    """The best place of the fragment in each of `pieces`, (path, score) or a store, the best first; equally good ones
    by path; with `request.top` only so many. Of a library only the files of which `request.where` holds are meant, and
    with `request.top` only candidates are looked through. `progress` wraps the iteration over the pieces."""
    (places,) = find_each([fragment], pieces, embedder, request, progress=progress)
    return places


def find_each(
    fragments: Sequence[BarredScore],
    pieces: Pieces,
    embedder: Embedder,
    request: FindRequest,
    *,
    progress: Progress = in_silence,
) -> list[list[Place]]:
    """The same for each of several fragments. Files are gone through once."""
    needs = Needs.of("bars", "cells", "bar_notes", in_all_keys=always)
    music = [("fragment", only_tracks(fragment, request.tracks)) for fragment in fragments]
    played = list(featured(music, embedder, needs))
    ways = [_Ways.of(one) for one in played]
    found: list[list[Place]] = [[] for _ in ways]
    if isinstance(pieces, Library):
        within = Within.of(pieces, request.conditions, checkpoint=embedder.embedding_hash)
        for number, fragment in enumerate(played):
            chosen = _looked_through(fragment, within, embedder, request)
            others = progress(within.features(Needs.of("bars", "cells"), numbers=chosen), len(chosen))
            found[number] += within.of_files(_best_place(ways[number], piece) for piece in others)
    else:
        for piece in progress(featured(pieces, embedder, Needs.of("bars", "cells")), count_of(pieces)):
            for way, places in zip(ways, found, strict=True):
                places.append(_best_place(way, piece))
    return [
        _called(sorted(places, key=_order)[: request.top], fragment, way, embedder)
        for places, fragment, way in zip(found, played, ways, strict=True)
    ]


def _called(places: Sequence[Place], fragment: Features, ways: _Ways, embedder: Embedder) -> list[Place]:
    """Places, with what their distances mean."""
    scale = Calibration.of_card(embedder.card).of_fragment(ways.together.bars)
    can_be_same = int(np.count_nonzero(known(fragment.bar_notes).begins)) >= FEWEST_NOTES
    return [replace(place, **scale.verdict(place.distance, can_be_same=can_be_same)._asdict()) for place in places]


def _looked_through(played: Features, within: Within, embedder: Embedder, request: FindRequest) -> list[int]:
    """The numbers of the pieces that are looked through."""
    count = max(request.candidates, request.top or 0)
    bars = int(np.ptp(known(played.bars).number)) + 1
    is_guessed = request.top and request.candidates and embedder.has_passages and bars >= min(SIZES)
    if not is_guessed or count >= len(within):
        return list(within.paths)
    return fragment_candidates(passages_of(known(played.cells), embedder), within, count=count)


def _order(place: Place) -> tuple[float, str]:
    return place.distance, place.path


@dataclass(frozen=True, eq=False)
class _Ways:
    """A fragment as it is laid along a piece, from the first bar that sounds to the last: all together, one line; and
    beside single parts, where the first line is all together again (bars in which a note begins, as cells are), and
    the others are its parts, where there are several."""

    together: Lines
    beside_parts: Lines

    @classmethod
    def of(cls, fragment: Features) -> _Ways:
        bars, cells, notes = known(fragment.bars), known(fragment.cells), known(fragment.bar_notes)
        first, length = int(bars.number[0]), int(np.ptp(bars.number)) + 1
        together = Lines(np.zeros_like(bars.number), bars.number - first, bars.versions, length)
        begins = np.isin(bars.number, notes.bar[notes.counted(notes.begins) > 0])
        track, line = np.unique(cells.track, return_inverse=True)
        several = np.full(len(line), len(track) > 1)
        return cls(
            together,
            Lines(
                np.concatenate([together.line[begins], 1 + line[several]]),
                np.concatenate([together.bar[begins], cells.bar[several] - first]),
                np.concatenate([bars.versions[:, begins], cells.versions[:, several]], axis=1),
                length,
            ),
        )


def _best_place(fragment: _Ways, piece: Features) -> Place:
    """Where along a piece a fragment costs least: of equal places the least transposed, then the earliest; rather
    together than by parts, and by parts than as one."""
    bars, cells = known(piece.bars), known(piece.cells)
    length = int(bars.number[-1]) + 1
    together = Lines(np.zeros_like(bars.number), bars.number, bars.versions, length)
    ways: list[tuple[int | None, NDArray[np.float32]]]  # (keys, places) each
    ways = [(None, placement_costs(fragment.together, together)[:, 0, 0])]
    tracks, line = np.unique(cells.track, return_inverse=True)
    if len(tracks) > 1 and fragment.beside_parts.count:
        costs = placement_costs(fragment.beside_parts, Lines(line, cells.bar, cells.versions, length))
        if fragment.beside_parts.count > 1:
            ways.append((None, costs[:, 1:].min(axis=2).mean(axis=1)))
        ways += [(int(track), costs[:, 0, number]) for number, track in enumerate(tracks)]
    track, best = ways[int(np.argmin([of_way.min() for _, of_way in ways]))]
    key, place = np.unravel_index(int(np.argmin(best)), best.shape)
    first = first_bar(int(place), fragment.together)
    return Place(
        path=piece.path,
        distance=float(str(best[key, place])),
        transposition=TRANSPOSITIONS[key],
        track=track,
        bar=max(first, 0) + 1,
        last_bar=min(first + fragment.together.bars, length),
    )
