"""What goes on well: pieces by how well they follow a loop, in whatever key if that is asked for.

Not likeness but what the model has learnt of which bars come after which (`embedding.anchor`). An anchor says where
what follows some bars should lie; a piece follows well if its first bars lie there. They also lie where any music lies
that goes on from the piece's own bars, so what counts is how much the loop adds:

    d = 1 - 1/n sum_k (cos(a(loop, b_1 .. b_k-1), b_k) - cos(a(b_1 .. b_k-1), b_k)),    n = min(bars, 4)

where a(...) is the anchor after some bars, b_k the target of the piece's k-th bar, and the second cosine is 0 for the
first bar. 1 is what a piece has that goes on no better after the loop than after nothing; less is better, and below 0
is taken for 0. Only bars in which something sounds count, of the loop the last that an anchor looks back over.

In whatever key: the loop is moved by each of twelve intervals, and the one counts in which the piece's first bars lie
nearest to where the next one should. Where only the first few are asked for, those MEASURED pieces are measured of
which this is most true.

Loops of four bars of 280 pieces of the validation split (n = 400, of their own pieces 376), the right one being the
four bars that follow, mean reciprocal rank (`benchmarks/libraries/following.py`):

                                       among 50      of the same set   among the piece's own loops
    as above                           .988 ± .004     .931 ± .010          .464 ± .018
    the first bar alone                .974 ± .006     .898 ± .012          .480 ± .018
    the same bars, in whatever order   .978 ± .006     .928 ± .011          .398 ± .017
    the last bar and the first alike   .942 ± .009     .818 ± .016          .500 ± .019
    chance                             .090            .092                 .259
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.choosing import only_tracks
from symbolic_embed.embedding.anchor import ALL_PARTS, Anchor, Sequences
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import UsageError
from symbolic_embed.library.building import Pieces, count_of, featured
from symbolic_embed.library.features import Bars, Features, Needs, known
from symbolic_embed.library.measuring import grouped
from symbolic_embed.library.progress import Progress, in_silence
from symbolic_embed.library.within import Within, features_of, meant
from symbolic_embed.requests import NextRequest
from symbolic_embed.similarity.transposing import TRANSPOSITIONS

OPENING = 4  # bars of a piece that count
AT_A_TIME = 64  # pieces
MEASURED = 500  # pieces at least, where only the first few are asked for


@dataclass(frozen=True)
class Continuation:
    """A piece that a loop can go on with. distance: 0 at best, 1 where the loop adds nothing. transposition: by how
    many semitones (-5 to 6) the loop is to be moved. query_bar, bar: from 1, the last bar of the loop that counts and
    the first of the piece, which lie beside each other."""

    path: str
    distance: float
    transposition: int
    query_bar: int
    bar: int


def following(
    loop: BarredScore,
    pieces: Pieces,
    embedder: Embedder,
    request: NextRequest,
    *,
    progress: Progress = in_silence,
) -> list[Continuation]:
    """All of `pieces`, (path, score) or a store, the best first, equally good ones by path; with `request.top` only so
    many. `progress` wraps the iteration over the pieces. Raises CheckpointError for a model without an anchor,
    UsageError where the loop has no such bar, or nothing sounds up to it."""
    anchor = embedder.anchor
    needs = Needs.of("bars", in_all_keys=lambda piece: request.transpose)
    (played,) = featured([("loop", only_tracks(loop, request.tracks))], embedder, needs)
    ending = Ending.of(known(played.bars), anchor, after=request.after, bars=loop.bars)
    source = meant(pieces, request.conditions, embedder)
    others = progress(features_of(source, embedder, Needs.of("bars")), count_of(source))
    met = [one for some in grouped(others, AT_A_TIME) for one in _met(ending, some, anchor)]
    if request.top:
        met = sorted(met, key=lambda one: (-one.expected, one.path))[: max(MEASURED, request.top)]
    found = [one for some in grouped(met, AT_A_TIME) for one in _measured(ending, some, anchor)]
    if isinstance(source, Within):
        found = list(source.of_files(found))
    return sorted(found, key=lambda one: (one.distance, one.path))[: request.top]


@dataclass(frozen=True, eq=False)
class Ending:
    """How a loop ends. bar: the last that counts, from 0; versions: its last bars in some of the TRANSPOSITIONS,
    float32 (versions, bars, dim); expected: where the next bar should lie in each, float32 (versions, out)."""

    bar: int
    versions: NDArray[np.float32]
    expected: NDArray[np.float32]

    @classmethod
    def of(cls, played: Bars, anchor: Anchor, *, after: int | None = None, bars: int = 0) -> Ending:
        """The ending of a piece of so many `bars`, or of what is played up to bar `after`, from 1."""
        last = bars if after is None else after
        if after is not None and after > bars:
            raise UsageError(f"`after` is bar {after}, the loop has {bars}; give one of its bars", field="after")
        chosen = np.flatnonzero((played.number < last) & played.is_sounding)[-anchor.settings.longest :]
        if not len(chosen):
            raise UsageError(f"nothing sounds in the loop up to bar {last}; give a later `after`", field="after")
        versions = played.versions[:, chosen]
        expected = _of_length_one(anchor.anchors(_sequences(list(versions), anchor)))
        return cls(int(played.number[chosen[-1]]), versions, expected)


def opening(bars: Bars) -> NDArray[np.int64]:
    """The rows of the first OPENING bars in which something sounds, or of the first bar where nothing does."""
    sounding = np.flatnonzero(bars.is_sounding)[:OPENING]
    return sounding if len(sounding) else np.zeros(1, np.int64)


def gains(
    endings: Sequence[NDArray[np.float32]], openings: Sequence[NDArray[np.float32]], anchor: Anchor
) -> NDArray[np.float64]:
    """How much more of each opening is expected after the ending beside it than without it, the mean over its bars;
    endings, openings: embeddings of bars, float32 (bars, dim) each, as many of the one as of the other; float64 (n,).
    """
    bars = [bar for opened in openings for bar in range(len(opened))]
    which = [number for number, opened in enumerate(openings) for _ in opened]
    before = [openings[number][:bar] for number, bar in zip(which, bars, strict=True)]
    after_all = [np.concatenate([endings[number], some]) for number, some in zip(which, before, strict=True)]
    targets = _of_length_one(anchor.targets(np.concatenate(list(openings))))
    gained = _cosines(after_all, targets, anchor)
    later = np.flatnonzero(np.array(bars) > 0)
    gained[later] -= _cosines([before[row] for row in later], targets[later], anchor)
    counts = np.bincount(which, minlength=len(openings))
    means: NDArray[np.float64] = np.bincount(which, gained, minlength=len(openings)) / counts
    return means


def distance_of(gain: NDArray[np.float64]) -> NDArray[np.float64]:
    """The distance that a gain is; float64, 0 at least."""
    return np.maximum(1 - gain, 0.0)


@dataclass(frozen=True, eq=False)
class _Met:
    """A piece as a loop meets it. bar: its first, from 0; opening: float32 (bars, dim); key: in which version the loop
    leads to it best; expected: how much, the mean cosine of its bars with what is expected next."""

    path: str
    bar: int
    opening: NDArray[np.float32]
    key: int
    expected: float


def _met(ending: Ending, pieces: Sequence[Features], anchor: Anchor) -> Iterator[_Met]:
    rows = [opening(known(piece.bars)) for piece in pieces]
    openings = [known(piece.bars).vectors[chosen] for piece, chosen in zip(pieces, rows, strict=True)]
    targets = _of_length_one(anchor.targets(np.concatenate(openings)))
    counts = np.array([len(opened) for opened in openings])
    means = np.add.reduceat(targets, np.cumsum(counts) - counts, axis=0) / counts[:, None]
    expected = means @ ending.expected.T
    for number, (piece, chosen) in enumerate(zip(pieces, rows, strict=True)):
        key = int(np.argmax(expected[number]))
        first = int(known(piece.bars).number[chosen[0]])
        yield _Met(piece.path, first, openings[number], key, float(expected[number, key]))


def _measured(ending: Ending, pieces: Sequence[_Met], anchor: Anchor) -> Iterator[Continuation]:
    openings = [piece.opening for piece in pieces]
    distances = distance_of(gains([ending.versions[piece.key] for piece in pieces], openings, anchor))
    for piece, distance in zip(pieces, distances, strict=True):
        yield Continuation(
            path=piece.path,
            distance=float(str(np.float32(distance))),
            transposition=TRANSPOSITIONS[piece.key],
            query_bar=ending.bar + 1,
            bar=piece.bar + 1,
        )


def _cosines(music: Sequence[NDArray[np.float32]], targets: NDArray[np.float32], anchor: Anchor) -> NDArray[np.float64]:
    """The cosine of the anchor after each of some sequences of bars with a target, (n, out); float64 (n,)."""
    if not music:
        return np.zeros(0)
    expected = _of_length_one(anchor.anchors(_sequences(music, anchor)))
    cosines: NDArray[np.float64] = np.einsum("nd,nd->n", expected, targets, dtype=np.float64)
    return cosines


def _sequences(music: Sequence[NDArray[np.float32]], anchor: Anchor) -> Sequences:
    """Bars on end, (bars, dim) each, as an anchor is asked for them: the last ones that it looks back over."""
    longest = anchor.settings.longest
    recent = [bars[-longest:] for bars in music]
    length = np.array([len(bars) for bars in recent], np.int64)
    starts = np.cumsum(length) - length
    steps = np.arange(longest)
    own = np.where(steps < length[:, None], starts[:, None] + steps, -1)
    return Sequences(np.concatenate(recent), own, length, np.full(len(recent), ALL_PARTS))


def _of_length_one(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: NDArray[np.float32] = vectors / np.maximum(lengths, 1e-9)
    return scaled
