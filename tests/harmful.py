"""Work that goes wrong, for workers: each task is a word and a number."""

from __future__ import annotations

import math
import os
import signal
import time

from symbolic_embed.workers.limits import UNLIMITED, limit


def done(task: tuple[str, int]) -> int:
    """Twice the number; or what the word says happens first."""
    word, number = task
    if word == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif word == "leave":
        os._exit(5)
    elif word == "hang":
        time.sleep(60)
    elif word == "turn":
        while True:
            pass
    elif word == "eat":
        bytearray(4 << 30)
    elif word == "eat in secret":  # where the system keeps no limit
        limit(seconds=math.inf, memory=UNLIMITED)
        eaten = []
        while True:
            eaten.append(b"x" * (16 << 20))
    elif word == "raise":
        raise KeyError("no such thing")
    elif word == "slow":
        time.sleep(0.02)
    return 2 * number
