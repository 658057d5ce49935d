"""In which precision this machine trains fastest.

Some processors multiply bfloat16 six times as fast as float32, others three times slower, and nothing but a
measurement tells which. In bfloat16 only matrix products are (automatic mixed precision); weights, sums, losses and
recurrences stay in float32.
"""

from __future__ import annotations

import time
from statistics import median
from typing import Literal

import torch

Precision = Literal["float32", "bfloat16"]

ROWS, INNER, COLUMNS = 2048, 384, 256  # about what one residual block multiplies
REPEATS = 7
WORTH_IT = 1.5  # products are two thirds of the work: less gains nothing


def fastest_precision(*, device: str = "cpu") -> Precision:
    """The precision in which matrix products of the training's size take least time, by measurement."""
    times = {dtype: _time_of(dtype, device) for dtype in (torch.float32, torch.bfloat16)}
    return "bfloat16" if times[torch.bfloat16] * WORTH_IT < times[torch.float32] else "float32"


def _time_of(dtype: torch.dtype, device: str) -> float:
    """Seconds of a product, the median of several after one that does not count."""
    first = torch.ones(ROWS, INNER, dtype=dtype, device=device)
    second = torch.ones(INNER, COLUMNS, dtype=dtype, device=device)
    seconds = []
    for _ in range(REPEATS + 1):
        start = time.perf_counter()
        product = first @ second
        float(product[0, 0])  # waits for a device that works by itself
        seconds.append(time.perf_counter() - start)
    return median(seconds[1:])
