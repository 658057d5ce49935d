"""An edit changes what was asked for, event for event, and nothing else."""

from dataclasses import replace

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st
from midi_bytes import NOTE, meta, midi, track

from symbolic_embed.score import Event, EventList, KeySignature, Marker, Notes, Tempo, TimeSignature, Track, parse
from symbolic_embed.score.editing.comparing import Asked, untouched_difference
from symbolic_embed.score.editing.in_place import add_conductor, add_events, append_track, fitted, replace_notes

SOLO = parse(midi(track("00 b0 40 7f", "00 90 3c 40", "60 80 3c 40", "00 90 3e 40", "60 80 3e 40", "00 b0 40 00")))


def notes(*rows):
    """Notes from (onset, duration, pitch); velocity 80."""
    return Notes.of(*zip(*((*row, 80) for row in rows), strict=True)) if rows else Notes.none()


def shown(events, chunk=0):
    return [f"{tick} {message.hex(' ')}" for tick, message in events.chunks[chunk]]


def test_one_note_for_another():
    (part,) = SOLO.parts()
    assert shown(replace_notes(SOLO, part, remove=[0], add=notes((0, 96, 67)))) == [
        "0 b0 40 7f",
        "0 90 43 50",  # the new note begins after what stood at its tick
        "96 80 43 40",  # and ends before it
        "96 90 3e 40",
        "192 80 3e 40",
        "192 b0 40 00",
        "192 ff 2f 00",
    ]


def test_end_of_track_moves_only_when_it_must():
    (part,) = SOLO.parts()
    assert shown(replace_notes(SOLO, part, remove=[], add=notes((192, 8, 60))))[-1] == "200 ff 2f 00"
    long = parse(midi(track(NOTE, end=bytes.fromhex("83 60 ff 2f 00"))))
    assert shown(replace_notes(long, long.parts()[0], remove=[0], add=notes((96, 5, 60))))[-1] == "576 ff 2f 00"


@pytest.mark.parametrize(
    ("new", "left"),
    [
        ((100, 50, 60), [100, 50]),  # beside the kept C, which sounds from 0 to 96
        ((90, 50, 60), [96, 44]),  # most of it is left behind the kept one
        ((60, 50, 60), None),  # too little is left
        ((0, 96, 60), None),
        ((50, 100, 62), [50, 46]),  # into the kept D, which begins at 96
        ((50, 100, 64), [50, 100]),
    ],
)
def test_a_kept_note_of_the_same_pitch_always_wins(new, left):
    (part,) = SOLO.parts()
    rows = fitted(notes(new), SOLO, part, remove=[]).rows()[:, :2].tolist()
    assert rows == ([left] if left else [])
    kept = replace_notes(SOLO, part, remove=[], add=notes(new)).parts()[0].track.notes
    assert {tuple(row) for row in part.track.notes.rows().tolist()} <= {tuple(row) for row in kept.rows().tolist()}


def test_notes_of_the_same_channel_in_other_chunks_win_too():
    (part,) = SOLO.parts()
    found = fitted(notes((192, 96, 60), (192, 96, 67)), SOLO, part, remove=[], beside=[notes((240, 96, 67))])
    assert found.rows()[:, :3].tolist() == [[192, 96, 60], [192, 48, 67]]


def test_a_note_off_without_a_note_does_not_shorten_the_new_one_unseen():
    stray = parse(midi(track(NOTE, "04 80 40 40", "60 90 3e 40", "60 80 3e 40")))
    (part,) = stray.parts()
    edited = replace_notes(stray, part, remove=[0], add=notes((50, 100, 64)))
    assert edited.parts()[0].track.notes.rows()[0].tolist() == [50, 50, 64, 80]
    assert untouched_difference(stray, edited, parts_and_ranges=[Asked(0, 0, 0, 100)]) == []


def test_nothing_can_be_put_behind_a_note_that_never_ends():
    hanging = parse(midi(track("00 90 3c 40", end=bytes.fromhex("60 ff 2f 00"))))
    (part,) = hanging.parts()
    assert len(fitted(notes((200, 10, 60), (200, 10, 61)), hanging, part, remove=[])) == 1
    assert len(fitted(notes((200, 10, 60), (200, 10, 61)), hanging, part, remove=[0])) == 2


@given(strategies.event_lists(long=False), st.data())
def test_any_edit_of_any_file_leaves_the_rest_alone(events, data):
    parts = events.parts()
    if not parts:
        return
    part = data.draw(st.sampled_from(parts))
    count, chunk, channel = len(part.track.notes), part.track.chunk, part.track.channel
    start, end = sorted(data.draw(st.tuples(st.integers(0, 2000), st.integers(0, 2000))))
    inside = (part.track.notes.onset_ticks >= start) & (part.track.notes.onset_ticks < end)
    remove = [index for index in range(count) if inside[index] and data.draw(st.booleans())]
    rows = st.tuples(st.integers(start, end), st.integers(1, 300), st.sampled_from([60, 64, 127]))
    add = notes(*(row for row in data.draw(st.lists(rows, max_size=6)) if row[0] < end))
    edited = replace_notes(events, part, remove=remove, add=add)
    assert untouched_difference(events, edited, parts_and_ranges=[Asked(chunk, channel, start, end)]) == []
    if edited.chunks[chunk][-1] == events.chunks[chunk][-1]:  # else notes that never ended have grown
        after = [p.track.notes for p in edited.parts() if (p.track.chunk, p.track.channel) == (chunk, channel)]
        staying = part.track.notes.where([index for index in range(count) if index not in remove])
        together = Notes.concatenated([staying, fitted(add, events, part, remove=remove)])
        assert Notes.concatenated(after) == together


def test_a_new_part_gets_a_chunk_and_a_free_channel():
    two = parse(midi(track(NOTE), track("00 b1 07 64", "00 99 23 40", "60 89 23 40"), format=1))
    edited = append_track(two, Track(notes((0, 96, 48)), name="Baß", program=33))
    assert edited.chunks[:2] == two.chunks
    assert shown(edited, 2) == ["0 ff 03 04 42 61 73 73", "0 c2 21", "0 92 30 50", "96 82 30 40", "96 ff 2f 00"]
    drums = append_track(two, Track(notes((0, 96, 48)), channel=9))
    assert drums.parts()[-1].track.channel == 9
    assert untouched_difference(two, edited, parts_and_ranges=[Asked(2, 2, 0, 96)]) == []
    first, *_ = untouched_difference(two, edited, parts_and_ranges=[])
    assert str(first) == "chunk 2, tick 0: ff 03 04 42 61 73 73 added"


def test_a_file_of_format_0_becomes_one_of_format_1():
    one = parse(midi(track(NOTE), format=0))
    edited = append_track(one, Track(notes((0, 96, 48))))
    assert (one.format, edited.format) == (0, 1)
    assert untouched_difference(one, edited, parts_and_ranges=[Asked(1, 1, 0, 96)]) == []


def test_with_all_channels_taken_the_most_alike_part_shares():
    every = parse(midi(*(track(f"00 c{c:x} {8 * c:02x}", f"00 9{c:x} 3c 40", f"60 8{c:x} 3c 40") for c in range(16))))
    assert append_track(every, Track(notes((0, 96, 48)), program=8 * 5 + 1)).parts()[-1].track.channel == 5


def test_a_new_part_keeps_clear_of_the_drums_that_are_there():
    """All drums share a channel: the same drum twice at one tick would be ended twice."""
    kit = parse(midi(track("00 99 24 40", "60 89 24 40")))
    new = Track(Notes.of([0, 48, 0], [96, 96, 96], [36, 36, 38], [80, 80, 80]), channel=9)
    assert append_track(kit, new).parts()[-1].track.notes.rows()[:, :3].tolist() == [[0, 96, 38], [96, 48, 36]]


def test_the_conductor_says_more_and_the_last_word_counts():
    song = parse(midi(track(meta(0x58, bytes.fromhex("04 02 18 08")), NOTE)))
    more = [Marker(480, "variation 3"), TimeSignature(0, 3, 4), Tempo(96, 400_000), KeySignature(96, 2, minor=False)]
    edited = add_conductor(song, more)
    score = edited.score()
    assert score.time_signatures == (TimeSignature(0, 3, 4),)
    assert (score.tempi, score.markers) == ((Tempo(96, 400_000),), (Marker(480, "variation 3"),))
    assert score.key_signatures == (KeySignature(96, 2, minor=False),)
    assert edited.chunks[0][-1] == Event(480, b"\xff\x2f\x00")
    assert untouched_difference(song, edited, parts_and_ranges=[Asked(0, None, 0, 481)]) == []


def test_events_are_added_behind_what_stands_at_their_tick_and_the_end_moves_where_it_has_to():
    song = parse(midi(track("00 b0 07 40", NOTE)))
    later = add_events(song, [Event(0, b"\xb0\x07\x50"), Event(200, b"\xb0\x07\x60")], chunk=0)
    assert shown(later) == [
        "0 b0 07 40",
        "0 90 3c 40",
        "0 b0 07 50",
        "96 80 3c 40",
        "200 b0 07 60",
        "200 ff 2f 00",
    ]


PORTS = "00 ff 21 01 00", "00 ff 21 01 01"


def test_an_edit_in_a_chunk_of_several_ports_leaves_every_event_on_its_own():
    both = parse(
        midi(track(PORTS[0], "00 90 3c 40", PORTS[1], "10 90 3c 40", PORTS[0], "10 80 3c 40", PORTS[1], "10 80 3c 40"))
    )
    part = both.parts()[0]
    edited = replace_notes(both, part, remove=[0], add=notes((20, 20, 64)))
    assert [(p.track.port, p.track.notes.rows()[:, :3].tolist()) for p in edited.parts()] == [
        (0, [[20, 20, 64]]),
        (1, [[16, 32, 60]]),
    ]
    assert untouched_difference(both, edited, parts_and_ranges=[Asked(0, 0, 0, 100)]) == []
    assert untouched_difference(both, edited, parts_and_ranges=[Asked(0, 0, 0, 100, port=1)])


def test_a_port_that_is_named_again_at_a_tick_is_not_taken_for_the_one_that_was():
    """The new note ends on port 0 where the chunk still plays on port 1, and then names port 0 itself."""
    head = (PORTS[1], "05 e0 00 30", "05 e0 00 40", PORTS[0], "00 e0 00 30")
    both = parse(midi(track(*head, "20 90 3c 40", "60 80 3c 40")))
    edited = replace_notes(both, both.parts()[0], remove=[], add=notes((0, 10, 64)))
    assert untouched_difference(both, edited, parts_and_ranges=[Asked(0, 0, 0, 100)]) == []


@given(strategies.event_chunks(odd=False, long=False), st.data())
def test_any_edit_of_a_chunk_of_any_ports_leaves_every_event_on_its_own(chunk, data):
    with_ports = []
    for event in chunk[:-1]:
        if data.draw(st.booleans()):
            with_ports.append(Event(event.tick, bytes((0xFF, 0x21, 1, data.draw(st.integers(0, 2))))))
        with_ports.append(event)
    events = EventList(480, ((*with_ports, chunk[-1]),))
    if not events.parts():
        return
    part = data.draw(st.sampled_from(events.parts()))
    onsets = st.sampled_from(sorted({event.tick for event in chunk})) | st.integers(0, 2000)
    rows = st.tuples(onsets, st.integers(1, 300), st.sampled_from([60, 64, 127]))
    add = data.draw(st.lists(rows, max_size=4))
    edited = replace_notes(events, part, remove=range(len(part.track.notes)), add=notes(*add))
    found = untouched_difference(events, edited, parts_and_ranges=Asked.of(part.track, 0, 10**6))
    assert found == [] or edited.chunks[0][-1] != events.chunks[0][-1]  # notes that never end have grown


def test_an_event_that_finds_itself_on_another_port_is_a_difference():
    song = parse(midi(track(PORTS[1], "00 b0 40 7f", "10 90 3c 40", "60 80 3c 40")))
    moved = replace(song, chunks=((Event(0, bytes.fromhex("ff210100")), *song.chunks[0]),))
    assert untouched_difference(song, moved, parts_and_ranges=[Asked(0, 0, 0, 100, port=1)]) == []
    moved = replace(song, chunks=((song.chunks[0][0], Event(0, bytes.fromhex("ff210100")), *song.chunks[0][1:]),))
    any_note = [Asked(0, 0, 0, 100, port=1), Asked(0, 0, 0, 100)]
    found = [str(one) for one in untouched_difference(song, moved, parts_and_ranges=any_note)]
    assert found == ["chunk 0, tick 0: b0 40 7f removed", "chunk 0, tick 0: b0 40 7f added"]


def test_a_new_part_gets_a_channel_of_any_port_there_is_and_says_which():
    every = [track(PORTS[0], f"00 9{c:x} 3c 40", f"60 8{c:x} 3c 40") for c in range(16)]
    two = parse(midi(*every, track(PORTS[1], NOTE)))
    edited = append_track(two, Track(notes((0, 96, 60))))
    assert shown(edited, 17)[:3] == ["0 ff 21 01 01", "0 c1 00", "0 91 3c 50"]
    first = append_track(parse(midi(track(PORTS[1], NOTE), track(PORTS[0], NOTE))), Track(notes((0, 96, 60))))
    assert shown(first, 2)[:2] == ["0 ff 21 01 00", "0 c1 00"]


def test_notes_of_another_port_are_no_neighbours():
    two = parse(midi(track(PORTS[1], NOTE), track(PORTS[0], "00 99 24 40", "60 89 24 40")))
    kit = append_track(two, Track(notes((0, 96, 36)), channel=9))
    assert len(kit.parts()) == 2  # the same drum of the same port is there
    other = append_track(
        parse(midi(track(PORTS[0], NOTE), track(PORTS[1], "00 99 24 40", "60 89 24 40"))),
        Track(notes((0, 96, 36)), channel=9),
    )
    assert [part.track.port for part in other.parts()] == [0, 1, 0]
