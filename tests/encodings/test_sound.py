"""Windows of recordings as arrays."""

from __future__ import annotations

import numpy as np
import pytest
from sounds import sine

from symbolic_embed.encodings.sound import (
    FEATURES,
    FRAMES,
    SOUND_KINDS,
    Where,
    even_edges,
    running_sums,
    sound_frames,
    sound_windows,
)
from symbolic_embed.listening.spectra import FRAMES_A_SECOND, spectra

MELODY = np.concatenate([sine(pitch, 0.4) for pitch in (60, 64, 67, 72)])


def one(steps: int, count: int) -> Where:
    return Where(np.zeros(1, np.int64), np.array([count]), np.array([steps]))


def naive_mean(frames: np.ndarray, begin: float, end: float) -> np.ndarray:
    """The mean over a stretch of time, frame n reaching from n - 1/2 to n + 1/2; outside is silence."""
    total = np.zeros(frames.shape[1])
    for number, frame in enumerate(frames):
        overlap = min(end, (number + 0.5) / FRAMES_A_SECOND) - max(begin, (number - 0.5) / FRAMES_A_SECOND)
        total += max(0.0, overlap) * frame
    return total / (end - begin)


@pytest.mark.parametrize("kind", SOUND_KINDS)
def test_frames_have_their_features_and_are_the_same_however_loud_it_was(kind):
    loud, soft = (sound_frames(spectra(gain * MELODY), kind) for gain in (1.0, 0.1))
    assert loud.shape[1] == FEATURES[kind]
    np.testing.assert_allclose(loud, soft, atol=2e-2)


def test_chroma_tells_pitch_class_and_register():
    frame = sound_frames(spectra(sine(64, 1.0)), "chroma")[20, :-1].reshape(3, 12)
    assert np.unravel_index(frame.argmax(), frame.shape) == (1, 4)  # E4 is in the middle register


def test_windows_are_means():
    frames = np.random.default_rng(0).random((60, 5)).astype(np.float32)
    edges = even_edges(np.array([0.21]), np.array([1.13]), np.array([48]))
    (window,) = sound_windows(running_sums(frames), edges, one(48, len(frames)))
    for number in range(FRAMES):
        expected = naive_mean(frames, edges[0, number], edges[0, number + 1])
        np.testing.assert_allclose(window[number], expected, atol=1e-4)


def test_outside_the_recording_is_silence():
    frames = np.ones((20, 3), np.float32)
    edges = even_edges(np.array([-1.0]), np.array([3.0]), np.array([48]))
    (window,) = sound_windows(running_sums(frames), edges, one(48, len(frames)))
    assert not window[0].any()
    assert not window[-1].any()
    assert window.any()


def test_a_window_of_three_quarters_is_silent_behind_its_end():
    frames = np.ones((60, 3), np.float32)
    edges = even_edges(np.array([0.1]), np.array([1.0]), np.array([36]))
    (window,) = sound_windows(running_sums(frames), edges, one(36, len(frames)))
    np.testing.assert_allclose(window[:12], 1.0, atol=1e-4)
    assert not window[12:].any()


def test_of_several_recordings_each_window_sees_its_own():
    first, second = np.full((30, 2), 1.0, np.float32), np.full((40, 2), 7.0, np.float32)
    sums = np.concatenate([running_sums(first), running_sums(second)])
    edges = even_edges(np.array([0.1, 0.1]), np.array([0.5, 0.5]), np.array([48, 48]))
    where = Where(np.array([0, 31]), np.array([30, 40]), np.array([48, 48]))
    windows = sound_windows(sums, edges, where)
    np.testing.assert_allclose(windows[0], 1.0, atol=1e-4)
    np.testing.assert_allclose(windows[1], 7.0, atol=1e-4)
