"""What becomes of sound on its way to a recording: a room, a microphone, noise, a tape that runs too fast, overload.

Each happens or not, by chance; how much is drawn between bounds that are those of phones in living rooms rather than of
studios.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve, lfilter

Samples = NDArray[np.float32]

REVERBERATION = (0.15, 1.2)  # seconds until it is 60 dB fainter
WET = (0.05, 0.6)  # share of the room in what is heard
NOISE = (10.0, 45.0)  # dB below the music
TILT = (-0.5, 0.8)  # of a filter of one pole or zero, towards darker or brighter
OVERLOAD = (1.0, 3.0)  # times as loud as can be recorded
SHARP = 45.0  # cents, up or down


def recorded(samples: Samples, rate: int, random: np.random.Generator) -> tuple[Samples, float]:
    """Samples (samples,) at `rate` as a recording may have them, and how many times as long they have become."""
    heard = samples / max(float(np.abs(samples).max(initial=0)), 1e-6)
    if random.random() < 0.5:
        heard = in_a_room(heard, rate, random)
    if random.random() < 0.5:
        heard = _coloured(heard, random.uniform(*TILT))
    if random.random() < 0.5:
        heard = with_noise(heard, random)
    if random.random() < 0.15:
        heard = np.clip(heard / max(float(np.abs(heard).max()), 1e-6) * random.uniform(*OVERLOAD), -1, 1)
    stretch = 2 ** (random.uniform(-SHARP, SHARP) / 1200) if random.random() < 0.6 else 1.0
    return at_another_speed(heard, rate, stretch), stretch


def in_a_room(samples: Samples, rate: int, random: np.random.Generator) -> Samples:
    """With the echo of a room: noise that dies away (Moorer, About This Reverberation Business, 1979)."""
    seconds = random.uniform(*REVERBERATION)
    time = np.arange(int(seconds * rate)) / rate
    echo = random.normal(size=len(time)) * 10 ** (-3 * time / seconds)
    echo /= np.sqrt(np.square(echo).sum())
    wet = random.uniform(*WET)
    return np.asarray((1 - wet) * samples + wet * fftconvolve(samples, echo)[: len(samples)], np.float32)


def with_noise(samples: Samples, random: np.random.Generator) -> Samples:
    """With noise between white and that of a far motorway."""
    noise = _coloured(random.normal(size=len(samples)), -random.uniform(0, 0.98))
    level = 10 ** (-random.uniform(*NOISE) / 20) * np.sqrt(np.square(samples).mean())
    return np.asarray(samples + level * noise / max(float(noise.std()), 1e-9), np.float32)


def at_another_speed(samples: Samples, rate: int, stretch: float) -> Samples:
    """So many times as long, and as much deeper."""
    import soxr

    return samples if stretch == 1.0 else np.asarray(soxr.resample(samples, rate, rate * stretch), np.float32)


def _coloured(samples: NDArray[np.floating], tilt: float) -> Samples:
    """Brighter for a `tilt` above 0, darker below."""
    filtered = lfilter([1.0, -tilt], [1.0], samples) if tilt > 0 else lfilter([1.0], [1.0, tilt], samples)
    return np.asarray(filtered, np.float32)
