"""Whoever answers is killed, and another one takes over."""

from __future__ import annotations

import os
import queue
import signal
import time
from functools import partial
from pathlib import Path

import pytest
from composers import composer_checkpoint
from live_players import Counting

from symbolic_embed.errors import SymbolicEmbedError
from symbolic_embed.live import keeping
from symbolic_embed.live.asking import Answer, Ask, Played, Request, Wish
from symbolic_embed.live.events import Event, Renewed, StandIn
from symbolic_embed.live.helpers import AnsweringProcess
from symbolic_embed.live.keeping import Kept
from symbolic_embed.live.notes import HeardBar, Note
from symbolic_embed.live.worker import Start
from symbolic_embed.requests.live import LiveRequest

SECONDS = 60.0  # the most that anything here may take
HEARD = HeardBar(0, tuple(Note(0, 12 * beat, 12, 60 + beat, 80) for beat in range(4)))


class Respondent(Counting):
    """One in this process, which dies when it is told to."""

    seconds, checkpoint, pid, compared = 0.1, "0" * 64, None, None

    def hear(self, answer: Answer | None) -> None:
        """Nobody listens yet."""

    def listen(self, hear: object) -> None:
        self.hear = hear

    def ask(self, request: Request) -> None:
        answer = self.take(request)
        if answer is not None:
            self.hear(answer)

    def close(self) -> None:
        self.hear(None)


def test_a_process_that_is_killed_has_a_successor_that_answers_as_it_would(tmp_path: Path) -> None:
    start = Start(LiveRequest(), ("bass", "drums"), composer_checkpoint(tmp_path).folder)
    happened: queue.Queue[Event] = queue.Queue()
    kept = Kept(partial(AnsweringProcess, start), happen=happened.put, stands_in=False)
    try:
        kept.listen()
        kept.ask(Played(HEARD, ()))
        kept.ask(Ask(2, HEARD._replace(number=1), (), Wish()))
        first = happened.get(timeout=SECONDS)
        assert isinstance(first, Answer)
        assert kept.pid is not None
        os.kill(kept.pid, signal.SIGTERM)
        assert happened.get(timeout=SECONDS) == Renewed(stands_in=False)
        kept.adopt()
        kept.ask(Ask(2, HEARD._replace(number=1), (), Wish()))
        again = happened.get(timeout=SECONDS)
        assert isinstance(again, Answer)
        assert again.notes == first.notes
    finally:
        kept.close()


def test_what_a_stand_in_says_stands_in_and_a_successor_is_told_of_the_last_bars() -> None:
    happened: queue.Queue[Event] = queue.Queue()
    begun: list[Respondent] = []

    def begin() -> Respondent:
        begun.append(Respondent())
        return begun[-1]

    kept = Kept(begin, happen=happened.put, stands_in=True)
    kept.listen()
    played = [Played(HEARD._replace(number=number), ()) for number in range(3)]
    for one in played:
        kept.ask(one)
    kept.ask(Ask(4, HEARD, (), Wish()))
    answer = happened.get(timeout=SECONDS)
    assert isinstance(answer, StandIn)
    assert answer.answer.bar == 4
    begun[0].close()
    assert happened.get(timeout=SECONDS) == Renewed(stands_in=True)
    kept.ask(played[0])
    kept.adopt()
    assert begun[1].played == [*played, played[0]]
    kept.close()
    time.sleep(0.05)
    assert len(begun) == 2


def test_it_is_tried_again_until_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "FIRST_WAIT", 0.01)
    happened: queue.Queue[Event] = queue.Queue()
    tries: list[Respondent] = []

    def begin() -> Respondent:
        tries.append(Respondent())
        if 1 < len(tries) < 4:
            raise SymbolicEmbedError("not yet")
        return tries[-1]

    kept = Kept(begin, happen=happened.put, stands_in=False)
    kept.listen()
    tries[0].close()
    assert happened.get(timeout=SECONDS) == Renewed(stands_in=False)
    assert len(tries) == 4
    kept.close()
