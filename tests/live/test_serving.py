"""A session whose input, model and output are three processes, on loopback; and what they say to each other."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import mido
import pytest
from command_line import run
from composers import composer_checkpoint
from hypothesis import given
from hypothesis import strategies as st
from live_players import quarters, socket_port, wait_until

from symbolic_embed.errors import SoundError, UsageError
from symbolic_embed.live.asking import DECODER, Answer, Ask, Played, Wish
from symbolic_embed.live.comparing import Comparison
from symbolic_embed.live.notes import HeardBar, Note
from symbolic_embed.live.performance import HORIZON
from symbolic_embed.live.places import horizon_of
from symbolic_embed.live.remote import Line, RemoteSending
from symbolic_embed.live.running import Told
from symbolic_embed.live.serving import Server
from symbolic_embed.live.telling import answer_of, fields_of_answer, fields_of_request, request_of
from symbolic_embed.live.view import line_of
from symbolic_embed.live.wire import Address, Connection, connected

COMMAND = [sys.executable, "-c", "from symbolic_embed.commands.app import main; main()", "live"]
HERE = Address("127.0.0.1", 0)
SECONDS = 60.0
BAR = 1.2  # seconds, at 200 quarters a minute


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


NOTES = st.lists(
    st.builds(
        Note, st.integers(0, 15), st.integers(0, 47), st.integers(1, 99), st.integers(0, 127), st.integers(0, 127)
    ),
    max_size=4,
).map(tuple)
BARS = st.builds(HeardBar, st.integers(-1, 9999), NOTES, NOTES)
WISHES = st.builds(Wish, st.floats(0, 16), st.integers(-12, 12), st.floats(0, 1), st.booleans())


@given(
    st.one_of(
        st.builds(Played, BARS, NOTES), st.builds(Ask, st.integers(0, 9999), BARS, NOTES, WISHES, st.integers(0, 9))
    )
)
def test_questions_come_as_they_were_sent(request: Played | Ask) -> None:
    assert request_of(json.loads(json.dumps(fields_of_request(request)))) == request


@given(NOTES)
def test_answers_come_as_they_were_sent(notes: tuple[Note, ...]) -> None:
    answer = Answer(3, notes, DECODER, 12.5, "Am", "C major")
    assert answer_of(json.loads(json.dumps(fields_of_answer(answer))), parts=16) == answer


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["ask", "heard", "own", "wish", "draw", "answer", "played"]), JSON))
def test_what_makes_no_sense_is_a_value_error_and_nothing_else(fields: dict[str, object]) -> None:
    for read in (request_of, lambda one: answer_of(one, parts=2)):
        with contextlib.suppress(ValueError):
            read(fields)


def test_what_cannot_be_meant_is_refused() -> None:
    for arguments, told in (
        (("--serve-out", "127.0.0.1:0"), "--out"),
        (("--serve-out", "0.0.0.0:0", "--out", "virtual:a"), "--token"),
        (("--serve-model", "127.0.0.1:0", "--serve-out", "127.0.0.1:0"), "--serve-model"),
        (("--in", "virtual:a", "--out", "virtual:b", "--out-at", "127.0.0.1:1"), "--out-at"),
        (("--in", "virtual:a", "--out", "virtual:b", "--model-at", "127.0.0.1:1", "--from", "x"), "--stand-in"),
    ):
        result = run("live", *arguments)
        assert result.code == 2, arguments
        assert told in result.err


class Room:
    """A player's keyboard and a synthesiser, as sockets, and the programs between."""

    def __init__(self, checkpoint: Path, folder: Path) -> None:
        self.folder, self.heard = folder, []
        (self.keyboard, keyboard), (self.synthesiser, synthesiser) = socket_port(), socket_port()
        self._model = ("--checkpoint", str(checkpoint), "--serve-model")
        self._out = ("--out", synthesiser, "--serve-out")
        self.model, self.out = (_started(*what, "127.0.0.1:0") for what in (self._model, self._out))
        self.at = [_told(program, "serving").rsplit(" ", 1)[1].strip() for program in (self.model, self.out)]
        self._end = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()
        self.session_arguments = ["--in", keyboard, "--model-at", self.at[0], "--out-at", self.at[1]]
        self.session: subprocess.Popen[str] | None = None

    def play(self, *more: str, bars: int) -> None:
        """Begins a session, and somebody plays so many bars."""
        self.session = _started(*self.session_arguments, "--tempo", "200", "-o", str(self.folder), *more)
        _told(self.session, "play;")
        player = self.keyboard.accept()
        threading.Thread(target=self._play, args=(player, bars), daemon=True).start()

    def restart_model(self) -> None:
        self.model.wait(SECONDS)
        self.model = _started(*self._model, self.at[0])

    def restart_out(self) -> None:
        self.out.wait(SECONDS)
        self.out = _started(*self._out, self.at[1])

    def written(self) -> str:
        """The session so far."""
        return (self.folder / "take001.session").read_text()

    def onsets(self) -> list[float]:
        return [at for at, message in list(self.heard) if message.type == "note_on"]

    def wait_for(self, onsets: int) -> None:
        wait_until(lambda: len(self.onsets()) >= onsets, what=f"{onsets} notes are heard")

    def sounding(self) -> set[tuple[int, int]]:
        keys: set[tuple[int, int]] = set()
        for _, message in list(self.heard):
            if message.type == "note_on":
                keys.add((message.channel, message.note))
            elif message.type == "note_off":
                keys.discard((message.channel, message.note))
        return keys

    def close(self) -> None:
        self._end.set()
        for program in (self.session, self.model, self.out):
            if program is not None:
                program.kill()
                program.wait(SECONDS)
        self.keyboard.close()
        self.synthesiser.close()

    def _play(self, player: mido.sockets.SocketPort, bars: int) -> None:
        begin = time.monotonic()
        for at, message in quarters(4 * bars, beat=BAR / 4):
            time.sleep(max(begin + at - time.monotonic(), 0))
            if self._end.is_set():
                return
            with contextlib.suppress(OSError, ValueError):  # nobody listens any more
                player.send(mido.Message.from_bytes(list(message)))

    def _listen(self) -> None:
        port = self.synthesiser.accept()
        while not self._end.is_set():
            port = self.synthesiser.accept(block=False) or port
            while not port.closed and (message := port.poll()) is not None:
                self.heard.append((time.monotonic(), message))
            time.sleep(0.002)


def _started(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([*COMMAND, *arguments], text=True, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)


def _told(program: subprocess.Popen[str], word: str) -> str:
    """The first line on stderr that has a word; the others are read away."""
    assert program.stderr is not None
    while word not in (line := program.stderr.readline()):
        assert line, "the program has ended"
    threading.Thread(target=program.stderr.read, daemon=True).start()
    return line


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return composer_checkpoint(tmp_path_factory.mktemp("model")).folder


@pytest.fixture
def room(checkpoint: Path, tmp_path: Path) -> Iterator[Room]:
    room = Room(checkpoint, tmp_path)
    yield room
    room.close()


def test_three_processes_play_a_session_that_replays_here(room: Room, checkpoint: Path) -> None:
    room.play("--end-after", "4", "--lead-ms", "600", bars=5)
    assert room.session is not None
    assert room.session.wait(SECONDS) == 0
    room.wait_for(4)
    assert room.sounding() == set()
    lines = [json.loads(line) for line in room.written().splitlines()]
    assert {line["clock"] for line in lines if "clock" in line} == {"model", "out"}
    assert all(abs(line["offset"]) < 0.05 for line in lines if "clock" in line)  # one machine, one clock
    assert lines[0]["horizon"] > 0.03
    assert lines[-1]["sent"]["messages"] > 4
    assert "decoder" in lines[-1]["bars"]
    result = run(
        "live", "--replay", room.folder / "take001.session", "-o", room.folder, "--force", "--checkpoint", checkpoint
    )
    assert result.code == 0
    assert "the same" in result.err


def test_without_its_model_the_music_goes_on_and_without_its_player_it_ends(room: Room) -> None:
    room.play("--lead-ms", "600", bars=40)
    assert room.session is not None
    room.wait_for(1)
    room.model.kill()
    time.sleep(BAR)
    begun = len(room.onsets())
    time.sleep(3 * BAR)
    assert len(room.onsets()) > begun
    begins = [*room.onsets()[-4:], time.monotonic()]
    assert max(later - earlier for earlier, later in pairwise(begins)) < 2 * BAR
    os.kill(room.session.pid, signal.SIGKILL)
    wait_until(lambda: any(one.type == "control_change" for _, one in list(room.heard)), what="what sounded is ended")
    assert room.sounding() == set()
    assert room.out.poll() is None


def test_a_model_and_an_output_that_come_back_are_taken_up_again(room: Room) -> None:
    room.play("--lead-ms", "600", bars=80)
    room.wait_for(1)
    room.model.kill()
    room.restart_model()
    wait_until(lambda: '"renewed":"answer"' in room.written(), what="the model is back")
    written = room.written()
    wait_until(lambda: '"by":"decoder"' in room.written()[len(written) :], what="the model answers")
    room.out.kill()
    wait_until(lambda: not room.sounding(), what="what sounded is ended")
    begun = len(room.onsets())
    room.restart_out()
    room.wait_for(begun + 2)
    assert '"port":"out","there":true' in room.written()
