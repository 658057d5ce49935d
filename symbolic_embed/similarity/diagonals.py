"""Local alignment of one line with many others, as `alignment` has it, by the diagonals of the table.

The cells of a diagonal, a place of the line beside a place of another with the same sum of their numbers, depend on
those of smaller sums alone. So they are filled together, and those of all others at once: these lie side by side, and
are filled up to the same length. (Wozniak, Using video-oriented instructions to speed up sequence comparison, 1997.)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SPARE = 256  # twice what a place may cost


def padded_scores(
    line: NDArray[np.int64], costs: NDArray[np.int64], *, earned: NDArray[np.int16], gaps: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The best score of a line with each of some others; whole numbers (others,), at least 0.

    line: of which kind each of its places is, at least one; costs: what leaving it out costs; (n,). earned: what each
    kind earns beside each place of the others, (kinds, places, others); gaps: what leaving these out costs, (places,
    others). What fills the others up lies behind them, earns and costs nothing. Leaving out costs at least 0; nothing
    costs more than SPARE / 2.
    """
    places, others = gaps.shape
    so_far = np.cumsum(gaps, axis=0)
    most = SPARE + int(so_far[-1].max()) + len(line) * int(earned.max())
    integers: type[np.unsignedinteger] = np.uint16 if most < 1 << 16 else np.uint32
    # A score has the costs of all places of the other up to its own added to it, so that leaving them out costs
    # nothing, and SPARE, so that nothing is below 0.
    floor = np.full((places + 1, others), SPARE, integers)
    floor[1:] += so_far.astype(integers)
    earns = (earned + gaps.astype(np.int16)).reshape(-1, others).astype(integers)  # what is below 0 goes round
    n, backwards = len(line), line[::-1] * places
    costs_backwards = np.repeat(costs[::-1].astype(integers)[:, None], others, axis=1)
    best, last, last_but_one = floor.copy(), floor.copy(), floor.copy()
    room = np.empty((places, others), integers)
    for diagonal in range(n + places - 1):
        begin, end = max(0, diagonal - n + 1), min(places, diagonal + 1)  # places of the others
        of_line = slice(n - 1 - diagonal + begin, n - 1 - diagonal + end)
        here, before, both = slice(begin + 1, end + 1), slice(begin, end), room[: end - begin]
        np.take(earns, backwards[of_line] + np.arange(begin, end), axis=0, out=both, mode="clip")
        both += last_but_one[before]
        scores = last_but_one[here]  # which nothing else is read from any more
        np.subtract(last[here], costs_backwards[of_line], out=scores)
        for other in (both, last[before], floor[here]):
            np.maximum(scores, other, out=scores)
        np.maximum(best[here], scores, out=best[here])
        last, last_but_one = last_but_one, last
    found: NDArray[np.int64] = (best - floor).max(axis=0).astype(np.int64)
    return found
