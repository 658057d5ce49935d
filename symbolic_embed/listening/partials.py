"""How much of a sound is the melody that was heard in it.

A single voice has its energy at the multiples of its pitch. Where several notes sound at once, or much noise, a good
part of the energy lies between. Since the multiples of a low pitch cover much of any spectrum, what noise would leave
there by chance is taken off.
"""

from __future__ import annotations

import numpy as np

from symbolic_embed.listening.loudness import RATE, Samples
from symbolic_embed.listening.melodies import PitchCurve

WINDOW, HOP = 2048, 256  # samples; every `EACH`th frame of the curve is looked at
EACH = 5
WIDTH = 2  # bins beside a partial that belong to it
LOWEST, HIGHEST = 60.0, 3000.0  # Hz
MOST = 2000  # frames


def share_of_partials(samples: Samples, curve: PitchCurve) -> float:
    """The share of the energy of frames with a pitch that lies at its multiples, 0 (no more than chance) to 1; 1
    where there is none."""
    frames = np.nonzero(np.isfinite(curve.pitch))[0][::EACH]
    frames = frames[:: max(1, len(frames) // MOST)]
    if not len(frames):
        return 1.0
    padded, window = np.pad(samples, WINDOW // 2), np.hanning(WINDOW)
    hertz = np.fft.rfftfreq(WINDOW, 1 / RATE)
    audible = (hertz >= LOWEST) & (hertz <= HIGHEST)
    width = WIDTH * RATE / WINDOW
    own = expected = whole = 0.0
    for frame in frames:
        power = np.square(np.abs(np.fft.rfft(padded[frame * HOP : frame * HOP + WINDOW] * window)))[audible]
        pitch = 440.0 * 2.0 ** ((curve.pitch[frame] - 69.0) / 12.0)
        partial = hertz[audible] / pitch
        near = (np.abs(partial - np.rint(partial)) * pitch <= width) & (partial > 0.5)
        own += float(power[near].sum())
        whole += float(power.sum())
        expected += float(power.sum() * near.mean())
    return max(0.0, (own - expected) / max(whole - expected, 1e-12))
