"""Written music beside real music: what passages of bars are like, and how far two collections of them overlap.

The figures are those that the field uses. *Within a bar*: pitch-class entropy, notes a bar, polyphony, pitch range.
*Between bars*: groove (Wu and Yang 2020, "The Jazz Transformer on the front line", section 4: how alike the onset
patterns of bars are), scale consistency (Mogren 2016: the share of notes in the scale that fits best), bars that
return, pitch classes shared with the bars before the passage. *Between tracks*: harmonic agreement, the share of the
time with two pitched tracks or more sounding in which all they sound fits one triad or seventh chord.

How near a collection comes to a real one is measured as by Yang and Lerch (2020, "On the evaluation of generative
models in music"): the distances of its passages to real ones against those of real ones to each other, as the
overlapping area of the two densities (1: the same) and the Kullback-Leibler divergence (0: the same).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.harmony import is_one_chord, sounding_classes

MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11)
WITHIN = ("pitch-class entropy", "notes a bar", "polyphony", "pitch range")
BETWEEN = ("groove", "scale consistency", "bars that return", "pitch classes shared with before")
TRACKS = ("harmonic agreement",)
FIGURES = (*WITHIN, *BETWEEN, *TRACKS)
DENSITY_POINTS = 400


@dataclass(frozen=True, eq=False)
class Passage:
    """Bars of music as notes on the grid: int64 (notes, 4), each a track, a step from the passage's beginning, a length
    in steps, a pitch; which tracks are drums, bool (tracks,); how many bars of how many steps."""

    notes: NDArray[np.int64]
    drums: NDArray[np.bool_]
    bars: int
    bar_steps: int

    @classmethod
    def of(cls, barred: BarredScore, *, first: int, bars: int) -> Passage:
        """`bars` bars of a piece from bar `first` on, all as long as that one; beyond its end they are silent."""
        grid, length = barred.grid, int(barred.grid.bar_length(min(first, barred.bars - 1)))
        last = int(grid.bar_steps[-1])
        start = int(grid.bar_steps[first]) if first < barred.bars else last + (first - barred.bars) * length
        notes = barred.notes
        inside = (notes.onset_steps >= start) & (notes.onset_steps < start + bars * length)
        table = np.stack([notes.track, notes.onset_steps - start, notes.length_steps, notes.pitch], axis=1)[inside]
        return cls(table.astype(np.int64), barred.part_is_drum, bars, length)

    @property
    def pitched(self) -> NDArray[np.int64]:
        """The notes of pitched tracks."""
        pitched: NDArray[np.int64] = self.notes[~self.drums[self.notes[:, 0]]]
        return pitched


def figures(passage: Passage, *, before: Passage) -> NDArray[np.float64]:
    """The FIGURES of a passage that follows `before`; float64 (9,), nan where one says nothing of it."""
    pitched = passage.pitched
    classes = np.bincount(pitched[:, 3] % 12, minlength=12).astype(float)
    shares = classes / max(classes.sum(), 1)
    return np.array(
        [
            stats.entropy(shares, base=2) if len(pitched) else np.nan,
            len(passage.notes) / passage.bars,
            _polyphony(passage),
            np.ptp(pitched[:, 3]) if len(pitched) else np.nan,
            _groove(passage),
            _scale_consistency(classes),
            _returning(passage),
            _shared(classes, before),
            harmonic_agreement(passage),
        ],
        float,
    )


def harmonic_agreement(passage: Passage) -> float:
    """The share of the steps at which two pitched tracks or more sound, and all fits one chord; nan where none do."""
    steps = passage.bars * passage.bar_steps
    by_track = (passage.pitched[passage.pitched[:, 0] == track] for track in range(len(passage.drums)))
    sounding = np.stack([sounding_classes(*notes[:, 1:].T, steps=steps) for notes in by_track])  # (tracks, steps, 12)
    together = sounding.any(axis=2).sum(axis=0) >= 2
    classes: NDArray[np.bool_] = np.logical_or.reduce(sounding, axis=0)  # (steps, 12)
    return float(is_one_chord(classes[together]).mean()) if together.any() else float("nan")


def overlap(real: NDArray[np.float64], other: NDArray[np.float64]) -> tuple[float, float]:
    """The overlapping area of the densities of distances real to real and other to real, and the divergence of the
    second from the first, for one figure: values (n,) and (m,) without nan. (nan, nan) where a density has no width."""
    inside = np.abs(real[:, None] - real)[np.triu_indices(len(real), 1)]
    across = np.abs(other[:, None] - real).ravel()
    if np.ptp(inside) == 0 or np.ptp(across) == 0:
        return float("nan"), float("nan")
    points = np.linspace(0.0, max(inside.max(), across.max()), DENSITY_POINTS)
    densities = [stats.gaussian_kde(distances)(points) + 1e-12 for distances in (inside, across)]
    step = points[1] - points[0]
    shares = [density / (density.sum() * step) for density in densities]
    return float(np.minimum(*shares).sum() * step), float((shares[0] * np.log(shares[0] / shares[1])).sum() * step)


def _polyphony(passage: Passage) -> float:
    """How many pitched notes sound on average where any does."""
    count = np.zeros(passage.bars * passage.bar_steps + 1)
    for _, step, steps, _ in passage.pitched.tolist():
        count[step] += 1
        count[min(step + steps, len(count) - 1)] -= 1
    count = count.cumsum()[:-1]
    return float(count[count > 0].mean()) if (count > 0).any() else float("nan")


def _groove(passage: Passage) -> float:
    """1 - the mean share of steps at which one of two bars has an onset and the other has not, over all pairs."""
    onsets = np.zeros(passage.bars * passage.bar_steps, bool)
    onsets[passage.notes[:, 1]] = True
    bars = onsets.reshape(passage.bars, -1)
    pairs = np.triu_indices(passage.bars, 1)
    return float(1 - (bars[pairs[0]] ^ bars[pairs[1]]).mean())


def _scale_consistency(classes: NDArray[np.float64]) -> float:
    scales = [[(root + tone) % 12 for tone in scale] for scale in (MAJOR, MINOR) for root in range(12)]
    return max(float(classes[scale].sum()) for scale in scales) / classes.sum() if classes.sum() else float("nan")


def _returning(passage: Passage) -> float:
    """The share of cells (a track in a bar, with notes) whose onsets and pitches an earlier bar of the track had."""
    seen: set[tuple[object, ...]] = set()
    cells = returned = 0
    for track in range(len(passage.drums)):
        for bar in range(passage.bars):
            first = bar * passage.bar_steps
            rows = passage.notes[passage.notes[:, 0] == track]
            rows = rows[(rows[:, 1] >= first) & (rows[:, 1] < first + passage.bar_steps)]
            if len(rows):
                content = (track, *sorted(zip((rows[:, 1] - first).tolist(), rows[:, 3].tolist(), strict=True)))
                cells, returned = cells + 1, returned + (content in seen)
                seen.add(content)
    return returned / cells if cells else float("nan")


def _shared(classes: NDArray[np.float64], before: Passage) -> float:
    """The overlap of two distributions of pitch classes: the sum of the smaller shares."""
    earlier = np.bincount(before.pitched[:, 3] % 12, minlength=12)
    if not classes.sum() or not earlier.sum():
        return float("nan")
    return float(np.minimum(classes / classes.sum(), earlier / earlier.sum()).sum())
