"""Channels: the vectors by which music is looked for among more pieces than can be compared one by one.

    passages   what is learnt of two, four and eight bars, the same in every key (`embedding.passages`): of all parts
               together, and of each part

A library keeps the rows of every channel and answers which are nearest to a question (`stores.library`). What is found
so is a candidate, no more: `rank` and `find` measure it as they measure files.

A new channel is a name, a row of DIMS, and a line in `rows_of`. All vectors are of length one, so that the nearest has
the largest inner product.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.library.features import Features, Kind, known

Channel = Literal["passages"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
DIMS: Mapping[Channel, int] = {"passages": 192}
KINDS_SEARCHED: frozenset[Kind] = frozenset({"passages"})  # what `rows_of` is made of


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a piece in one channel. track: `embedding.passages.TOGETHER` or a number from 0; bar, bars: the
    first, from 0, and how many; int64 (rows,). vectors: float32 (rows, dim), of length one."""

    track: NDArray[np.int64]
    bar: NDArray[np.int64]
    bars: NDArray[np.int64]
    vectors: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.track)


def rows_of(piece: Features) -> Mapping[Channel, Rows]:
    """The rows of a piece of which KINDS_SEARCHED are known, channel by channel."""
    passages = known(piece.passages)
    return {"passages": Rows(passages.track, passages.bar, passages.bars, passages.blind)}
