"""How far what is played lies from what a drummer played, for `humanising.py`: energy and Wasserstein distances of
loudness and lateness."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from humanising_players import ByPlace
from scipy import stats
from scipy.spatial.distance import cdist

from symbolic_embed.playing.kit import PIECES
from symbolic_embed.playing.strokes import BEAT, FOUR_BEATS, Strokes
from symbolic_embed.playing.takes import Take

SIZES = np.array([30.0, 0.045])  # what the two of a stroke are divided by
FEWEST, MOST = 20, 300  # strokes of a piece and place that are compared
MS = 500.0  # a quarter at 120


def energy_distance(one: np.ndarray, other: np.ndarray, random: np.random.Generator) -> float:
    """Of two samples, (n, d) and (m, d), MOST of each at most; Szekely and Rizzo (2013), without its bias."""
    one, other = (rows[random.permutation(len(rows))[:MOST]] for rows in (one, other))
    within = [cdist(rows, rows).sum() / len(rows) / (len(rows) - 1) for rows in (one, other)]
    return float(2 * cdist(one, other).mean() - sum(within))


def pairs(strokes: Strokes, what: str) -> tuple[np.ndarray, np.ndarray]:
    """Rows of strokes of one piece that follow each other within a beat, or stand at one place in successive bars."""
    order = np.lexsort((strokes.step, strokes.piece))
    if what == "next":
        first, second = order[:-1], order[1:]
        near = (strokes.piece[first] == strokes.piece[second]) & (strokes.step[second] - strokes.step[first] <= BEAT)
        return first[near], second[near]
    keys = strokes.step * len(PIECES) + strokes.piece
    at = {key: row for row, key in enumerate(keys.tolist())}
    found = [
        (row, at[key + FOUR_BEATS * len(PIECES)]) for key, row in at.items() if key + FOUR_BEATS * len(PIECES) in at
    ]
    first, second = np.array(found, np.int64).reshape(-1, 2).T
    return first, second


def samples(takes: Sequence[Take], played: Sequence[np.ndarray], what: str) -> dict[int, np.ndarray]:
    """What is compared, by piece (and place): rows in units of SIZES."""
    keys, rows = [], []
    for take, values in zip(takes, played, strict=True):
        if what == "place":
            keys.append(ByPlace.keys(take))
            rows.append(values / SIZES)
        else:
            first, second = pairs(take.strokes, what)
            keys.append(take.strokes.piece[first])
            rows.append(np.hstack([values[first] / SIZES, values[second] / SIZES]))
    key, row = np.concatenate(keys), np.concatenate(rows)
    return {one: row[key == one] for one in np.unique(key)}


def distances(real: dict[int, np.ndarray], other: dict[int, np.ndarray]) -> np.ndarray:
    """Energy distance, and the Wasserstein distances of the first two columns, weighted by how much there is."""
    random = np.random.default_rng(0)
    rows = [
        (
            len(real[key]),
            energy_distance(real[key], other[key], random),
            stats.wasserstein_distance(real[key][:, 0], other[key][:, 0]) * SIZES[0],
            stats.wasserstein_distance(real[key][:, 1], other[key][:, 1]) * SIZES[1] * MS,
        )
        for key in real
        if len(real[key]) >= FEWEST and len(other.get(key, ())) >= FEWEST
    ]
    table = np.array(rows)
    means: np.ndarray = table[:, 0] @ table[:, 1:] / table[:, 0].sum()
    return means


def measured(takes: Sequence[Take], played: Sequence[np.ndarray], real: Sequence[Take]) -> np.ndarray:
    """The five distances of takes as played from what was played in `real`."""
    parts = [
        distances(samples(real, [take.played for take in real], what), samples(takes, played, what))
        for what in ("place", "next", "bar")
    ]
    return np.array([parts[0][0], parts[1][0], parts[2][0], parts[0][1], parts[0][2]])
