"""Where in a recording somebody speaks: between the first and the last stretch that is well above the rest."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

RATE = 16_000  # samples a second, everywhere behind `recordings`
FRAME = RATE // 50  # 20 ms
LEAST_PEAK = 0.003  # root mean square of the loudest frame, of 1: below it nobody speaks
SHARE_OF_PEAK = 0.06  # of that a frame has at least where somebody speaks
MARGIN = RATE // 5  # what is kept around it, for soft beginnings and ends

Samples = NDArray[np.float32]  # (samples,), -1 to 1


def loudness(samples: Samples) -> NDArray[Any]:
    """The root mean square of each 20 ms, (frames,); what is left behind the last whole one is not counted."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    return np.asarray(np.sqrt(np.mean(np.square(frames, dtype=np.float64), axis=1)))


def spoken(samples: Samples) -> Samples:
    """The stretch in which somebody speaks, with a margin; nothing where nobody does."""
    levels = loudness(samples)
    if not levels.size or levels.max() < LEAST_PEAK:
        return samples[:0]
    (loud,) = np.nonzero(levels >= max(SHARE_OF_PEAK * levels.max(), LEAST_PEAK / 2))
    return samples[max(0, loud[0] * FRAME - MARGIN) : (loud[-1] + 1) * FRAME + MARGIN]
