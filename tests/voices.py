"""Tones and tunes as recordings, for tests of hearing."""

import io

import numpy as np
import soundfile

RATE = 16_000


def tone(pitch, seconds, *, rate=RATE, vibrato=0.0, scoop=0.0):
    """A note of a voice at a pitch (MIDI number with a fraction): six partials, soft at both ends."""
    times = np.arange(round(seconds * rate)) / rate
    bent = pitch + vibrato * np.sin(2 * np.pi * 5.5 * times) - scoop * np.exp(-times / 0.05)
    phase = 2 * np.pi * np.cumsum(440 * 2 ** ((bent - 69) / 12)) / rate
    soft = np.minimum(1, np.minimum(times / 0.02, (seconds - times) / 0.03))
    return soft * sum(np.sin(partial * phase) / partial for partial in range(1, 7)) / 4


def sung(notes, *, rate=RATE, **manner):
    """A tune, float32: `notes` are (onset, end, pitch), in seconds and MIDI numbers; half a second of rest after it."""
    samples = np.zeros(round((notes[-1][1] + 0.5) * rate))
    for onset, end, pitch in notes:
        note = tone(pitch, end - onset, rate=rate, **manner)
        samples[round(onset * rate) : round(onset * rate) + len(note)] += note
    return samples.astype(np.float32)


def even(pitches, *, period=0.5, begin=0.5, length=0.9, moved=0.0):
    """Notes of one length, a period apart, as `sung` takes them."""
    return [
        (begin + number * period, begin + (number + length) * period, pitch + moved)
        for number, pitch in enumerate(pitches)
    ]


def file_of(samples, rate=RATE, format="WAV", subtype=None):
    """The bytes of a sound file."""
    out = io.BytesIO()
    soundfile.write(out, samples, rate, format=format, subtype=subtype)
    return out.getvalue()
