"""Which note-off ends which note-on. Rows are onset, duration, pitch, velocity."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from midi_bytes import track

from symbolic_embed.score.reading.pairing import NEVER, Program, paired_notes, program_changes, programs_at_first_notes
from symbolic_embed.score.reading.walking import walk


def events(*hexes):
    return walk(track(*hexes)).events


def rows(*hexes, channel=0):
    notes, hanging = paired_notes(events(*hexes))
    of_channel = notes[channel]
    columns = (of_channel.onset_ticks, of_channel.duration_ticks, of_channel.pitch, of_channel.velocity)
    return [list(row) for row in zip(*(column.tolist() for column in columns), strict=True)], hanging


def test_the_oldest_sounding_note_ends_first():
    assert rows("00 90 3c 40", "0a 90 3c 50", "0a 80 3c 00", "0a 80 3c 00") == ([[0, 20, 60, 64], [10, 20, 60, 80]], 0)


def test_velocity_zero_means_off():
    assert rows("00 90 3c 40", "0a 90 3c 00") == ([[0, 10, 60, 64]], 0)


def test_channels_and_pitches_do_not_end_each_other():
    notes, hanging = paired_notes(events("00 90 3c 40", "05 81 3c 00", "05 80 3d 00", "05 80 3c 00"))
    assert (list(notes), notes[0].duration_ticks.tolist(), hanging) == ([0], [15], 0)


def test_a_note_that_never_ends_lasts_to_the_end_of_the_track():
    notes, hanging = paired_notes(walk(track("00 90 3c 40", "64 90 3e 40", end=bytes.fromhex("32 ff 2f 00"))).events)
    assert (notes[0].duration_ticks.tolist(), notes[0].off_events.tolist(), hanging) == ([150, 50], [NEVER, NEVER], 2)


def test_a_note_that_never_ends_at_the_very_end_lasts_a_tick():
    assert rows("00 90 3c 40") == ([[0, 1, 60, 64]], 1)


def test_a_stray_note_off_is_nothing():
    assert rows("00 80 3c 00", "00 90 3c 40", "0a 80 3c 00", "00 80 3c 00") == ([[0, 10, 60, 64]], 0)


def test_each_note_knows_its_two_events():
    notes, _ = paired_notes(events("00 b0 07 64", "00 90 3c 40", "00 90 40 40", "0a 80 40 00", "0a 80 3c 00"))
    assert notes[0].on_events.tolist() == [1, 2]
    assert notes[0].off_events.tolist() == [4, 3]


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from([60, 61]), st.booleans()), max_size=30))
def test_first_in_first_out_by_counting(steps):
    """The k-th note-off that ends anything ends the k-th note-on of its pitch."""
    hexes = [f"{wait:02x} {'90' if on else '80'} {pitch:02x} 40" for wait, pitch, on in steps]
    notes, hanging = paired_notes(events(*hexes))
    ons, offs, tick = {60: [], 61: []}, {60: [], 61: []}, 0
    for wait, pitch, on in steps:
        tick += wait
        if on:
            ons[pitch].append(tick)
        elif len(offs[pitch]) < len(ons[pitch]):
            offs[pitch].append(tick)
    assert hanging == sum(len(ons[pitch]) - len(offs[pitch]) for pitch in ons)
    for pitch in ons:
        ended = [off - on for on, off in zip(ons[pitch], offs[pitch], strict=False)]
        lengths = notes[0].duration_ticks[notes[0].pitch == pitch].tolist() if 0 in notes else []
        assert lengths[: len(ended)] == ended


def test_the_programme_at_the_first_note_is_the_last_one_before_it():
    found = events("00 c0 05", "00 c0 07", "00 c1 09", "00 90 3c 40", "0a c0 20", "00 80 3c 00")
    assert programs_at_first_notes(found) == {0: 7}
    assert program_changes(found)[-1] == Program(10, 0, 32)


def test_a_programme_after_the_first_note_or_above_127_is_none():
    assert programs_at_first_notes(events("00 90 3c 40", "00 c0 05", "0a 80 3c 00")) == {}
    assert programs_at_first_notes(events("00 c0 c8", "00 90 3c 40")) == {}


@pytest.mark.parametrize("stacked", [20_000])
def test_twenty_thousand_stacked_notes_are_no_quadratic_work(stacked):
    notes, _ = paired_notes(events(*["01 90 3c 40"] * stacked, *["01 80 3c 00"] * stacked))
    assert set(notes[0].duration_ticks.tolist()) == {stacked}
