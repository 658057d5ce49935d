"""The process that reads notation: sheet music in, a MIDI file out, one after the other until its input ends.

It trusts nothing of what it is given, and nothing trusts it: what comes back is JSON and bytes. Before each file the
system is told how much memory and processor time it may take (where the system can be told: not on Windows); whoever
started it keeps the clock, and ends it when a file takes too long. If its parent dies, so does it, at the latest when
its time is up.

    at first   length (4 bytes), "ready"
    request    length (4 bytes), JSON {"kind", "source", "seconds", "memory"}, length (4 bytes), the file
    answer     length (4 bytes), JSON {"refused": reason or null, "warnings": [[kind, text, count]]},
               length (4 bytes), a MIDI file
"""

from __future__ import annotations

import contextlib
import json
import math
from typing import Any, BinaryIO

from symbolic_embed.errors import MidiError
from symbolic_embed.notation.reading.formats import sheet_of
from symbolic_embed.notation.reading.performing import performed_events
from symbolic_embed.workers.frames import READY, own_streams, read_frame, write_frame
from symbolic_embed.workers.limits import UNLIMITED, limit


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers until there are no more requests."""
    write_frame(answers, READY)
    answers.flush()
    while (asked := read_frame(requests)) is not None and (data := read_frame(requests)) is not None:
        answer, midi = answered(json.loads(asked), data)
        write_frame(answers, json.dumps(answer).encode())
        write_frame(answers, midi)
        answers.flush()


def answered(asked: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """One file: the MIDI, or why there is none."""
    limit(seconds=asked["seconds"], memory=asked["memory"])
    try:
        sheet = sheet_of(data, kind=asked["kind"], source=asked["source"])
        midi = performed_events(sheet, source=asked["source"]).to_bytes()
        return {"refused": None, "warnings": sheet.warnings}, midi
    except MidiError as refusal:
        reason = refusal.reason
    except MemoryError:
        reason = f"takes more than {asked['memory'] / 1e9:.1f} GB of memory to read; is it music?"
    except Exception as fault:  # music21 raises whatever its many thousand lines meet, and this is where it is stopped
        reason = f"cannot be read ({type(fault).__name__}: {fault}); is it damaged? if not, export it as MIDI"
    finally:
        limit(seconds=math.inf, memory=UNLIMITED)
    return {"refused": reason, "warnings": []}, b""


def main() -> None:
    """Serves stdin and stdout. What libraries print goes nowhere."""
    requests, answers = own_streams()
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        serve(requests, answers)


if __name__ == "__main__":
    main()
