"""Checks of a file's layout, each by a file that has the fault and little else."""

import pytest
from midi_bytes import NOTE, chunk, header, meta, midi, track
from tidy import NAME, PIANO, SETUP, findings_in, findings_of, part

from symbolic_embed.score.checks.layout import SILENT_BARS


@pytest.mark.parametrize(
    ("conductor", "expected"),
    [
        ((SETUP[0],), "remark no-metre | whole file"),
        ((SETUP[1],), "remark no-tempo | whole file"),
        ((SETUP[1], meta(0x51, b"\x07\xa1\x20", delta=48)), "remark late-tempo | bar 1 beat 1.1, chunk 0"),
        ((SETUP[0], meta(0x58, b"\x04\x02\x18\x08", delta=48)), "remark late-metre | bar 2 beat 1, chunk 0"),
        ((*SETUP, meta(0x51, b"\x07\xa1\x20", delta=96)), "remark tempo-after-end | bar 1 beat 1.2, chunk 0"),
        ((*SETUP, meta(0x58, b"\x03\x02\x18\x08", delta=48)), "fault metre-inside-bar | bar 2 beat 1, chunk 0"),
        ((*SETUP, meta(0x01, b"x", delta=9700)), "remark silent-end | bar 1 beat 1.2, chunk 0"),
    ],
)
def test_the_conductor_is_checked(conductor, expected):
    assert expected in findings_of(part(NOTE), conductor=conductor)


def test_so_many_bars_of_silence_are_no_finding_and_one_tick_more_is():
    """The note ends at tick 96; four bars on is tick 96 + 4 * 1920."""
    last = 96 + SILENT_BARS * 1920
    assert findings_of(part(NOTE), conductor=(*SETUP, meta(0x01, b"x", delta=last))) == []
    assert findings_of(part(NOTE), conductor=(*SETUP, meta(0x01, b"x", delta=last + 1))) == [
        "remark silent-end | bar 1 beat 1.2, chunk 0"
    ]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (meta(0x51, b"\x07\xa1\x20"), "fault tempo-elsewhere | bar 1 beat 1.2, chunk 1"),
        (meta(0x58, b"\x04\x02\x18\x08"), "fault metre-elsewhere | bar 1 beat 1.2, chunk 1"),
        (meta(0x59, b"\x00\x00"), "remark key-elsewhere | bar 1 beat 1.2, chunk 1"),
        (meta(0x06, b"verse"), "remark marker-elsewhere | bar 1 beat 1.2, chunk 1"),
    ],
)
def test_what_a_conductor_says_stands_in_the_first_track(event, expected):
    assert expected in findings_of(part(NOTE, event))
    assert not any("elsewhere" in one for one in findings_of(part(NOTE), conductor=(*SETUP, event)))


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
    assert expected in findings_of(body)


def test_two_instruments_on_one_channel_are_a_fault_and_one_instrument_is_not():
    other = track(NAME, "00 c0 05", "78 90 40 40", "60 80 40 40")
    assert findings_of(part(NOTE), other) == ["fault shared-channel | bar 1 beat 1.25, track 1 Flute"]
    assert findings_of(part(NOTE), part("78 90 40 40", "60 80 40 40")) == []


def test_a_conductor_should_not_play():
    playing = midi(track(*SETUP, NAME, PIANO, NOTE), part(NOTE))
    assert "remark conductor-plays | bar 1 beat 1, chunk 0" in findings_in(playing)
    assert findings_in(midi(track(*SETUP, NAME, PIANO, NOTE), format=0)) == []
    one_after_the_other = findings_in(midi(track(*SETUP, NAME, PIANO, NOTE), part(NOTE), format=2))
    assert not any("conductor-plays" in line for line in one_after_the_other)


def test_a_file_without_notes_is_asked_for():
    assert findings_of() == ["remark no-notes | whole file"]


def test_headers_are_checked():
    parts = (track(*SETUP), part(NOTE))
    assert "remark fine-division | whole file" in findings_in(midi(*parts, division=10080))
    assert "remark fine-division | whole file" not in findings_in(midi(*parts, division=960))
    assert "remark film-time | whole file" in findings_in(midi(*parts, division=0xE728))
    assert "fault format-2 | whole file" in findings_in(midi(*parts, format=2))
    declared = header(tracks=5) + b"".join(map(chunk, parts))
    assert "fault track-count | whole file" in findings_in(declared)
