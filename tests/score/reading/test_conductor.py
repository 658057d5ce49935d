"""Tempo, metre, key and markers: what stays, what is replaced, what is said about it."""

import pytest

from symbolic_embed.score import KeySignature, Marker, Tempo, TimeSignature
from symbolic_embed.score.reading.conductor import (
    KEY_SIGNATURE,
    MARKER,
    TEMPO,
    TIME_SIGNATURE,
    ConductorEvent,
    conducting,
    inside_bars,
)
from symbolic_embed.score.reading.timebase import TimeBase

QUARTER_480 = TimeBase.of(480)


def said(*events, timebase=QUARTER_480):
    """Events as (tick, type, hex) or (tick, type, hex, chunk)."""
    found = [ConductorEvent(tick, kind, bytes.fromhex(data), *(chunk or [0])) for tick, kind, data, *chunk in events]
    return conducting(found, timebase=timebase)


def kinds(*events):
    return [warning.kind for warning in said(*events).warnings]


@pytest.mark.parametrize(
    ("kind", "data", "value"),
    [
        (TEMPO, "ff ff ff", Tempo(0, 16_777_215)),
        (TEMPO, "07 a1 20", Tempo(0, 500_000)),
        (TIME_SIGNATURE, "ff 02 18 08", TimeSignature(0, 255, 4)),
        (TIME_SIGNATURE, "04 00 18 08", TimeSignature(0, 4, 1)),
        (TIME_SIGNATURE, "01 07 18 08", TimeSignature(0, 1, 128)),
        (KEY_SIGNATURE, "f9 01", KeySignature(0, -7, minor=True)),
        (KEY_SIGNATURE, "07 00", KeySignature(0, 7, minor=False)),
        (MARKER, "41 27", Marker(0, "A'")),
    ],
)
def test_legal_extremes_are_kept_without_a_word(kind, data, value):
    found = said((0, kind, data))
    assert found.warnings == ()
    assert [*found.tempi, *found.time_signatures, *found.key_signatures, *found.markers] == [value]


@pytest.mark.parametrize(
    ("kind", "data", "warning", "values"),
    [
        (TEMPO, "00 00 00", "illegal-tempo", [Tempo(0, 400_000), Tempo(9, 400_000)]),
        (TEMPO, "07 a1", "illegal-tempo", [Tempo(0, 400_000)]),
        (TEMPO, "00 00 64", "extreme-tempo", [Tempo(0, 400_000), Tempo(9, 100)]),
        (TIME_SIGNATURE, "00 02 18 08", "illegal-metre", [TimeSignature(0, 3, 4), TimeSignature(9, 3, 4)]),
        (TIME_SIGNATURE, "04 08 18 08", "illegal-metre", [TimeSignature(0, 3, 4), TimeSignature(9, 3, 4)]),
        (TIME_SIGNATURE, "04", "illegal-metre", [TimeSignature(0, 3, 4)]),
        (TIME_SIGNATURE, "04 02 00 00", "odd-metronome", [TimeSignature(0, 3, 4), TimeSignature(9, 4, 4)]),
        (KEY_SIGNATURE, "08 00", "illegal-key", [KeySignature(0, 1, minor=False)]),
        (KEY_SIGNATURE, "00 02", "illegal-key", [KeySignature(0, 1, minor=False)]),
        (KEY_SIGNATURE, "00", "illegal-key", [KeySignature(0, 1, minor=False)]),
    ],
)
def test_the_illegal_gives_way_to_what_was_in_force(kind, data, warning, values):
    before = {TEMPO: "06 1a 80", TIME_SIGNATURE: "03 02 18 08", KEY_SIGNATURE: "01 00"}[kind]
    found = said((0, kind, before), (9, kind, data))
    assert [w.kind for w in found.warnings] == [warning]
    assert [*found.tempi, *found.time_signatures, *found.key_signatures] == values


def test_without_anything_before_the_standards_defaults_are_in_force():
    found = said((0, TEMPO, "00 00 00"), (0, TIME_SIGNATURE, "00 02 18 08"))
    assert (found.tempi, found.time_signatures) == ((Tempo(0, 500_000),), (TimeSignature(0, 4, 4),))


def test_the_last_at_a_tick_wins_and_one_chunk_that_contradicts_itself_is_named():
    found = said((0, TIME_SIGNATURE, "04 02 18 08"), (0, TIME_SIGNATURE, "03 02 18 08"))
    assert found.time_signatures == (TimeSignature(0, 3, 4),)
    assert [str(w) for w in found.warnings] == ["chunk 0, tick 0: 4/4 and 3/4 at one tick; the last one counts"]


def test_chunks_may_differ_and_the_later_one_wins():
    found = said((0, TEMPO, "07 a1 20", 0), (480, TEMPO, "06 1a 80", 0), (0, TEMPO, "06 1a 80", 1))
    assert found.tempi == (Tempo(0, 400_000), Tempo(480, 400_000))
    assert found.warnings == ()


def test_five_thousand_of_a_kind_are_worth_a_word():
    assert kinds(*((tick, TEMPO, "07 a1 20") for tick in range(5_001))) == ["many-conductor-events"]


def test_film_time_has_one_tempo_and_no_metre():
    found = said((0, TEMPO, "06 1a 80"), (0, TIME_SIGNATURE, "03 02 18 08"), timebase=TimeBase.of(0xE728))
    assert (found.tempi, found.time_signatures) == ((Tempo(0, 500_000),), ())


def test_a_signature_inside_a_bar_is_found_whatever_the_metre_before():
    on_lines = [TimeSignature(1920, 3, 4), TimeSignature(1920 + 1440, 6, 8), TimeSignature(1920 + 2880, 4, 4)]
    assert inside_bars(on_lines, division=480) == []
    assert inside_bars([TimeSignature(1921, 3, 4)], division=480) == []  # the barline's, by rounding
    assert inside_bars([TimeSignature(100, 3, 4)], division=480) == [TimeSignature(100, 3, 4)]
    assert inside_bars([TimeSignature(0, 1, 128), TimeSignature(25, 4, 4)], division=100) == []
