"""Checks of a file's layout, each by a file that has the fault and little else."""

import pytest
from midi_bytes import NOTE, chunk, header, meta, midi, track
from tidy import NAME, PIANO, SETUP, findings_in, findings_of, part

from symbolic_embed.score import parse
from symbolic_embed.score.checks import findings
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


def test_a_port_is_a_cable_of_its_own():
    first = part(NOTE)
    assert findings_of(first, track(NAME, meta(0x21, b"\x01"), "00 c0 05", NOTE)) == []
    assert len(findings_of(first, track(NAME, meta(0x21, b"\x00"), "00 c0 05", NOTE))) == 2


def test_parts_may_take_turns_on_a_channel():
    """Each chooses its programme before it plays; the same with both chosen at once is heard with one alone."""
    later = track(NAME, "8f 00 c0 05", "00 90 40 40", "60 80 40 40")
    assert findings_of(part(NOTE), later) == []
    assert findings_of(part(NOTE, "9d 00 90 3c 40 60 80 3c 40"), later) == [
        "fault shared-channel | bar 2 beat 1, track 1 Flute"
    ]


def test_where_all_channels_are_taken_another_port_is_the_way_out():
    def way_out(count):
        channels = [channel for channel in range(16) if channel != 9][:count]
        parts = [track(NAME, f"00 c{c:x} 00", f"00 9{c:x} 3c 40 60 8{c:x} 3c 40") for c in channels]
        parts.append(track(NAME, "00 c0 05", "00 90 40 40 60 80 40 40"))
        found = findings(parse(midi(track(*SETUP), *parts)))
        (shared,) = [one for one in found if one.kind == "shared-channel"]
        return shared.way_out

    assert way_out(14).endswith("give it a channel of its own")
    assert way_out(15).endswith("no channel is free: give it another port")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Гитара".encode(), "the name 'Гитара' has letters beyond ASCII, in UTF-8"),
        (b"Fl\xf6te", "the name 'Flöte' is not in UTF-8, so programs guess its letters"),
        (b"Voice\nStimme", r"the name 'Voice\nStimme' has more than one line"),
    ],
)
def test_a_name_is_never_to_be_given_up(name, text):
    (odd,) = findings(parse(midi(track(*SETUP), track(meta(0x03, name), PIANO, NOTE))))
    assert (odd.level, odd.kind, odd.text) == ("remark", "odd-name", text)
    assert "call it" not in odd.way_out


def test_several_spaces_are_no_odd_name():
    assert findings_of(track(meta(0x03, b"Oboe  2"), PIANO, NOTE)) == []


def test_one_instrument_on_several_channels_may_stay_so():
    def way_out(*programs, format=1):
        events = [f"00 c{n} {program:02x} 00 9{n} 3c 40 60 8{n} 3c 40" for n, program in enumerate(programs)]
        bodies = [track(*SETUP), track(NAME, *events)] if format else [track(*SETUP, NAME, *events)]
        found = findings(parse(midi(*bodies, format=format)))
        return next(one.way_out for one in found if one.kind == "several-parts")

    assert way_out(25, 25).startswith("fine where they are one instrument")
    assert way_out(25, 33) == "many programs show one: split it by channel"
    assert "format 0" in way_out(25, 33, format=0)


def test_a_late_tempo_that_is_the_only_one_is_not_to_be_deleted():
    found = findings_of(part(NOTE), conductor=(SETUP[1], meta(0x51, b"\x07\xa1\x20", delta=96)))
    assert found == ["remark late-tempo | bar 1 beat 1.2, chunk 0"]


def test_what_two_checks_see_is_told_once():
    for data in (midi(track(*SETUP), part(NOTE), division=0xE728), midi(track(*SETUP), part(NOTE), format=2)):
        whole = [line for line in findings_in(data) if line.endswith("whole file")]
        assert len(whole) == 1, whole


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
