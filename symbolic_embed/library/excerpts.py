"""Excerpts: windows out of many pieces, all in one key, each with an embedding and the place that it comes from.

They are what `vary --from` writes and measures by, and what `accompany --from` borrows: the notes themselves, moved to
the key of the seed. What is embedded need not be what is taken: a bass is chosen by what sounds beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import Windows
from symbolic_embed.embedding.batches import embed_each
from symbolic_embed.embedding.embedder import Embedder

Label = TypeVar("Label")


@dataclass(frozen=True)
class Origin:
    """Where a window comes from: path, track and bar (both from 0), moved by how many semitones."""

    path: str
    track: int
    bar: int
    semitones: int


@dataclass(frozen=True, eq=False)
class Excerpt:
    """Windows of one piece: their notes; as many windows that are embedded in their place; the origin of each."""

    notes: Windows
    embedded: Windows
    origins: Sequence[Origin]


@dataclass(frozen=True, eq=False)
class Excerpts:
    """Windows of many pieces: notes; vectors float32 (windows, dim); origins."""

    notes: Windows
    vectors: NDArray[np.float32]
    origins: Sequence[Origin]

    def __len__(self) -> int:
        return len(self.origins)

    def where(self, chosen: NDArray[np.int64]) -> Excerpts:
        """The windows of an index array, in its order."""
        return Excerpts(self.notes.where(chosen), self.vectors[chosen], [self.origins[number] for number in chosen])


def gathered(embedder: Embedder, music: Iterable[tuple[Label, Excerpt]]) -> dict[Label, Excerpts]:
    """All excerpts of each label together, in the order in which they come."""

    def windows() -> Iterator[tuple[tuple[Label, Excerpt], Windows]]:
        for label, excerpt in music:
            yield (label, excerpt), excerpt.embedded

    parts: dict[Label, list[tuple[Excerpt, NDArray[np.float32]]]] = {}
    for (label, excerpt), vectors in embed_each(embedder, windows()):
        parts.setdefault(label, []).append((excerpt, vectors))
    return {
        label: Excerpts(
            Windows.concatenated([excerpt.notes for excerpt, _ in several]),
            np.concatenate([vectors for _, vectors in several]),
            [origin for excerpt, _ in several for origin in excerpt.origins],
        )
        for label, several in parts.items()
    }
