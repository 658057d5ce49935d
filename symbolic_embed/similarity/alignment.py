"""Local alignment: the best score of a stretch of one line laid beside a stretch of another.

Places that are laid beside each other earn or cost something, places that are left out cost something, and what comes
before and after the stretches costs nothing (Smith and Waterman, Identification of common molecular subsequences,
1981). One line is walked along, place by place, beside any number of others at once. `tests/naive.py` fills the table.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

FAR = 1 << 20  # between two lines laid end to end: more than any score, so that none crosses


def local_scores(
    walk: Iterable[tuple[NDArray[np.integer], int]], *, gaps: NDArray[np.int64], starts: NDArray[np.int64]
) -> NDArray[np.integer]:
    """The best score of a line with each of some others, which lie end to end and of which none is empty; whole
    numbers (others,), at least 0.

    walk: for each place of the line what it earns beside each place of the others, int32 or int64 (n,), and what
    leaving it out costs. gaps: int64 (n,), what leaving out each place of the others costs; starts: int64 (others,),
    where each begins. Costs are at least 0; no line can earn FAR / 2, nor can leaving it out cost that.
    """
    # With the costs so far added to them, the best of the places before is a running maximum.
    counts = np.diff(starts, append=len(gaps))
    so_far = np.cumsum(gaps) + np.repeat(np.arange(len(starts)) * FAR - (np.cumsum(gaps) - gaps)[starts], counts)
    integers = np.int32 if len(starts) < 2**31 // FAR else np.int64
    scores, best, diagonal = np.zeros((3, len(gaps)), integers)
    so_far = so_far.astype(integers)
    for earned, cost in walk:
        diagonal[1:] = scores[:-1]
        diagonal[starts] = 0
        diagonal += earned.astype(integers, copy=False)
        scores -= integers(cost)
        np.maximum(scores, diagonal, out=scores)
        np.maximum(scores, 0, out=scores)
        scores += so_far
        np.maximum.accumulate(scores, out=scores)
        scores -= so_far
        np.maximum(best, scores, out=best)
    return np.maximum.reduceat(best, starts)
