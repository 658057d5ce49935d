"""What sounds in a recording, instant by instant: how strongly each semitone sounds, the colour of the sound, and where
something is struck.

The strength of the semitones is a variable-Q transform (Schörkhuber and others, A Matlab Toolbox for Efficient Perfect
Reconstruction Time-Frequency Transforms, 2014), tuned as the recording is; the colour are mel-frequency cepstral
coefficients; the strokes the rise of the mel spectrum. All are librosa's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.listening.hearing import require_sound
from symbolic_embed.listening.recordings import Sound, recording

RATE = 22_050  # samples a second
HOP = 512  # samples from one frame to the next, 23 ms
FRAMES_A_SECOND = RATE / HOP
SEMITONES = 84  # from LOWEST on, seven octaves
LOWEST = 24  # as a MIDI pitch
COEFFICIENTS = 20
GAMMA = 20.0  # Hz: how much wider than of constant Q the filters are, so that low notes are seen when they begin
WINDOW = 4096
LONGEST = 600.0  # seconds
BLOCK, MARGIN = 4096, 64  # frames worked on at a time, and how many beside them are heard for the filters


@dataclass(frozen=True, eq=False)
class Spectra:
    """A recording by frames, HOP samples apart; frame n is that around sample n * HOP.

    semitones: float32 (frames, SEMITONES), amplitudes; cepstrum: float32 (frames, COEFFICIENTS); strokes: float32
    (frames,), 0 where nothing begins. tuning: by how much the recording is sharp, in semitones (-.5 to .5).
    """

    semitones: NDArray[np.float32]
    cepstrum: NDArray[np.float32]
    strokes: NDArray[np.float32]
    tuning: float

    def __len__(self) -> int:
        return len(self.strokes)

    def moved(self, semitones: int) -> Spectra:
        """The same, sounding so many semitones higher; what would leave the range is not heard."""
        pitched = np.roll(self.semitones, semitones, axis=1)
        pitched[:, : max(semitones, 0)] = 0
        pitched[:, SEMITONES + min(semitones, 0) :] = 0
        return replace(self, semitones=pitched)


def heard(sound: Sound, *, source: str) -> Spectra:
    """The spectra of a sound file, given by its path or its bytes; of a long one those of its first LONGEST seconds.
    Raises InputError where it cannot be read, or is silent."""
    taken = recording(sound, source=source, stretch=(0.0, LONGEST), longest=LONGEST, rate=RATE)
    require_sound(taken, source)
    return spectra(taken.samples)


def spectra(samples: NDArray[np.float32]) -> Spectra:
    """The spectra of samples (samples,) at RATE; of less than one window too, as if silence followed. Long ones are
    worked on in blocks, so that memory is bounded."""
    import librosa

    samples = np.pad(samples, (0, max(0, WINDOW - len(samples))))
    tuning = _tuning(samples[: BLOCK * HOP])
    count = 1 + len(samples) // HOP
    parts = []
    for first in range(0, count, BLOCK):
        begin = max(0, first - MARGIN)
        part = _of_block(samples[begin * HOP : (first + BLOCK + MARGIN) * HOP], tuning)
        parts.append([column[:, first - begin : first - begin + min(BLOCK, count - first)] for column in part])
    semitones, mel = (np.concatenate(column, axis=1) for column in zip(*parts, strict=True))
    decibels = librosa.power_to_db(mel, ref=1.0, top_db=80.0)
    cepstrum = librosa.feature.mfcc(S=decibels, n_mfcc=COEFFICIENTS)
    strokes = librosa.onset.onset_strength(S=decibels, sr=RATE, hop_length=HOP, center=False)
    by_frame = [np.ascontiguousarray(column.T, np.float32) for column in (semitones, cepstrum)]
    return Spectra(by_frame[0], by_frame[1], np.asarray(strokes, np.float32), tuning)


def _of_block(samples: NDArray[np.float32], tuning: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The semitones (SEMITONES, frames) and the mel spectrum (bands, frames) of some samples."""
    import librosa

    spectrum = np.abs(librosa.stft(samples, n_fft=WINDOW, hop_length=HOP))  # (bins, frames)
    lowest = librosa.midi_to_hz(LOWEST)
    semitones = librosa.vqt(samples, sr=RATE, hop_length=HOP, fmin=lowest, n_bins=SEMITONES, tuning=tuning, gamma=GAMMA)
    return np.abs(semitones), librosa.feature.melspectrogram(S=spectrum**2, sr=RATE)


def _tuning(samples: NDArray[np.float32]) -> float:
    """By how much of a semitone most of the partials are sharp; 0 where there are none."""
    import librosa

    spectrum = np.abs(librosa.stft(samples, n_fft=WINDOW, hop_length=8 * HOP))
    if not spectrum.any():
        return 0.0
    return float(librosa.estimate_tuning(S=spectrum, sr=RATE, n_fft=WINDOW))
