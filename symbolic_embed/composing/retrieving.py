"""The user's own music as a source: its cells, how far they lie apart, and which lies where.

Cells are gathered from many pieces, each transposed to the key of the seed, and every content is kept once. They give
the strength dial a scale of their own (`quantiles`), and can be written instead of decoded notes: a composer then hears
only what somebody has already played.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from symbolic_embed.bars import ROLES, BarredScore, Windows, cell_windows
from symbolic_embed.composing.pairing import transposition
from symbolic_embed.composing.searching import Found, Ground, replaced
from symbolic_embed.embedding.batches import embed_each
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import UsageError

MOST_CELLS = 50_000  # of a folder; a random choice of them beyond that
PAIRS = 4000
FEWEST_CELLS = 50  # of a role, for a scale of its own
CLOSEST, LOOKED_AT = 5, 200  # among so many chance decides; so many are tried under the rules
NEAR = 0.1  # of the distance asked for: cells can only be found, not made
QUANTILES = np.linspace(0.0, 1.0, 101)


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a cell comes from: path, track and bar (both from 0), moved by how many semitones."""

    path: str
    track: int
    bar: int
    semitones: int


@dataclass(frozen=True, eq=False)
class OwnCells:
    """Cells of many pieces: notes, embeddings float32 (cells, dim), roles (numbers in ROLES), where they come from."""

    windows: Windows
    vectors: np.ndarray
    roles: np.ndarray
    origins: list[Origin]

    @classmethod
    def gathered(
        cls, embedder: Embedder, pieces: Iterable[tuple[str, BarredScore]], *, seed: BarredScore, random_seed: int = 0
    ) -> OwnCells:
        """All cells of `pieces` (path, piece) in the key of `seed`. Raises UsageError where there are none."""
        windows: list[Windows] = []
        vectors: list[np.ndarray] = []
        roles: list[np.ndarray] = []
        origins: list[Origin] = []

        def cells() -> Iterable[tuple[None, Windows]]:
            for path, barred in pieces:
                semitones = transposition(seed, barred)
                found = _beginning(cell_windows(barred).transposed(semitones))
                windows.append(found)
                roles.append(np.array([ROLES.index(role) for role in barred.roles])[found.track])
                places = zip(found.track.tolist(), found.bar.tolist(), strict=True)
                origins.extend(Origin(path, track, bar, semitones) for track, bar in places)
                yield None, found

        vectors.extend(of_piece for _, of_piece in embed_each(embedder, cells()))
        if not origins:
            raise UsageError("the folder to take cells from holds no notes; name one with music in it")
        together = Windows.concatenated(windows)
        random = np.random.default_rng(random_seed)
        _, distinct = np.unique(together.content_hashes(), return_index=True)
        if len(distinct) > MOST_CELLS:
            distinct = np.sort(random.choice(distinct, MOST_CELLS, replace=False))
        return cls(
            together.where(distinct),
            np.concatenate(vectors)[distinct],
            np.concatenate(roles)[distinct],
            [origins[number] for number in distinct],
        )

    def quantiles(self, *, seed: int = 0) -> dict[str, list[float]]:
        """For each role with at least FEWEST_CELLS the quantiles (0, .01, ... 1) of the distance of two random cells,
        as a checkpoint's card has them."""
        random = np.random.default_rng(seed)
        found = {}
        for number, role in enumerate(ROLES):
            mine = np.flatnonzero(self.roles == number)
            if len(mine) >= FEWEST_CELLS:
                pairs = np.stack([random.choice(mine, 2, replace=False) for _ in range(PAIRS)])
                distances = np.linalg.norm(self.vectors[pairs[:, 0]] - self.vectors[pairs[:, 1]], axis=1)
                found[role] = [round(float(value), 4) for value in np.quantile(distances, QUANTILES)]
        return found

    def by_nearness(
        self, point: np.ndarray, *, distance: float, role: int, steps: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Cells of a role and a length, those first whose distance from `point` (dim,) is nearest to `distance`; and
        their distances from it."""
        mine = np.flatnonzero((self.roles == role) & (self.windows.steps == steps))
        distances = np.linalg.norm(self.vectors[mine] - point, axis=1)
        order = np.argsort(np.abs(distances - distance), kind="stable")
        return mine[order], distances[order]


def retrieved(ground: Ground, own: OwnCells, *, roles: np.ndarray, seed: int) -> tuple[Found, list[Origin | None]]:
    """For each cell of the ground the one of `own` that lies nearest to the distance asked for: one of the CLOSEST that
    the rules admit, by chance; and where it comes from. Where none is near enough the cell stays, and that is None."""
    random = np.random.default_rng(seed)
    distances = np.zeros(len(ground.cells))
    taken: dict[int, Windows] = {}
    origins: list[Origin | None] = [None] * len(ground.cells)
    for cell, point in enumerate(ground.start):
        steps, asked = int(ground.cells.steps[cell]), ground.asked[cell]
        found, away = own.by_nearness(point, distance=asked, role=int(roles[cell]), steps=steps)
        fitting = [
            place
            for place in np.flatnonzero(np.abs(away - asked) <= NEAR * asked)[:LOOKED_AT]
            if ground.rules.admits(cell, own.windows.where(found[place : place + 1]))
        ]
        if not fitting:
            continue
        place = fitting[int(random.integers(min(len(fitting), CLOSEST)))]
        one, here = np.array([cell]), found[place : place + 1]
        written = ground.with_kept(one, own.windows.where(here))
        distance = ground.distance(one, written)[0]
        if abs(distance - asked) < asked:  # what is kept may lead it astray
            taken[cell], distances[cell] = written, distance
            origins[cell] = own.origins[int(here[0])]
    best = ground.cells
    if taken:
        best = replaced(best, np.array(list(taken)), Windows.concatenated(list(taken.values())))
    return Found(best, distances, distances, 0), origins


def _beginning(windows: Windows) -> Windows:
    """The windows in which a note begins, without what is held over from earlier ones."""
    begins = windows.keeping(windows.begins)
    return begins.where(np.flatnonzero(begins.note_counts > 0))
