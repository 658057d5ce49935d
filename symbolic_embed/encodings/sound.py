"""Windows of a recording as arrays for the network: what sounds in each frame of a bar.

A window of a recording is cut into frames of STEPS_PER_FRAME steps, as one of notes is, whatever its tempo. A frame is
the mean of what the recording's spectra are from its beginning to its end:

- `chroma`: how strongly each of the twelve pitch classes sounds in each of three registers (two octaves up to B2, two
  up to B4, three above), and how much is struck;
- `mfcc`: the colour of the sound (cepstral coefficients against the recording's own mean), and how much is struck.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.grid import WINDOW_STEPS
from symbolic_embed.encodings.pianoroll import STEPS_PER_FRAME
from symbolic_embed.listening.spectra import COEFFICIENTS, FRAMES_A_SECOND, SEMITONES, Spectra

SoundKind = Literal["chroma", "mfcc"]
SOUND_KINDS: tuple[SoundKind, ...] = get_args(SoundKind)

FRAMES = WINDOW_STEPS // STEPS_PER_FRAME
REGISTERS = (24, 48, SEMITONES)  # where each ends, in semitones from the lowest
FAINT = 20.0  # times fainter than the loud ones: what is heard by half
LOUD = 0.95  # the share of frames that are less loud than what counts as loud
FEATURES: dict[SoundKind, int] = {"chroma": 12 * len(REGISTERS) + 1, "mfcc": COEFFICIENTS + 1}


class Where(NamedTuple):
    """Of windows, int64 (windows,): the row of the sums in which their recording begins, how many frames it has, and
    how many steps each window has, 1 to 48."""

    first: NDArray[np.int64]
    frames: NDArray[np.int64]
    steps: NDArray[np.int64]


def sound_frames(heard: Spectra, kind: SoundKind) -> NDArray[np.float32]:
    """What the network knows of each frame of a recording; float32 (frames, FEATURES[kind])."""
    strokes = _compressed(heard.strokes[:, None])
    if kind == "mfcc":
        centred = heard.cepstrum - heard.cepstrum.mean(axis=0)
        return np.concatenate([centred / max(float(centred.std()), 1e-6), strokes], axis=1)
    begins = (0, *REGISTERS[:-1])
    folded = [
        heard.semitones[:, begin:end].reshape(len(heard), -1, 12).sum(axis=1)
        for begin, end in zip(begins, REGISTERS, strict=True)
    ]
    return np.concatenate([_compressed(np.concatenate(folded, axis=1)), strokes], axis=1)


def running_sums(frames: NDArray[np.floating]) -> NDArray[np.float32]:
    """What `sound_windows` takes means from: frames (frames, features) summed up to each, float32 (frames + 1,
    features)."""
    sums = np.zeros((len(frames) + 1, frames.shape[1]))
    np.cumsum(frames, axis=0, dtype=np.float64, out=sums[1:])
    return sums.astype(np.float32)


def sound_windows(sums: NDArray[np.float32], edges: NDArray[np.float64], of: Where) -> NDArray[np.float32]:
    """Windows for the network, float32 (windows, FRAMES, features), 0 in frames behind a window's end.

    sums: `running_sums` of a recording, or of several, one behind another. edges: seconds (windows, FRAMES + 1), where
    each frame of a window begins and the last one ends, from the beginning of its recording. What lies outside a
    recording is silence.
    """
    at = np.clip(edges * FRAMES_A_SECOND + 0.5, 0, of.frames[:, None])  # frame n reaches from n - 1/2 to n + 1/2
    whole = np.minimum(at.astype(np.int64), np.maximum(of.frames[:, None] - 1, 0))
    row = of.first[:, None] + whole
    until = sums[row] + (at - whole)[..., None] * (sums[row + 1] - sums[row])  # (windows, FRAMES + 1, features)
    lengths = np.maximum(np.diff(edges, axis=1) * FRAMES_A_SECOND, 1e-3)
    means = np.diff(until, axis=1) / lengths[..., None]
    counted = np.arange(FRAMES) < -(-of.steps // STEPS_PER_FRAME)[:, None]
    return np.where(counted[..., None], means, 0.0).astype(np.float32)


def even_edges(begin: NDArray[np.float64], end: NDArray[np.float64], steps: NDArray[np.int64]) -> NDArray[np.float64]:
    """The edges of the frames of windows that go from `begin` to `end`, seconds (windows,), at one tempo; seconds
    (windows, FRAMES + 1)."""
    share = np.minimum(np.arange(FRAMES + 1) * STEPS_PER_FRAME / steps[:, None], 1.0)
    edges: NDArray[np.float64] = begin[:, None] + share * (end - begin)[:, None]
    return edges


def _compressed(strengths: NDArray[np.float32]) -> NDArray[np.float32]:
    """Strengths (frames, some) on a scale that is about logarithmic, 1 for the loud ones of the recording."""
    loud = float(np.quantile(strengths.max(axis=1), LOUD)) if len(strengths) else 0.0
    scaled = np.log1p(FAINT * strengths / loud) / np.log1p(FAINT) if loud > 0 else np.zeros_like(strengths)
    return np.asarray(scaled, np.float32)
