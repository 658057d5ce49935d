"""Each check by a file that has the fault and little else, named where it is."""

from __future__ import annotations

import pytest
import strategies
from hypothesis import given
from midi_bytes import NOTE, chunk, header, meta, midi, track

from symbolic_embed.score import parse
from symbolic_embed.score.checks import FAULT, findings, grouped
from symbolic_embed.score.events import quantity
from symbolic_embed.score.writing.layout import score_to_events

SETUP = (meta(0x51, b"\x07\xa1\x20"), meta(0x58, b"\x04\x02\x18\x08"))  # 120 a minute, 4/4
NAME = meta(0x03, b"Flute")
PIANO = "00 c0 00"
BAR = "8f 00"  # a delta of 1920 ticks


def found(*parts: bytes, conductor: tuple = SETUP) -> list[str]:
    """What is found in a file with a conductor's track and these parts: level, kind and place."""
    return said(midi(track(*conductor), *parts))


def said(data: bytes) -> list[str]:
    return [f"{one.level} {one.kind} | {one.place}" for one in findings(parse(data))]


def part(*events: str | bytes) -> bytes:
    return track(NAME, PIANO, *events)


def test_a_tidy_file_has_no_finding():
    assert found(part(NOTE)) == []


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (["00 90 3c 40"], "fault hanging-note | bar 1 beat 1, track 0 Flute"),
        ([BAR + "90 3c 40", "00 80 3c 40"], "fault zero-length | bar 2 beat 1, track 0 Flute"),
        ([NOTE, "8e 20 80 3c 40"], "remark stray-off | bar 2 beat 1, track 0 Flute"),
        (["00 90 3c 40", "30 90 3c 40", "30 80 3c 40", "30 80 3c 40"], "fault overlap | bar 1 beat 1.1, track 0 Flute"),
        (
            ["00 90 3c 40", "00 90 3c 40", "30 80 3c 40", "30 80 3c 40"],
            "fault doubled-note | bar 1 beat 1, track 0 Flute",
        ),
        (["0e 90 3c 40", "6e 80 3c 40"], "remark beside-grid | bar 1 beat 1.03, track 0 Flute"),
        ([NOTE, "00 b0 40 7f"], "fault pedal-down | bar 1 beat 1.2, track 0 Flute"),
        ([NOTE, "00 e0 00 41"], "fault bend-left | bar 1 beat 1.2, track 0 Flute"),
        ([NOTE, "00 b0 00 00"], "fault bank-alone | bar 1 beat 1.2, track 0 Flute"),
        (["00 b0 00 08", "00 c0 05", NOTE], "remark bank | bar 1 beat 1, track 0 Flute"),
        (["00 c0 85", NOTE], "fault programme-range | bar 1 beat 1, track 0 Flute"),
        (["00 b0 07 64", "00 b0 07 64", NOTE], "remark doubled-event | bar 1 beat 1, track 0 Flute"),
        ([NOTE, meta(0x51, b"\x07\xa1\x20")], "fault tempo-elsewhere | bar 1 beat 1.2, chunk 1"),
        ([NOTE, meta(0x59, b"\x00\x00")], "remark key-elsewhere | bar 1 beat 1.2, chunk 1"),
    ],
)
def test_each_fault_is_found_where_it_is(events, expected):
    assert expected in found(part(*events))


@pytest.mark.parametrize(
    ("conductor", "expected"),
    [
        ((SETUP[0],), "remark no-metre | whole file"),
        ((SETUP[1],), "remark no-tempo | whole file"),
        ((SETUP[1], meta(0x51, b"\x07\xa1\x20", delta=48)), "remark late-tempo | bar 1 beat 1.1, chunk 0"),
        ((*SETUP, meta(0x51, b"\x07\xa1\x20", delta=96)), "remark tempo-after-end | bar 1 beat 1.2, chunk 0"),
        ((*SETUP, meta(0x58, b"\x03\x02\x18\x08", delta=48)), "fault metre-inside-bar | bar 2 beat 1, chunk 0"),
        ((*SETUP, meta(0x01, b"x", delta=9700)), "remark silent-end | bar 1 beat 1.2, chunk 0"),
    ],
)
def test_the_conductor_is_checked(conductor, expected):
    assert expected in found(part(NOTE), conductor=conductor)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (track(PIANO, NOTE), "remark no-name | bar 1 beat 1, track 0"),
        (track(meta(0x03, "Flöte".encode()), PIANO, NOTE), "remark odd-name | bar 1 beat 1, track 0 Flöte"),
        (track(NAME, NOTE), "remark no-programme | bar 1 beat 1, track 0 Flute"),
        (
            track(NAME, PIANO, "00 c1 05", NOTE, "00 91 3c 40 60 81 3c 40"),
            "remark several-parts | bar 1 beat 1, chunk 1",
        ),
        (track(NAME, PIANO, NOTE, end=b""), "fault no-end-of-track | whole file"),
        (track(NAME, PIANO, NOTE) + bytes.fromhex(NOTE), "fault after-end | whole file"),
    ],
)
def test_tracks_are_checked(body, expected):
    assert expected in found(body)


def test_two_instruments_on_one_channel_are_a_fault_and_one_instrument_is_not():
    other = track(NAME, "00 c0 05", "78 90 40 40", "60 80 40 40")
    assert found(part(NOTE), other) == ["fault shared-channel | bar 1 beat 1.25, track 1 Flute"]
    assert found(part(NOTE), part("78 90 40 40", "60 80 40 40")) == []


def test_a_pitch_that_two_tracks_play_at_once_on_one_channel_is_an_overlap():
    assert found(part(NOTE), part("30 90 3c 40", "60 80 3c 40")) == ["fault overlap | bar 1 beat 1.1, track 1 Flute"]


def test_a_note_that_never_ends_sounds_beyond_the_end_of_its_track():
    """Two of one pitch overlap, wherever the track ends: it may be made longer, and the second note is no new fault."""
    for end in ("00", "60"):
        ends = said(midi(track(*SETUP), part("00 90 3c 40", "30 90 3c 40", f"{end} b0 07 64")))
        assert "fault overlap | bar 1 beat 1.1, track 0 Flute" in ends


def test_headers_are_checked():
    parts = (track(*SETUP), part(NOTE))
    assert "remark fine-division | whole file" in said(midi(*parts, division=10080))
    assert "remark film-time | whole file" in said(midi(*parts, division=0xE728))
    assert "fault format-2 | whole file" in said(midi(*parts, format=2))
    declared = header(tracks=5) + b"".join(map(chunk, parts))
    assert "fault track-count | whole file" in said(declared)


def test_a_reset_brings_pedals_up_and_centres_the_bend():
    assert found(part("00 b0 40 7f", "00 e0 00 41", NOTE, "00 b0 79 00")) == []


def test_thirty_seconds_and_triplets_lie_on_the_grid():
    onsets = [0, 60, 80, 160, 240, 400, 420]
    deltas = [b - a for a, b in zip([0, *onsets], onsets, strict=False)]
    notes = [quantity(max(delta - 10, 0)) + bytes.fromhex("90 3c 40 0a 80 3c 40") for delta in deltas]
    assert found(part(*notes)) == []


def test_a_shifted_part_is_told_by_how_much():
    events = ["0b 90 3c 40", "60 80 3c 40", "83 00 90 3c 40", "60 80 3c 40"]  # 11 ticks late, both a quarter apart
    shifted = [one for one in findings(parse(midi(track(*SETUP), part(*events)))) if one.kind == "beside-grid"]
    assert "nearly all by +11 ticks" in shifted[0].way_out


def test_grouping_counts_and_keeps_the_first_place():
    events = parse(midi(track(*SETUP), part("00 90 3c 40", BAR + "90 40 40")))
    assert [(one.kind, one.count, one.bar) for one in findings(events)] == [
        ("hanging-note", 1, 1),
        ("hanging-note", 1, 2),
    ]
    (both,) = grouped(findings(events))
    assert str(both).startswith("bar 1 beat 1, track 0 Flute: C4 never ends (2 times); ")


@given(strategies.scores())
def test_what_we_write_has_no_fault_but_a_metre_that_was_asked_for(score):
    kinds = {one.kind for one in findings(score_to_events(score)) if one.level == FAULT}
    assert kinds <= {"metre-inside-bar"}


@given(strategies.event_lists(long=False))
def test_any_file_can_be_checked_and_every_finding_has_a_line(events):
    for one in findings(events):
        assert "\n" not in str(one).replace(one.name, "").replace(one.text, "")
        assert one.way_out
