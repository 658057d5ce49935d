"""Other notes in chosen cells, as far from the old ones as asked.

How far is set by one of two dials (`dial.py`). The new notes are decoded, from embeddings that are searched
(`searching.py`), or they are cells of the user's own music that lie about as far away (`retrieving.py`).

What is the same in the piece is varied once and stays the same (`patterns.py`), and parts go on in their manner
(`manner.py`); or every cell is varied for itself, and only the instruments, the harmony around and the locks limit it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ROLES, BarredScore, Windows
from symbolic_embed.composing.dial import NOTHING, StrengthScale, amounts_of, share_changed
from symbolic_embed.composing.leaps import Leaps
from symbolic_embed.composing.locks import Locks
from symbolic_embed.composing.patterns import Patterns
from symbolic_embed.composing.retrieving import OwnCells, retrieved
from symbolic_embed.composing.scope import EVERYTHING, Scope
from symbolic_embed.composing.searching import Found, Ground, search
from symbolic_embed.composing.selecting import Selection
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.excerpts import Origin
from symbolic_embed.outputs.changes import changes, voiced
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.requests import VaryRequest


@dataclass(frozen=True, eq=False)
class Variation:
    """What a variation changes: `removed`, the notes of the seed that go, as indices into `barred.notes`; `added`, the
    notes that come; and of each chosen window what was asked for and measured on the dial (a distance, or a share of
    notes), the distance, the strength that is, its part and its bar (from 0). `redrawn` counts directions tried beyond
    the first. `origins`: where the cells that were written come from, None where nothing was, if they were retrieved.
    `no_choice`: the parts that were chosen and stay, since no cell of theirs has another note that the locks allow.
    """

    removed: NDArray[np.int64]
    added: WrittenNotes
    asked: NDArray[np.float64]
    measured: NDArray[np.float64]
    distances: NDArray[np.float64]
    strengths: NDArray[np.float64]
    track: NDArray[np.int64]
    bar: NDArray[np.int64]
    redrawn: int
    origins: Sequence[Origin | None] = ()
    no_choice: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Theme:
    """A piece, and what of it varies: the cells that may change, and how far each shall go (`ground`); what of them is
    the same, and the ground of its models (`models`), which become others for all; None and all cells, where each
    varies for itself. `amounts`: float64 (parts,), what was asked of each part. `roles`: those of the cells, numbers in
    ROLES. `no_choice`: parts that were chosen and stay. The strength of a distance is that of the user's `own`
    quantiles, and for other roles of the card."""

    barred: BarredScore
    ground: Ground
    patterns: Patterns | None
    models: Ground
    amounts: NDArray[np.float64]
    roles: NDArray[np.int64]
    no_choice: tuple[int, ...]
    own: Mapping[str, Sequence[float]]
    locks: Locks

    @classmethod
    def of(
        cls,
        embedder: Embedder,
        barred: BarredScore,
        request: VaryRequest,
        *,
        scope: Scope = EVERYTHING,
        own: Mapping[str, Sequence[float]] = NOTHING,
    ) -> Theme:
        """A piece to be varied as far as the request says, within a scope (the request's own tracks and bars may be
        names, and are not looked at). `own`: quantiles of the user's own music, which strength is read off for the
        roles they have. Raises UsageError for a part with an amount of its own that the piece does not have."""
        by_notes, amounts = request.dial.field == "change", amounts_of(request, barred)
        selection = Selection.of(barred, scope, amounts, by_notes=by_notes, each_bar=request.each_bar)
        roles = np.array([ROLES.index(role) for role in barred.roles], np.int64)[selection.cells.track]
        drums, asked = roles == ROLES.index("drums"), selection.asked
        if not by_notes and amounts.any():
            asked = StrengthScale.of(embedder.card, own).distances(asked, roles)
        cells, rules = selection.cells, selection.rules
        ground = Ground.of(embedder, cells, rules=rules, drums=drums, asked=asked, by_notes=by_notes)
        patterns, models = None, ground
        if len(cells) and not request.each_bar:
            patterns, together = selection.patterns(amounts)
            models = ground.of_models(patterns, together, Leaps.of(cells.where(patterns.model), barred))
        return cls(barred, ground, patterns, models, amounts, roles, selection.no_choice, own, scope.locks)

    @property
    def is_still(self) -> bool:
        """Whether nothing varies."""
        return not self.amounts.any() or len(self.ground.cells) == 0

    def wider(self) -> Theme | None:
        """The same with shares of notes twice as large, 1 at the most; None where that is no more, or where distances
        are asked for."""
        if not self.ground.by_notes or self.ground.asked.min(initial=1.0) >= 1:
            return None
        ground, models = (
            replace(ground, asked=np.minimum(2 * ground.asked, 1.0)) for ground in (self.ground, self.models)
        )
        return replace(self, ground=ground, models=models)

    def variations(
        self,
        random_seeds: Sequence[int],
        *,
        own: OwnCells | None = None,
        are_measured: bool = True,
        progress: Callable[[Sequence[int]], Iterable[int]] = iter,
    ) -> list[Variation]:
        """A variation for each random seed. With `own` the cells are taken from there, not decoded; that needs a
        strength. Who measures what was written (`measured`) can do without what was meant: not `are_measured`.
        `progress` wraps steps of the work."""
        if self.is_still:
            return [self._unchanged() for _ in random_seeds]
        if own:
            roles = self.roles if self.patterns is None else self.roles[self.patterns.model]
            pairs = [retrieved(self.models, own, roles=roles, seed=seed) for seed in progress(random_seeds)]
            several = [found for found, _ in pairs]
            origins: list[Sequence[Origin | None]] = [of_found for _, of_found in pairs]
        else:
            several = search(self.models, random_seeds, progress=progress)
            origins = [()] * len(several)
        if self.patterns is not None:
            several = self._played_by_all(several, self.patterns, are_measured=are_measured)
            origins = [[each[number] for number in self.patterns.pattern] if each else () for each in origins]
        return [self._varied(found, of_found) for found, of_found in zip(several, origins, strict=True)]

    def measured(self, variations: Sequence[Variation], written: Sequence[Windows]) -> list[Variation]:
        """Variations as they came to be: how far the chosen windows are that stand in the file of each, `written`."""
        if len(self.roles) == 0:
            return list(variations)
        return [
            replace(variation, measured=on_dial, distances=distances, strengths=self._strengths(distances))
            for variation, (on_dial, distances) in zip(variations, self._measures(written), strict=True)
        ]

    def _unchanged(self) -> Variation:
        zeros, cells = np.zeros(len(self.roles)), self.ground.cells
        none = WrittenNotes.none()
        return Variation(none.track, none, zeros, zeros, zeros, zeros, cells.track, cells.bar, 0, (), self.no_choice)

    def _varied(self, found: Found, origins: Sequence[Origin | None]) -> Variation:
        cells = self.ground.cells
        removed, added = changes(self.barred, cells, found.windows)
        if not self.locks.rhythm:
            added = voiced(self.barred, removed, added, end=int(self.barred.grid.bar_steps[-1]))
        measures = (self.ground.asked, found.measured, found.distances, self._strengths(found.distances))
        return Variation(removed, added, *measures, cells.track, cells.bar, found.redrawn, origins, self.no_choice)

    def _played_by_all(self, several: Sequence[Found], patterns: Patterns, *, are_measured: bool) -> list[Found]:
        """What was found for the models, for all cells."""
        kept = patterns.agreed(self.ground.rules.kept)
        windows = [patterns.played(found.windows, kept=kept) for found in several]
        zeros = np.zeros(len(self.roles))
        measures = self._measures(windows) if are_measured else [(zeros, zeros)] * len(windows)
        return [
            Found(of_found, *measured, found.redrawn)
            for of_found, measured, found in zip(windows, measures, several, strict=True)
        ]

    def _measures(self, several: Sequence[Windows]) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """How far windows of each variation are from the cells, on the dial and in the embedding."""
        if not several:
            return []
        every = np.tile(np.arange(len(self.roles)), len(several))
        distances = self.ground.distance(every, Windows.concatenated(list(several))).astype(np.float64)
        return [
            (share_changed(self.ground.cells, windows) if self.ground.by_notes else apart, apart)
            for windows, apart in zip(several, distances.reshape(len(several), -1), strict=True)
        ]

    def _strengths(self, distances: NDArray[np.float64]) -> NDArray[np.float64]:
        return StrengthScale.of(self.ground.embedder.card, self.own).strengths(distances, self.roles)
