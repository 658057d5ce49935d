"""WAV files as samples: one channel, 16 kHz, whatever the file has.

Several channels are averaged. Integers of 8, 16, 24 and 32 bits and floats are read; a longer file than `LONGEST`
seconds is no request.
"""

from __future__ import annotations

import io
import warnings
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.io import wavfile
from scipy.signal import resample_poly

from symbolic_embed.errors import InputError
from symbolic_embed.listening.loudness import RATE, Samples

LONGEST = 30.0  # seconds
MAX_BYTES = 64_000_000
SLOWEST, FASTEST = 4_000, 384_000  # samples a second


def samples_of(data: bytes, *, source: str) -> Samples:
    """The samples of a WAV file, (samples,), -1 to 1. Raises InputError for what is no such file, or too long."""
    if len(data) > MAX_BYTES:
        raise InputError(source, f"{len(data):,} bytes are too many for a request; it has at most {MAX_BYTES:,}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", wavfile.WavFileWarning)
            rate, values = wavfile.read(io.BytesIO(data))
    except Exception as error:  # scipy raises whatever its parsing runs into
        raise InputError(source, f"not a WAV file that can be read ({error})") from None
    if not SLOWEST <= rate <= FASTEST:
        raise InputError(source, f"{rate:,} samples a second; it must be {SLOWEST:,} to {FASTEST:,}")
    if len(values) > LONGEST * rate:
        raise InputError(source, f"{len(values) / rate:.0f} seconds are too long; a request has at most {LONGEST:g}")
    mono = _as_floats(values)
    mono = mono.mean(axis=1) if mono.ndim == 2 else mono
    shared = gcd(rate, RATE)
    resampled = mono if rate == RATE else resample_poly(mono, RATE // shared, rate // shared)
    return np.asarray(np.clip(np.nan_to_num(resampled), -1, 1), np.float32)


def _as_floats(values: NDArray[Any]) -> NDArray[np.float64]:
    """Samples of any kind as numbers from -1 to 1."""
    if values.dtype == np.uint8:
        return (values.astype(np.float64) - 128) / 128
    if np.issubdtype(values.dtype, np.integer):
        return values.astype(np.float64) / -float(np.iinfo(values.dtype).min)
    return values.astype(np.float64)
