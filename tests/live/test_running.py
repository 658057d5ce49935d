"""A session in real time, whose writer is killed and whose keyboard is pulled out: the music goes on, and replays."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
from functools import partial
from pathlib import Path

import mido
import pytest
from composers import band_seed, composer_checkpoint
from live_players import connected, drop, heard, quarters, socket_port, wait_until

from symbolic_embed.errors import SoundError
from symbolic_embed.live.performance import Ahead
from symbolic_embed.live.places import Places
from symbolic_embed.live.replay import Replay
from symbolic_embed.live.running import Session, Told, ahead_of
from symbolic_embed.live.sessions import lines_of
from symbolic_embed.live.view import line_of
from symbolic_embed.live.worker import Start
from symbolic_embed.requests.live import LiveRequest

BEAT, SECONDS = 0.25, 60.0
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


class Player:
    """Somebody who plays quarter notes into whatever has connected last."""

    def __init__(self) -> None:
        self.server, self.name = socket_port()
        self.port: mido.sockets.SocketPort | None = None
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._play, daemon=True)

    def begin(self) -> None:
        self.port = connected(self.server)
        self._thread.start()

    def pull_out(self) -> None:
        """Drops the connection, and takes the next one."""
        port, self.port = self.port, None
        assert port is not None
        drop(port)
        self.port = connected(self.server)

    def close(self) -> None:
        self._is_over.set()
        self._thread.join(SECONDS)
        self.server.close()

    def _play(self) -> None:
        begin = time.monotonic()
        for at, message in quarters(400, beat=BEAT):
            if self._is_over.wait(max(begin + at - time.monotonic(), 0)):
                return
            if (port := self.port) is not None:
                try:
                    port.send(mido.Message.from_bytes(list(message)))
                except (OSError, ValueError):
                    continue


def test_whatever_is_lost_the_music_goes_on_and_the_session_replays(tmp_path: Path) -> None:
    checkpoint = composer_checkpoint(tmp_path).folder
    request = LiveRequest(parts="bass", tempo=240, stand_in=True, lead_ms=600)
    start = Start(request, ("bass",), checkpoint, (("band.mid", band_seed(bars=8).barred),))
    player, (synthesiser, heard_by) = Player(), socket_port()
    told: list[Told] = []
    stream = io.StringIO()
    session = Session(start, places=Places(player.name, heard_by), stream=stream, tell=told.append)
    synth = connected(synthesiser)
    running = threading.Thread(target=session.run)
    running.start()
    player.begin()
    try:
        wait_until(lambda: any(one.answer.by == "decoder" for one in told), what="the composer answers")
        os.kill(session.pids["worker"], KILL)
        killed = len(told)
        wait_until(lambda: any(one.answer.by == "library" for one in told[killed:]), what="the library stands in")
        wait_until(lambda: '"renewed":"answer"' in stream.getvalue(), what="another composer begins")
        assert any("model lost" in line_of(one) for one in told[killed:])
        renewed = len(told)
        wait_until(lambda: any(one.answer.by == "decoder" for one in told[renewed:]), what="the composer is back")
        assert "model lost" not in line_of(told[-1])
        player.pull_out()
        wait_until(lambda: '"port":"in","there":true' in stream.getvalue(), what="the keyboard is back")
        back = len(told)
        wait_until(lambda: any(one.answer.notes for one in told[back + 1 :]), what="the player is answered again")
    finally:
        session.press("quit")
        running.join(SECONDS)
        session.close()
        player.close()
    assert not running.is_alive()
    bars = [one.answer.bar for one in told]
    assert bars == sorted(set(bars))
    sounding: set[int] = set()
    for message in heard(synth, until=10_000, seconds=1.0):
        if message.type == "note_on":
            sounding.add(message.note)
        elif message.type == "note_off":
            sounding.discard(message.note)
    assert sounding == set()
    synthesiser.close()
    lines = lines_of(io.StringIO(stream.getvalue()), source="text")
    head, trained = next(lines), start.model()
    assert start.stand_in is not None
    begin = [partial(one.answerer, trained) for one in (start.first, start.stand_in)]
    replay = Replay(request, parts=("bass",), ahead=Ahead(head["lead"], head["horizon"], head["first"]), begin=begin)
    assert replay.run(lines) is None
    assert replay.count > 20


@pytest.mark.parametrize(("offset", "lead"), [(0, 60), (200, 60), (0, 900)])
def test_who_stands_in_has_the_time_it_needs_and_the_first_bar_twice_that_of_the_others(offset: int, lead: int) -> None:
    request = LiveRequest(lead_ms=lead, offset_ms=offset)
    alone, both = (ahead_of(request, seconds, horizon=0.03) for seconds in ([0.3], [0.3, 0.02]))
    assert alone == Ahead(lead / 1e3, 0.03)
    assert both.lead - 0.05 - offset / 1e3 > 0.1
    assert both.lead == max(both.lead, lead / 1e3)
    as_needed = ahead_of(LiveRequest(), [0.3], horizon=0.03)
    assert as_needed.lead > 0.3
    assert as_needed.first == 2 * as_needed.lead


@pytest.mark.parametrize("wrong", ["in", "out"])
def test_a_port_that_nobody_serves_is_said_before_a_model_is_loaded(wrong: str, tmp_path: Path) -> None:
    server, name = socket_port()
    ports = {"in": name, "out": name, wrong: "socket:127.0.0.1:1"}
    start = Start(LiveRequest(), ("bass", "drums"), tmp_path)
    with pytest.raises(SoundError, match="nobody answers"):
        Session(start, places=Places(ports["in"], ports["out"]), stream=io.StringIO(), tell=lambda _: None)
    server.close()
