"""What every few notes of a tune, or of lines, have in whatever key and tempo: their pitches above their mean, and the
logarithms of their times above theirs.

All are whole numbers, none of them large, so that the squared distance of two windows, which comes of a product of
matrices, is the same in whatever order it is added up.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.similarity.tunes.query import CENTS

WINDOW = 5  # notes
FINE = 5  # a semitone: the mean of five notes is a whole number of these
PITCH_MOST = 12 * FINE  # from the mean of a window
TIME_UNIT = 40  # of four times TIMES: ten a doubling, which counts as two semitones do
TIME_MOST = 20
BETWEEN = 1e6  # how far a window is that reaches into the next line


def windows_of_tune(cents: NDArray[np.int32], apart: NDArray[np.int32], notes: int) -> NDArray[np.float32]:
    """Every so many notes of a tune: rows whose products with those of lines are squared distances; float32 (windows,
    numbers). cents: (notes,); apart: times between them, (notes - 1,)."""
    windows = _windows(cents, apart, notes)
    ones = np.ones((len(windows), 1), np.float32)
    return np.concatenate([-2 * windows, ones, _squares(windows)], axis=1)


def windows_of_lines(
    cents: NDArray[np.int32], apart: NDArray[np.int32], begins: NDArray[np.int64], notes: int
) -> NDArray[np.float32]:
    """The same from each note on of lines that lie end to end and begin at some notes, the last of which is their end;
    BETWEEN away from everything where a line has no more so many; float32 (notes, numbers)."""
    rows = np.zeros((len(cents), 2 * notes + 1), np.float32)
    windows = _windows(cents, apart, notes)
    rows[: len(windows), :-2] = windows
    rows[: len(windows), -2:-1] = _squares(windows)
    rows[:, -1] = 1
    ends = begins[1:]
    across = np.arange(len(cents)) + notes > np.repeat(ends, np.diff(begins))
    rows[across, :-2], rows[across, -2] = 0, BETWEEN
    return rows


def _windows(cents: NDArray[np.int32], apart: NDArray[np.int32], notes: int) -> NDArray[np.float32]:
    if len(cents) < notes:
        return np.zeros((0, 2 * notes - 1), np.float32)
    pitch = np.lib.stride_tricks.sliding_window_view(cents, notes)
    above = np.rint((notes * pitch - pitch.sum(axis=1, keepdims=True)) * (FINE / (notes * CENTS)))
    time = np.lib.stride_tricks.sliding_window_view(apart, notes - 1)
    longer = np.rint(((notes - 1) * time - time.sum(axis=1, keepdims=True)) / TIME_UNIT)
    both = [np.clip(above, -PITCH_MOST, PITCH_MOST), np.clip(longer, -TIME_MOST, TIME_MOST)]
    return np.concatenate(both, axis=1).astype(np.float32)


def _squares(windows: NDArray[np.float32]) -> NDArray[np.float32]:
    squares: NDArray[np.float32] = np.square(windows).sum(axis=1, keepdims=True)
    return squares
