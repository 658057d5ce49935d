"""The search for cells as far from given ones as asked.

Each cell's embedding is rotated on its sphere by some angle, in a random direction, and decoded. The decoder corrects
small errors, so the same angle changes one cell and leaves the next alone; therefore the angle is searched, cell by
cell, until the written cell is as far away as asked: embedded again, or compared note by note. Where no angle in one
direction leads there, others are tried.

Several variations of the same cells are searched side by side, a stretch of AT_ONCE windows at a time, so memory does
not grow with the piece. Each has random numbers of its own, and no window depends on its neighbours: a variation is the
same whatever is searched beside it.

Where leaps are looked at (`leaps.py`), one more is as bad as half of what is near enough again, of the share of notes
that is one note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import Windows
from symbolic_embed.bars.merging import merge
from symbolic_embed.composing.dial import share_changed
from symbolic_embed.composing.leaps import Leaps
from symbolic_embed.composing.patterns import Patterns
from symbolic_embed.composing.rules import Rules
from symbolic_embed.embedding.embedder import Embedder

TOLERANCE = 0.01  # of the distance asked for
HALVINGS = 7
DIRECTIONS = 6
WIDEST_ANGLE = 0.75 * np.pi
AT_ONCE = 1024  # windows
TINY = 1e-9


@dataclass(frozen=True, eq=False)
class Ground:
    """The cells that a search starts from: what of them is kept, their embeddings float32 (cells, dim), the rules for
    what is written, which are drums, bool (cells,), and how far to go, float64 (cells,): a distance, or where
    `by_notes` a share of notes. `leaps`: those that there are, if new ones are to be few."""

    embedder: Embedder
    cells: Windows
    kept: Windows
    start: NDArray[np.float32]
    rules: Rules
    drums: NDArray[np.bool_]
    asked: NDArray[np.float64]
    by_notes: bool
    leaps: Leaps | None = None

    @classmethod
    def of(
        cls,
        embedder: Embedder,
        cells: Windows,
        *,
        rules: Rules,
        drums: NDArray[np.bool_],
        asked: NDArray[np.float64],
        by_notes: bool,
    ) -> Ground:
        """The ground of cells with their rules; what is missing is read off them."""
        kept = cells.keeping(rules.kept)
        return cls(embedder, cells, kept, embedder.embed_windows(cells), rules, drums, asked, by_notes)

    def near_enough(self) -> NDArray[np.float64]:
        """How far from what was asked a cell may be; float64 (cells,)."""
        notes = np.maximum(self.cells.note_counts, 1)
        return 0.5 / notes if self.by_notes else TOLERANCE * self.asked

    def written(self, cells: NDArray[np.int64], vectors: NDArray[np.float32]) -> Windows:
        """What the decoder makes of vectors (n, dim) in place of some cells (n,) under the rules, with what is kept."""
        rules = self.rules.for_decoder(cells, steps=self.cells.steps[cells], drums=self.drums[cells])
        decoded = self.embedder.decode(vectors, rules)
        return self.with_kept(cells, self.rules.shortened(decoded, cells))

    def with_kept(self, cells: NDArray[np.int64], new: Windows) -> Windows:
        """New windows in place of some cells, with what is kept of each."""
        groups = np.tile(np.arange(len(cells)), 2)
        return merge(Windows.concatenated([self.kept.where(cells), new]), groups=groups, steps=self.cells.steps[cells])

    def distance(self, cells: NDArray[np.int64], written: Windows) -> NDArray[np.floating]:
        """How far windows are from the cells they stand for, in the embedding."""
        apart = self.embedder.embed_windows(written) - self.start[cells]
        distances: NDArray[np.floating] = np.linalg.norm(apart, axis=1)
        return distances

    def measured(self, cells: NDArray[np.int64], written: Windows) -> NDArray[np.floating]:
        """The same on the dial."""
        return share_changed(self.cells.where(cells), written) if self.by_notes else self.distance(cells, written)

    def new_leaps(self, cells: NDArray[np.int64], written: Windows) -> NDArray[np.int64]:
        """How many leaps windows have more than the cells they stand for; int64 (n,)."""
        return self.leaps.more_in(cells, written) if self.leaps else np.zeros(len(cells), np.int64)

    def of_models(self, patterns: Patterns, rules: Rules, leaps: Leaps) -> Ground:
        """The ground of the models of patterns, where this is that of their cells; `rules` and `leaps` are theirs."""
        model = patterns.model
        cells = self.cells.where(model)
        kept, start = cells.keeping(rules.kept), self.start[model]
        return Ground(
            self.embedder, cells, kept, start, rules, self.drums[model], self.asked[model], self.by_notes, leaps
        )


@dataclass(frozen=True, eq=False)
class Found:
    """The nearest windows that were found for all cells, how far they are on the dial and in the embedding, float64
    (cells,), and how many directions were tried beyond the first of each."""

    windows: Windows
    measured: NDArray[np.float64]
    distances: NDArray[np.float64]
    redrawn: int


def search(
    ground: Ground, random_seeds: Sequence[int], *, progress: Callable[[Sequence[int]], Iterable[int]] = iter
) -> list[Found]:
    """For each random seed cells as far away as asked, decoded. `progress` wraps the steps there are at most."""
    count = len(ground.cells)
    randoms = [np.random.default_rng(random_seed) for random_seed in random_seeds]
    variation, cell = np.divmod(np.arange(count * len(random_seeds)), count)
    at_once = np.split(np.arange(len(cell)), np.arange(AT_ONCE, len(cell), AT_ONCE))
    stretches = [_Stretch(ground, cell[rows], [randoms[number] for number in variation[rows]]) for rows in at_once]
    for step in progress(range(DIRECTIONS * len(stretches))):
        direction, number = divmod(step, len(stretches))
        stretches[number].along_one_direction(is_first=direction == 0)
    windows = Windows.concatenated([stretch.best for stretch in stretches])
    measured = np.concatenate([stretch.measured for stretch in stretches])
    distances = np.concatenate([stretch.distances() for stretch in stretches])
    redrawn = np.concatenate([stretch.redrawn for stretch in stretches])
    of_each = np.arange(len(cell)).reshape(len(random_seeds), count)
    return [Found(windows.where(rows), measured[rows], distances[rows], int(redrawn[rows].sum())) for rows in of_each]


class _Stretch:
    """Some of the windows that are searched: `cell` (windows,) says which cell each stands for, `randoms` where its
    random numbers come from. `best` holds the nearest found so far, `measured` how far they are."""

    def __init__(self, ground: Ground, cell: NDArray[np.int64], randoms: list[np.random.Generator]) -> None:
        self.ground, self.cell, self.randoms = ground, cell, randoms
        self.asked, self.near_enough = ground.asked[cell], ground.near_enough()[cell]
        self.best, self.measured = ground.cells.where(cell), np.zeros(len(cell))
        self.is_found, self.redrawn = np.zeros(len(cell), bool), np.zeros(len(cell), np.int64)
        self.new_leaps = np.zeros(len(cell), np.int64)

    def along_one_direction(self, *, is_first: bool) -> None:
        """Halves the angle's interval until each written cell that is not near enough yet, or leaps, is as near its
        distance as this direction allows."""
        is_near = np.abs(self.measured - self.asked) <= self.near_enough
        searched = np.flatnonzero(~is_near | (self.new_leaps > 0))
        if len(searched) == 0:
            return
        self.redrawn[searched] += not is_first
        start = self.ground.start[self.cell[searched]]
        direction = _tangents(start, [self.randoms[number] for number in searched])
        low, high = np.zeros(len(searched)), np.full(len(searched), WIDEST_ANGLE)
        for _ in range(HALVINGS):
            angle = (low + high) / 2
            rotated = np.cos(angle)[:, None] * start + np.sin(angle)[:, None] * direction
            written = self.ground.written(self.cell[searched], rotated.astype(np.float32))
            too_far = self._keep_better(searched, written) > self.asked[searched]
            low, high = np.where(too_far, low, angle), np.where(too_far, angle, high)

    def distances(self) -> NDArray[np.float64]:
        """How far the nearest found are in the embedding; 0 where none was."""
        if not self.ground.by_notes:
            return self.measured
        return np.where(self.is_found, self.ground.distance(self.cell, self.best), 0.0)

    def _keep_better(self, searched: NDArray[np.int64], written: Windows) -> NDArray[np.floating]:
        """How far the written windows are on the dial; those that are better than the best are kept."""
        cells = self.cell[searched]
        measured, new_leaps = self.ground.measured(cells, written), self.ground.new_leaps(cells, written)
        better = self._is_better(searched, measured, new_leaps) & (written.note_counts > 0)
        chosen = searched[better]
        self.is_found[chosen], self.measured[chosen], self.new_leaps[chosen] = True, measured[better], new_leaps[better]
        self.best = replaced(self.best, chosen, written.where(np.flatnonzero(better)))
        return measured

    def _is_better(
        self, searched: NDArray[np.int64], measured: NDArray[np.floating], new_leaps: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Which windows are better than the best so far: nearer to what was asked, counted from where it is near enough
        on, or with fewer new leaps; of equal ones the nearer."""
        asked, near_enough = self.asked[searched], self.near_enough[searched]
        misses = np.abs(measured - asked), np.abs(self.measured[searched] - asked)
        unit = np.maximum(2 * near_enough, TINY)  # a note, where notes are counted
        worse = [
            np.maximum(miss - near_enough, 0) / unit + leaps
            for miss, leaps in zip(misses, (new_leaps, self.new_leaps[searched]), strict=True)
        ]
        better: NDArray[np.bool_] = (worse[0] < worse[1]) | ((worse[0] == worse[1]) & (misses[0] < misses[1]))
        return better


def replaced(windows: Windows, chosen: NDArray[np.int64], new: Windows) -> Windows:
    """`windows` with the chosen ones exchanged for those of `new`."""
    rows = np.arange(len(windows))
    rows[chosen] = len(windows) + np.arange(len(chosen))
    return Windows.concatenated([windows, new]).where(rows)


def _tangents(vectors: NDArray[np.floating], randoms: Sequence[np.random.Generator]) -> NDArray[np.float64]:
    """Random directions at right angles to the vectors, as long as they; (n, dim). Each is drawn from its own of
    `randoms`, in order."""
    draws: NDArray[np.float64] = np.stack([random.standard_normal(vectors.shape[1]) for random in randoms])
    square = (vectors**2).sum(axis=1, keepdims=True)
    draws -= (draws * vectors).sum(axis=1, keepdims=True) / square * vectors
    draws *= np.sqrt(square / (draws**2).sum(axis=1, keepdims=True))
    return draws
