"""What needs no training: the chroma histogram and the piano-roll itself, as vectors of a window."""

from __future__ import annotations

import numpy as np

from symbolic_embed.bars import WINDOW_STEPS, Windows
from symbolic_embed.bars.windows import DRUM
from symbolic_embed.encodings import pianoroll


def chroma(windows: Windows) -> np.ndarray:
    """How long each pitch class sounds in the window, brought to length 1; float32 (windows, 12). Drums: silence."""
    seconds = np.minimum(windows.length.astype(np.int64), WINDOW_STEPS - windows.onset.astype(np.int64))
    seconds = np.where(windows.flags & DRUM, 0, seconds)
    place = windows.note_window * 12 + windows.pitch % 12
    histogram = np.bincount(place, seconds, minlength=12 * len(windows)).reshape(-1, 12)
    return _of_length_one(histogram)


def roll(windows: Windows) -> np.ndarray:
    """The piano-roll's planes as one vector brought to length 1; float32 (windows, 18432)."""
    return _of_length_one(pianoroll.encode(windows).reshape(len(windows), -1))


def _of_length_one(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors.astype(np.float32), axis=1, keepdims=True)
    return vectors.astype(np.float32) / np.maximum(lengths, 1e-9)
