"""The complete event list and its bytes are inverses."""

import pytest
import strategies
from hypothesis import given
from midi_bytes import NOTE, meta, midi, track, with_running_status

from symbolic_embed.score import Event, EventList, parse
from symbolic_embed.score.reading.pairing import NEVER


@given(strategies.event_lists())
def test_reading_undoes_writing(events):
    again = parse(events.to_bytes())
    assert (again, again.format, again.division) == (events, events.format, events.division)


@given(strategies.event_lists())
def test_running_status_makes_no_difference(events):
    shorter = midi(*map(with_running_status, events.chunks), division=events.division)
    assert parse(shorter) == events


def test_bytes_written_by_hand_come_back_as_they_are():
    data = midi(track(meta(3, b"Viola"), "00 f0 03 43 12 f7", "83 60 ff 7e 02 00 ff", NOTE), track())
    assert parse(data).to_bytes() == data


def test_every_kind_of_event_is_kept_verbatim_and_in_order():
    events = ["00 ff 7f 02 00 01", "00 f7 01 fa", "00 b0 40 7f", "00 e0 00 40", "00 a0 3c 10", "00 d0 05", "00 c0 07"]
    (chunk,) = parse(midi(track(*events, NOTE))).chunks
    assert [event.message.hex(" ") for event in chunk[:7]] == [event[3:] for event in events]


def test_a_chunk_must_end_with_end_of_track():
    with pytest.raises(ValueError, match="chunk 1 does not end with an end-of-track event"):
        EventList(480, (parse(midi(track())).chunks[0], (Event(0, b"\x90\x3c\x40"),)))


@given(strategies.event_lists(long=False))
def test_parts_are_the_tracks_of_the_score_with_their_events(events):
    parts = events.parts()
    assert tuple(part.track for part in parts) == events.score().tracks
    for part in parts:
        chunk = events.chunks[part.track.chunk]
        for index, (onset, duration, pitch, velocity) in enumerate(part.track.notes.rows().tolist()):
            on = chunk[part.on_events[index]]
            assert (on.tick, on.message) == (onset, bytes((0x90 | part.track.channel, pitch, velocity)))
            if part.off_events[index] != NEVER:
                off = chunk[part.off_events[index]]
                assert (off.message[0] & 0x0F, off.message[1]) == (part.track.channel, pitch)
                assert max(off.tick, onset + 1) == onset + duration


def test_ticks_that_go_back_cannot_be_written():
    late = EventList(480, ((Event(9, b"\x90\x3c\x40"), Event(5, b"\x80\x3c\x40"), Event(9, b"\xff\x2f\x00")),))
    with pytest.raises(ValueError, match="chunk 0 goes back in time, from tick 9 to tick 5"):
        late.to_bytes()
