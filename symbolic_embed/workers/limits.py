"""What a process may take, and how the system is told.

Linux ends an allocation that goes beyond the limit, which Python sees as a MemoryError. macOS knows the limit and does
not keep it, Windows has none: there, a thread of the process looks several times a second at how much memory it has,
and ends it. Linux is watched too, since not all that is reserved is ever used.
"""

from __future__ import annotations

import contextlib
import math
import os
import sys
import threading
import time
from dataclasses import dataclass

UNLIMITED = -1
LOOKS = 0.1  # seconds between two looks
TOO_MUCH_MEMORY, PARENT_GONE = 71, 72  # exit codes of a process that has ended itself


@dataclass(frozen=True)
class Limits:
    """What one task may take. memory: bytes, those of the process itself among them."""

    seconds: float = 150.0  # a file of notation may take 120, in a process of its own
    memory: int = 1 << 30


@dataclass(frozen=True)
class Lost:
    """In the place of an answer to a task: why there is none."""

    reason: str


def too_much_memory(limits: Limits) -> str:
    """Why a task was given up."""
    return f"takes more than {limits.memory / 1e9:.1f} GB of memory to read; is it music?"


def too_much_time(limits: Limits) -> str:
    """Why a task was given up."""
    return f"takes more than {limits.seconds:g} seconds to read; is it music?"


def limit(*, seconds: float, memory: int) -> None:
    """Lets the process take so many seconds more of the processor, and so many bytes of addresses in all (UNLIMITED:
    any), where the system can be told."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # not there on Windows, refused by some systems
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        until = math.ceil(time.process_time() + seconds) + 1 if math.isfinite(seconds) else resource.RLIM_INFINITY
        for kind, amount in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, until)):
            resource.setrlimit(kind, (amount, resource.getrlimit(kind)[1]))


def limit_files(most: int) -> None:
    """Lets the process, and those that it starts, write files of so many bytes, where the system can be told."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def watch(memory: int) -> None:
    """From now on a thread of this process ends it where it has more memory than this, in bytes, or its parent is
    gone."""
    parent = os.getppid()

    def look() -> None:
        while True:
            time.sleep(LOOKS)
            if os.getppid() != parent:
                os._exit(PARENT_GONE)
            if memory_in_use() > memory:
                os._exit(TOO_MUCH_MEMORY)

    threading.Thread(target=look, daemon=True, name="watch").start()


def memory_in_use() -> int:
    """How much memory this process has, in bytes; where the system only keeps the most it ever had, that."""
    if sys.platform == "win32":
        return _windows_working_set()
    with contextlib.suppress(OSError), open("/proc/self/statm", "rb") as numbers:
        return int(numbers.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most << 10


def _windows_working_set() -> int:
    if sys.platform != "win32":
        raise OSError("not Windows")
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        """PROCESS_MEMORY_COUNTERS"""

        _fields_ = (
            ("size", wintypes.DWORD),
            ("page_faults", wintypes.DWORD),
            ("peak_working_set", ctypes.c_size_t),
            ("working_set", ctypes.c_size_t),
            ("others", ctypes.c_size_t * 6),
        )

    counters = Counters()
    process = wintypes.HANDLE(ctypes.windll.kernel32.GetCurrentProcess())
    ctypes.windll.kernel32.K32GetProcessMemoryInfo(process, ctypes.byref(counters), ctypes.sizeof(counters))
    return int(counters.working_set)
