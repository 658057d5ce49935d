"""How the body of a piece sounds, beside how its ending leaves it."""

from __future__ import annotations

import pytest
from midi_bytes import midi, track

from symbolic_embed.outputs.body import body_tempo, dials
from symbolic_embed.score import Notes, Score, Tempo, Track, parse

NOTE = ["00 90 3c 40", "08 80 3c 40"]
EVER = 10**9


def dial(*events: str):
    """The first dial of a part that sends these."""
    return dials(parse(midi(track(*events))), until=EVER)[0]


def levels(controller: int, *values: int) -> list[str]:
    """One note after each level."""
    return [event for value in values for event in (f"00 b0 {controller:02x} {value:02x}", *NOTE)]


@pytest.mark.parametrize(
    ("controller", "values", "body"),
    [
        (7, [100, 100, 100, 60, 40], 100),  # most notes
        (7, [100, 100, 80, 60, 40, 20], 100),  # a fade, not counted: what was before it
        (11, [110, 110, 110, 100, 90, 80, 70, 60, 50], 110),  # one that takes most of it
        (7, [90, 80, 60, 40, 20, 10, 5], 90),  # one that takes nearly the whole piece
        (11, [20, 120, 20, 120], 101),  # (mean of the fourth powers) ** (1/4)
        (11, [50, 90, 40, 90, 60, 40], 71),  # falls, but not below all before
        (10, [0, 127, 0, 127, 64], 64),  # no majority: the median
        (1, [0, 0, 0, 127], 0),
        (7, [100, 40, 40, 40], 40),  # the piece is soft and only begins loud
    ],
)
def test_the_level_of_the_body(controller, values, body):
    assert dial(*levels(controller, *values)).body == body


def test_a_level_that_is_set_behind_the_first_note_is_faded_from_all_the_same():
    assert dial(*NOTE, *levels(11, 110, 110, 110, 100, 90, 80, 70, 60, 50)).body == 110


def test_a_level_that_nobody_can_tell_apart_is_left():
    found = dial(*levels(7, 100, 100, 100, 99))
    assert (found.left, found.body) == (99, 99)


def test_a_fade_of_the_master_volume():
    message = "f0 07 7f 7f 04 01 00 {:02x} f7"
    fade = [event for level in (90, 60, 30, 0) for event in (f"00 {message.format(level)}", *NOTE)]
    found = dial(*NOTE, *NOTE, *fade)
    assert found.body == bytes.fromhex(message.format(127))
    assert found.left == bytes.fromhex(message.format(0))


@pytest.mark.parametrize(
    ("events", "body"),
    [
        (["00 b0 40 7f", *NOTE, *NOTE], 127),  # held without a break
        (["00 b0 40 7f", *NOTE, "00 b0 40 00", "00 b0 40 7f", *NOTE, "00 b0 40 00", "00 b0 40 7f", *NOTE], 0),
        ([*NOTE, "00 b0 40 7f", *NOTE, *NOTE], 0),
    ],
)
def test_pedals_that_were_moved_are_up(events, body):
    assert dial(*events).body == body


@pytest.mark.parametrize(
    ("events", "body"),
    [
        (["00 c0 05", *NOTE, *NOTE, "00 c0 06", *NOTE], (None, None, 5)),
        (["00 c0 05", *NOTE, "00 c0 06", *NOTE], (None, None, 6)),  # no majority: the last note's
        (["00 c0 05", *NOTE, "00 c0 06", *NOTE, "00 c0 07"], (None, None, 6)),  # not what comes after it
        (["00 c0 05", *NOTE, *NOTE, "00 b0 00 08", "00 c0 06", *NOTE], (0, None, 5)),  # the bank goes back as well
    ],
)
def test_the_programme_of_most_notes(events, body):
    assert dial(*events).body == body


def test_a_bend_that_never_rests_is_centred():
    wheel = [event for high in (0x10, 0x20, 0x50, 0x60) for event in (f"00 e0 00 {high:02x}", *NOTE)]
    assert dial(*wheel).body == 8192


def score(*tempi: tuple[int, float], end: int = 1000) -> Score:
    notes = Notes.of([0, end - 10], [10, 10], [60, 60], [80, 80])
    said = tuple(Tempo(tick, round(60e6 / per_minute)) for tick, per_minute in tempi)
    return Score(division=96, tracks=(Track(notes),), tempi=said)


@pytest.mark.parametrize(
    ("tempi", "left", "body"),
    [
        ([(0, 120)], 120, 120),
        ([(0, 120), (900, 100), (940, 80), (980, 60)], 60, 120),  # a ritardando
        ([(0, 120), (300, 110), (600, 90), (800, 60)], 60, 120),  # one that takes most of the time
        ([(0, 120), (990, 40)], 40, 120),  # a fermata
        ([(0, 60), (400, 120), (700, 90)], 90, 90),  # three parts: the last goes on
        ([(600, 90)], 90, 90),  # a last tempo that held
        ([(960, 90)], 90, 120),  # none at first: 120
        ([(0, 100), (10, 90), (990, 99)], 99, 90),
        ([(0, 120), (2000, 30)], 120, 120),  # after the end
    ],
)
def test_the_tempo_of_the_body(tempi, left, body):
    found = body_tempo(score(*tempi), until=1000)
    assert [round(60e6 / microseconds) for microseconds in found] == [left, body]
