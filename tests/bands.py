"""Windows of a small band as rolls, and pasts that have heard them, for tests of patterns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symbolic_embed.encodings.patterns.past import Past

PARTS = 3


def only(*pitches: int, length: int = 12, part: int = 0) -> np.ndarray:
    """A window of one piece in which one part plays these, one after the other; uint8 (1, PARTS, 48, 128)."""
    rolls = np.zeros((1, PARTS, 48, 128), np.uint8)
    rolls[0, part, 12 * np.arange(len(pitches)), list(pitches)] = length
    return rolls


def song_of(windows: Sequence[np.ndarray]) -> np.ndarray:
    """A window in which part after part plays what the first part of each of these does."""
    rolls = only()
    for part, window in enumerate(windows):
        rolls[0, part] = window[0, 0]
    return rolls


def append(past: Past, window: np.ndarray, *, steps: int = 48, chord: int = 0) -> None:
    """Has the past hear one more window."""
    lengths, coming = np.full(len(window), steps), past.coming(window)
    _, sources = past.likest(coming, steps=lengths)
    past.append(window, coming, steps=lengths, chords=np.full(len(window), chord), sources=sources)


def heard(
    played: Sequence[np.ndarray], *, drums: Sequence[bool] = (False, False, True), chords: Sequence[int] | None = None
) -> Past:
    """A past of windows of 4/4; each has its number for its chord, where nothing is said."""
    past = Past(np.tile(np.array(drums), (len(played[0]), 1)), room=16)
    for number, window in enumerate(played):
        append(past, window, chord=number if chords is None else chords[number])
    return past
