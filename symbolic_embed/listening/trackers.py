"""The pitch of one voice at each instant, by one of three trackers.

swift_f0  a small network that reads the pitch from a spectrogram (Nieradzik, SwiftF0, 2025), with how sure it is
pyin      YIN with all thresholds at once, made smooth by a hidden Markov model (Mauch and Dixon, pYIN, ICASSP 2014)
yin       the lag at which the sound is most like itself (de Cheveigne and Kawahara, YIN, 2002); unvoiced where it is
          soft, since it says of no frame that it has no pitch

All hear 16,000 samples a second, a frame every 16 ms, and pitches from 47 to 2,090 Hz; how loud a recording is does not
matter. Everything runs in one thread: the same recording gives the same curve.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.errors import SettingsError
from symbolic_embed.listening.loudness import RATE, Samples
from symbolic_embed.listening.melodies import PitchCurve
from symbolic_embed.requests.listening import Tracker

TRACKERS: tuple[Tracker, ...] = get_args(Tracker)
DEFAULT: Tracker = "swift_f0"

HOP = 256  # samples from frame to frame
WINDOW = 2048  # samples, of the two of librosa
LOWEST_HZ, HIGHEST_HZ = 47.0, 2090.0
VOICED = 0.5  # the confidence from which on a frame has a pitch
PEAK = 0.5  # to which each recording is brought
SOFT = 0.03  # of the loudest frame: softer ones are no notes to YIN
CHUNK = 20 * RATE  # samples that pYIN sees at once; its table of states takes 17 MB a minute

Heard = tuple[NDArray[np.float64], NDArray[np.float64]]  # Hz and confidence of each frame


def pitch_curve(samples: Samples, rate: int = RATE, *, tracker: Tracker = DEFAULT) -> PitchCurve:
    """The pitch of each 16 ms. `samples` are one channel at 16 kHz; silence has no pitch. Raises SettingsError for
    another rate, or a tracker that there is not."""
    if rate != RATE:
        raise SettingsError(f"`rate` {rate}: trackers hear {RATE:,} samples a second", field="rate")
    if tracker not in TRACKERS:
        raise SettingsError(f"`tracker` {tracker!r}: there are {', '.join(TRACKERS)}", field="tracker")
    frames = len(samples) // HOP
    peak = float(np.abs(samples).max(initial=0.0))
    if not frames or not peak:
        return PitchCurve(_times(frames), np.full(frames, np.nan), np.zeros(frames))
    hertz, confidence = _TRACK[tracker](samples * np.float32(PEAK / peak))
    hertz, confidence = hertz[:frames], confidence[:frames]
    with np.errstate(divide="ignore", invalid="ignore"):
        pitch = 69.0 + 12.0 * np.log2(hertz / 440.0)
    voiced = (confidence >= VOICED) & np.isfinite(pitch)
    return PitchCurve(_times(frames), np.where(voiced, pitch, np.nan), np.nan_to_num(confidence))


def _times(frames: int) -> NDArray[np.float64]:
    return np.arange(frames, dtype=np.float64) * (HOP / RATE)


def _swift_f0(samples: Samples) -> Heard:
    found = _network().detect(samples, RATE)
    return found.pitch_hz, found.confidence


@cache
def _network() -> Any:
    from swift_f0 import SwiftF0

    return SwiftF0(threads=1, spin=False)


def _pyin(samples: Samples) -> Heard:
    import librosa

    pieces = []
    for start in range(0, len(samples), CHUNK):
        hertz, voiced, sure = librosa.pyin(
            samples[start : start + CHUNK],
            fmin=LOWEST_HZ,
            fmax=HIGHEST_HZ,
            sr=RATE,
            frame_length=WINDOW,
            hop_length=HOP,
        )
        frames = len(samples[start : start + CHUNK]) // HOP
        confidence = np.where(voiced, np.maximum(sure, VOICED), np.minimum(sure, VOICED - 0.01))
        pieces.append((hertz[:frames], confidence[:frames]))
    hertz, confidence = (np.concatenate(column) for column in zip(*pieces, strict=True))
    return hertz, confidence


def _yin(samples: Samples) -> Heard:
    import librosa

    hertz = librosa.yin(samples, fmin=LOWEST_HZ, fmax=HIGHEST_HZ, sr=RATE, frame_length=WINDOW, hop_length=HOP)
    level = librosa.feature.rms(y=samples, frame_length=WINDOW // 2, hop_length=HOP)[0]
    return hertz, np.where(level > SOFT * level.max(), 1.0, 0.0)


_TRACK: dict[Tracker, Callable[[Samples], Heard]] = {"swift_f0": _swift_f0, "pyin": _pyin, "yin": _yin}
