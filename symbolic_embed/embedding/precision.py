"""In which precision this machine multiplies fastest.

Some processors multiply bfloat16 six times as fast as float32, others three times slower, and nothing but a
measurement tells which. In bfloat16 only matrix products are, and what lies between them when nothing trains; weights
that train, sums, losses and recurrences stay in float32.
"""

from __future__ import annotations

import time
from functools import cache
from typing import Literal

import torch

Precision = Literal["float32", "bfloat16"]
Wish = Literal["auto", "float32", "bfloat16"]

ROWS, INNER, COLUMNS = 2048, 384, 256  # about what one residual block multiplies
GPU_ROWS = 32 * ROWS  # with fewer a GPU spends its time on starting
REPEATS = 7
WORTH_IT = 1.5  # products are two thirds of the work: less gains nothing


def chosen_precision(wish: Wish, *, device: str = "cpu") -> Precision:
    """The precision that was asked for; "auto" is the fastest one here, measured once in a process."""
    return _measured_once(device) if wish == "auto" else wish


@cache
def _measured_once(device: str) -> Precision:
    return fastest_precision(device=device)


def fastest_precision(*, device: str = "cpu") -> Precision:
    """The precision in which matrix products of the networks' size take least time, by measurement."""
    times = {dtype: _time_of(dtype, device) for dtype in (torch.float32, torch.bfloat16)}
    return "bfloat16" if times[torch.bfloat16] * WORTH_IT < times[torch.float32] else "float32"


def _time_of(dtype: torch.dtype, device: str) -> float:
    """Seconds of a product, the least of several after one that does not count: what else the machine does only adds,
    and two runs should not choose differently."""
    first = torch.ones(ROWS if device == "cpu" else GPU_ROWS, INNER, dtype=dtype, device=device)
    second = torch.ones(INNER, COLUMNS, dtype=dtype, device=device)
    seconds = []
    for _ in range(REPEATS + 1):
        start = time.perf_counter()
        product = first @ second
        float(product[0, 0])  # waits for a device that works by itself
        seconds.append(time.perf_counter() - start)
    return min(seconds[1:])
