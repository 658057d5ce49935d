"""Sound files as samples: one channel, 16 kHz, whatever the file has.

What libsndfile reads is read (WAV, FLAC, Ogg Vorbis and Opus, MP3, AIFF and rarer ones), by its content, in blocks: at
most `longest` seconds, so that an hour of sound takes no more memory than those. A file that ends too early is read as
far as it goes.

Sides that are alive are averaged. Where one is dead, the other is heard; where they cancel each other out, as a voice
between two wires that were swapped does, the louder one. Which it is follows from the covariance of the channels, so a
file of several is gone through twice.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.errors import InputError
from symbolic_embed.listening.loudness import RATE, Samples
from symbolic_embed.score.reading.opening import regular_file
from symbolic_embed.score.score import ScoreWarning

if TYPE_CHECKING:
    from soundfile import SoundFile

LONGEST_REQUEST = 30.0  # seconds
LONGEST_MELODY = 600.0
SLOWEST, FASTEST = 4_000, 384_000  # samples a second
MOST_CHANNELS = 64
BLOCK = 1 << 13  # frames
WITHOUT_PLACES = "MP3"  # whose decoder, sent to a place, sounds otherwise for a while: it is read from the beginning
DEAD = 1e-4  # of the power of the loudest side
CANCELLED = 0.1  # of the power of the loudest side
LOUDEST = 1e6  # where samples are floats, of which 1 is said to be the largest
FULL, CLIPPED = 0.999, 1e-3  # of the largest sample, and the share of samples that stand there beside their like

Sound = bytes | str | os.PathLike[str]  # the bytes of a file, or its path
Stretch = tuple[float, float | None]  # seconds from and to; None: the end


@dataclass(frozen=True, eq=False)
class Recording:
    """What is heard of a file. `samples`: -1 to 1, float32 (samples,), `rate` a second; `begin`: where in the file they
    begin, in seconds; `whole`: how long the file is, in seconds, as far as it tells."""

    samples: Samples
    rate: int
    begin: float
    whole: float
    warnings: tuple[ScoreWarning, ...] = ()

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


def samples_of(data: bytes, *, source: str) -> Samples:
    """The samples of a spoken request, 16 kHz. Raises InputError for what is no sound, or too long."""
    return recording(data, source=source, longest=LONGEST_REQUEST).samples


def recording(
    sound: Sound, *, source: str, stretch: Stretch = (0.0, None), longest: float = LONGEST_MELODY, rate: int = RATE
) -> Recording:
    """A sound file, or a stretch of it, at `rate`. Raises InputError where it cannot be read, holds nothing, or the
    stretch is longer than `longest` seconds."""
    with _opened(sound, source) as reader:
        first, last = _frames(reader, stretch, source, longest)
        weights, warnings = _weights(reader, first, last)
        blocks = _Blocks(reader, first, last)
        mono = _resampled((block @ weights for block in blocks), int(reader.samplerate), rate)
        begin, whole = first / reader.samplerate, reader.frames / reader.samplerate
    if not len(mono):
        raise InputError(source, "no sound (0 samples); is it damaged?")
    if blocks.read < last - first:
        heard, said = blocks.read / reader.samplerate, (last - first) / reader.samplerate
        warnings.append(ScoreWarning("cut-short", f"{said:.1f} seconds should be there, {heard:.1f} are"))
    if blocks.not_finite:
        warnings.append(ScoreWarning("not-finite", f"{blocks.not_finite:,} samples are no numbers; taken for silence"))
    if blocks.clipped > CLIPPED * blocks.read:
        warnings.append(ScoreWarning("clipped", "the recording is overdriven; record it less loudly"))
    return Recording(mono, rate, begin, whole, tuple(warnings))


def wav_of(samples: Samples, rate: int = RATE) -> bytes:
    """A WAV file of 16 bits: what `recording` reads."""
    import soundfile

    out = io.BytesIO()
    soundfile.write(out, samples, rate, format="WAV", subtype="PCM_16")
    return out.getvalue()


@contextmanager
def _opened(sound: Sound, source: str) -> Iterator[SoundFile]:
    """A sound file to read from. Raises InputError."""
    import soundfile

    with io.BytesIO(sound) if isinstance(sound, bytes) else regular_file(sound) as file:
        try:
            reader = soundfile.SoundFile(file)
        except (soundfile.LibsndfileError, RuntimeError, TypeError):
            raise InputError(source, _reason(file)) from None
        with reader:
            if not SLOWEST <= reader.samplerate <= FASTEST:
                limits = f"it must be {SLOWEST:,} to {FASTEST:,}"
                raise InputError(source, f"{reader.samplerate:,} samples a second; {limits}")
            if reader.channels > MOST_CHANNELS:
                raise InputError(source, f"{reader.channels} channels; at most {MOST_CHANNELS} are read")
            if reader.format == WITHOUT_PLACES:
                reader.seekable = lambda: False  # or soundfile seeks behind every block
            yield reader


def _reason(file: BinaryIO) -> str:
    """Why a file is none that can be read."""
    file.seek(0)
    begin = file.read(16)
    if begin.startswith(b"MThd"):
        return "is MIDI, and no recording"
    for is_there, name in ((begin[4:8] == b"ftyp", "M4A (AAC)"), (begin.startswith(b"\x1aE\xdf\xa3"), "WebM")):
        if is_there:
            return f"{name} cannot be read; save it as WAV, FLAC, Ogg or MP3 (`ffmpeg -i FILE FILE.wav`)"
    return "not a recording that can be read (WAV, FLAC, Ogg, MP3, AIFF); is it damaged?"


def _frames(reader: SoundFile, stretch: Stretch, source: str, longest: float) -> tuple[int, int]:
    """The first frame of a stretch and the one after its last."""
    begin, end = stretch
    whole = reader.frames / reader.samplerate
    until = whole if end is None else min(end, whole)
    if until <= begin and begin > 0:
        raise InputError(source, f"nothing lies from {begin:g} s to {until:g} s; the recording has {whole:.1f} seconds")
    if until - begin > longest:
        way_out = "name a part of it (`begin`, `end`)" if longest == LONGEST_MELODY else "shorten it"
        raise InputError(
            source, f"{until - begin:.0f} seconds are too long; at most {longest:g} are listened to; {way_out}"
        )
    return round(begin * reader.samplerate), round(until * reader.samplerate)


class _Blocks:
    """The frames of a file from `first` to before `last`, float32 (frames, channels) at a time, as far as they can be
    read. `read`: how many were; `not_finite`: how many samples of them were no numbers, and are 0; `clipped`: how many
    are as large as a sample can be, and so is the next."""

    def __init__(self, reader: SoundFile, first: int, last: int) -> None:
        self._reader, self._first, self._last = reader, first, last
        self.read = self.not_finite = self.clipped = 0

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        import soundfile

        self.read = self.not_finite = self.clipped = 0
        try:
            self._begin()
            while self._first + self.read < self._last:
                wanted = min(BLOCK, self._last - self._first - self.read)
                block = self._reader.read(wanted, dtype="float32", always_2d=True)
                if not len(block):
                    return
                self.read += len(block)
                yield self._finite(block)
        except soundfile.LibsndfileError:  # the file ends where it should go on
            return

    def _begin(self) -> None:
        """Goes to the first frame."""
        can_seek = self._reader.seekable()
        self._reader.seek(self._first if can_seek else 0)
        left = 0 if can_seek else self._first
        while left:
            skipped = len(self._reader.read(min(BLOCK, left), dtype="float32", always_2d=True))
            left = left - skipped if skipped else 0

    def _finite(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        bad = ~np.isfinite(block)
        if bad.any():
            self.not_finite += int(bad.sum())
            block[bad] = 0.0
        self.clipped += int(((np.abs(block[1:]) >= FULL) & (block[1:] == block[:-1])).sum())
        return np.clip(block, -LOUDEST, LOUDEST)


def _weights(reader: SoundFile, first: int, last: int) -> tuple[NDArray[np.float32], list[ScoreWarning]]:
    """How much of each channel is heard, float32 (channels,), and what there is to say about it."""
    channels = int(reader.channels)
    if channels == 1:
        return np.ones(1, np.float32), []
    covariance = np.zeros((channels, channels))
    for block in _Blocks(reader, first, last):
        exact = block.astype(np.float64)
        covariance += exact.T @ exact
    power = np.diag(covariance)
    alive = power > DEAD * power.max()
    weights = alive / max(1, alive.sum())
    if not alive.any() or (alive.all() and weights @ covariance @ weights >= CANCELLED * power.max()):
        return weights.astype(np.float32), []
    if weights @ covariance @ weights >= CANCELLED * power.max():
        text = f"{channels - alive.sum()} of {channels} channels are silent; the others are heard"
        return weights.astype(np.float32), [ScoreWarning("dead-channel", text)]
    loudest = int(np.argmax(power))
    text = f"the channels cancel each other out; channel {loudest + 1} of {channels} is heard alone"
    return np.eye(channels, dtype=np.float32)[loudest], [ScoreWarning("channels-cancel", text)]


def _resampled(blocks: Iterator[NDArray[np.float32]], rate: int, target: int) -> Samples:
    """Blocks of one channel as samples at another rate."""
    import soxr

    if rate == target:
        pieces = list(blocks)
    else:
        stream = soxr.ResampleStream(rate, target, 1, dtype="float32")
        pieces = [stream.resample_chunk(block) for block in blocks]
        pieces.append(stream.resample_chunk(np.zeros(0, np.float32), last=True))
    samples = np.concatenate([np.zeros(0, np.float32), *pieces])
    samples -= samples.mean() if len(samples) else 0  # an offset of the recorder hides how loud it is
    return np.asarray(samples / max(1.0, float(np.abs(samples).max(initial=0.0))), np.float32)
