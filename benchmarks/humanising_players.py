"""How strokes that were made flat can be played again, for `humanising.py`: by the mean of piece and place, by any
stroke of it, by the table; and how likely what a drummer played is, so played."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import stats
from scipy.linalg import solve_triangular

from symbolic_embed.playing.drummers import Drummers
from symbolic_embed.playing.kit import PIECES
from symbolic_embed.playing.strokes import PLACES
from symbolic_embed.playing.takes import Take

BLOCK = 300  # strokes whose density is known together
Player = Callable[[Take, np.random.Generator], np.ndarray]


class ByPlace:
    """What was played by piece and place in the bar: mean, standard deviation, and all of it."""

    def __init__(self, takes: Sequence[Take]) -> None:
        self.played = np.concatenate([take.played for take in takes])
        keys = np.concatenate([self.keys(take) for take in takes])
        self.size = self.played.std(axis=0)
        count = np.bincount(keys, minlength=len(PIECES) * PLACES)[:, None]
        sums, squares = (
            np.stack([np.bincount(keys, column, minlength=len(count)) for column in values.T], axis=1)
            for values in (self.played, self.played**2)
        )
        self.mean = sums / (count + 10)
        self.deviation = np.sqrt((squares + 10 * self.size**2) / (count + 10) - self.mean**2)
        self.rows = {key: np.flatnonzero(keys == key) for key in np.unique(keys)}

    @staticmethod
    def keys(take: Take) -> np.ndarray:
        return take.strokes.piece * PLACES + take.strokes.place

    def drawn(self, take: Take, random: np.random.Generator) -> np.ndarray:
        everything = np.arange(len(self.played))
        rows = [random.choice(self.rows.get(key, everything)) for key in self.keys(take)]
        return self.played[rows]


def table_player(drummers: Drummers, *, styled: bool) -> Player:
    """Plays by the table, in the style of the take or in the mixture of its tempo."""

    def play(take: Take, random: np.random.Generator) -> np.ndarray:
        steps, at = np.unique(take.strokes.step, return_inverse=True)
        time = drummers.time_of(steps, random=random)[at]
        style = take.style if styled and take.style in drummers.styles else None
        mean = drummers.mean(take.strokes, tempo=take.tempi, style=style)
        size = drummers.deviation(take.strokes, tempo=take.tempi)
        return mean + size * drummers.drawn(take.strokes, random=random, time=time)

    return play


def independent(take: Take, mean: np.ndarray, deviation: np.ndarray) -> float:
    """The log-likelihood of a take whose strokes know nothing of each other."""
    return float(stats.norm.logpdf(take.played, mean, np.maximum(deviation, 1e-3)).sum())


def by_table(take: Take, drummers: Drummers) -> float:
    """The log-likelihood of a take by the table, in blocks of BLOCK strokes."""
    mean = drummers.mean(take.strokes, tempo=take.tempi)
    size = drummers.deviation(take.strokes, tempo=take.tempi)
    one, total = take.strokes, 0.0
    for begin in range(0, len(take), BLOCK):
        rows = slice(begin, begin + BLOCK)
        same = one.piece[rows, None] == one.piece[rows]
        place = same & (one.bar_step[rows, None] == one.bar_step[rows])
        apart = np.abs(one.step[rows, None] - one.step[rows])
        for column in range(2):
            u, w, t, e = drummers.shares[column]
            correlation = u * same + w * place + t * drummers.phi[column] ** apart + e * np.eye(len(same))
            factor = np.linalg.cholesky(correlation)
            standing = (take.played[rows, column] - mean[rows, column]) / size[rows, column]
            white = solve_triangular(factor, standing, lower=True)
            total += float(stats.norm.logpdf(white).sum() - np.log(np.diag(factor)).sum())
            total -= float(np.log(size[rows, column]).sum())
    return total
