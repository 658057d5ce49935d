"""The user's own music as a source: its cells, how far they lie apart, and which lies where.

Cells are gathered from many pieces, each transposed to the key of the seed, and every content is kept once. They give
the strength dial a scale of their own (`quantiles`), and can be written instead of decoded notes: the result then holds
only what somebody has already played.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ROLES, BarredScore, Windows
from symbolic_embed.bars.keys import best_transposition, pitch_class_durations
from symbolic_embed.composing.searching import Found, Ground, replaced
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import UsageError
from symbolic_embed.library.building import Pieces, featured
from symbolic_embed.library.excerpts import Excerpt, Excerpts, Origin, gathered
from symbolic_embed.library.features import Needs, known

MOST_CELLS = 50_000  # of a folder; a random choice of them beyond that
PAIRS = 4000
FEWEST_CELLS = 50  # of a role, for a scale of its own
CLOSEST, LOOKED_AT = 5, 200  # among so many chance decides; so many are tried under the rules
NEAR = 0.1  # of the distance asked for: cells can only be found, not made
QUANTILES = np.linspace(0.0, 1.0, 101)


@dataclass(frozen=True, eq=False)
class OwnCells:
    """Cells of many pieces as excerpts, every content once; and their roles, numbers in ROLES, int64 (cells,)."""

    cells: Excerpts
    roles: NDArray[np.int64]

    @classmethod
    def gathered(cls, embedder: Embedder, pieces: Pieces, *, seed: BarredScore, random_seed: int = 0) -> OwnCells:
        """All cells of `pieces`, (path, piece) or a store, in the key of `seed`. Raises UsageError where there are
        none."""
        roles: list[NDArray[np.int64]] = []

        def cells() -> Iterator[tuple[None, Excerpt]]:
            key = pitch_class_durations(seed.score)
            for piece in featured(pieces, embedder, Needs.of("outline", "cell_notes")):
                outline = known(piece.outline)
                semitones = best_transposition(key, outline.pitch_classes)
                notes = _beginning(known(piece.cell_notes).transposed(semitones))
                roles.append(np.array([ROLES.index(part.role) for part in outline.parts], np.int64)[notes.track])
                places = zip(notes.track.tolist(), notes.bar.tolist(), strict=True)
                yield None, Excerpt(notes, notes, [Origin(piece.path, *place, semitones) for place in places])

        together = gathered(embedder, cells()).get(None)
        if together is None or not len(together):
            raise UsageError("the folder to take cells from holds no notes; name one with music in it")
        _, distinct = np.unique(together.notes.content_hashes(), return_index=True)
        if len(distinct) > MOST_CELLS:
            random = np.random.default_rng(random_seed)
            distinct = np.sort(random.choice(distinct, MOST_CELLS, replace=False))
        return cls(together.where(distinct), np.concatenate(roles)[distinct])

    def quantiles(self, *, seed: int = 0) -> dict[str, list[float]]:
        """For each role with at least FEWEST_CELLS the quantiles (0, .01, ... 1) of the distance of two random cells,
        as a checkpoint's card has them."""
        random = np.random.default_rng(seed)
        table = {}
        for number, role in enumerate(ROLES):
            mine = np.flatnonzero(self.roles == number)
            if len(mine) >= FEWEST_CELLS:
                pairs = np.stack([random.choice(mine, 2, replace=False) for _ in range(PAIRS)])
                distances = np.linalg.norm(self.cells.vectors[pairs[:, 0]] - self.cells.vectors[pairs[:, 1]], axis=1)
                table[role] = [round(float(value), 4) for value in np.quantile(distances, QUANTILES)]
        return table

    def by_nearness(
        self, point: NDArray[np.float32], *, distance: float, role: int, steps: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Cells of a role and a length, those first whose distance from `point` (dim,) is nearest to `distance`; and
        their distances from it."""
        mine = np.flatnonzero((self.roles == role) & (self.cells.notes.steps == steps))
        distances = np.linalg.norm(self.cells.vectors[mine] - point, axis=1)
        order = np.argsort(np.abs(distances - distance), kind="stable")
        return mine[order], distances[order]


def retrieved(
    ground: Ground, own: OwnCells, *, roles: NDArray[np.int64], seed: int
) -> tuple[Found, list[Origin | None]]:
    """For each cell of the ground the one of `own` that lies nearest to the distance asked for: one of the CLOSEST that
    the rules admit, by chance; and where it comes from. Where none is near enough the cell stays, and that is None."""
    random = np.random.default_rng(seed)
    distances = np.zeros(len(ground.cells))
    taken: dict[int, Windows] = {}
    origins: list[Origin | None] = [None] * len(ground.cells)
    for cell, point in enumerate(ground.start):
        wanted = ground.asked[cell]
        nearest, away = own.by_nearness(
            point, distance=wanted, role=int(roles[cell]), steps=int(ground.cells.steps[cell])
        )
        near_enough = nearest[np.abs(away - wanted) <= NEAR * wanted][:LOOKED_AT]
        admitted = [row for row in near_enough if ground.rules.admits(cell, own.cells.notes.where(row[None]))]
        if not admitted:
            continue
        row = admitted[int(random.integers(min(len(admitted), CLOSEST)))]
        cells = np.array([cell])
        written = ground.with_kept(cells, ground.rules.without_held(cell, own.cells.notes.where(row[None])))
        distance = ground.distance(cells, written)[0]
        if abs(distance - wanted) < wanted:  # what is kept may lead it astray
            taken[cell], distances[cell] = written, distance
            origins[cell] = own.cells.origins[int(row)]
    windows = ground.cells
    if taken:
        windows = replaced(windows, np.array(list(taken)), Windows.concatenated(list(taken.values())))
    return Found(windows, distances, distances, 0), origins


def _beginning(windows: Windows) -> Windows:
    """The windows in which a note begins, without what is held over from earlier ones."""
    begins = windows.keeping(windows.begins)
    return begins.where(np.flatnonzero(begins.note_counts > 0))
