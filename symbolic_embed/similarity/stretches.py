"""Where two pieces go along each other, once it is said which bar lies beside which: the stretches of bars that are
near to each other.

A bar earns what it is nearer than `limit`, and costs what it is farther, so the best stretch begins and ends where the
music does, and a bar in between that was changed does not end it (the walk of `lying_along`, down one diagonal). The
best is taken, then the best of what is left before it and behind it, for as long as one is long enough.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray


def best_stretches(earned: NDArray[np.float64], *, shortest: int) -> Iterator[tuple[int, int]]:
    """The stretches, of so many bars at least, in which bars earn most, none of which overlap: the first bar of each
    and the one behind its last; in order."""
    if len(earned) < shortest:
        return
    so_far = np.concatenate([[0.0], np.cumsum(earned)])
    lowest = np.minimum.accumulate(so_far)
    last = int(np.argmax(so_far - lowest))
    first = int(np.flatnonzero(so_far[: last + 1] == lowest[last])[-1])
    if last == first:  # nothing earns anything
        return
    yield from best_stretches(earned[:first], shortest=shortest)
    if last - first >= shortest:
        yield first, last
    yield from ((last + begin, last + end) for begin, end in best_stretches(earned[last:], shortest=shortest))
