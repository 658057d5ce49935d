"""How many threads torch uses: said once, where a command begins.

It is a state of the whole process, so nothing below a command sets it. Sums of floats depend on the number, in their
last bits: every verb computes with one, so that the same files give the same bytes; many windows at once are shared
among threads of our own (`--jobs`), each of which computes with one.
"""

from __future__ import annotations


def use_threads(count: int = 1) -> None:
    """Has torch compute with `count` threads from now on. Loads torch."""
    import torch

    torch.set_num_threads(count)
