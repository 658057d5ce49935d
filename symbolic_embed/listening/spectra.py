"""What sounds in a recording, instant by instant: how strongly each semitone sounds, the colour of the sound, and where
something is struck.

The strength of the semitones is a variable-Q transform (Schörkhuber and others, A Matlab Toolbox for Efficient Perfect
Reconstruction Time-Frequency Transforms, 2014), tuned as the recording is; the colour are mel-frequency cepstral
coefficients; the strokes the rise of the mel spectrum. All are librosa's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 22_050  # samples a second
HOP = 512  # samples from one frame to the next, 23 ms
FRAMES_A_SECOND = RATE / HOP
SEMITONES = 84  # from LOWEST on, seven octaves
LOWEST = 24  # as a MIDI pitch
COEFFICIENTS = 20
GAMMA = 20.0  # Hz: how much wider than of constant Q the filters are, so that low notes are seen when they begin
WINDOW = 4096


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


def spectra(samples: NDArray[np.float32]) -> Spectra:
    """The spectra of samples (samples,) at RATE; of less than one window too, as if silence followed."""
    import librosa

    if len(samples) < WINDOW:
        samples = np.pad(samples, (0, WINDOW - len(samples)))
    spectrum = np.abs(librosa.stft(samples, n_fft=WINDOW, hop_length=HOP))  # (bins, frames)
    tuning = _tuning(spectrum)
    semitones = np.abs(
        librosa.vqt(
            samples,
            sr=RATE,
            hop_length=HOP,
            fmin=librosa.midi_to_hz(LOWEST),
            n_bins=SEMITONES,
            tuning=tuning,
            gamma=GAMMA,
        )
    )
    mel = librosa.power_to_db(librosa.feature.melspectrogram(S=spectrum**2, sr=RATE), ref=1.0, top_db=80.0)
    cepstrum = librosa.feature.mfcc(S=mel, n_mfcc=COEFFICIENTS)
    strokes = librosa.onset.onset_strength(S=mel, sr=RATE, hop_length=HOP, center=False)
    return Spectra(
        np.ascontiguousarray(semitones.T, np.float32),
        np.ascontiguousarray(cepstrum.T, np.float32),
        np.asarray(strokes, np.float32),
        tuning,
    )


def _tuning(spectrum: NDArray[np.float32]) -> float:
    """By how much of a semitone most of the partials are sharp; 0 where there are none."""
    import librosa

    if not spectrum.any():
        return 0.0
    return float(librosa.estimate_tuning(S=spectrum[:, ::8], sr=RATE, n_fft=WINDOW))
