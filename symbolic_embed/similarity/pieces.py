"""What of a piece is compared: its bars and its passages as points, in other keys too, and its melody.

Silence is like silence wherever it is found, and says nothing of a piece: bars in which nothing sounds are left out,
unless there are no others.

Transposing. Two pieces may be the same but for their key. One of the two is then turned: its notes are moved by each of
-5 to 6 semitones (drums stay), embedded again each time, and the nearest of the twelve counts. (Passages of harmony are
turned by rotating them, and a melody is moved to where it fits.) Turning A and turning B give nearly, not
exactly, the same distance, since a network is no musician. So that the distance of A and B is one number from whichever
side it is asked, the *shorter* piece is always the one that is turned (fewer bars that sound; of two equally long the
one whose content comes first in a fixed order). That is also the least to embed. On 120 pieces each of two labelled
sets (tavern_beethoven, mma_openewld, a first checkpoint) turning the one or the other changed distances by 1 % and mean
average precision by .007 at most, where its standard error was .02.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from symbolic_embed.bars import BarredScore, Windows, bar_windows
from symbolic_embed.embedding.batches import embed_each
from symbolic_embed.embedding.embedder import Embedder, bar_means
from symbolic_embed.similarity import harmony
from symbolic_embed.similarity.likeness import Likeness
from symbolic_embed.similarity.melody import Melody, melody

# In semitones. The first of two that are equally near counts: the smaller turn, and upwards before downwards.
TRANSPOSITIONS = (0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6)


@dataclass(frozen=True, eq=False)
class Sounding:
    """The bars of a piece in which something sounds, still as notes. `bar`: int64 (bars,), their numbers from 0."""

    path: str
    barred: BarredScore
    windows: Windows
    bar: np.ndarray

    @classmethod
    def of(cls, path: str, barred: BarredScore) -> Sounding:
        windows = bar_windows(barred)
        notes = np.bincount(windows.bar, np.diff(windows.offsets), minlength=barred.bars)
        bar = np.flatnonzero(notes) if notes.any() else np.arange(barred.bars)
        return cls(path, barred, windows.where(np.flatnonzero(np.isin(windows.bar, bar))), bar)

    @property
    def order(self) -> tuple[int, bytes]:
        """Of two pieces the one with the smaller `order` is turned."""
        return len(self.bar), self.windows.content_hashes().tobytes()

    def versions(self, *, turned: bool) -> list[Windows]:
        """The windows as they are, or in all TRANSPOSITIONS."""
        return [self.windows.transposed(semitones) for semitones in TRANSPOSITIONS] if turned else [self.windows]


@dataclass(frozen=True, eq=False)
class Features:
    """What is compared of a piece. bars: float32 (versions, bars, d), the first version untransposed, and perhaps the
    only one; passages: float32 (passages, parts of bars, 12), untransposed (`harmony.py`); melody: the top line
    (`melody.py`), untransposed."""

    bars: np.ndarray
    passages: np.ndarray
    melody: Melody

    @property
    def is_turned(self) -> bool:
        return len(self.bars) > 1

    @property
    def passage_points(self) -> np.ndarray:
        """The passages in the transpositions in which the bars are; float32 (versions, passages, d)."""
        return harmony.turned(self.passages, TRANSPOSITIONS[: len(self.bars)])


@dataclass(frozen=True, eq=False)
class PiecePoints:
    """A piece as points: float32 (versions, bars, d), the first version untransposed, and perhaps the only one."""

    sounding: Sounding
    points: np.ndarray

    @property
    def is_turned(self) -> bool:
        return len(self.points) > 1

    def features(self) -> Features:
        """The whole of what is compared at the level of pieces."""
        return Features(self.points, harmony.passages(self.sounding.barred), melody(self.sounding.barred))


def piece_points(
    embedder: Embedder, pieces: Iterable[tuple[Sounding, bool]], *, likeness: Likeness
) -> Iterator[PiecePoints]:
    """The points of each of `pieces`, in order; those said to be turned in all transpositions."""
    versions = (
        ((sounding, number, count), windows)
        for sounding, turned in pieces
        for count in [len(TRANSPOSITIONS) if turned else 1]
        for number, windows in enumerate(sounding.versions(turned=turned))
    )
    points: list[np.ndarray] = []
    for (sounding, number, count), vectors in embed_each(embedder, versions):
        bars = bar_means(vectors, np.flatnonzero(sounding.windows.part_of_bar == 0))
        points.append(likeness.points(bars, model=embedder.settings))
        if number + 1 == count:
            yield PiecePoints(sounding, np.stack(points))
            points = []
