"""Numbers scattered over all 64 bits, so that their smallest, or a few bits of each, are a fair draw.

This is splitmix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014), whose two halves are
of use apart: a finaliser, after which each bit depends on all, and before it an addition, without which 0 stays 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

GOLDEN_GAMMA = np.uint64(0x9E3779B97F4A7C15)


def mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """What splitmix64 draws in the state of each value: a bijection."""
    with np.errstate(over="ignore"):
        return scattered(values + GOLDEN_GAMMA)


def scattered(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64: a bijection that leaves 0 where it is."""
    with np.errstate(over="ignore"):
        values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
