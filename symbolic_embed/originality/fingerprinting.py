"""The bars of a fingerprint: chosen from a split, embedded, hashed; and how far their estimated distances are right.

What an estimate means is found on bars of the same data: for some of them the bar named as nearest among those kept of
other works, and its true distance, as it will be for music that was never seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import Windows, bar_windows, cut, ranges
from symbolic_embed.bars.hashing import mixed
from symbolic_embed.corpus.prepared import Piece, PreparedCorpus
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.units import BATCH
from symbolic_embed.notation import read
from symbolic_embed.originality.kept_bars import (
    KeptBars,
    chosen_bars,
    hyperplanes,
    meaning_of,
    nearest_by,
    packed_names,
    place_type,
    signs_of,
)

SAMPLE = 1000  # bars whose true distances are compared with the estimates
HEAD = 4_000  # bytes of a file for the names and sizes of its arrays

Progress = Callable[[Iterable[int], int, str], Iterable[int]]


@dataclass(frozen=True, eq=False)
class SplitBars:
    """All bars of a split in which something begins; int64 (bars,) each: its piece in the corpus, its number from 1,
    its first window in the corpus's table, how many windows it has; content: a hash of its notes, uint64."""

    piece: NDArray[np.int64]
    number: NDArray[np.int64]
    first: NDArray[np.int64]
    windows: NDArray[np.int64]
    content: NDArray[np.uint64]


def kept_bars(
    corpus: PreparedCorpus, embedder: Embedder, *, split: str, room: int, progress: Progress = lambda work, *_: work
) -> KeptBars | None:
    """As many bars of a split as fit into `room` bytes; None where there is none, or an embedding is too short to be
    hashed safely. `progress` wraps an iteration whose length and name it is told. Raises InputError where a file with
    long bars can no longer be read."""
    bars = split_bars(corpus, split=split, progress=progress)
    numbers, piece = np.unique(bars.piece, return_inverse=True)
    pieces = [_set_and_path(corpus.pieces[number]) for number in numbers]
    bytes_of_place = max(place_type(column)().itemsize for column in (piece, bars.number))
    bytes_of_bar = hyperplanes(embedder.dim).shape[1] // 8 + 2 * bytes_of_place
    most = (room - HEAD - len(packed_names(pieces))) // bytes_of_bar
    if most <= 0 or embedder.dim < 16 or not len(bars.piece):
        return None
    clusters = np.unique([corpus.pieces[number].cluster for number in numbers], return_inverse=True)[1]
    cluster = clusters[piece]
    chosen = chosen_bars(bars.content, piece=piece, cluster=cluster, most=most)
    sample = np.sort(np.random.default_rng(0).permutation(len(bars.piece))[:SAMPLE])
    vectors = _embedded(corpus, embedder, bars, np.concatenate([chosen, sample]), progress=progress)
    kept, sampled = vectors[: len(chosen)], vectors[len(chosen) :]
    radius = round(float(np.median(np.linalg.norm(kept, axis=1))), 3)
    own = cluster[chosen][None, :] == cluster[sample][:, None]
    return KeptBars(
        signs_of(kept),
        piece[chosen],
        bars.number[chosen],
        pieces,
        of=len(bars.piece),
        embedder=embedder.card["weights"]["embedder"],
        dim=embedder.dim,
        radius=radius,
        **_meaning(kept, sampled, radius=radius, own=own),
    )


def _meaning(
    kept: NDArray[np.float32], sampled: NDArray[np.float32], *, radius: float, own: NDArray[np.bool_]
) -> dict[str, Any]:
    """What estimated distances mean, by the bars that seem nearest to sampled ones among those kept of other works;
    `own`: bool (sampled, kept), which are of the same work."""
    is_elsewhere = ~own.all(axis=1)
    sampled, own, signs = sampled[is_elsewhere], own[is_elsewhere], signs_of(kept)
    pairs = [
        nearest_by(signs, sampled[rows], radius=radius, passed_over=own[rows])
        for rows in np.array_split(np.arange(len(sampled)), -(-len(sampled) // 100) or 1)
    ]
    nearest, estimated = (np.concatenate(columns) for columns in zip(*pairs, strict=True))
    return meaning_of(estimated, np.linalg.norm(kept[nearest] - sampled, axis=1))


def split_bars(corpus: PreparedCorpus, *, split: str, progress: Progress = lambda work, *_: work) -> SplitBars:
    """The bars of a split, by piece and number. Which windows are one long bar the prepared corpus does not know; the
    pieces that have such bars are read again."""
    table, pieces = corpus.bars, corpus.pieces_of(split)
    starts = np.searchsorted(table.piece, np.arange(len(corpus.pieces) + 1))
    begins = np.zeros(len(table) + 1, bool)  # windows with which a bar begins
    counts = np.diff(starts)
    long = [piece for piece in pieces.tolist() if counts[piece] != corpus.pieces[piece].bars]
    for piece in pieces:
        begins[starts[piece] : starts[piece + 1]] = True
    for piece in progress(long, len(long), "long bars"):
        windows = bar_windows(cut(read(Path(corpus.pieces[piece].path))))
        begins[starts[piece] : starts[piece + 1]] = windows.part_of_bar == 0
    inside = np.zeros(len(table), bool)
    inside[np.isin(table.piece, pieces)] = True
    first = np.flatnonzero(begins[:-1] & inside)
    borders = np.flatnonzero(begins | np.append(~inside, True))
    ends = borders[np.searchsorted(borders, first) + 1]
    piece = table.piece[first].astype(np.int64)
    number = np.arange(len(first)) - np.searchsorted(piece, piece) + 1
    sums = np.concatenate([[0], np.cumsum(table.onsets, dtype=np.int64)])
    content = np.zeros(len(first), np.uint64)
    for nth in range(int((ends - first).max(initial=0))):
        more = ends - first > nth
        content[more] = mixed(content[more] ^ table.content[first[more] + nth])
    sounding = sums[ends] > sums[first]
    return SplitBars(piece[sounding], number[sounding], first[sounding], (ends - first)[sounding], content[sounding])


def _embedded(
    corpus: PreparedCorpus, embedder: Embedder, bars: SplitBars, chosen: NDArray[np.int64], *, progress: Progress
) -> NDArray[np.float32]:
    """Embeddings of some bars, float32 (chosen, dim)."""
    vectors = [np.zeros((0, embedder.dim), np.float32)]
    starts = range(0, len(chosen), BATCH)
    for start in progress(starts, len(starts), "embedding"):
        batch = chosen[start : start + BATCH]
        counts = bars.windows[batch]
        windows: Windows = corpus.bars.windows(ranges.rows(bars.first[batch], counts))
        vectors.append(embedder.of_bars(embedder.embed_windows(windows), ranges.offsets(counts)[:-1]))
    return np.concatenate(vectors)


def _set_and_path(piece: Piece) -> tuple[str, str]:
    """A piece's set, and its path in the set's folder."""
    parts = Path(piece.path).parts
    below = parts[parts.index(piece.set_name) + 1 :] if piece.set_name in parts[:-1] else parts[-1:]
    return piece.set_name, "/".join(below)
