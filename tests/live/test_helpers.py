"""The processes beside a session, over sockets in place of ports."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from live_players import connected, heard, socket_port
from mido.sockets import PortServer

from symbolic_embed.errors import SoundError, UsageError
from symbolic_embed.live.helpers import SendingProcess
from symbolic_embed.live.ports import meant
from symbolic_embed.live.sending import note_off
from symbolic_embed.live.watching import TOO_LATE, Ledger

DYING = """
import os, sys, time
from symbolic_embed.live.helpers import SendingProcess
sender = SendingProcess(sys.argv[1])
sender.send(time.monotonic(), bytes((0x91, 60, 80)))
time.sleep(0.3)
os._exit(9)
"""


@pytest.fixture
def server() -> Iterator[tuple[PortServer, str]]:
    """A socket that takes the place of a synthesiser, and its name."""
    port, name = socket_port()
    yield port, name
    port.close()


def test_messages_are_sent_at_their_times_and_what_sounds_is_ended(server: tuple[PortServer, str]) -> None:
    sender = SendingProcess(server[1])
    sender.listen(lambda _: None)
    port = connected(server[0])
    begin = time.monotonic()
    sender.send(begin + 0.2, bytes((0x90, 60, 80)))
    messages = heard(port, until=1)
    assert time.monotonic() - begin >= 0.2
    assert messages[0].type == "note_on"
    sender.close()
    ends = heard(port, until=3)
    assert ends[0].bytes() == list(note_off(0, 60))
    assert sender.report["messages"] == 1


def test_when_the_session_is_killed_its_notes_end(server: tuple[PortServer, str]) -> None:
    subprocess.run([sys.executable, "-c", DYING, server[1]], check=False, timeout=60)
    messages = heard(connected(server[0]), until=4)
    assert [message.type for message in messages] == ["note_on", "note_off", "control_change", "control_change"]


def test_a_port_that_is_not_there_is_said_by_its_option() -> None:
    with pytest.raises(SoundError, match="nobody answers"):
        SendingProcess("socket:127.0.0.1:1")
    with pytest.raises(UsageError, match="must be socket:HOST:PORT"):
        SendingProcess("socket:nowhere")


def test_a_port_is_meant_by_a_part_of_its_name_and_the_nearest_is_named() -> None:
    names = ["Digital Piano:Digital Piano MIDI 1 20:0", "Midi Through 14:0"]
    assert meant("piano", names, field="input") == names[0]
    with pytest.raises(UsageError, match="did you mean 'Midi Through 14:0'"):
        meant("Midi Trough", names, field="input")
    with pytest.raises(UsageError, match="2 ports have that"):
        meant("midi", names, field="input")


def test_a_note_that_would_begin_too_late_is_left_out_but_ends_are_sent() -> None:
    ledger = Ledger()
    assert not ledger.sends(bytes((0x90, 60, 80)), late=TOO_LATE + 0.1)
    assert ledger.sends(bytes((0x80, 60, 64)), late=TOO_LATE + 0.1)
    assert ledger.sends(bytes((0x90, 62, 80)), late=0.001)
    assert ledger.ending()[0] == note_off(0, 62)
    assert ledger.report()["left_out"] == 1
    assert ledger.report()["numbers_left_out"] == [1]
