"""What goes from machine to machine: who is let in, whose clock is ahead, what a machine that is away is sent."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from live_players import wait_until

from symbolic_embed.errors import SoundError, UsageError
from symbolic_embed.live.asking import DECODER, Answer
from symbolic_embed.live.comparing import Comparison
from symbolic_embed.live.performance import HORIZON
from symbolic_embed.live.places import horizon_of
from symbolic_embed.live.remote import Line, RemoteSending
from symbolic_embed.live.running import Told
from symbolic_embed.live.serving import Server
from symbolic_embed.live.view import line_of
from symbolic_embed.live.wire import Address, Connection, connected

HERE = Address("127.0.0.1", 0)
SECONDS = 60.0


class Silent:
    """A service that tells the time, 100 s ahead and a while after it was asked, and remembers all else."""

    name = "out"

    def __init__(self, *, away: float = 0.0) -> None:
        self.away, self.told = away, []

    def serve(self, connection: Connection) -> None:
        while (fields := connection.hear()) is not None:
            if "time" in fields:
                time.sleep(self.away / 2)
                now = 100.0 + time.monotonic()
                time.sleep(self.away / 2)
                connection.say(asked=fields["time"], came=now, left=now)
            else:
                self.told.append(fields)

    def close(self) -> None:
        """Nothing to end."""


@contextlib.contextmanager
def served(token: str, service: Silent | None = None) -> Iterator[Address]:
    server = Server(HERE, token, service or Silent())
    thread = threading.Thread(target=server.run)
    thread.start()
    yield server.at
    server.close()
    thread.join(SECONDS)
    assert not thread.is_alive()


def test_who_knows_the_token_is_let_in_and_the_clocks_are_compared() -> None:
    with served("secret") as at:
        line = Line(at, "secret", serves="out", hear=lambda _: None)
        assert line.compared.offset == pytest.approx(100.0, abs=0.05)
        assert 0 < line.compared.delay < 1.0
        line.close()


def test_messages_have_the_time_of_the_other_clock_and_leave_sooner_the_further_they_have_to_go() -> None:
    """The other machine is 40 ms away, there and back, and its clock 100 s ahead."""
    service = Silent(away=0.04)
    with served("", service) as at:
        sender = RemoteSending(at, "")
        now = time.monotonic()
        sender.send(now + 0.1, b"\x90\x3c\x50")
        wait_until(lambda: bool(service.told), what="the message is there")
        assert service.told[0]["message"] == "903c50"
        assert service.told[0]["due"] == pytest.approx(now + 100.1, abs=0.02)
        assert sender.compared.delay >= 0.04
        assert horizon_of(sender) >= HORIZON + 2 * 0.04
        assert "out 4" in line_of(Told(Answer(1, (), DECODER, 1.0), 0.2, 120.0, 1, {"out": sender.compared}))
        sender.close(seconds=0.0)


@pytest.mark.parametrize("token", ["", "Secret", "secret "])
def test_who_does_not_is_refused_in_words(token: str) -> None:
    with served("secret") as at, pytest.raises(SoundError, match="token is another one"):
        connected(at, token, serves="out")


def test_a_server_of_another_kind_or_of_another_program_is_named() -> None:
    with served("") as at, pytest.raises(SoundError, match="no `live --serve-model`"):
        connected(at, "", serves="model")
    with socket.create_server(("127.0.0.1", 0)) as other:
        at = Address(*other.getsockname())
        threading.Thread(target=lambda: other.accept()[0].close()).start()
        with pytest.raises(SoundError, match="no `live --serve-out`"):
            connected(at, "", serves="out")
    with pytest.raises(SoundError, match="nobody answers"):
        connected(at, "", serves="out")


def test_other_machines_need_a_token() -> None:
    for host, is_here in (("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)):
        assert Address(host, 1).is_here == is_here
    with pytest.raises(UsageError, match="token"):
        Server(Address("0.0.0.0", 0), "", Silent())
    with pytest.raises(UsageError, match="token"):
        connected(Address("192.0.2.1", 9), "", serves="out")


@pytest.mark.parametrize("text", ["", "9080", ":9080", "host:", "host:99999", "host:-1"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="HOST:PORT"):
        Address.of(text, field="model_at")
    assert Address.of("[::1]:80", field="model_at") == ("::1", 80)


def test_of_several_exchanges_the_quickest_says_how_far_a_clock_is_ahead() -> None:
    """The other clock is 3 s ahead; there it takes 1, 40, 5 ms, back 1, 2, 80 ms."""
    comparison = Comparison()
    for there, back in ((0.040, 0.002), (0.001, 0.001), (0.005, 0.080)):
        t0 = 10.0
        t1 = t0 + there + 3.0
        t2 = t1 + 0.01
        comparison.take(t0, t1, t2, t2 - 3.0 + back)
    assert comparison.best.offset == pytest.approx(3.0)
    assert comparison.best.delay == pytest.approx(0.002)
