"""The table of how drummers play, learnt from what they played.

Means are fitted table after table, each to what the others leave, until little changes; a value that is from n strokes
is their mean times n / (n + FEW). A long take counts for no more strokes than a minute of playing has, or a few people
would speak for all. Variances of deviations are what pairs of strokes say that have something in common: the same piece
far apart (u), the same place in the bar (w), steps that are near (t, phi).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.playing.drummers import TEMPI, USUAL_TEMPO, Drummers
from symbolic_embed.playing.kit import PIECES
from symbolic_embed.playing.strokes import BEAT, COMPANIES, FOUR_BEATS
from symbolic_embed.playing.takes import Take

FEW: Final = 200.0  # strokes; drummers left out are foretold as well with 600, and worse with 30
MOST_OF_A_TAKE: Final = 300  # strokes
ROUNDS: Final = 3
LONG_TAKE: Final = 8  # bars
PAIRS: Final = 4000  # drawn of a take
FAR: Final = 2 * FOUR_BEATS  # steps
NEAREST_LAGS: Final = 25  # steps, 0 among them
PHIS: Final = np.arange(0.30, 0.991, 0.01)


def learn(takes: Sequence[Take]) -> Drummers:
    """The table of how the drummers of some takes play."""
    styles = tuple(sorted({take.style for take in takes}))
    played = np.concatenate([take.played for take in takes])
    weight = np.concatenate([np.full(len(take), min(1.0, MOST_OF_A_TAKE / len(take))) for take in takes])
    keys, shapes = _keys(takes, styles)
    tables = _means(played, weight, keys, shapes)
    left = played - sum(tables[name][keys[name]] for name in tables)
    growth = _growth(takes, left)
    tempo = np.concatenate([take.tempi for take in takes])
    grown = left / (tempo[:, None] / USUAL_TEMPO) ** growth
    size = _sizes(grown, weight, takes)
    index = (np.concatenate([t.strokes.piece for t in takes]), np.concatenate([t.strokes.in_beat for t in takes]))
    shares, phi = _shares(takes, grown / size[index])
    logs = {style: np.log2([take.tempo for take in takes if take.style == style]) for style in styles}
    return Drummers(
        **{name: table.reshape(*shapes[name], 2) for name, table in tables.items()},
        size=size,
        growth=growth,
        shares=shares,
        phi=phi,
        style_tempo=np.array([[logs[style].mean(), logs[style].std()] for style in styles]),
        style_takes=np.array([float(len(logs[style])) for style in styles]),
        styles=styles,
    )


def _keys(
    takes: Sequence[Take], styles: tuple[str, ...]
) -> tuple[dict[str, NDArray[np.int64]], dict[str, tuple[int, ...]]]:
    """Of each table of means the row of each stroke, and its shape."""
    pieces, speeds = len(PIECES), len(TEMPI) + 1
    shapes = {
        "piece": (pieces,),
        "place": (pieces, FOUR_BEATS),
        "between": (pieces, BEAT, 4),
        "company": (pieces, 4, COMPANIES),
        "style": (len(styles), pieces, BEAT),
        "tempo": (speeds, pieces, BEAT),
    }
    rows: dict[str, list[NDArray[np.int64]]] = {name: [] for name in shapes}
    for take in takes:
        one, count = take.strokes, len(take)
        style, speed = np.full(count, styles.index(take.style)), np.digitize(take.tempi, TEMPI)
        subscripts = {
            "piece": (one.piece,),
            "place": (one.piece, one.place % FOUR_BEATS),
            "between": (one.piece, one.in_beat, one.between),
            "company": (one.piece, one.in_beat // 3, one.company),
            "style": (style, one.piece, one.in_beat),
            "tempo": (speed, one.piece, one.in_beat),
        }
        for name, several in subscripts.items():
            rows[name].append(np.ravel_multi_index(several, shapes[name]))
    return {name: np.concatenate(several) for name, several in rows.items()}, shapes


def _means(
    played: NDArray[np.float64],
    weight: NDArray[np.float64],
    keys: dict[str, NDArray[np.int64]],
    shapes: dict[str, tuple[int, ...]],
) -> dict[str, NDArray[np.float64]]:
    """Tables, (rows, 2), whose sum foretells what was played."""
    tables = {name: np.zeros((int(np.prod(shape)), 2)) for name, shape in shapes.items()}
    left = played.copy()
    for _ in range(ROUNDS):
        for name, key in keys.items():
            left += tables[name][key]
            tables[name] = _pulled_means(left, weight, key, rows=len(tables[name]))
            left -= tables[name][key]
    return tables


def _pulled_means(
    values: NDArray[np.float64], weight: NDArray[np.float64], key: NDArray[np.int64], *, rows: int
) -> NDArray[np.float64]:
    """The weighted mean of the values of each row, pulled towards 0; (rows, 2)."""
    count = np.bincount(key, weight, minlength=rows)
    sums = [np.bincount(key, weight * column, minlength=rows) for column in values.T]
    return np.stack(sums, axis=1) / (count + FEW)[:, None]


def _growth(takes: Sequence[Take], left: NDArray[np.float64]) -> NDArray[np.float64]:
    """The power of the tempo that deviations grow with; (2,)."""
    long = [(take.tempo, part.std(axis=0)) for take, part in _parts(takes, left) if len(take) >= MOST_OF_A_TAKE // 3]
    if len({tempo for tempo, _ in long}) < 2:
        return np.zeros(2)
    logs = np.log2([tempo / USUAL_TEMPO for tempo, _ in long])
    return np.array([np.polyfit(logs, np.log2(column + 1e-9), 1)[0] for column in np.array([s for _, s in long]).T])


def _sizes(left: NDArray[np.float64], weight: NDArray[np.float64], takes: Sequence[Take]) -> NDArray[np.float64]:
    """Standard deviations by piece and step of the beat, of few strokes pulled to those of the piece, and of all."""
    piece = np.concatenate([take.strokes.piece for take in takes])
    key = piece * BEAT + np.concatenate([take.strokes.in_beat for take in takes])
    whole = np.average(left**2, axis=0, weights=weight)
    of_piece = whole + _pulled_means(left**2 - whole, weight, piece, rows=len(PIECES))
    pulled = _pulled_means(left**2 - of_piece[piece], weight, key, rows=len(PIECES) * BEAT)
    size: NDArray[np.float64] = np.sqrt(of_piece[:, None] + pulled.reshape(len(PIECES), BEAT, 2))
    return size


def _shares(takes: Sequence[Take], left: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The variances u, w, t, e of loudness and lateness, (2, 4), of sum 1, and phi, (2,), from deviations of size 1."""
    random = np.random.default_rng(0)
    far, again, near = _Mean(), _Mean(), [_Mean() for _ in range(NEAREST_LAGS)]
    for take, part in _parts(takes, left):
        one, count = take.strokes, len(take)
        if int(one.step.max()) < LONG_TAKE * FOUR_BEATS:
            continue
        first, second = random.integers(count, size=(2, PAIRS))
        same = one.piece[first] == one.piece[second]
        place = one.bar_step[first] == one.bar_step[second]
        apart = np.abs(one.step[first] - one.step[second])
        far.add(part, first, second, same & ~place & (apart >= FAR))
        again.add(part, first, second, same & place & (apart >= FOUR_BEATS))
        order = np.argsort(one.step, kind="stable")
        for away in range(1, min(NEAREST_LAGS, count)):
            first, second = order[:-away], order[away:]
            lag = one.step[second] - one.step[first]
            for number in range(NEAREST_LAGS):
                near[number].add(part, first, second, (lag == number) & (one.piece[first] != one.piece[second]))
    u = np.clip(far.value, 0, None)
    w = np.clip(again.value - u, 0, None)
    t, phi = np.array([_decay(near, column) for column in range(2)]).T
    e = np.clip(1 - u - w - t, 0.05, None)
    shares = np.stack([u, w, t, e], axis=1)
    return shares / shares.sum(axis=1, keepdims=True), phi


class _Mean:
    """The mean of products of pairs, take for take, none counting for more than MOST_OF_A_TAKE pairs."""

    def __init__(self) -> None:
        self.total, self.weight = np.zeros(2), 0.0

    def add(
        self, part: NDArray[np.float64], first: NDArray[np.int64], second: NDArray[np.int64], chosen: NDArray[np.bool_]
    ) -> None:
        count = int(chosen.sum())
        if count:
            weight = min(count, MOST_OF_A_TAKE)
            self.total += weight * (part[first[chosen]] * part[second[chosen]]).mean(axis=0)
            self.weight += weight

    @property
    def value(self) -> NDArray[np.float64]:
        return self.total / max(self.weight, 1.0)


def _decay(near: Sequence[_Mean], column: int) -> tuple[float, float]:
    """The t and phi of t phi^lag that fit best what strokes of two pieces have in common at each lag. Where none are
    struck at once, t is not much more than what is seen."""
    value = np.array([mean.value[column] for mean in near])
    weight = np.array([mean.weight for mean in near])
    most = min(1.25 * max(float(value.max()), 0.0), 1.0)
    curve = PHIS[:, None] ** np.arange(len(near))
    size = np.clip((curve * weight) @ value / np.maximum((curve**2) @ weight, 1e-9), 0, most)
    error = ((value - size[:, None] * curve) ** 2) @ weight
    best = int(np.argmin(error))
    return float(size[best]), float(PHIS[best])


def _parts(takes: Sequence[Take], rows: NDArray[np.float64]) -> Iterator[tuple[Take, NDArray[np.float64]]]:
    """Each take with its rows of a table of all strokes."""
    begin = 0
    for take in takes:
        yield take, rows[begin : begin + len(take)]
        begin += len(take)
