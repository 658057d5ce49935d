"""Somebody speaking now: from the first word until it has been quiet for a while.

The blocks of a microphone come from outside, so that a file can be one. What is quiet is told by the first blocks,
before anybody speaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from symbolic_embed.errors import SoundError, UsageError
from symbolic_embed.listening.loudness import LEAST_PEAK, RATE, Samples

BLOCK = RATE // 10  # samples
LONGEST, LONGEST_WAIT = 15.0, 10.0  # seconds of speaking, and until somebody does
QUIET_AT_END = 1.0  # seconds after which the request is over
LISTENED_FIRST = 3  # blocks that tell how loud it is where nobody speaks
KEPT_BEFORE = 2  # blocks, for a soft beginning
ABOVE = 3.0  # times as loud is speaking


def one_request(blocks: Iterable[Samples]) -> Samples:
    """The samples from shortly before somebody speaks until they have ended; none where nobody does."""
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
        elif quiet >= QUIET_AT_END or sum(map(len, held)) >= LONGEST * RATE:
            break
    return np.concatenate(held) if begun else np.zeros(0, np.float32)


def blocks_now() -> Iterator[Samples]:
    """The blocks of the default microphone. Raises UsageError where sounddevice is not installed, SoundError where
    there is no microphone."""
    try:
        import sounddevice
    except ImportError:
        raise UsageError("a microphone needs sounddevice; install symbolic-embed[speech]") from None
    except OSError as missing:  # PortAudio itself
        raise SoundError(f"no microphone can be used ({missing}); say it into a file, and ask that") from None
    try:
        with sounddevice.InputStream(samplerate=RATE, channels=1, dtype="float32", blocksize=BLOCK) as stream:
            while True:
                yield stream.read(BLOCK)[0][:, 0]
    except sounddevice.PortAudioError as refusal:
        raise SoundError(f"no microphone can be used ({refusal}); say it into a file, and ask that") from None
