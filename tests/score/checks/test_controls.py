"""Checks of what is sent beside notes, each by a file that has the fault and little else."""

import pytest
from midi_bytes import NOTE, midi, track
from tidy import NAME, SETUP, findings_of, part

from symbolic_embed.score import parse
from symbolic_embed.score.checks import findings


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([NOTE, "00 b0 40 7f"], "fault pedal-down | bar 1 beat 1.2, track 0 Flute"),
        ([NOTE, "00 b0 42 40"], "fault pedal-down | bar 1 beat 1.2, track 0 Flute"),
        ([NOTE, "00 e0 00 41"], "fault bend-left | bar 1 beat 1.2, track 0 Flute"),
        ([NOTE, "00 b0 00 00"], "remark bank-alone | bar 1 beat 1.2, track 0 Flute"),
        ([NOTE, "00 b0 00 08"], "fault bank-alone | bar 1 beat 1.2, track 0 Flute"),
        (["00 b0 00 08", "00 c0 05", NOTE], "remark bank | bar 1 beat 1, track 0 Flute"),
        (["00 c0 85", NOTE], "fault programme-range | bar 1 beat 1, track 0 Flute"),
        (["00 b0 07 64", "00 b0 07 64", NOTE], "remark doubled-event | bar 1 beat 1, track 0 Flute"),
    ],
)
def test_each_fault_is_found_where_it_is(events, expected):
    assert expected in findings_of(part(*events))


@pytest.mark.parametrize(
    "events",
    [
        ["00 b0 40 7f", NOTE, "00 b0 40 00"],  # the pedal comes up
        ["00 b0 40 3f", NOTE],  # it was never down
        ["00 e0 00 41", NOTE, "00 e0 00 40"],  # bent back
        ["00 b0 40 7f", "00 e0 00 41", NOTE, "18 b0 79 00", "00 90 3e 40 60 80 3e 40"],  # all reset
        ["00 e0 00 41", NOTE],  # the whole part is tuned so
        ["00 b0 65 00", "00 b0 64 00", "00 b0 06 02", "00 b0 65 00", "00 b0 64 02", "00 b0 06 02", NOTE],  # two RPN
        ["00 b0 40 7f", "00 b0 40 00", "00 b0 40 7f", NOTE, "00 b0 40 00"],  # pedalled anew
        ["00 b0 00 00", "00 c0 05", NOTE],  # the first bank, and a programme of it
        ["00 b0 07 64", "01 b0 07 64", NOTE],  # the same again, a tick later
    ],
)
def test_what_is_put_right_again_is_no_fault(events):
    assert findings_of(part(*events)) == []


def test_a_pedal_may_be_let_up_from_another_track():
    """The channel counts: on it all tracks are heard as one."""
    down, up = part(NOTE, "00 b0 40 7f"), track("81 00 b0 40 00")
    assert findings_of(down, up) == []
    assert findings_of(down, track("81 00 b1 40 00")) == ["fault pedal-down | bar 1 beat 1.2, track 0 Flute"]


def test_a_part_that_plays_before_its_programme_is_told_apart_from_one_without():
    def no_programme(*events):
        found = findings(parse(midi(track(*SETUP), track(NAME, *events))))
        return [one.text for one in found if one.kind == "no-programme"]

    assert no_programme(NOTE) == ["no programme is chosen"]
    assert no_programme(NOTE, "00 c0 05") == ["plays before a programme is chosen"]
    assert findings_of(track(NAME, "00 99 24 40", "60 89 24 40")) == []  # drums choose none


def test_a_pedal_left_down_says_which_on_which_channel():
    (pedal,) = findings(parse(midi(track(*SETUP), part(NOTE, "00 b0 42 40"))))
    assert pedal.text == "the sostenuto pedal goes down on channel 1 and never comes up"
    assert pedal.way_out == "notes sound on after the end: send controller 66 with 0"


def test_the_same_programme_of_another_bank_is_another():
    first, second = "00 b0 00 08", "00 b0 00 00"
    assert not any("doubled" in line for line in findings_of(part(first, "00 c0 05", second, "00 c0 05", NOTE)))
    assert findings_of(part(second, second, "00 c0 05", NOTE)) == ["remark doubled-event | bar 1 beat 1, track 0 Flute"]


ZONE = ["00 b0 65 00", "00 b0 64 06", "00 b0 06 02"]  # channels 2 and 3 belong to channel 1


def test_in_an_mpe_zone_bends_are_of_notes_and_the_programme_is_the_managers():
    played = ["00 e1 00 50", "00 91 3c 40 60 81 3c 40", "18 92 40 40 60 82 40 40", "00 e1 00 41"]
    assert findings_of(track(NAME, "00 c0 05", *ZONE, *played)) == []
    others = findings_of(track(NAME, "00 c0 05", *played))  # the same without a zone
    assert {line.partition(" |")[0] for line in others} == {
        "remark no-programme",
        "remark several-parts",
        "fault bend-left",
    }


def test_a_zone_ends_where_its_size_does():
    outside = track(NAME, "00 c0 05", *ZONE, "00 e3 00 50", "00 93 3c 40 60 83 3c 40", "00 e3 00 41")
    assert "fault bend-left | bar 1 beat 1.2, track 0 Flute" in findings_of(outside)
