"""Ports that are sockets: what comes in, and ports that go and come back."""

from __future__ import annotations

import time

import mido
import pytest
from live_players import connected, drop, heard, socket_port, wait_until

from symbolic_embed.errors import SoundError
from symbolic_embed.live import ports
from symbolic_embed.live.helpers import SendingProcess

SECONDS = 10.0


def test_what_is_sent_into_a_socket_is_heard_and_its_end_is_noticed() -> None:
    server, name = socket_port()
    messages: list[bytes] = []
    port = ports.open_input(name, messages.append)
    player = connected(server)
    player.send(mido.Message("note_on", note=60, velocity=80))
    player.send(mido.Message("songpos", pos=70))
    player.send(mido.Message("clock"))
    wait_until(lambda: len(messages) == 3)
    assert messages == [b"\x90\x3c\x50", b"\xf2\x46\x00", b"\xf8"]
    assert ports.is_there(port)
    drop(player)
    wait_until(lambda: not ports.is_there(port))
    server.close()
    with pytest.raises(SoundError, match="nobody answers"):
        ports.open_input(name, messages.append)


def test_an_output_that_goes_is_said_and_is_opened_again() -> None:
    server, name = socket_port()
    sender = SendingProcess(name)
    said: list[bool | None] = []
    sender.listen(said.append)
    first = connected(server)
    sender.send(time.monotonic(), bytes((0x90, 60, 80)))
    assert len(heard(first, until=1)) == 1
    drop(first)

    def lost() -> bool:
        sender.send(time.monotonic(), bytes((0x90, 61, 80)))
        time.sleep(0.2)
        return False in said

    wait_until(lost)
    second = connected(server)
    wait_until(lambda: True in said)
    assert said[:2] == [False, True]
    sender.send(time.monotonic(), bytes((0x90, 62, 80)))
    assert 62 in {message.note for message in heard(second, until=1) if message.type == "note_on"}
    sender.close()
    ends = heard(second, until=3)
    assert any(message.type == "note_off" and message.note == 62 for message in ends)
    server.close()


def test_asked_for_silence_a_sender_ends_what_sounds_says_how_late_it_was_and_goes_on() -> None:
    server, name = socket_port()
    sender = SendingProcess(name)
    sender.listen(lambda _: None)
    port = connected(server)
    for pitch, count in ((60, 1), (64, 1)):
        sender.send(time.monotonic(), bytes((0x90, pitch, 80)))
        assert sender.silence(seconds=SECONDS)["messages"] == count
        kinds = [message.type for message in heard(port, until=4)]
        assert kinds == ["note_on", "note_off", "control_change", "control_change"]
    sender.close()
    server.close()
