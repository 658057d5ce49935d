"""Which value a dial held for how many notes."""

from __future__ import annotations

import pytest
from midi_bytes import midi, track

from symbolic_embed.score import parse
from symbolic_embed.score.sounding.history import EVERYONE, MASTER, histories
from symbolic_embed.score.sounding.parameters import (
    BEND,
    CONTROLLER,
    MAKERS,
    PROGRAM,
    REGISTERED,
    Parameter,
    setting_messages,
    value_in_words,
)

EVER = 10**9
NOTE = "00 90 3c 40"
OFF = "08 80 3c 40"


def held(*bodies: bytes, until: int = EVER) -> dict:
    return {key: [tuple(one) for one in values] for key, values in histories(parse(midi(*bodies)), until=until).items()}


def volume(level: str) -> str:
    return f"00 b0 07 {level}"


def test_a_dial_stands_where_it_stood_at_power_on_until_it_is_turned():
    found = held(track(NOTE, OFF, volume("0a"), NOTE, OFF, NOTE, OFF, volume("0b")))
    assert found == {(0, Parameter(CONTROLLER, 7)): [(100, 1), (10, 2), (11, 0)]}


def test_what_stands_behind_a_note_of_its_tick_is_not_the_notes():
    found = held(track(NOTE, "00 c0 05", OFF, NOTE, OFF))
    assert found == {(0, Parameter(PROGRAM)): [((None, None, 0), 1), ((None, None, 5), 1)]}


def test_chunks_play_together_and_channels_of_other_ports_apart():
    """Chunk 0 turns channel 0 of port 0 and of nothing else; a part on port 1 has its own dial."""
    elsewhere = track("00 ff 21 01 01", NOTE, OFF, volume("05"))
    found = held(track(volume("0a")), track(NOTE, OFF), elsewhere)
    assert found == {
        (0, Parameter(CONTROLLER, 7)): [(10, 1)],
        (16, Parameter(CONTROLLER, 7)): [(100, 1), (5, 0)],
    }


def test_a_channel_without_notes_has_no_state_and_nothing_after_the_end_counts():
    assert held(track(volume("0a"), "00 91 3c 40", "08 81 3c 40")) == {}
    assert held(track(NOTE, OFF, volume("0a")), until=8) == {}


def test_a_bank_waits_for_its_programme():
    found = held(track("00 b0 00 08", "00 b0 20 04", NOTE, OFF, "00 c0 05", NOTE, OFF))
    assert found == {(0, Parameter(PROGRAM)): [((None, None, 0), 1), ((8, 4, 5), 1)]}


def test_registered_parameters_and_makers_own():
    entry = ["00 b0 65 00", "00 b0 64 00", "00 b0 06 0c"]
    own = ["00 b0 63 01", "00 b0 62 08", "00 b0 06 40"]
    null = ["00 b0 65 7f", "00 b0 64 7f", "00 b0 06 01"]
    found = held(track(NOTE, *entry, *own, *null, OFF, NOTE))
    assert found == {
        (0, Parameter(REGISTERED, 0)): [((2, 0), 1), ((12, 0), 1)],
        (0, Parameter(MAKERS, 136)): [(None, 1), ((64, 0), 1)],
    }


@pytest.mark.parametrize(
    ("reset", "volume_after"),
    [("00 b0 79 00", 10), ("00 f0 05 7e 7f 09 01 f7", 100), ("00 f0 0a 41 10 42 12 40 00 7f 00 41 f7", 100)],
)
def test_a_reset_sets_back_what_it_sets_back(reset, volume_after):
    """The channel's reset leaves the volume alone (RP-015), one of the whole instrument does not."""
    found = held(track(volume("0a"), "00 e0 00 00", NOTE, OFF, reset, NOTE, OFF))
    assert found[0, Parameter(BEND)] == [(0, 1), (8192, 1)]
    assert found[0, Parameter(CONTROLLER, 7)][-1][0] == volume_after


def test_the_master_volume_is_everyones():
    message = "f0 07 7f 7f 04 01 00 40 f7"
    found = held(track(NOTE, OFF, f"00 {message}"), track(NOTE, OFF))
    assert found == {(EVERYONE, MASTER): [(None, 1), (bytes.fromhex(message), 1)]} or found == {
        (EVERYONE, MASTER): [(None, 2), (bytes.fromhex(message), 0)]
    }


DIALS = [
    (Parameter(CONTROLLER, 7), 90),
    (Parameter(BEND), 8192 - 2000),
    (Parameter(PROGRAM), (8, 4, 80)),
    (Parameter(PROGRAM), (None, None, 80)),
    (Parameter(REGISTERED, 0), (12, 50)),
    (Parameter(MAKERS, 136), (64, 0)),
    (Parameter("pressure"), 33),
]


@pytest.mark.parametrize(("parameter", "value"), DIALS, ids=str)
def test_what_is_set_is_what_is_held(parameter, value):
    messages = [f"00 {message.hex(' ')}" for message in setting_messages(parameter, value, channel=0)]
    assert held(track(*messages, NOTE, OFF))[0, parameter][-1] == (value, 1)


def test_values_read_as_musicians_say_them():
    assert [value_in_words(parameter, value) for parameter, value in DIALS] == [
        90,
        -2000,
        [8, 4, 80],
        80,
        12.5,
        [64, 0],
        33,
    ]
    assert [str(parameter) for parameter, _ in DIALS] == [
        "volume",
        "bend",
        "programme",
        "programme",
        "bend range",
        "maker's parameter 136",
        "pressure",
    ]
