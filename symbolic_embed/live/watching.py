"""The process that sends, on time, and ends what sounds if nobody else does.

It owns the output port and does nothing else, so that what is written, stored or shown elsewhere delays no note. It is
told each message a little ahead, with its time. When whoever tells it is done, or has crashed or was killed, its input
ends: then it ends all notes that sound, and goes. A port that vanishes is looked for again, once a second.

    at first   the name of the port; answered with READY, and then with nothing or what is wrong
    then       messages, each behind eight bytes with its time (a double)
               without a message: all that sounds is ended, and how late messages were is said
    answers    b"lost", b"back", and when asked and at the end how late messages were (a line of JSON)
"""

from __future__ import annotations

import contextlib
import json
import queue
import signal
import struct
import threading
import time
from typing import Any, BinaryIO

import mido

from symbolic_embed.errors import SymbolicEmbedError
from symbolic_embed.live import ports
from symbolic_embed.live.sending import NOTE_OFF, NOTE_ON, note_off, panic
from symbolic_embed.workers.frames import READY, own_streams, read_frame, write_frame

TOO_LATE = 0.15  # seconds: a note that could not begin sooner is left out
LOOKS = 1.0  # seconds between two looks whether the port is there
SPIN = 0.0015  # seconds before its time in which a message is waited for without sleeping
DRAINS = 0.1  # seconds: what JACK has not taken when a port closes is lost
LATE_BINS = 4096  # of a tenth of a millisecond


class Ledger:
    """What sounds on the port, and how late messages were, in tenths of a millisecond."""

    def __init__(self) -> None:
        self.sounding: set[tuple[int, int]] = set()
        self.channels: set[int] = set()
        self.late = [0] * LATE_BINS
        self.left_out: list[int] = []  # of all messages, from 1
        self._count = 0

    def sends(self, message: bytes, *, late: float) -> bool:
        """Whether a message that is so many seconds late is sent; then it is counted."""
        self._count += 1
        kind, key = message[0] & 0xF0, (message[0] & 0x0F, message[1] if len(message) > 1 else 0)
        if kind == NOTE_ON:
            if late > TOO_LATE:
                self.left_out.append(self._count)
                return False
            self.sounding.add(key)
            self.channels.add(key[0])
        elif kind == NOTE_OFF:
            self.sounding.discard(key)
        self.late[min(int(max(late, 0.0) * 1e4), LATE_BINS - 1)] += 1
        return True

    def ending(self) -> list[bytes]:
        """What ends all that sounds."""
        ends = [note_off(*key) for key in sorted(self.sounding)]
        self.sounding.clear()
        return [*ends, *panic(sorted(self.channels))]

    def report(self) -> dict[str, Any]:
        """How late messages were, in milliseconds, how many were left out, and which, numbered from 1."""
        total, so_far = sum(self.late), 0
        shares: dict[str, float] = {}
        for tenths, count in enumerate(self.late):
            so_far += count
            for name, share in (("p50", 0.5), ("p99", 0.99), ("worst", 1.0)):
                if name not in shares and total and so_far >= share * total:
                    shares[name] = tenths / 10
        left_out = {"left_out": len(self.left_out), "numbers_left_out": self.left_out}
        return {"messages": total, **left_out, "late_ms": shares}


class Sender:
    """One port, and what is to be sent."""

    def __init__(self, name: str, answers: BinaryIO) -> None:
        self.name, self.ledger = name, Ledger()
        self.port: Any = ports.open_output(name)
        self._answers, self._looked = answers, time.monotonic()

    def run(self, waiting: queue.SimpleQueue[tuple[float, bytes] | None]) -> None:
        """Sends all messages at their times until None comes; then ends what sounds."""
        try:
            while (one := self._next(waiting)) is not None:
                _wait_until(one[0])
                if not one[1]:
                    self._end()
                elif self.ledger.sends(one[1], late=time.monotonic() - one[0]):
                    self._send(one[1])
        finally:
            for message in self.ledger.ending():
                self._send(message)
            time.sleep(DRAINS)
            if self.port is not None:
                self.port.close()

    def _end(self) -> None:
        """Ends what sounds, says how late messages were, and counts anew."""
        for message in self.ledger.ending():
            self._send(message)
        self.say(json.dumps(self.ledger.report()).encode())
        self.ledger = Ledger()

    def _next(self, waiting: queue.SimpleQueue[tuple[float, bytes] | None]) -> tuple[float, bytes] | None:
        while True:
            try:
                return waiting.get(timeout=LOOKS)
            except queue.Empty:
                self._look()

    def _send(self, message: bytes) -> None:
        if self.port is None:
            self._look()
        if self.port is not None:
            try:
                self.port.send(mido.Message.from_bytes(list(message)))
            except Exception:  # a device that was pulled out, in the words of the system
                self._lose()

    def _look(self) -> None:
        """Looks, once in a while, whether the port is there, and opens it again."""
        if time.monotonic() - self._looked < LOOKS:
            return
        self._looked = time.monotonic()
        if self.port is not None and not ports.is_there(self.port):
            self._lose()
        elif self.port is None:
            with contextlib.suppress(SymbolicEmbedError):
                self.port = ports.open_output(self.name)
                self.ledger.sounding.clear()
                self.say(b"back")

    def _lose(self) -> None:
        with contextlib.suppress(Exception):
            self.port.close()
        self.port = None
        self.say(b"lost")

    def say(self, what: bytes) -> None:
        """Answers, if there is anybody."""
        with contextlib.suppress(OSError):
            write_frame(self._answers, what)
            self._answers.flush()


def _wait_until(due: float) -> None:
    """Sleeps up to a moment before a time, and looks at the clock for the rest."""
    while (left := due - time.monotonic()) > 0:
        if left > SPIN:
            time.sleep(left - SPIN)


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Sends until there is no more input."""
    write_frame(answers, READY)
    answers.flush()
    name = read_frame(requests)
    if name is None:
        return
    try:
        sender = Sender(name.decode(), answers)
    except SymbolicEmbedError as error:
        write_frame(answers, f"{error.exit_code}{error}".encode())
        answers.flush()
        return
    write_frame(answers, b"")
    answers.flush()
    waiting: queue.SimpleQueue[tuple[float, bytes] | None] = queue.SimpleQueue()

    def read() -> None:
        while (frame := read_frame(requests)) is not None:
            waiting.put((struct.unpack("<d", frame[:8])[0], frame[8:]))
        waiting.put(None)

    threading.Thread(target=read, daemon=True, name="reading").start()
    sender.run(waiting)
    sender.say(json.dumps(sender.ledger.report()).encode())


def main() -> None:
    """Serves stdin and stdout. It ends when they do: an interrupt is for whoever started it."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    requests, answers = own_streams()
    serve(requests, answers)


if __name__ == "__main__":
    main()
