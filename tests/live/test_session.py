"""The command on real ports: JACK without a sound card. Left out where there is no JACK or no python-rtmidi."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("rtmidi")

PLAYER = """
import sys, time
import mido
heard = mido.open_input("heard", virtual=True)
play = mido.open_output("play", virtual=True)
print("ready", flush=True)
seconds, bars = float(sys.argv[1]), int(sys.argv[2])
while heard.poll() is None and sys.stdin.readline() != "play\\n":
    pass
begin = time.monotonic()
for number in range(4 * bars):
    pitch = 60 + (0, 4, 7, 4)[number % 4]
    play.send(mido.Message("note_on", note=pitch, velocity=80))
    time.sleep(seconds / 2)
    play.send(mido.Message("note_off", note=pitch))
    time.sleep(max(begin + (number + 1) * seconds - time.monotonic(), 0))
while sys.stdin.readline() != "end\\n":
    pass
for message in heard.iter_pending():
    print(message.hex(), flush=True)
"""


COMMAND = "from symbolic_embed.commands.app import main; main()"


@pytest.fixture
def jack() -> Iterator[dict[str, str]]:
    """The environment of programs that find a JACK server of their own."""
    if shutil.which("jackd") is None or shutil.which("jack_wait") is None:
        pytest.skip("no jackd")
    name = f"symbolic_embed_{os.getpid()}"
    # -S: without it a server that is not real-time hands on a period's messages twice, or not at all
    arguments = ["jackd", "-r", "-S", "-n", name, "-d", "dummy", "-r", "48000", "-p", "256"]
    server = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.run(["jack_wait", "-s", name, "-w", "-t", "20"], check=False, capture_output=True)
    if server.poll() is not None:
        pytest.skip("jackd does not start")
    yield os.environ | {"JACK_DEFAULT_SERVER": name, "MIDO_BACKEND": "mido.backends.rtmidi/UNIX_JACK"}
    server.terminate()
    server.wait(10)


def played(jack: dict[str, str], folder: Path, *, stop: bool) -> tuple[subprocess.Popen[str], list[str]]:
    """A session that has ended, by itself or because it was told to, and what was sent to the synthesiser."""
    player = subprocess.Popen(
        [sys.executable, "-c", PLAYER, "0.3", "5"], env=jack, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert player.stdout is not None
    assert player.stdout.readline() == "ready\n"
    command = [sys.executable, "-c", COMMAND, "live", "--in", "play", "--out", "heard"]
    command = [*command, "--tempo", "200", "--end-after", "4", "--lead-ms", "600", "-o", str(folder)]
    session = subprocess.Popen(command, env=jack, text=True, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    assert session.stderr is not None
    while "play;" not in (line := session.stderr.readline()):
        assert line, "the session has ended"
    assert player.stdin is not None
    player.stdin.write("play\n")
    player.stdin.flush()
    if stop:
        time.sleep(2.5)
        session.send_signal(signal.SIGTERM)
    session.communicate(timeout=60)
    rest, _ = player.communicate("end\n", timeout=60)
    return session, rest.split("\n")


def sounding(messages: list[str]) -> set[bytes]:
    """The keys that still sound after messages in hexadecimal."""
    keys: set[bytes] = set()
    for message in (bytes.fromhex(text) for text in messages if text):
        key = bytes((message[0] & 15, message[1]))
        if message[0] & 0xF0 == 0x90 and message[2]:
            keys.add(key)
        elif message[0] & 0xF0 in (0x80, 0x90):
            keys.discard(key)
    return keys


def test_a_session_plays_ends_by_itself_and_replays_to_the_same_bytes(jack: dict[str, str], tmp_path: Path) -> None:
    session, messages = played(jack, tmp_path, stop=False)
    assert session.returncode == 0
    assert sum(message.startswith("9") for message in messages) > 4
    assert sounding(messages) == set()
    again = tmp_path / "again"
    command = [sys.executable, "-c", COMMAND, "live", "--replay", str(tmp_path / "take001.session")]
    subprocess.run([*command, "-o", str(again)], check=True, timeout=120, capture_output=True)
    assert (again / "take001.mid").read_bytes() == (tmp_path / "take001.mid").read_bytes()


def test_a_session_that_is_terminated_leaves_no_note_and_its_file(jack: dict[str, str], tmp_path: Path) -> None:
    session, messages = played(jack, tmp_path, stop=True)
    assert session.returncode == 128 + signal.SIGTERM
    assert sounding(messages) == set()
    assert '"end"' in (tmp_path / "take001.session").read_text()
