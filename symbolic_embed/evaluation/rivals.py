"""Rivals: what needs no training, and what a trained encoder's output becomes by simple statistics.

chroma, roll, n-grams    windows as vectors of length one, without a network
Whitening                vectors moved and stretched so that training music has mean 0 (and covariance I)

All are compared by Euclidean distance; between vectors of length one that is the order of their cosines.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from symbolic_embed.bars import WINDOW_STEPS, Windows
from symbolic_embed.bars.lines import struck_highest
from symbolic_embed.encodings import pianoroll

LONGEST_GRAM = 4
ROLLED_TOGETHER = 2048  # windows
LEAST_VARIANCE = 1e-4  # of the largest; a direction with less is stretched no further


def chroma(windows: Windows) -> NDArray[np.float32]:
    """How long each pitch class sounds in the window, brought to length 1; float32 (windows, 12). Drums: silence."""
    seconds = np.minimum(windows.length.astype(np.int64), WINDOW_STEPS - windows.onset.astype(np.int64))
    seconds = np.where(windows.is_drum, 0, seconds)
    window_class = windows.note_window * 12 + windows.pitch % 12
    histogram = np.bincount(window_class, seconds, minlength=12 * len(windows)).reshape(-1, 12)
    return of_length_one(histogram)


def roll(windows: Windows) -> sparse.csr_array:
    """The piano-roll's planes as one vector brought to length 1; float32 (windows, 18432)."""
    parts = [
        sparse.csr_array(of_length_one(pianoroll.encode(windows.where(part)).reshape(len(part), -1)))
        for part in np.split(np.arange(len(windows)), np.arange(ROLLED_TOGETHER, len(windows), ROLLED_TOGETHER))
    ]
    return sparse.vstack(parts, format="csr")


def grams(onset: NDArray[np.int64], pitch: NDArray[np.int64]) -> list[str]:
    """The n-grams, n = 1 to 4, of the intervals of a line in semitones ("p2,2,-4") and, apart, of its steps from onset
    to onset ("r6,6,12"). The same in every key."""
    lines = {"p": np.diff(pitch).tolist(), "r": np.diff(onset).tolist()}
    return [
        letter + ",".join(map(str, line[start : start + length]))
        for letter, line in lines.items()
        for length in range(1, LONGEST_GRAM + 1)
        for start in range(len(line) - length + 1)
    ]


def top_lines(windows: Windows) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Onsets and pitches of the highest note at each onset of each window; of drums where there is nothing else."""
    begins, drum = windows.begins, windows.is_drum
    has_pitches = windows.counted(begins & ~drum) > 0
    chosen = np.flatnonzero(begins & ~(drum & has_pitches[windows.note_window]))
    window, onset, pitch = windows.note_window[chosen], windows.onset[chosen], windows.pitch[chosen]
    highest = struck_highest(onset, pitch, part=window)
    begin = np.searchsorted(window[highest], np.arange(len(windows)))
    columns = (np.split(column[highest].astype(np.int64), begin)[1:] for column in (onset, pitch))
    return list(zip(*columns, strict=True))


@dataclass(frozen=True)
class GramWeights:
    """TF-IDF over n-grams (scikit-learn's, with the logarithm of counts): a gram that all music has says little."""

    vectorizer: Any

    @classmethod
    def of(cls, documents: Iterable[list[str]]) -> GramWeights:
        """Weights from documents, each the grams of a piece of music; one of them at least must have a gram."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        return cls(TfidfVectorizer(analyzer=list, sublinear_tf=True, dtype=np.float32).fit(documents))

    def vectors(self, documents: Iterable[list[str]]) -> sparse.csr_array:
        """A vector of length 1 for each document (0 for one without a known gram); float32 (documents, grams)."""
        return sparse.csr_array(self.vectorizer.transform(documents))


def window_grams(windows: Windows) -> list[list[str]]:
    """The n-grams of the top line of each window."""
    return [grams(*line) for line in top_lines(windows)]


@dataclass(frozen=True, eq=False)
class Whitening:
    """What maps vectors (n, dim) so that those it was made of have mean 0 and, unless only centred, covariance I; the
    result is brought to length 1, without which centring would change no distance."""

    mean: NDArray[np.float64]
    matrix: NDArray[np.float64]

    @classmethod
    def of(cls, vectors: NDArray[np.float32], *, only_centre: bool = False) -> Whitening:
        """The map that vectors (n, dim) of training music define; float64."""
        points = vectors.astype(np.float64)
        mean = points.mean(axis=0)
        if only_centre:
            return cls(mean, np.eye(points.shape[1]))
        variance, directions = np.linalg.eigh(np.cov(points, rowvar=False))
        variance = np.maximum(variance, LEAST_VARIANCE * variance[-1])
        return cls(mean, directions / np.sqrt(variance))

    def __call__(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        return of_length_one((vectors - self.mean) @ self.matrix)


def of_length_one(vectors: NDArray[np.number] | NDArray[np.bool_]) -> NDArray[np.float32]:
    """Vectors (n, dim) brought to length 1, those of length 0 left; float32."""
    rows = vectors.astype(np.float32)
    directions: NDArray[np.float32] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return directions
