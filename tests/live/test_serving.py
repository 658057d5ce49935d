"""A session whose input, model and output are three processes, on loopback."""

from __future__ import annotations

import contextlib
import json
import os
import signal
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
from live_players import quarters, socket_port, wait_until

COMMAND = [sys.executable, "-c", "from symbolic_embed.commands.app import main; main()", "live"]
SECONDS = 60.0
BAR = 1.2  # seconds, at 200 quarters a minute


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
