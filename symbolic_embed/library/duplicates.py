"""What is there twice: groups of pieces that are nearly the same, in whatever key, by the joint distance of `rank`.

Comparing every two of ten thousand pieces would take hours. The learnt vector of a passage turns with the key; how
strong the waves around the circle are that it is made of stays the same. A piece is looked for among the `MOST` whose
waves have the most similar mean, and measured beside those of which its own passages, a few of them, find their waves
again (no further than `LIKELY` says). Pieces of one content are one piece. Pieces that are near enough to each other,
or to a third, are a group; its distance is the largest that had to be bridged.

The constants were chosen on 15,669 pairs of 882 pieces of the validation split, counted once while this was made: 79
pairs are within .1, and the second step leaves 160 to be measured; 209 are within .2, and it leaves some 5,000.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.passages import TOGETHER, Passages
from symbolic_embed.library.building import Pieces, build
from symbolic_embed.library.comparing import comparable
from symbolic_embed.library.elsewhere import floats
from symbolic_embed.library.features import Features, Needs, known
from symbolic_embed.library.progress import Progress, in_silence
from symbolic_embed.library.stores import MemoryStore, Store
from symbolic_embed.library.stores.library import Library
from symbolic_embed.library.within import Within, features_of, files_of
from symbolic_embed.requests import DuplicatesRequest
from symbolic_embed.similarity.joint import PARTS, Comparable, PartName, Parts, needed, parts
from symbolic_embed.similarity.likeness import Likeness
from symbolic_embed.similarity.transposing import TRANSPOSITIONS, Precedence

MOST = 24  # pieces that one is compared with
SAMPLES = 6  # passages of the shorter piece that look for their like
LIKELY = 0.16, 1.9  # how far their waves may be from those found, and by how much more for each distance asked for
AT_A_TIME = 512  # pieces whose means are compared with all
IN_ALL_KEYS = Likeness(transpose=True)


@dataclass(frozen=True)
class Group:
    """Pieces that are nearly the same: their paths, sorted; the distance that holds the group together."""

    paths: tuple[str, ...]
    distance: float


@dataclass(frozen=True, eq=False)
class _Distinct:
    """The pieces of one content, of which the first stands for all; and its waves, (passages, waves * out)."""

    paths: list[str]
    precedence: Precedence
    waves: NDArray[np.float16]


def duplicates(
    pieces: Pieces, embedder: Embedder, request: DuplicatesRequest, *, progress: Progress = in_silence
) -> list[Group]:
    """The groups among `pieces`, (path, score) or a store, the nearest first, then by path. `progress` wraps the
    iteration over the pieces that are compared. Raises CheckpointError for a model without passages."""
    source = _Source.of(pieces, embedder, request)
    of_content: dict[str, _Distinct] = {}
    for piece in source.all():
        one = of_content.get(known(piece.content))
        if one:
            one.paths.extend(files_of(piece.path, source.pieces))
        else:
            waves = passage_waves(known(piece.passages)).astype(np.float16)
            paths = list(files_of(piece.path, source.pieces))
            of_content[known(piece.content)] = _Distinct(paths, known(piece.precedence), waves)
    distinct = sorted(of_content.values(), key=lambda one: one.precedence)
    likely = progress(_likely(distinct, within=request.within), len(distinct))
    within = request.within
    links = (link for number, later in likely for link in _links(number, later, distinct, source, within=within))
    return _groups(distinct, [link for link in links if link.distance <= within])


@dataclass(frozen=True, eq=False)
class _Source:
    """Where the features of pieces are taken from: a store, or files of a library."""

    pieces: Store | Within
    embedder: Embedder
    needs: Needs

    @classmethod
    def of(cls, pieces: Pieces, embedder: Embedder, request: DuplicatesRequest) -> _Source:
        names = needed(IN_ALL_KEYS, has_passages=embedder.has_passages)
        needs = Needs.of("content", "precedence", "bars", *dict.fromkeys(["passages", *names]), together=True)
        if isinstance(pieces, Library):
            return cls(Within.of(pieces, request.conditions, checkpoint=embedder.embedding_hash), embedder, needs)
        if not isinstance(pieces, Store):
            store = MemoryStore(embedder.embedding_hash, needs.kinds)
            build(pieces, embedder, store, together=True)
            pieces = store
        return cls(pieces, embedder, needs)

    def all(self) -> Iterator[Features]:
        """All pieces, one after the other, and of each what is needed to say which may be alike."""
        needs = Needs.of("content", "precedence", "passages", together=True)
        return features_of(self.pieces, self.embedder, needs)

    def some(self, paths: Sequence[str]) -> list[Features]:
        """The pieces that have these as their first paths."""
        if isinstance(self.pieces, Within):
            numbers = [self.pieces.numbers_by_path[path] for path in paths]
            return list(self.pieces.features(self.needs, numbers=numbers))
        return [self.pieces.get(path) for path in paths]


def passage_waves(passages: Passages) -> NDArray[np.float32]:
    """How strong each wave around the circle is in each channel of the longest passages of all parts together, of
    length one; the same in every key, nearly; float32 (passages, waves * out)."""
    together = passages.where(passages.track == TOGETHER)
    return waves(together.turning[together.bars == together.bars.max(initial=0)])


def waves(turning: NDArray[np.float32]) -> NDArray[np.float32]:
    """How strong each wave around the circle is in each channel of vectors, (passages, places, out); of length one,
    float32 (passages, waves * out)."""
    return _of_length_one(np.abs(np.fft.rfft(turning, axis=1)).reshape(len(turning), -1).astype(np.float32))


class _Link(NamedTuple):
    """Two of the distinct pieces, by number, and their distance."""

    one: int
    other: int
    distance: float


def _links(
    number: int, later: NDArray[np.int64], distinct: Sequence[_Distinct], source: _Source, *, within: float
) -> Iterator[_Link]:
    """The distances of a piece to those later ones that may be as near as that; it is the shorter, and moved, as `rank`
    does."""
    if not len(later):
        return
    names = needed(IN_ALL_KEYS, has_passages=source.embedder.has_passages)
    shorter, *others = source.some([distinct[one].paths[0] for one in (number, *later.tolist())])
    moved = comparable(shorter, IN_ALL_KEYS, source.embedder, names=names, keys=len(TRANSPOSITIONS))
    beside = [comparable(other, IN_ALL_KEYS, source.embedder, names=names) for other in others]
    near, distances = _near_enough(moved, beside, names, within=within)
    for other, distance in zip(later[near].tolist(), distances, strict=True):
        yield _Link(number, other, float(str(distance)))


def _near_enough(
    moved: Comparable, beside: Sequence[Comparable], names: Sequence[PartName], *, within: float
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Which of some pieces may be as near to one as that, int64 (n,), and how near they are, float32 (n,). Melodies are
    measured last, of those that would be near enough if theirs were the same: nothing brings a piece nearer."""
    known_first = [name for name in names if name != "melody"]
    first = parts(moved, beside, likeness=IN_ALL_KEYS, names=known_first)
    if "melody" not in names:
        return np.arange(len(beside)), _nearest(first)
    same = replace(first, others={**first.others, "melody": np.zeros_like(first.bars)})
    near = np.flatnonzero(_nearest(same) <= within)
    if not len(near):
        return near, np.zeros(0, np.float32)
    melody = PARTS["melody"].measured(moved, [beside[number] for number in near.tolist()], IN_ALL_KEYS.transpose)
    others = {name: part[:, near] for name, part in first.others.items()}
    others["melody"] = np.broadcast_to(melody, (len(first.bars), len(near)))
    return near, _nearest(replace(first, bars=first.bars[:, near], others=others))


def _nearest(measured: Parts) -> NDArray[np.float32]:
    nearest: NDArray[np.float32] = measured.distances(IN_ALL_KEYS).min(axis=0).astype(np.float32)
    return nearest


def _likely(distinct: Sequence[_Distinct], *, within: float) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """For each piece by number those after it that may be as near as that, int64 (n,)."""
    furthest = LIKELY[0] + LIKELY[1] * within
    for number, later in enumerate(_alike_on_the_whole([one.waves for one in distinct])):
        if len(later):
            mine = distinct[number].waves
            rows = np.unique(np.linspace(0, len(mine) - 1, SAMPLES).astype(np.int64))
            theirs = [distinct[other].waves for other in later.tolist()]
            cosines = (floats(mine[rows]) @ floats(np.concatenate(theirs)).T).numpy()
            counts = np.array([len(waves) for waves in theirs])
            found = np.maximum.reduceat(cosines, np.cumsum(counts) - counts, axis=1)
            apart = np.sqrt(np.maximum(2 - 2 * found, 0)).mean(axis=0)
            later = later[apart <= furthest]
        yield number, later


def _alike_on_the_whole(waves: Sequence[NDArray[np.float16]]) -> list[NDArray[np.int64]]:
    """For each piece the later ones of which either is among the MOST most similar to the other by the mean of their
    waves; int64 (n,), rising. Pieces without passages are like none."""
    sounding = np.array([number for number, some in enumerate(waves) if len(some)], np.int64)
    alike: list[set[int]] = [set() for _ in waves]
    if len(sounding):
        means = _of_length_one(np.stack([waves[number].astype(np.float32).mean(axis=0) for number in sounding]))
        for start in range(0, len(means), AT_A_TIME):
            near = means[start : start + AT_A_TIME] @ means.T
            near[np.arange(len(near)), start + np.arange(len(near))] = -np.inf
            most = min(MOST, len(means) - 1)
            best = np.argpartition(-near, most - 1, axis=1)[:, :most] if most else np.zeros((len(near), 0), np.int64)
            for number, others in zip(sounding[start : start + AT_A_TIME].tolist(), sounding[best], strict=True):
                for other in others.tolist():
                    alike[min(number, other)].add(max(number, other))
    return [np.array(sorted(some), np.int64) for some in alike]


def _of_length_one(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return scaled


def _groups(distinct: Sequence[_Distinct], links: Sequence[_Link]) -> list[Group]:
    """Pieces that links join, and copies."""
    count = len(distinct)
    rows = np.array([link.one for link in links], np.int64)
    columns = np.array([link.other for link in links], np.int64)
    # The tree has no edges of weight 0, so all weigh a little more.
    weights = np.array([link.distance for link in links]) + 1
    tree = minimum_spanning_tree(coo_array((weights, (rows, columns)), shape=(count, count)).tocsr()).tocoo()
    _, group = connected_components(tree, directed=False)
    widest = np.zeros(group.max(initial=-1) + 1)
    np.maximum.at(widest, group[tree.row], tree.data - 1)
    paths: list[list[str]] = [[] for _ in widest]
    for number, one in zip(group.tolist(), distinct, strict=True):
        paths[number] += one.paths
    found = [
        Group(tuple(sorted(of_group)), float(str(np.float32(distance))))
        for of_group, distance in zip(paths, widest, strict=True)
        if len(of_group) > 1
    ]
    return sorted(found, key=lambda one: (one.distance, one.paths))
