"""How near a query comes to all pieces of a library, estimated from their sketches, so that few have to be read.

What costs more is asked of fewer:

    of all       which keys are likely, by the mean of harmony; harmony in these keys; what is learnt, by means; the
                 best stretch of the melody with no note left out (`similarity.ungapped`)
    of LIKELY    learnt passages, in these keys
    of LIKELIER  the melody, exactly

Rows are compared along few axes. Of what lies beside these the squares are added, since it has little to do with each
other, but for a part that has (BESIDE). Not of copies: rows that are the same along the axes are the same beside them,
so no more than MOST_BESIDE times what lies along is added. Chosen on queries of the training split, asked in any
key among 9,999 pieces: of 48, all of the right ten were among the likeliest 100 in .94, among 200 in .98.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.library.channels import harmony_mean, learnt_mean, of_length_one
from symbolic_embed.library.features import known
from symbolic_embed.library.measuring import Asked
from symbolic_embed.library.sketches import SIZES, Rows, Sketches, along, axes_of
from symbolic_embed.similarity.harmony import transposed_passages
from symbolic_embed.similarity.joint import UNRELATED_MELODIES, UNRELATED_PASSAGES, PartName, Parts
from symbolic_embed.similarity.learnt_passages import UNRELATED_VECTORS
from symbolic_embed.similarity.likeness import UNRELATED
from symbolic_embed.similarity.melody import melody_distances
from symbolic_embed.similarity.transposing import TRANSPOSITIONS
from symbolic_embed.similarity.ungapped import likeliest_moves, ungapped_distances

BESIDE: Mapping[str, float] = {"harmony": 0.85, "passages": 0.7, "bars": 0.85}
MOST_BESIDE = 32  # times as much as along the axes lies beside them at most
KEYS = 2
LIKELY, LIKELIER = 2_500, 1_200
LONGEST = 64  # rows of a query that are compared; of more some, evenly spread
AT_A_TIME = 4_096  # rows of pieces
FAR = 9.0  # in keys that are not likely
BY_MEANS = (0.319, 0.629)  # what is learnt says, by how far the means are apart
BY_STRETCHES = (-0.35, 1.3)  # the melody says, by its best stretch with no note left out

Distances = NDArray[np.float64]  # (versions, pieces), or (pieces,); NaN where nothing is said


def nearest_by_sketches(asked: Asked, sketches: Sketches, among: NDArray[np.int64], *, count: int) -> list[int]:
    """The numbers of `count` pieces that may be nearest to a query, of those of these numbers, which all have a sketch;
    the likeliest first. Only parts count that the sketches know."""
    places = np.flatnonzero(np.isin(sketches.numbers, among))
    found = _Estimating(asked, sketches, places, _keys(asked, sketches, places)).by_means()
    if asked.names == ("melody",):  # of all of them: nothing else says which are likely
        likelier = len(places)
    else:
        found, likelier = found.nearest(max(LIKELY, count)).with_passages(), LIKELIER
    found = found.nearest(max(likelier, count)).with_melody().nearest(count)
    numbers: list[int] = sketches.numbers[found.places].tolist()
    return numbers


@dataclass(frozen=True, eq=False)
class _Estimating:
    """What is estimated so far of the pieces at some places, in their likely keys, int64 (pieces, keys)."""

    asked: Asked
    sketches: Sketches
    places: NDArray[np.int64]
    keys: NDArray[np.int64]
    bars: Distances = field(default_factory=lambda: np.zeros(0))
    said: Mapping[PartName, Distances] = field(default_factory=dict)

    @property
    def distances(self) -> Distances:
        """As far as these pieces seem to be."""
        shape = (self.asked.here.versions, len(self.places))
        said = {name: np.broadcast_to(part, shape) for name, part in self.said.items()}
        nearest: Distances = Parts(np.broadcast_to(self.bars, shape), said).distances(self.asked.likeness).min(axis=0)
        return nearest

    def nearest(self, count: int) -> _Estimating:
        """The nearest, in order."""
        chosen = np.argsort(self.distances, kind="stable")[:count]
        said = {name: part[..., chosen] for name, part in self.said.items()}
        return replace(self, places=self.places[chosen], keys=self.keys[chosen], bars=self.bars[chosen], said=said)

    def by_means(self) -> _Estimating:
        """What is said first: the parts that count, learnt passages and melody by their means."""
        said = {name: _FIRST[name](self) for name in self.asked.names}
        silent = np.any([np.isnan(part).reshape(-1, len(self.places)).any(axis=0) for part in said.values()], axis=0)
        return replace(self, bars=self._bars(silent), said=said)

    def with_passages(self) -> _Estimating:
        """With learnt passages, where they count."""
        return self._with("passages", _passages)

    def with_melody(self) -> _Estimating:
        """With the melody as it is, where it counts."""
        return self._with("melody", _melody)

    def _with(self, name: PartName, part: _Part) -> _Estimating:
        return replace(self, said={**self.said, name: part(self)}) if name in self.said else self

    def _bars(self, chosen: NDArray[np.bool_]) -> Distances:
        """What bars say of the pieces of which a part says nothing; as much as of any of the others."""
        distances, mine = np.ones(len(self.places)), known(self.asked.mine.bars).vectors
        scale = UNRELATED["euclidean"] * mine.shape[1] ** 0.5
        at = np.flatnonzero(chosen & (self.sketches.rows["bars"].counts[self.places] > 0))
        distances[at] = self.chamfer(mine, "bars", at) / scale
        return distances

    def in_keys(self, versions: NDArray[np.float32], sort: str, at: NDArray[np.int64]) -> Distances:
        """How far some versions of a query, (versions, rows, d), are from the rows of some of the pieces in their
        likely keys; (versions, pieces), FAR in other keys."""
        distances = np.full((len(versions), len(at)), FAR)
        for version, points in enumerate(versions):
            some = np.flatnonzero((self.keys[at] == version).any(axis=1))
            distances[version, some] = self.chamfer(points, sort, at[some])
        return distances

    def chamfer(self, points: NDArray[np.float32], sort: str, at: NDArray[np.int64]) -> Distances:
        """How far a query, (rows, d), is from the rows of some of the pieces, which all have some; (pieces,)."""
        if len(points) > LONGEST:
            points = points[np.linspace(0, len(points) - 1, LONGEST).astype(int)]
        name, rows = axes_of(sort), self.sketches.rows[sort]
        return _chamfer(*along(points, self.sketches.axes[name]), rows, self.places[at], beside=BESIDE[name])


def _chamfer(
    vectors: NDArray[np.float32],
    lies_beside: NDArray[np.float32],
    rows: Rows,
    places: NDArray[np.int64],
    *,
    beside: float,
) -> Distances:
    """Late interaction (`similarity.late_interaction`) of rows along the axes with those of the pieces at places."""
    import torch

    counts, begins = rows.counts[places], ranges.offsets(rows.counts[places])
    mine = torch.from_numpy(vectors)
    lengths, mine_beside = (mine * mine).sum(1, keepdim=True), torch.from_numpy(lies_beside)[:, None]
    found = np.zeros(len(places))
    first = 0
    while first < len(places):
        last = max(int(np.searchsorted(begins, begins[first] + AT_A_TIME, side="right")) - 1, first + 1)
        some = ranges.rows(rows.begins[places[first:last]], counts[first:last])
        theirs, theirs_beside = (torch.from_numpy(part[some]).float() for part in (rows.vectors, rows.beside))
        along_axes = torch.addmm(lengths + (theirs * theirs).sum(1), mine, theirs.T, alpha=-2).clamp_(min=0)
        apart_beside = torch.minimum(along_axes * MOST_BESIDE, mine_beside + theirs_beside)
        squared = along_axes.add_(apart_beside, alpha=beside)
        starts = begins[first:last] - begins[first]
        back = np.add.reduceat(squared.amin(0).sqrt_().numpy(), starts) / counts[first:last]
        there = np.sqrt(np.minimum.reduceat(squared.numpy(), starts, axis=1)).mean(axis=0)
        found[first:last] = (there + back) / 2
        first = last
    return found


def _keys(asked: Asked, sketches: Sketches, places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Which versions of the query are likely to be the nearest to each piece, by what follows what in the mean."""
    versions = asked.here.versions
    mean = of_length_one(harmony_mean(asked.here.harmony)).reshape(-1, 12, 12)
    if not len(mean):  # nothing has a key, or it was not asked for
        return np.tile(np.arange(1 if "harmony" in asked.names else versions), (len(places), 1))
    turned = [np.roll(mean[0], (key, key), axis=(0, 1)).ravel() for key in TRANSPOSITIONS[:versions]]
    return np.argsort(-(sketches.harmony[places] @ np.stack(turned).T), axis=1, kind="stable")[:, :KEYS]


def _harmony(of: _Estimating) -> Distances:
    distances = np.full((of.asked.here.versions, len(of.places)), np.nan)
    at = np.flatnonzero(of.sketches.rows["harmony"].counts[of.places] > 0)
    if len(of.asked.here.harmony):
        distances[:, at] = of.in_keys(of.asked.here.harmony_points, "harmony", at) / UNRELATED_PASSAGES
    return distances


def _passages(of: _Estimating) -> Distances:
    mine = of.asked.here.passages
    distances = np.full((of.asked.here.versions, len(of.places)), np.nan)
    left = np.ones(len(of.places), bool)
    for size in (size for size in SIZES if size in mine):
        at = np.flatnonzero(left & (of.sketches.rows[f"passages {size}"].counts[of.places] > 0))
        turned = transposed_passages(mine[size], TRANSPOSITIONS[: len(distances)])
        distances[:, at] = of.in_keys(turned, f"passages {size}", at) / UNRELATED_VECTORS[size]
        left[at] = False
    return distances


def _passages_by_means(of: _Estimating) -> Distances:
    mean = learnt_mean(known(of.asked.mine.passages))
    if not len(mean):
        return np.full(len(of.places), np.nan)
    question = np.append(of_length_one(mean)[0], np.float32(0))
    apart = np.sqrt(np.maximum(2 - 2 * (of.sketches.learnt[of.places] @ question), 0))
    least, slope = BY_MEANS
    distances: Distances = np.maximum(least + slope * apart.astype(np.float64), 0.01)
    return distances


def _melody(of: _Estimating) -> Distances:
    melodies = of.sketches.melodies(of.places)
    distances = melody_distances(of.asked.here.melody, melodies, transpose=of.asked.likeness.transpose)
    return distances / UNRELATED_MELODIES


def _melody_ungapped(of: _Estimating) -> Distances:
    line, sketches = of.asked.here.melody, of.sketches
    transposed = of.asked.likeness.transpose and len(line.pitch)
    moves = likeliest_moves(line, sketches.profiles[of.places]) if transposed else np.zeros(len(of.places), np.int64)
    distances = ungapped_distances(line, sketches.notes_at(of.places), sketches.notes[of.places], moves)
    least, slope = BY_STRETCHES
    return np.maximum(least + slope * distances / UNRELATED_MELODIES, 0.01)


_Part = Callable[[_Estimating], Distances]
_FIRST: Mapping[PartName, _Part] = {
    "harmony": _harmony,
    "passages": _passages_by_means,
    "melody": _melody_ungapped,
}
