"""Other notes in chosen cells, as far from the old ones as asked.

How far is told by one of two dials (`dial.py`). The new notes are decoded, from embeddings that are searched
(`searching.py`), or they are cells of the user's own music that lie about as far away (`retrieving.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from symbolic_embed.bars import ROLES, BarredScore, cell_windows
from symbolic_embed.composing.dial import CARD_KEY, distances_at, strengths_at
from symbolic_embed.composing.locks import NO_LOCKS, Locks, melody_parts, rules_for
from symbolic_embed.composing.retrieving import Origin, OwnCells, retrieved
from symbolic_embed.composing.searching import Found, Ground, search
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.outputs.changes import changes, voiced
from symbolic_embed.outputs.written_notes import WrittenNotes


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


@dataclass(frozen=True, eq=False)
class Theme:
    """A piece, and what of it varies: the cells that may change, and how far each shall go (`ground`); their roles,
    numbers in ROLES; the parts that were chosen and have `no_choice`. `card` has the distances of random cells."""

    barred: BarredScore
    ground: Ground
    roles: np.ndarray
    no_choice: tuple[int, ...]
    card: Mapping[str, Mapping[str, list[float]]]
    locks: Locks
    is_still: bool

    @classmethod
    def of(
        cls,
        embedder: Embedder,
        barred: BarredScore,
        *,
        strength: float | None = None,
        change: float | None = None,
        tracks: frozenset[int] | None = None,
        bars: frozenset[int] | None = None,
        locks: Locks = NO_LOCKS,
        quantiles: Mapping[str, list[float]] | None = None,
    ) -> Theme:
        """A piece to be varied by either `strength` or `change`; `tracks` and `bars` (both from 0; None: all) say which
        cells may change, `locks` what of them must stay. `quantiles` (as in a checkpoint's card) are what strength is
        read off for the roles they have."""
        card = {CARD_KEY: {**embedder.card.get(CARD_KEY, {}), **(quantiles or {})}}
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
        by_notes = strength is None
        asked = np.full(len(cells), dial) if by_notes or not dial else distances_at(card, strength, roles)
        drums = roles == ROLES.index("drums")
        ground = Ground.of(embedder, cells, rules=rules, drums=drums, asked=asked, by_notes=by_notes)
        return cls(barred, ground, roles, no_choice, card, locks, is_still=not dial or len(cells) == 0)

    def variations(
        self,
        seeds: Sequence[int],
        *,
        own: OwnCells | None = None,
        progress: Callable[[Sequence[int]], Iterable[int]] = iter,
    ) -> list[Variation]:
        """A variation for each random seed. With `own` the cells are taken from there, not decoded; that needs a
        strength. `progress` wraps steps of the work."""
        if self.is_still:
            return [self._unchanged() for _ in seeds]
        if own:
            found = [retrieved(self.ground, own, roles=self.roles, seed=seed) for seed in progress(seeds)]
            return [self._varied(one, origins) for one, origins in found]
        return [self._varied(one, ()) for one in search(self.ground, seeds, progress=progress)]

    def _unchanged(self) -> Variation:
        nothing, zeros = np.zeros(0, np.int64), np.zeros(len(self.roles))
        none, cells = WrittenNotes(nothing, nothing, nothing, nothing), self.ground.cells
        return Variation(nothing, none, zeros, zeros, zeros, zeros, cells.track, cells.bar, 0, (), self.no_choice)

    def _varied(self, found: Found, origins: Sequence[Origin | None]) -> Variation:
        cells = self.ground.cells
        removed, added = changes(self.barred, cells, found.windows)
        if not self.locks.rhythm:
            added = voiced(self.barred, removed, added, end=int(self.barred.grid.bar_steps[-1]))
        measures = (self.ground.asked, found.measured, found.distances)
        strengths = strengths_at(self.card, found.distances, self.roles)
        places = (cells.track, cells.bar)
        return Variation(removed, added, *measures, strengths, *places, found.redrawn, origins, self.no_choice)


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
    """One variation of a piece; the arguments are those of `Theme.of` and `Theme.variations`."""
    dials = {"strength": strength, "change": change, "quantiles": quantiles}
    theme = Theme.of(embedder, barred, tracks=tracks, bars=bars, locks=locks, **dials)
    return theme.variations([seed], own=own)[0]


def _among(numbers: np.ndarray, wanted: frozenset[int] | None) -> np.ndarray:
    return np.ones(len(numbers), bool) if wanted is None else np.isin(numbers, sorted(wanted))
