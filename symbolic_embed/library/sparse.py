"""Where a collection is thin: pieces that are like no other, and empty places in the midst of it.

An odd one is far from its nearest neighbours: the mean distance to the nearest NEIGHBOURS of the vectors lies further
above the median of all pieces than ODD times what is usual (the median of how far they lie from it, as a standard
deviation: Iglewicz and Hoaglin, How to detect and handle outliers, 1993, who take 3.5 too). Of pieces in 18 sets of the
validation split, about 25 each, one of a hundred is odd in its own set, and half in another's.

A gap is a circle of the map in which no piece lies, with pieces on all sides: it goes through three points whose
triangle holds its middle (Delaunay), and lies within the outline of them all. It counts where its radius is more than
EMPTY times the distances at which pieces around it have neighbours, so that the thin edge of a cloud has none; of those
that overlap the largest is kept. In a cloud that is evenly thin the largest such circle has about 1.7 times that radius
by chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 3
ODD, LEAST_SPREAD, FEWEST = 3.5, 0.02, 8
EMPTY, MOST_GAPS, FEWEST_AROUND = 2.6, 5, 12
INSIDE = 0.8  # of its radius: as far from the outline of all pieces the middle of a gap lies at least
AROUND = 4  # pieces that are named around a gap
ROWS = 1024  # distances of so many pieces at a time


@dataclass(frozen=True)
class Gap:
    """An empty circle of the map: its middle and radius, and the pieces nearest to it, by number, the nearest first."""

    x: float
    y: float
    radius: float
    around: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """What lies around each piece. distance: the mean distance to its nearest NEIGHBOURS, or as many as there are;
    float64 (pieces,), 0 for a piece alone. nearest: the piece nearest to it, int64 (pieces,), itself for one alone."""

    distance: NDArray[np.float64]
    nearest: NDArray[np.int64]


def neighbourhood(vectors: NDArray[np.float64]) -> Neighbourhood:
    """Of some vectors, float64 (pieces, d)."""
    count = len(vectors)
    near = min(NEIGHBOURS, count - 1)
    distance, nearest = np.zeros(count), np.arange(count)
    lengths = (vectors**2).sum(axis=1)
    for first in range(0, count if near else 0, ROWS):
        rows = np.arange(first, min(first + ROWS, count))
        squared = lengths[rows, None] + lengths - 2 * vectors[rows] @ vectors.T
        squared[np.arange(len(rows)), rows] = np.inf
        nearest[rows] = np.argmin(squared.round(10), axis=1)
        closest = np.partition(squared, near - 1, axis=1)[:, :near]
        distance[rows] = np.sqrt(np.maximum(closest, 0)).mean(axis=1)
    return Neighbourhood(distance.round(6), nearest)


def odd_ones(distance: NDArray[np.float64]) -> NDArray[np.int64]:
    """Which pieces are odd, by how far their neighbours are; the oddest first."""
    if len(distance) < FEWEST:
        return np.zeros(0, np.int64)
    middle = np.median(distance)
    spread = max(1.4826 * float(np.median(np.abs(distance - middle))), LEAST_SPREAD)
    order = np.argsort(-distance, kind="stable")
    return order[distance[order] > middle + ODD * spread]


def gaps(places: NDArray[np.float64]) -> tuple[Gap, ...]:
    """The gaps between places, float64 (pieces, 2), the largest first; none between few, or on one line."""
    from scipy.spatial import ConvexHull, Delaunay, KDTree, QhullError

    points = np.unique(places, axis=0)
    if len(points) < FEWEST_AROUND:
        return ()
    try:
        corners, sides = points[Delaunay(points).simplices], ConvexHull(points).equations
    except QhullError:
        return ()
    middles, radii = _circles(corners)
    inside = (-(middles @ sides[:, :2].T + sides[:, 2])).min(axis=1) >= INSIDE * radii
    middles, radii = middles[inside], radii[inside]
    if not len(middles):
        return ()
    tree = KDTree(points)
    spacing = tree.query(points, k=NEIGHBOURS + 1)[0][:, -1]
    near = tree.query(middles, k=2 * AROUND)[1]
    usual = np.maximum(np.median(spacing[near], axis=1), np.median(spacing))
    found: list[Gap] = []
    everyone = KDTree(places)
    for one in np.lexsort((middles[:, 1], middles[:, 0], -radii)):
        middle, radius = middles[one], float(radii[one])
        beside = [np.hypot(gap.x - middle[0], gap.y - middle[1]) - gap.radius for gap in found]
        if radius <= EMPTY * usual[one] or min(beside, default=radius) < radius / 2:
            continue
        around = everyone.query(middle, k=AROUND)[1].tolist()
        found.append(Gap(round(float(middle[0]), 4), round(float(middle[1]), 4), round(radius, 4), tuple(around)))
        if len(found) == MOST_GAPS:
            break
    return tuple(found)


def _circles(corners: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The circles through the corners of triangles, float64 (triangles, 3, 2), that hold the middle of theirs: middles,
    (n, 2), and radii, (n,)."""
    a, b, c = corners.swapaxes(0, 1)
    sides = np.stack([((b - c) ** 2).sum(1), ((c - a) ** 2).sum(1), ((a - b) ** 2).sum(1)], axis=1)
    weights = sides * (sides.sum(axis=1, keepdims=True) - 2 * sides)  # barycentric: all positive in an acute triangle
    inside = (weights > 0).all(axis=1)
    weights, corners = weights[inside] / weights[inside].sum(axis=1, keepdims=True), corners[inside]
    middles = (weights[:, :, None] * corners).sum(axis=1)
    return middles, np.hypot(*(corners[:, 0] - middles).T)
