"""What runs in a worker: tasks in, answers out, one after the other until the input ends.

    at first   the worker says READY, and is sent (work, limits): a function of a module, or a `partial` of one;
               it says READY again when it has what it needs
    request    several tasks, as a list
    answers    one for each of them, as soon as it is there: what the function returned, or `Lost`

All of it pickled, each piece with its length before it. What libraries print goes nowhere.
"""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from typing import Any, BinaryIO

from symbolic_embed.workers.frames import READY, answer_on_streams, read_frame, write_frame
from symbolic_embed.workers.limits import UNLIMITED, Limits, Lost, limit, too_much_memory, watch


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers until there are no more requests."""
    write_frame(answers, READY)
    answers.flush()
    first = read_frame(requests)
    if first is None:
        return
    work, limits = pickle.loads(first)
    watch(limits.memory)
    write_frame(answers, READY)
    answers.flush()
    while (tasks := read_frame(requests)) is not None:
        for task in pickle.loads(tasks):
            write_frame(answers, answered(work, task, limits))
            answers.flush()


def answered(work: Callable[[Any], Any], task: Any, limits: Limits) -> bytes:
    """The answer to one task, pickled."""
    limit(seconds=limits.seconds, memory=limits.memory)
    try:
        return pickle.dumps(work(task), protocol=5)
    except MemoryError:
        lost = Lost(too_much_memory(limits))
    except Exception as fault:  # whatever a reader meets in a file that nobody foresaw, and this is where it is stopped
        lost = Lost(f"cannot be read ({type(fault).__name__}: {fault}); is it damaged?")
    finally:
        limit(seconds=math.inf, memory=UNLIMITED)
    return pickle.dumps(lost)


def main() -> None:
    """Serves stdin and stdout."""
    answer_on_streams(serve)


if __name__ == "__main__":
    main()
