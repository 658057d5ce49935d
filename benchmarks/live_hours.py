"""Eight hours of a session in simulated time: does its memory grow, does a note hang, among floods and lost ports?

    python benchmarks/live_hours.py [--hours 8] [--model]

A player on 16 channels, with controllers, wrong messages, keys that never end, ports that vanish; answers come from a
rule, or with --model from the composer, which takes as long as it takes. Printed: memory after a tenth of the time and
at the end, messages sent, notes that hang, bars.
"""

from __future__ import annotations

import argparse

import numpy as np

from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.live.asking import Answer, Ask, Request
from symbolic_embed.live.deadline import plain
from symbolic_embed.live.events import Incoming, Port
from symbolic_embed.live.notes import Metre
from symbolic_embed.live.performance import Ahead, Outlets, Performance
from symbolic_embed.live.replay import Answerer
from symbolic_embed.requests.live import LiveRequest
from symbolic_embed.workers.limits import memory_in_use

PARTS = ("bass", "drums", "chords")
EVENTS_A_SECOND = 8


class Plain:
    """An answerer without a model."""

    def take(self, request: Request) -> Answer | None:
        if not isinstance(request, Ask):
            return None
        return Answer(request.bar, plain(PARTS, request.heard, Metre(4, 4)), "decoder", 1.0)


def main() -> None:
    use_threads()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--model", action="store_true")
    given = parser.parse_args()
    request = LiveRequest(parts=PARTS)
    answerer: Answerer = Plain()
    if given.model:
        from symbolic_embed.composing.trained import TrainedComposer
        from symbolic_embed.live.answering import Answering

        answerer = Answering(TrainedComposer.load(), request, parts=PARTS)
    sounding: set[tuple[int, int]] = set()
    sent = 0

    def send(due: float, message: bytes) -> None:
        nonlocal sent
        sent += 1
        key = (message[0] & 15, message[1]) if len(message) > 1 else (0, 0)
        if message[0] & 0xF0 == 0x90:
            sounding.add(key)
        elif message[0] & 0xF0 == 0x80:
            sounding.discard(key)

    waiting: list[Answer] = []

    def ask(what: Request) -> None:
        answer = answerer.take(what)
        if answer is not None:
            waiting.append(answer)

    performance = Performance(
        request, parts=PARTS, ahead=Ahead(0.4), outlets=Outlets(ask, send, lambda answer, left: None)
    )
    random, end, early = np.random.default_rng(0), 3600 * given.hours, 0
    for number in range(int(end * EVENTS_A_SECOND)):
        at = number / EVENTS_A_SECOND
        performance.advance(at)
        while waiting:
            performance.take(waiting.pop(), at=at)
        kind, draw = random.integers(0, 10), random.integers(0, 128, 3)
        if kind < 6:
            status = (0x90, 0x90, 0x80)[draw[0] % 3] | (draw[1] % 16 if kind == 5 else 0)
            message = bytes((status, 48 + int(draw[2]) % 24, int(draw[0])))
        else:
            message = (
                bytes(random.integers(0, 256, random.integers(0, 5)).tolist())
                if kind > 7
                else bytes((0xB0, 1, int(draw[0])))
            )
        performance.take(Incoming(message, at), at=at)
        if draw[0] == 0 and draw[1] < 16:
            for is_input in (True, False):
                performance.take(Port(is_input, is_there=bool(draw[2] % 2)), at=at)
        if number == int(end * EVENTS_A_SECOND / 10):
            early = memory_in_use()
    performance.silence()
    late = memory_in_use()
    print(f"{given.hours:g} h, {performance.cycle.bar} bars, {sent:,} messages, {len(sounding)} notes hang")
    print(f"memory: {early / 1e6:.1f} MB after a tenth, {late / 1e6:.1f} MB at the end ({late / early - 1:+.2%})")


if __name__ == "__main__":
    main()
