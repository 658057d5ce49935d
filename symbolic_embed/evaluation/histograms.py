"""What music looks like without a model: how many notes, how wide, which intervals, which onsets.

A row of counts for each window; summed over windows it is a histogram of a repertoire, and two of them overlap by the
sum of the smaller bars (1: the same, 0: nothing in common).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import WINDOW_STEPS, Windows, ranges
from symbolic_embed.encodings import note_rows

MOST_NOTES = 64
WIDEST = 12  # semitones; wider intervals count with these
BINS = {"density": MOST_NOTES + 1, "range": 128, "intervals": 2 * WIDEST + 1, "onsets": WINDOW_STEPS}


def histograms(windows: Windows) -> dict[str, NDArray[np.float64]]:
    """For each of BINS the counts of each window, float64 (windows, bins).

    density: the number of notes that begin, up to 64; range: semitones from the lowest to the highest (nothing where
    there is no note); intervals: from each note to the next by onset, then pitch; onsets: the steps where notes begin.
    """
    rows, counts = note_rows.encode(windows)
    number, window = len(windows), ranges.owners(counts)
    pitch = rows[:, 1] % note_rows.FIRST_DRUM
    first = ranges.offsets(counts)[:-1]
    some = np.flatnonzero(counts)
    wide = np.zeros(0, np.int64)
    if len(some):
        wide = np.maximum.reduceat(pitch, first[some]) - np.minimum.reduceat(pitch, first[some])
    follows = window[1:] == window[:-1]
    steps = np.clip(np.diff(pitch), -WIDEST, WIDEST)[follows] + WIDEST
    return {
        "density": _counted(np.arange(number), np.minimum(counts, MOST_NOTES), number, BINS["density"]),
        "range": _counted(some, wide, number, BINS["range"]),
        "intervals": _counted(window[1:][follows], steps, number, BINS["intervals"]),
        "onsets": _counted(window, rows[:, 0], number, BINS["onsets"]),
    }


def features(windows: Windows) -> NDArray[np.float64]:
    """The same as one row a window for a classifier: number of notes, range, shares of intervals and of onsets; float64
    (windows, 75)."""
    counts = histograms(windows)
    numbers = [counts[kind] @ np.arange(BINS[kind]) for kind in ("density", "range")]
    shares = [_shares(counts[kind]) for kind in ("intervals", "onsets")]
    return np.column_stack([*numbers, *shares])


def overlap(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """How much of two repertoires' histograms, counts (windows, bins), is the same: 0 to 1."""
    one, other = (_shares(counts.sum(axis=0, keepdims=True)) for counts in (first, second))
    return float(np.minimum(one, other).sum())


def _shares(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    shares: NDArray[np.float64] = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return shares


def _counted(window: NDArray[np.int64], bin_: NDArray[np.int64], windows: int, bins: int) -> NDArray[np.float64]:
    counts = np.bincount(window * bins + bin_, minlength=windows * bins)
    return counts.reshape(windows, bins).astype(np.float64)
