"""Loops as an arrangement: all of them once, each where it goes on best from the one before (`following`).

The cost of an order is the sum of the distances of its neighbours. A loop is measured in earnest against the NEIGHBOURS
whose first bars lie nearest to where it expects the next one; any other costs what its first bar says, and one more, so
that an order leaves the neighbours only where it must. Everything is in the keys in which it is written.

Finding the best order is the travelling salesman's problem, one way and open at the ends. From one loop or another it
goes to the nearest neighbour that is left, then stretches of up to LONGEST loops move to wherever that makes the whole
shorter, until none does (Or, Traveling salesman-type combinatorial problems, 1976). The same loops, listed in whatever
order, give the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import UsageError, printable
from symbolic_embed.library.building import Pieces
from symbolic_embed.library.features import Bars, Features, Needs, known
from symbolic_embed.library.following import Ending, distance_of, gains, opening
from symbolic_embed.library.progress import Progress, in_silence
from symbolic_embed.library.within import Within, features_of, meant
from symbolic_embed.requests import OrderRequest

NEIGHBOURS = 48
LONGEST = 8  # loops that move together
AWAY = 1.0  # what a loop costs more that is none of the neighbours
RANDOM_ORDERS = 1000
STARTS = 600  # loops, in all searches together: ten loops are begun with each, a thousand with one


@dataclass(frozen=True)
class Placed:
    """A loop in its place, from 1. distance: to the one before it, None for the first."""

    place: int
    path: str
    distance: float | None


@dataclass(frozen=True)
class Arrangement:
    """Loops in order. total: what it costs; best_random: the least that RANDOM_ORDERS drawn orders with the same ends
    cost, median_random: what the middle one of them costs. None where there is nothing to choose."""

    loops: tuple[Placed, ...]
    total: float
    best_random: float | None
    median_random: float | None


def order(
    pieces: Pieces,
    embedder: Embedder,
    request: OrderRequest,
    *,
    first: str | None = None,
    last: str | None = None,
    progress: Progress = in_silence,
) -> Arrangement:
    """All `pieces`, (path, score) or a store, in the order that costs least as far as can be found; it begins with the
    path `first` and ends with `last` where these are given. `progress` wraps the iteration over the loops as they are
    measured. Raises CheckpointError for a model without an anchor, UsageError for an end that is none of the pieces."""
    loops = _loops(pieces, embedder, request)
    if not loops and first is None and last is None:
        return Arrangement((), 0.0, None, None)
    paths = [path for path, _ in loops]
    ends = Ends(_place_of(first, paths, "first"), _place_of(last, paths, "last"))
    if ends.first is not None and ends.first == ends.last and len(paths) > 1:
        raise UsageError("`first` and `last` are the same file; leave one out", field="last")
    costs = _costs([bars for _, bars in loops], embedder, progress)
    best = shortest(costs, ends)
    steps = [None, *costs[best[:-1], best[1:]].astype(np.float32)]
    placed = (
        Placed(place, paths[number], None if step is None else float(str(step)))
        for place, (number, step) in enumerate(zip(best, steps, strict=True), start=1)
    )
    drawn = _random_orders(costs, ends)
    return Arrangement(
        tuple(placed),
        cost(costs, best),
        float(drawn.min()) if len(drawn) else None,
        float(np.median(drawn)) if len(drawn) else None,
    )


@dataclass(frozen=True)
class Ends:
    """Which loop is to come first and which last, by number; None: any."""

    first: int | None = None
    last: int | None = None


def cost(costs: NDArray[np.float64], sequence: list[int]) -> float:
    """What a sequence costs, by `costs` (n, n) from row to column."""
    return float(costs[sequence[:-1], sequence[1:]].sum())


def shortest(costs: NDArray[np.float64], ends: Ends = Ends()) -> list[int]:
    """A sequence of all n places that costs little, from row to column of `costs` (n, n), with its ends as asked."""
    fixed, count = _with_ends(costs, ends), len(costs)
    begins = [ends.first] if ends.first is not None else range(min(count, STARTS // max(count, 1) + 1))
    found = [_improved(fixed, _nearest_neighbours(fixed, begin)) for begin in begins]
    return min(found, key=lambda sequence: cost(fixed, sequence), default=[count, count + 1])[1:-1]


def _improved(fixed: NDArray[np.float64], sequence: list[int]) -> list[int]:
    """The sequence after all moves that make it cheaper."""
    while (moved := _moved(fixed, sequence)) is not None:
        sequence = moved
    return sequence


def _with_ends(costs: NDArray[np.float64], ends: Ends) -> NDArray[np.float64]:
    """The costs with two places more, before the first and after the last; what is not asked for there is dear."""
    count = len(costs)
    dear = 1 + 2 * count * float(costs.max(initial=1.0))
    fixed = np.zeros((count + 2, count + 2))
    fixed[:count, :count] = costs
    if ends.first is not None:
        fixed[count, :count] = dear
        fixed[count, ends.first] = 0
    if ends.last is not None:
        fixed[:count, count + 1] = dear
        fixed[ends.last, count + 1] = 0
    return fixed


def _nearest_neighbours(fixed: NDArray[np.float64], begin: int) -> list[int]:
    """From the place before the first and `begin` on, always to the nearest that is left; the place after the last
    comes last. What is to come last is dear to go to, and so is left over."""
    count = len(fixed) - 2
    onward = fixed[:count, :count] + (fixed[:count, count + 1] == 0) * float(fixed[:count, count + 1].max(initial=0.0))
    sequence, left = [count, begin], np.ones(count, bool)
    left[begin] = False
    while left.any():
        nearest = int(np.argmin(np.where(left, onward[sequence[-1]], np.inf)))
        left[nearest] = False
        sequence.append(nearest)
    return [*sequence, count + 1]


def _moved(fixed: NDArray[np.float64], sequence: list[int]) -> list[int] | None:
    """The sequence with one stretch where it costs less, the best move of the first stretch that has one; None where
    none has."""
    for length in range(1, min(LONGEST, len(sequence) - 3) + 1):
        for start in range(1, len(sequence) - length):
            stretch, rest = sequence[start : start + length], sequence[:start] + sequence[start + length :]
            before, after = sequence[start - 1], sequence[start + length]
            saved = fixed[before, stretch[0]] + fixed[stretch[-1], after] - fixed[before, after]
            if saved <= 0:
                continue
            here, there = rest[:-1], rest[1:]
            added = fixed[here, stretch[0]] + fixed[stretch[-1], there] - fixed[here, there]
            best = int(np.argmin(added))
            if added[best] < saved - 1e-9:
                return rest[: best + 1] + stretch + rest[best + 1 :]
    return None


def _loops(pieces: Pieces, embedder: Embedder, request: OrderRequest) -> list[tuple[str, Bars]]:
    """The paths and the bars of all pieces, sorted by path."""
    source = meant(pieces, request.conditions, embedder)
    loops: Iterable[Features] = features_of(source, embedder, Needs.of("bars"))
    if isinstance(source, Within):
        loops = source.of_files(loops)
    return sorted(((loop.path, known(loop.bars)) for loop in loops), key=lambda loop: loop[0])


def _costs(loops: list[Bars], embedder: Embedder, progress: Progress) -> NDArray[np.float64]:
    """How well each loop goes on from each, float64 (n, n) from row to column; 0 on the diagonal."""
    anchor, count = embedder.anchor, len(loops)
    endings = [Ending.of(bars, anchor, bars=int(bars.number[-1]) + 1) for bars in loops]
    openings = [bars.vectors[opening(bars)] for bars in loops]
    firsts = anchor.targets(np.stack([opened[0] for opened in openings])) if loops else np.zeros((0, 1), np.float32)
    firsts = firsts / np.maximum(np.linalg.norm(firsts, axis=1, keepdims=True), 1e-9)
    costs = np.zeros((count, count))

    def measured(number: int) -> None:
        ending = endings[number]
        expected = (firsts @ ending.expected[0]).astype(np.float64)
        costs[number] = distance_of(expected) + AWAY
        expected[number] = -np.inf
        near = np.argsort(-expected, kind="stable")[: min(NEIGHBOURS, count - 1)]
        if len(near):
            gained = gains([ending.versions[0]] * len(near), [openings[other] for other in near], anchor)
            costs[number, near] = distance_of(gained)
        costs[number, number] = 0

    def rows() -> Iterator[int]:
        for number in range(count):
            measured(number)
            yield number

    for _ in progress(rows(), count):
        pass
    return costs


def _random_orders(costs: NDArray[np.float64], ends: Ends) -> NDArray[np.float64]:
    """What drawn orders cost that keep the ends; none where there is nothing to choose."""
    free = [number for number in range(len(costs)) if number not in (ends.first, ends.last)]
    if len(free) < 2:
        return np.zeros(0)
    random = np.random.default_rng(0)
    before = [] if ends.first is None else [ends.first]
    after = [] if ends.last is None else [ends.last]
    orders = ([*before, *random.permutation(free).tolist(), *after] for _ in range(RANDOM_ORDERS))
    return np.array([cost(costs, drawn) for drawn in orders])


def _place_of(path: str | None, paths: list[str], field: str) -> int | None:
    if path is None:
        return None
    if path not in paths:
        raise UsageError(
            f"`{field}` {printable(path)} is none of the {len(paths):,} files; give one as it is listed", field=field
        )
    return paths.index(path)
