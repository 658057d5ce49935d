"""Somebody speaking or singing now: from the first sound until it has been quiet for a while.

The blocks of a microphone come from outside, so that a file can be one. What is quiet is told by the first blocks,
before anybody speaks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

from symbolic_embed.errors import SoundError, UsageError
from symbolic_embed.listening.loudness import LEAST_PEAK, RATE, Samples

BLOCK = RATE // 10  # samples
LONGEST, LONGEST_WAIT = 15.0, 10.0  # seconds of speaking, and until somebody does
QUIET_AT_END = 1.0  # seconds after which a request is over
LONGEST_TUNE, QUIET_AFTER_TUNE = 180.0, 3.0  # the same of a tune, in which somebody breathes and thinks
LISTENED_FIRST = 3  # blocks that tell how loud it is where nobody speaks
KEPT_BEFORE = 2  # blocks, for a soft beginning
ABOVE = 3.0  # times as loud is speaking


def one_request(blocks: Iterable[Samples], *, longest: float = LONGEST, quiet_at_end: float = QUIET_AT_END) -> Samples:
    """The samples from shortly before somebody speaks or sings until it has been quiet for `quiet_at_end` seconds, at
    most `longest` of them; none where nobody does."""
    held: list[Samples] = []
    floor, begun, quiet = 0.0, False, 0.0
    for number, block in enumerate(blocks):
        level = float(np.sqrt(np.mean(np.square(block, dtype=np.float64))))
        if number < LISTENED_FIRST:
            floor = max(floor, level)
        is_loud = number >= LISTENED_FIRST and level > max(LEAST_PEAK, ABOVE * floor)
        begun = begun or is_loud
        quiet = 0.0 if is_loud else quiet + len(block) / RATE
        held.append(block)
        if not begun and number * BLOCK > LONGEST_WAIT * RATE:
            break
        if not begun:
            held = held[-KEPT_BEFORE:]
        elif quiet >= quiet_at_end or sum(map(len, held)) >= longest * RATE:
            break
    return np.concatenate(held) if begun else np.zeros(0, np.float32)


def stretch(blocks: Iterable[Samples], *, seconds: float) -> Samples:
    """The first `seconds` of what comes in."""
    held = list(islice(blocks, math.ceil(seconds * RATE / BLOCK)))
    return np.concatenate([np.zeros(0, np.float32), *held])[: round(seconds * RATE)]


def blocks_now() -> Iterator[Samples]:
    """The blocks of the default microphone. Raises UsageError where sounddevice is not installed, SoundError where
    there is no microphone."""
    try:
        import sounddevice
    except ImportError:
        raise UsageError("a microphone needs sounddevice; install symbolic-embed[speech]") from None
    except OSError as missing:  # PortAudio itself
        raise SoundError(f"no microphone can be used ({missing}); record it into a file, and name that") from None
    try:
        with sounddevice.InputStream(samplerate=RATE, channels=1, dtype="float32", blocksize=BLOCK) as stream:
            while True:
                yield stream.read(BLOCK)[0][:, 0]
    except sounddevice.PortAudioError as refusal:
        raise SoundError(f"no microphone can be used ({refusal}); record it into a file, and name that") from None
