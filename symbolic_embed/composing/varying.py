"""Other notes in chosen cells, as far from the old ones as asked.

There are two dials. *Strength* is a quantile of the distances between random cells of one role, kept in the
checkpoint's card: .5 asks for cells as far from the seed's as any two cells are from each other, 0 for the seed itself.
In many dimensions random points are all about equally far from each other, so what sounds like a variation lies below
.01. *Change* is the share of a cell's notes that are to be others: 1 - F1 of onset and pitch, from 0 to 1.

Each cell's embedding is turned by some angle on its sphere, in a random direction, and decoded. The decoder corrects
small errors, so the same angle changes one cell and leaves the next alone; therefore the angle is searched, cell by
cell, until the written cell is as far away as asked: embedded again, or compared note by note. Where no angle in one
direction leads there, others are tried.

Instead of decoded notes, cells of the user's own music can be written that lie about as far away (`retrieving.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symbolic_embed.bars import ROLES, WINDOW_STEPS, BarredScore, Windows, cell_windows
from symbolic_embed.bars.merging import merge, stack
from symbolic_embed.bars.windows import HELD
from symbolic_embed.composing.band import WrittenNotes
from symbolic_embed.composing.changes import changes, voiced
from symbolic_embed.composing.locks import NO_LOCKS, Locks, Rules, melody_parts, rules_for
from symbolic_embed.composing.retrieving import Origin, OwnCells
from symbolic_embed.embedder import Embedder
from symbolic_embed.errors import CheckpointError

TOLERANCE = 0.01  # of the distance asked for
RETRIEVED = 0.1  # the same for cells that can only be found, not made
HALVINGS = 7
DIRECTIONS = 6
WIDEST_ANGLE = 0.75 * np.pi
CLOSEST, LOOKED_AT = 5, 200  # of retrieved cells: among so many chance decides, so many are tried under the rules
CARD_KEY = "cell_distance_quantiles"


@dataclass(frozen=True, eq=False)
class Variation:
    """What a variation changes: `removed`, the notes of the seed that go, as indices into `barred.notes`; `added`, the
    notes that come; and of each chosen window what was asked for and measured on the dial (a distance, or a share of
    notes), the distance, the strength that is, its part and its bar (from 0). `redrawn` counts directions tried beyond
    the first. `origins`: where the cells that were written come from, None where nothing was, if they were retrieved.
    `no_choice`: the parts that were chosen and stay, since no cell of theirs has another note that the locks allow.
    """

    removed: np.ndarray
    added: WrittenNotes
    asked: np.ndarray
    measured: np.ndarray
    distances: np.ndarray
    strengths: np.ndarray
    track: np.ndarray
    bar: np.ndarray
    redrawn: int
    origins: Sequence[Origin | None] = ()
    no_choice: tuple[int, ...] = ()


def distances_at(card: Mapping[str, Any], strength: float, roles: np.ndarray) -> np.ndarray:
    """The distance that `strength` (0 to 1) asks of cells of these roles (numbers in ROLES); float64, as `roles`."""
    tables = [_quantiles(card, role) for role in ROLES]
    share = np.linspace(0.0, 1.0, len(tables[0]))
    return np.array([np.interp(strength, share, tables[role]) for role in roles])


def strengths_at(card: Mapping[str, Any], distances: np.ndarray, roles: np.ndarray) -> np.ndarray:
    """The strength that asks for each distance; the inverse of `distances_at`."""
    tables = [_quantiles(card, role) for role in ROLES]
    share = np.linspace(0.0, 1.0, len(tables[0]))
    return np.array([np.interp(d, tables[role], share) for d, role in zip(distances, roles, strict=True)])


def _quantiles(card: Mapping[str, Any], role: str) -> np.ndarray:
    """The quantiles of the distance between random cells of a role; of all roles where the card lacks this one."""
    known = card.get(CARD_KEY)
    if not known:
        raise CheckpointError("the checkpoint's card has no cell_distance_quantiles; train it with this version")
    table = np.array(known.get(role) or np.mean(list(known.values()), axis=0))
    return np.concatenate([[0.0], table[1:]])  # strength 0 is the seed itself, not the nearest other cell


def vary_piece(
    embedder: Embedder,
    barred: BarredScore,
    *,
    seed: int,
    strength: float | None = None,
    change: float | None = None,
    tracks: frozenset[int] | None = None,
    bars: frozenset[int] | None = None,
    locks: Locks = NO_LOCKS,
    quantiles: Mapping[str, list[float]] | None = None,
    own: OwnCells | None = None,
) -> Variation:
    """One variation of a piece by either `strength` or `change`; `tracks` and `bars` (both from 0; None: all) say which
    cells may change, `locks` what of them must stay. `quantiles` (as in a checkpoint's card) are what strength is read
    off for the roles they have. With `own` the cells are taken from there, not decoded; that needs a strength.
    """
    card = {**embedder.card, CARD_KEY: {**embedder.card.get(CARD_KEY, {}), **(quantiles or {})}}
    cells = cell_windows(barred)
    chosen = _among(cells.track, tracks) & _among(cells.bar, bars)
    if locks.melody:
        chosen &= ~_among(cells.track, melody_parts(barred))
    cells = cells.where(np.flatnonzero(chosen))
    rules = rules_for(cells, barred, locks)
    has_free_notes = np.bincount(cells.note_window[~rules.kept], minlength=len(cells)) > 0
    has_choice = has_free_notes & rules.leave_choice(cells)
    no_choice = tuple(np.setdiff1d(cells.track[has_free_notes], cells.track[has_choice]).tolist())
    cells, rules = cells.where(np.flatnonzero(has_choice)), rules.where(has_choice, cells)
    roles = np.array([ROLES.index(role) for role in barred.roles])[cells.track] if len(cells) else np.zeros(0, int)
    dial = change if strength is None else strength
    if not dial or len(cells) == 0:
        nothing, zeros = np.zeros(0, np.int64), np.zeros(len(cells))
        none = WrittenNotes(nothing, nothing, nothing, nothing)
        return Variation(nothing, none, zeros, zeros, zeros, zeros, cells.track, cells.bar, 0, (), no_choice)
    asked = np.full(len(cells), dial) if strength is None else distances_at(card, strength, roles)
    drums = roles == ROLES.index("drums")
    search = _Search(embedder, cells, asked, by_notes=strength is None, rules=rules, drums=drums, seed=seed)
    origins = search.retrieve(own, roles) if own else search.run()
    removed, added = changes(barred, cells, search.best)
    if not locks.rhythm:
        added = voiced(barred, removed, added, end=int(barred.grid.bar_steps[-1]))
    distances = search.distances
    strengths = strengths_at(card, distances, roles)
    found = (asked, search.measured, distances, strengths)
    return Variation(removed, added, *found, cells.track, cells.bar, search.redrawn, origins, no_choice)


class _Search:
    """The search for windows as far away as asked, in the embedding or `by_notes`; `best` holds the nearest found so
    far, `measured` how far they are, `distances` the same in the embedding, `redrawn` how many directions were tried
    beyond the first."""

    def __init__(
        self,
        embedder: Embedder,
        cells: Windows,
        asked: np.ndarray,
        *,
        by_notes: bool,
        rules: Rules,
        drums: np.ndarray,
        seed: int,
    ) -> None:
        self.embedder, self.cells, self.asked, self.drums = embedder, cells, asked, drums
        self.rules, self.kept = rules, cells.keeping(rules.kept)
        self.random = np.random.default_rng(seed)
        self.start = embedder.embed_windows(cells)
        self.best, self.measured, self.distances = cells, np.zeros(len(cells)), np.zeros(len(cells))
        self.redrawn = 0
        self.by_notes = by_notes
        notes = np.maximum(np.diff(cells.offsets), 1)
        self.near_enough = 0.5 / notes if by_notes else TOLERANCE * asked

    def run(self) -> tuple[()]:
        """Decodes cells at the distances asked for."""
        for attempt in range(DIRECTIONS):
            open_ = np.flatnonzero(np.abs(self.measured - self.asked) > self.near_enough)
            if len(open_) == 0:
                break
            self.redrawn += len(open_) if attempt else 0
            self._along_one_direction(open_)
        return ()

    def retrieve(self, own: OwnCells, roles: np.ndarray) -> list[Origin | None]:
        """Takes cells of `own` that lie nearest to the distances asked for; one of the CLOSEST that the rules admit,
        by chance. Where none is near enough the cell stays."""
        origins: list[Origin | None] = []
        for number, point in enumerate(self.start):
            steps = int(self.cells.steps[number])
            found, distances = own.by_nearness(point, distance=self.asked[number], role=int(roles[number]), steps=steps)
            near = np.abs(distances - self.asked[number]) <= RETRIEVED * self.asked[number]
            fitting = [
                place
                for place in np.flatnonzero(near)[:LOOKED_AT]
                if self.rules.admits(number, own.windows.where(found[place : place + 1]))
            ]
            if not fitting:
                origins.append(None)
                continue
            place = fitting[int(self.random.integers(min(len(fitting), CLOSEST)))]
            one, here = np.array([number]), found[place : place + 1]
            together = stack(self.kept.where(one), own.windows.where(here))
            written = merge(together, groups=np.zeros(2, np.int64), steps=self.cells.steps[one])
            measured = self._keep_better(one, written)
            origins.append(own.origins[int(here[0])] if self.measured[number] == measured[0] else None)
        return origins

    def _along_one_direction(self, open_: np.ndarray) -> None:
        """Halves the angle's interval until each written cell is as near its distance as this direction allows."""
        start = self.start[open_]
        direction = _tangents(start, self.random)
        low, high = np.zeros(len(open_)), np.full(len(open_), WIDEST_ANGLE)
        for _ in range(HALVINGS):
            angle = (low + high) / 2
            turned = np.cos(angle)[:, None] * start + np.sin(angle)[:, None] * direction
            written = self._written(open_, turned.astype(np.float32))
            measured = self._keep_better(open_, written)
            too_far = measured > self.asked[open_]
            low, high = np.where(too_far, low, angle), np.where(too_far, angle, high)

    def _written(self, open_: np.ndarray, vectors: np.ndarray) -> Windows:
        """What the decoder makes of the vectors under the rules, with what is kept."""
        rules = self.rules
        decoded = self.embedder.decode(
            vectors,
            steps=self.cells.steps[open_],
            drums=self.drums[open_],
            **rules.for_decoder(open_),
        )
        decoded = rules.shortened(decoded, open_)
        groups = np.tile(np.arange(len(open_)), 2)
        return merge(stack(self.kept.where(open_), decoded), groups=groups, steps=self.cells.steps[open_])

    def _keep_better(self, open_: np.ndarray, written: Windows) -> np.ndarray:
        """How far the written windows are on the dial; those nearer to what was asked than the best are kept."""
        distance = np.linalg.norm(self.embedder.embed_windows(written) - self.start[open_], axis=1)
        measured = share_changed(self.cells.where(open_), written) if self.by_notes else distance
        better = np.abs(measured - self.asked[open_]) < np.abs(self.measured[open_] - self.asked[open_])
        better &= np.diff(written.offsets) > 0
        self.measured[open_[better]] = measured[better]
        self.distances[open_[better]] = distance[better]
        self.best = _replaced(self.best, open_[better], written.where(np.flatnonzero(better)))
        return measured


def share_changed(before: Windows, after: Windows) -> np.ndarray:
    """1 - F1 of the onsets and pitches that begin in each window; float64 (windows,), 0 where nothing begins."""
    keys = []
    for windows in (before, after):
        begins = (windows.flags & HELD) == 0
        window, onset, pitch = windows.note_window[begins], windows.onset[begins], windows.pitch[begins]
        keys.append((window * WINDOW_STEPS + onset) * 128 + pitch)
    counts = [np.bincount(key // (WINDOW_STEPS * 128), minlength=len(before)) for key in keys]
    same = np.bincount(keys[1][np.isin(keys[1], keys[0])] // (WINDOW_STEPS * 128), minlength=len(before))
    total = counts[0] + counts[1]
    return np.where(total > 0, 1 - 2 * same / np.maximum(total, 1), 0.0)


def _among(numbers: np.ndarray, wanted: frozenset[int] | None) -> np.ndarray:
    return np.ones(len(numbers), bool) if wanted is None else np.isin(numbers, sorted(wanted))


def _tangents(vectors: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Random directions at right angles to the vectors, as long as they; (n, dim)."""
    draws = random.standard_normal(vectors.shape)
    square = (vectors**2).sum(axis=1, keepdims=True)
    draws -= (draws * vectors).sum(axis=1, keepdims=True) / square * vectors
    return draws * np.sqrt(square / (draws**2).sum(axis=1, keepdims=True))


def _replaced(windows: Windows, chosen: np.ndarray, new: Windows) -> Windows:
    """`windows` with the notes of the chosen ones exchanged for those of `new`."""
    kept = windows.keeping(~np.isin(windows.note_window, chosen))
    groups = np.concatenate([np.arange(len(windows)), chosen])
    return merge(stack(kept, new), groups=groups, steps=windows.steps)
