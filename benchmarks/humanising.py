"""Does humanised music sound like unseen drummers?

    python benchmarks/humanising.py --music FOLDER                       drummers left out, and the test split
    python benchmarks/humanising.py --music FOLDER --write FILE          the table itself, from the train split

FOLDER holds the set groove_drums (people playing an electronic kit to a click). Takes are made flat: each stroke on the
place it is meant for, as loud as the take's mean. Then they are played: all alike; by the mean of piece and place in
the bar; by the table (`playing.drummers`), by several random seeds; and by drawing from all strokes of a piece and
place, which needs all of them. Each is compared with what the drummer did, by the energy distance (0: the same
distribution; sizes in standard deviations) of

    place    loudness and lateness of single strokes, by piece and place in the bar
    next     the same of a stroke and the next of its piece within a beat, by piece
    bar      the same of a stroke and that at its place in the next bar, by piece

by the Wasserstein distances of loudness (velocity) and lateness (ms at 120) alone, by piece and place, and by the mean
log-likelihood of a stroke (nats; higher is nearer), where there is a density. "other half": half of the drummer's takes
against the other half, as near as can be expected. Spread: over groups of drummers left out, one standard error; of the
test split over halves of its takes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy import stats
from scipy.linalg import solve_triangular
from scipy.spatial.distance import cdist

from symbolic_embed.playing.drummers import Drummers
from symbolic_embed.playing.kit import PIECES
from symbolic_embed.playing.learning import learn
from symbolic_embed.playing.strokes import BEAT, FOUR_BEATS, PLACES, Strokes
from symbolic_embed.playing.takes import Take, take_of
from symbolic_embed.score import read

GROUPS = (("drummer1",), ("drummer7",), ("drummer3",), ("drummer8",), ("drummer5",))  # and all others
SIZES = np.array([30.0, 0.045])  # what the two of a stroke are divided by
FEWEST, MOST = 20, 300  # strokes of a piece and place that are compared
TAKES, LONGEST = 30, 24  # of a group, in bars
DRAWS = 3
BLOCK = 300  # strokes whose density is known together
MS = 500.0  # a quarter at 120


@dataclass(frozen=True)
class Recorded:
    """A take, who played it, and in which split it is."""

    take: Take
    drummer: str
    split: str


Player = Callable[[Take, np.random.Generator], np.ndarray]


def recorded(folder: Path) -> Iterator[Recorded]:
    """All takes of eight strokes or more."""
    for line in (folder / "groove_drums" / "meta.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        take = take_of(read(folder / "groove_drums" / entry["path"]), style=entry["genre"])
        if take is not None and len(take) >= 8:
            yield Recorded(take, entry["composer"], entry["split"])


def shortened(take: Take) -> Take:
    """The first bars of a take."""
    chosen = take.strokes.step < LONGEST * FOUR_BEATS
    strokes = Strokes(*(getattr(take.strokes, name)[chosen] for name in Strokes.__dataclass_fields__))
    return replace(take, strokes=strokes, played=take.played[chosen] - take.played[chosen].mean(axis=0))


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


def table_of(heard: Sequence[Take], unheard: Sequence[Take]) -> dict[str, np.ndarray]:
    """A row of figures for each way to play: the five distances and the likelihood."""
    drummers, places = learn(heard), ByPlace(heard)
    strokes = sum(map(len, unheard))
    ways: dict[str, tuple[Player, int]] = {
        "all alike": (lambda take, _: np.zeros((len(take), 2)), 1),
        "mean by place": (lambda take, _: places.mean[ByPlace.keys(take)], 1),
        "table": (table_player(drummers, styled=False), DRAWS),
        "table, style known": (table_player(drummers, styled=True), DRAWS),
        "any stroke of the place": (places.drawn, DRAWS),
    }
    rows = {}
    for name, (play, draws) in ways.items():
        several = []
        for draw in range(draws):
            random = np.random.default_rng(draw)
            played = [play(take, random) for take in unheard]
            played = [one - one.mean(axis=0) for one in played]
            several.append(measured(unheard, played, unheard))
        rows[name] = np.append(np.mean(several, axis=0), np.nan)
    rows["other half"] = np.append(measured(unheard[::2], [t.played for t in unheard[::2]], unheard[1::2]), np.nan)
    rows["all alike"][-1] = sum(independent(take, np.zeros(2), places.size) for take in unheard) / strokes
    rows["mean by place"][-1] = (
        sum(independent(t, places.mean[ByPlace.keys(t)], places.deviation[ByPlace.keys(t)]) for t in unheard) / strokes
    )
    rows["table"][-1] = sum(by_table(take, drummers) for take in unheard) / strokes
    return rows


def chosen(takes: Sequence[Take]) -> list[Take]:
    """Some takes of two bars or more, the first bars of each."""
    long = [take for take in takes if int(take.strokes.step.max()) >= 2 * FOUR_BEATS]
    order = np.random.default_rng(0).permutation(len(long))
    return [shortened(long[row]) for row in order[:TAKES]]


def show(title: str, tables: Sequence[dict[str, np.ndarray]]) -> None:
    """Means over tables, and one standard error where there are several."""
    print(f"\n{title}")
    print(f"{'':24s}{'place':>13s}{'next':>13s}{'bar':>13s}{'velocity':>14s}{'ms':>14s}{'log-likelihood':>17s}")
    for name in tables[0]:
        rows = np.array([table[name] for table in tables])
        means, errors = rows.mean(axis=0), rows.std(axis=0, ddof=1) / len(rows) ** 0.5
        figures = [
            f"{mean:.{digits}f} ±{error:.{digits}f}" if np.isfinite(mean) else ""
            for mean, error, digits in zip(means, errors, (3, 3, 3, 1, 1, 2), strict=True)
        ]
        widths = (13, 13, 13, 14, 14, 17)
        print(f"{name:24s}" + "".join(f"{one:>{width}s}" for one, width in zip(figures, widths, strict=True)))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--music", type=Path, required=True)
    arguments.add_argument("--write", type=Path, metavar="FILE")
    asked = arguments.parse_args()
    everyone = list(recorded(asked.music))
    train = [one for one in everyone if one.split == "train"]
    if asked.write:
        licence = (asked.music / "groove_drums" / "LICENCE.txt").read_text(encoding="utf-8")
        attribution = licence.partition("Attribution text required:\n")[2].partition("\n\n")[0]
        about = {"licence": "CC BY 4.0", "attribution": attribution, "takes": str(len(train))}
        asked.write.write_bytes(learn([one.take for one in train]).to_bytes(about=about))
        print(f"{asked.write}: {len(train)} takes, {asked.write.stat().st_size:,} bytes")
        return
    named = {drummer for group in GROUPS for drummer in group}
    groups = (*GROUPS, tuple(sorted({one.drummer for one in everyone} - named)))
    tables = []
    for group in groups:
        unheard = chosen([one.take for one in everyone if one.drummer in group])
        tables.append(table_of([one.take for one in train if one.drummer not in group], unheard))
    show(f"drummers left out: {len(groups)} groups", tables)
    test = chosen([one.take for one in everyone if one.split == "test"])
    halves = [table_of([one.take for one in train], half) for half in (test[::2], test[1::2])]
    show(f"test split: {len(test)} takes, in two halves", halves)


if __name__ == "__main__":
    main()
