"""Which piece a fragment is from, or most like: where in each piece it fits best, in which part, in which key.

The fragment is laid along the piece, bar beside bar, from any bar of the piece, in any of twelve keys (it is the
fragment that is transposed: it is short). What is laid beside what:

    together    all of the fragment's parts beside all of the piece's, as bars: the embeddings of what sounds at once
    as a part   all of the fragment beside one part of the piece, as cells
    by parts    each part of the fragment beside that part of the piece which it fits best, as cells

A mixed bar has lost the part that is looked for, so the second is what finds a tune, or a bass line, in a song; the
third, a few parts out of many. A tune that somebody sings has neither bars nor a key, and is found note by note
(`by_tune`).

Bars that lie beside each other cost their distance, 0 for the same notes and about 1 for random ones, and one that has
nothing beside it costs 1 (`similarity.placement`): a piece shorter than the fragment does not win by one equal bar.

Of a library with `top` not all is laid. Candidates come by their passages, the likeliest first (`fragments`); of each
it is reckoned about how little laying may cost (`similarity.rough_placement`), until PATIENCE in a row are none of the
nearest; along the nearest, BESIDES more than are asked for, the fragment is laid; both grow with the candidates. Of 84
fragments of four bars in 7,594 files the first was that of laying them along all 100 candidates in all, with `top` 1, 5
and 10; of the first ten .87.

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

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.choosing import only_tracks
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.building import Pieces, count_of, featured, passages_of
from symbolic_embed.library.by_tune import found_by_tune
from symbolic_embed.library.features import Features, Needs, always, known
from symbolic_embed.library.fragments import fragment_candidates
from symbolic_embed.library.laying import Place, Ways, about_least, best_place
from symbolic_embed.library.progress import Progress, in_silence
from symbolic_embed.library.stores.library import Library
from symbolic_embed.library.sung import is_by_tune
from symbolic_embed.library.within import Within, meant
from symbolic_embed.networks.passages import SIZES
from symbolic_embed.requests import FindRequest
from symbolic_embed.requests.asking import FIND_CANDIDATES
from symbolic_embed.similarity.calibration import FEWEST_NOTES, Calibration

# Of FIND_CANDIDATES candidates or fewer; of more candidates both are as many more.
BESIDES = 10  # pieces along which a fragment is laid besides as many as are asked for
PATIENCE = 40  # candidates in a row that are none of the nearest: the rest is not looked at


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
    with `request.top` it is laid along the likeliest alone. `progress` wraps the iteration over the pieces."""
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
    asked = [only_tracks(fragment, request.tracks) for fragment in fragments]
    if is_by_tune(asked, request.by):
        source = meant(pieces, request.conditions, embedder)
        return found_by_tune(asked, source, embedder, request, progress)
    needs = Needs.of("bars", "cells", "bar_notes", in_all_keys=always)
    played = list(featured([("fragment", fragment) for fragment in asked], embedder, needs))
    ways = [Ways.of(one) for one in played]
    found: list[list[Place]] = [[] for _ in ways]
    if isinstance(pieces, Library):
        within = Within.of(pieces, request.conditions, checkpoint=embedder.embedding_hash)
        for number, fragment in enumerate(played):
            chosen = _looked_through(fragment, within, embedder, request)
            others = progress(within.features(Needs.of("bars", "cells"), numbers=chosen), len(chosen))
            if len(chosen) < len(within):
                others = _likeliest(ways[number], others, top=request.top or 0, count=len(chosen))
            found[number] += within.of_files(best_place(ways[number], piece) for piece in others)
    else:
        for piece in progress(featured(pieces, embedder, Needs.of("bars", "cells")), count_of(pieces)):
            for way, places in zip(ways, found, strict=True):
                places.append(best_place(way, piece))
    return [
        _called(sorted(places, key=_order)[: request.top], fragment, way, embedder)
        for places, fragment, way in zip(found, played, ways, strict=True)
    ]


def _called(places: Sequence[Place], fragment: Features, ways: Ways, embedder: Embedder) -> list[Place]:
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


def _likeliest(ways: Ways, candidates: Iterable[Features], *, top: int, count: int) -> list[Features]:
    """Those of so many candidates, the likeliest of which come first, along which the fragment may cost least."""
    times = max(count / FIND_CANDIDATES, 1.0)
    nearest: list[tuple[float, int, Features]] = []
    last = 0
    for number, piece in enumerate(candidates):
        bisect.insort(nearest, (about_least(ways, piece), number, piece))
        del nearest[top + round(times * BESIDES) :]
        if number in (one for _, one, _ in nearest[:top]):
            last = number
        elif number - last >= times * PATIENCE:
            break
    return [piece for _, _, piece in nearest]


def _order(place: Place) -> tuple[float, str]:
    return place.distance, place.path
