"""The MIDI file of a session holds what was sent, where it was sent."""

from __future__ import annotations

from typing import Any

import pytest

from symbolic_embed.live.exporting import session_as_midi
from symbolic_embed.live.notes import CHANNELS

HEAD = {"request": {}, "parts": ["bass"]}
BEATS = {"at": 0.0, "map": [0.0, 0.0, 120.0]}


def note(channel: int, pitch: int, *, at: float, whose: str = "out") -> list[dict[str, Any]]:
    time = "due" if whose == "out" else "at"
    on, off = bytes((0x90 | channel, pitch, 80)).hex(), bytes((0x80 | channel, pitch, 64)).hex()
    return [{time: at, whose: on}, {time: at + 0.4, whose: off}]


def struck(lines: list[dict[str, Any]], *, parts: tuple[str, ...] = ("bass",)) -> list[tuple[int, int]]:
    """Channels and pitches of the notes of the file, by track."""
    chunks = session_as_midi({**HEAD, "parts": list(parts)}, lines).chunks
    messages = [event.message for chunk in chunks for event in chunk]
    return [(message[0] & 0x0F, message[1]) for message in messages if message[0] & 0xF0 == 0x90]


@pytest.mark.parametrize("role", CHANNELS)
@pytest.mark.parametrize("player", [0, 2, 9])
def test_a_part_stands_on_the_channel_it_was_sent_on(role: str, player: int) -> None:
    lines = [BEATS, *note(player, 60, at=0.0, whose="in"), *note(CHANNELS[role], 40, at=2.0)]
    (theirs, _), ours = struck(lines, parts=(role,))
    assert ours == (CHANNELS[role], 40)
    assert (theirs == 9) == (player == 9)
    assert (theirs == player) == (CHANNELS[role] != player or player == 9)


def test_a_note_that_was_late_and_left_out_stands_in_no_file() -> None:
    lines = [BEATS, *note(1, 40, at=1.0), *note(1, 41, at=2.0), {"end": 3.0, "sent": {"numbers_left_out": [3]}}]
    assert struck(lines) == [(1, 40)]
