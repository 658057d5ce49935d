"""Which pieces of a library are worth measuring against queries: by sketches of all pieces (`estimating`), or, where a
library has none, lying on a server or being too large, by the rows that are nearest in its channels (`candidates`).
"""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_embed.library.candidates import candidates
from symbolic_embed.library.estimating import nearest_by_sketches
from symbolic_embed.library.measuring import Asked
from symbolic_embed.library.sketch_file import sketches_of
from symbolic_embed.library.within import Within

LARGEST = 30_000  # pieces that are looked through for every query


def likeliest(asked: Sequence[Asked], within: Within, *, count: int) -> list[list[int]]:
    """For each of some queries, asked in one way, the numbers of `count` pieces or fewer that may be nearest, the
    likeliest first; by channels, of drums alone, more (`candidates`)."""
    sketches = sketches_of(within.library, within.numbers) if len(within) <= LARGEST else None
    if sketches is None:
        mine = [one.mine for one in asked]
        return candidates(mine, asked[0].likeness, within, asked[0].names, count=count)
    return [nearest_by_sketches(one, sketches, within.numbers, count=count) for one in asked]
