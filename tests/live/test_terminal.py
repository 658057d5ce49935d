"""The keys of a real terminal, pressed while a session goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import mido
import pytest
from composers import composer_checkpoint
from live_players import connected, quarters, socket_port

pty = pytest.importorskip("pty")
termios = pytest.importorskip("termios")

COMMAND = [sys.executable, "-c", "from symbolic_embed.commands.app import main; main()", "live"]
BEAT, SECONDS = 0.3, 60.0
PRESSED = {"+": "more", "-": "less", "h": "hold", "n": "new", "p": "panic", "t": "tap", "q": "quit"}


class Terminal:
    """A terminal with a program in it; `screen` is what it has shown."""

    def __init__(self, *arguments: str) -> None:
        self.keyboard, inside = pty.openpty()
        self.inside = inside
        self.before = termios.tcgetattr(inside)
        self.program = subprocess.Popen(
            [*COMMAND, *arguments], stdin=inside, stdout=subprocess.PIPE, stderr=inside, start_new_session=True
        )
        self.screen = ""
        threading.Thread(target=self._watch, daemon=True).start()

    def press(self, key: str) -> None:
        os.write(self.keyboard, key.encode())

    def wait_for(self, word: str) -> None:
        end = time.monotonic() + SECONDS
        while word not in self.screen:
            assert time.monotonic() < end, self.screen
            assert self.program.poll() is None, self.screen
            time.sleep(0.02)

    def close(self) -> None:
        self.program.kill()
        self.program.wait(SECONDS)
        os.close(self.inside)
        os.close(self.keyboard)

    def _watch(self) -> None:
        while True:
            try:
                self.screen += os.read(self.keyboard, 1024).decode(errors="replace")
            except OSError:
                return


def test_each_key_does_what_it_says_and_the_terminal_is_left_as_it_was(tmp_path: Path) -> None:
    checkpoint = composer_checkpoint(tmp_path / "checkpoint").folder
    (keyboard, played_on), (synthesiser, heard_by) = socket_port(), socket_port()
    arguments = ("--in", played_on, "--out", heard_by, "--checkpoint", str(checkpoint), "--tempo", "200")
    terminal = Terminal(*arguments, "--lead-ms", "600", "-o", str(tmp_path))
    try:
        synth = connected(synthesiser)
        terminal.wait_for("play;")
        player, begin = connected(keyboard), time.monotonic()

        def play() -> None:
            for at, message in quarters(100, beat=BEAT):
                time.sleep(max(begin + at - time.monotonic(), 0))
                try:
                    player.send(mido.Message.from_bytes(list(message)))
                except (OSError, ValueError):
                    return

        threading.Thread(target=play, daemon=True).start()
        terminal.wait_for("bar    2")
        assert "heard" in terminal.screen
        for key in ("+", "-", "h", "n", "x", "p", "t"):
            terminal.press(key)
            time.sleep(0.1)
        time.sleep(3 * BEAT)
        terminal.press("q")
        assert terminal.program.wait(SECONDS) == 0
        assert termios.tcgetattr(terminal.inside) == terminal.before
        lines = [json.loads(line) for line in (tmp_path / "take001.session").read_text().splitlines()]
        assert [line["key"] for line in lines if "key" in line] == list(PRESSED.values())
        sent = [line["out"] for line in lines if "out" in line]
        assert {"b17b00", "b97b00"} <= set(sent)  # panic: all notes off, on both channels
        assert "closing" in lines[-1]["bars"]
        assert synth.poll() is not None
        assert (tmp_path / "take001.mid").exists()
    finally:
        terminal.close()
        keyboard.close()
        synthesiser.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_session_with_both_files_whole(number: signal.Signals, tmp_path: Path) -> None:
    checkpoint = composer_checkpoint(tmp_path / "checkpoint").folder
    (keyboard, played_on), (synthesiser, heard_by) = socket_port(), socket_port()
    arguments = ("--in", played_on, "--out", heard_by, "--checkpoint", str(checkpoint))
    terminal = Terminal(*arguments, "-o", str(tmp_path))
    try:
        terminal.wait_for("play;")
        player = connected(keyboard)
        for _, message in quarters(8)[:-1]:
            player.send(mido.Message.from_bytes(list(message)))
        terminal.wait_for("bar    2")
        time.sleep(1.0)  # a bar has begun
        os.kill(terminal.program.pid, number)
        assert terminal.program.wait(SECONDS) == 128 + number
        assert '"end"' in (tmp_path / "take001.session").read_text()
        assert termios.tcgetattr(terminal.inside) == terminal.before
        replay = [*COMMAND, "--replay", str(tmp_path / "take001.session"), "--checkpoint", str(checkpoint)]
        subprocess.run([*replay, "-o", str(tmp_path / "again")], check=True, timeout=SECONDS)
        assert (tmp_path / "again" / "take001.mid").read_bytes() == (tmp_path / "take001.mid").read_bytes()
    finally:
        terminal.close()
        keyboard.close()
        synthesiser.close()
