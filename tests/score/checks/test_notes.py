"""Checks of notes, each by a file that has the fault and little else."""

import pytest
from midi_bytes import NOTE, midi, track
from tidy import BAR, NAME, SETUP, findings_in, findings_of, part

from symbolic_embed.score import parse
from symbolic_embed.score.checks import findings
from symbolic_embed.score.events import quantity


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (["00 90 3c 40"], "fault hanging-note | bar 1 beat 1, track 0 Flute"),
        ([BAR + "90 3c 40", "00 80 3c 40"], "fault zero-length | bar 2 beat 1, track 0 Flute"),
        ([NOTE, "8e 20 80 3c 40"], "remark stray-off | bar 2 beat 1, track 0 Flute"),
        ([NOTE, "8e 20 90 3c 00"], "remark stray-off | bar 2 beat 1, track 0 Flute"),
        (["00 90 3c 40", "30 90 3c 40", "30 80 3c 40", "30 80 3c 40"], "fault overlap | bar 1 beat 1.1, track 0 Flute"),
        (
            ["00 90 3c 40", "00 90 3c 40", "30 80 3c 40", "30 80 3c 40"],
            "fault doubled-note | bar 1 beat 1, track 0 Flute",
        ),
        (["0e 90 3c 40", "6e 80 3c 40"], "remark beside-grid | bar 1 beat 1.03, track 0 Flute"),
    ],
)
def test_each_fault_is_found_where_it_is(events, expected):
    assert findings_of(part(*events)) == [expected]


def test_a_pitch_that_two_tracks_play_at_once_on_one_channel_is_an_overlap():
    assert findings_of(part(NOTE), part("30 90 3c 40", "60 80 3c 40")) == [
        "fault overlap | bar 1 beat 1.1, track 1 Flute"
    ]
    assert findings_of(part(NOTE), part("30 90 3d 40", "60 80 3d 40")) == []


def test_one_note_after_the_other_is_no_overlap():
    assert findings_of(part("00 90 3c 40", "83 60 80 3c 40", "00 90 3c 40", "83 60 80 3c 40")) == []


def test_a_note_that_never_ends_sounds_beyond_the_end_of_its_track():
    """Two of one pitch overlap, wherever the track ends: it may be made longer, and the second note is no new fault."""
    for end in ("00", "60"):
        found = findings_of(part("00 90 3c 40", "30 90 3c 40", f"{end} b0 07 64"))
        assert "fault overlap | bar 1 beat 1.1, track 0 Flute" in found


def test_thirty_seconds_and_triplets_lie_on_the_grid():
    onsets = [0, 60, 80, 160, 240, 400, 420]
    deltas = [b - a for a, b in zip([0, *onsets], onsets, strict=False)]
    notes = [quantity(max(delta - 10, 0)) + bytes.fromhex("90 3c 40 0a 80 3c 40") for delta in deltas]
    assert findings_of(part(*notes)) == []


def test_a_shifted_part_is_told_by_how_much():
    events = ["0b 90 3c 40", "60 80 3c 40", "83 00 90 3c 40", "60 80 3c 40"]  # 11 ticks late, both a quarter apart
    (shifted,) = findings(parse(midi(track(*SETUP), part(*events))))
    assert shifted.text == "2 of 2 notes begin beside thirty-seconds and triplets, by 11 ticks at most"
    assert "nearly all by +11 ticks" in shifted.way_out


def test_notes_beside_the_grid_to_either_side_are_fine_if_they_were_played_so():
    events = ["0b 90 3c 40", "60 80 3c 40", "82 6a 90 3c 40", "60 80 3c 40"]  # 11 late, then 11 early
    (played,) = findings(parse(midi(track(*SETUP), part(*events))))
    assert (played.kind, played.way_out) == ("beside-grid", "fine if it was played so; else quantise them")


def test_film_time_has_no_grid_to_be_beside():
    beside = part("0b 90 3c 40", "60 80 3c 40")
    assert any("beside-grid" in line for line in findings_in(midi(track(*SETUP), beside)))
    assert not any("beside-grid" in line for line in findings_in(midi(track(*SETUP), beside, division=0xE728)))


def test_a_short_note_inside_a_long_one_does_not_end_it():
    """On one channel, in another track: both short notes begin while the long one sounds."""
    long, short = (
        part("00 90 3c 40", "87 40 80 3c 40"),
        part("81 70 90 3c 40", "78 80 3c 40", "78 90 3c 40", "78 80 3c 40"),
    )
    assert findings_of(long, short) == [
        "fault overlap | bar 1 beat 1.5, track 1 Flute",
        "fault overlap | bar 1 beat 2, track 1 Flute",
    ]


def test_no_advice_about_notes_takes_one_away_that_may_be_meant():
    """Drum hits without length sound in FluidSynth; a unison of two parts is two voices."""
    (drum,) = findings(parse(midi(track(*SETUP), track(NAME, "00 99 24 40", "00 89 24 40"))))
    assert drum.way_out == "it is hardly seen, and not heard in every program: give it a length"
    for second in ("00 90 3c 40", "30 90 3c 40"):
        (unison,) = findings(parse(midi(track(*SETUP), part(NOTE), part(second, "60 80 3c 40"))))
        assert unison.way_out.endswith("give each of the two parts a channel of its own")
    (own,) = findings(parse(midi(track(*SETUP), part("00 90 3c 40", NOTE, "00 80 3c 40"))))
    assert own.way_out == "one end may silence both: delete one"


def test_a_few_notes_beside_the_grid_to_either_side_are_no_shift():
    """As many late as early lie beside it by 0 in the middle, as all the others do."""
    beside = ["0b 90 3c 40", "60 80 3c 40", "82 6a 90 3c 40", "60 80 3c 40"]
    straight = ["83 0b 90 3c 40", "60 80 3c 40"] + ["83 00 90 3c 40", "60 80 3c 40"] * 60
    (found,) = findings(parse(midi(track(*SETUP), part(*beside, *straight))))
    assert found.way_out == "fine if it was played so; else quantise them"
