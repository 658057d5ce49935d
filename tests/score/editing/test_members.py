"""New notes on many channels: on which, and how they and their neighbours are bent."""

from dataclasses import replace

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st
from midi_bytes import midi, track

from symbolic_embed.score import Event, EventList, Notes, parse
from symbolic_embed.score.editing.comparing import Asked, untouched_difference
from symbolic_embed.score.editing.in_place import add_events, append_track, replace_notes
from symbolic_embed.score.score import Track

ZONE = "00 b0 65 00 00 b0 64 06 00 b0 06 02"  # members: channels 1 and 2
EVERYWHERE = 10**6


def notes(*rows):
    """Notes from (onset, duration, pitch); velocity 80."""
    return Notes.of(*zip(*((*row, 80) for row in rows), strict=True))


def edited(events, *rows, remove=()):
    """The events with new notes in their only part, after the proof that nothing else has changed."""
    (part,) = events.parts()
    after = replace_notes(events, part, remove=list(remove), add=notes(*rows))
    asked = Asked.of(part.track, 0, EVERYWHERE)
    assert untouched_difference(events, after, parts_and_ranges=asked) == []
    assert len(after.parts()) == 1
    return after


def new_events(before, after):
    """What is in the second list and not in the first: tick and bytes."""
    there = list(before.chunks[0])
    return [f"{e.tick} {e.message.hex(' ')}" for e in after.chunks[0][:-1] if e not in there or there.remove(e)]


def channels(events, *pitches):
    """On which channel each pitch is struck first."""
    struck = {m[1]: m[0] & 15 for _, m in reversed(events.chunks[0]) if m[0] & 0xF0 == 0x90}
    return [struck[pitch] for pitch in pitches]


def test_a_new_note_goes_where_nothing_sounds():
    held = parse(midi(track(ZONE, "00 91 3c 40", "60 81 3c 40")))
    assert channels(edited(held, (10, 20, 64)), 64) == [2]


def test_members_take_turns():
    zone = parse(midi(track("00 b0 65 00 00 b0 64 06 00 b0 06 04", "00 92 3c 40", "60 82 3c 40")))
    after = edited(zone, *((96 + 10 * n, 10, 70 + n) for n in range(6)))
    assert channels(after, *range(70, 76)) == [1, 3, 4, 2, 1, 3]


def test_a_member_that_is_bent_while_the_note_lasts_comes_last():
    zone = parse(midi(track("00 b0 65 00 00 b0 64 06 00 b0 06 02", "00 92 3c 40 10 82 3c 40", "20 e1 00 50")))
    assert channels(edited(zone, (40, 20, 64)), 64) == [2]
    assert channels(edited(zone, (60, 20, 64)), 64) == [1]


def test_what_is_bent_and_pressed_is_set_back_to_neutral_where_the_note_begins():
    bent = "00 e1 00 50", "00 d1 30", "00 b1 4a 10"
    zone = parse(midi(track("00 b0 65 00 00 b0 64 06 00 b0 06 01", *bent, "00 91 3c 40", "60 81 3c 40")))
    assert new_events(zone, edited(zone, (100, 20, 64))) == [
        "100 e1 00 40",
        "100 d1 00",
        "100 b1 4a 40",
        "100 91 40 50",
        "120 81 40 40",
    ]


def test_what_is_neutral_is_not_said_again():
    zone = parse(midi(track("00 b0 65 00 00 b0 64 06 00 b0 06 01", "00 e1 00 40", "00 91 3c 40", "60 81 3c 40")))
    assert new_events(zone, edited(zone, (100, 20, 64))) == ["100 91 40 50", "120 81 40 40"]


def test_a_kept_note_that_counts_on_a_bend_gets_it_again():
    """The bend at tick 0 is for both notes; the new one stands between them. The second note begins where it ends."""
    setup = "00 b0 65 00 00 b0 64 06 00 b0 06 01 00 e1 00 50"
    zone = parse(midi(track(setup, "00 91 3c 40 10 81 3c 40", "20 91 3e 40 10 81 3e 40")))
    after = edited(zone, (20, 28, 64))
    assert new_events(zone, after) == ["20 e1 00 40", "20 91 40 50", "48 81 40 40", "48 e1 00 50"]
    messages = [message.hex(" ") for _, message in after.chunks[0]]
    assert messages.index("e1 00 50", messages.index("91 40 50")) < messages.index("91 3e 40")


def test_where_it_is_set_anew_for_the_kept_note_nothing_is_said():
    setup = "00 b0 65 00 00 b0 64 06 00 b0 06 01 00 e1 00 50"
    zone = parse(midi(track(setup, "00 91 3c 40 10 81 3c 40", "1f e1 00 51", "01 91 3e 40 10 81 3e 40")))
    assert new_events(zone, edited(zone, (20, 10, 64))) == ["20 e1 00 40", "20 91 40 50", "30 81 40 40"]


def test_where_all_are_busy_nobody_is_bent():
    zone = parse(midi(track("00 b0 65 00 00 b0 64 06 00 b0 06 01 00 e1 00 50", "00 91 3c 40", "60 81 3c 40")))
    assert new_events(zone, edited(zone, (10, 20, 64))) == ["10 91 40 50", "30 81 40 40"]


def test_a_note_that_comes_as_one_went_stays_the_note_it_was():
    zone = parse(midi(track(ZONE, "00 e1 00 50", "00 91 3c 50", "60 81 3c 40")))
    assert edited(zone, (0, 96, 60), remove=[0]) == zone


@pytest.mark.parametrize(
    ("bend", "found"), [(b"\0\x50", ["sounds otherwise"]), (b"\0\x40", [])], ids=["bent", "neutral"]
)
def test_the_proof_refuses_a_bend_before_a_note_that_stays(bend, found):
    zone = parse(midi(track(ZONE, "00 91 3c 40", "60 81 3c 40")))
    changed = replace(zone, chunks=((Event(0, b"\xe1" + bend), *zone.chunks[0]),))
    asked = Asked.of(zone.parts()[0].track, 0, EVERYWHERE)
    assert [one.what for one in untouched_difference(zone, changed, parts_and_ranges=asked)] == found


@pytest.mark.parametrize(("tick", "found"), [(50, ["sounds otherwise"]), (97, [])])
def test_the_proof_refuses_a_bend_while_a_note_that_stays_sounds(tick, found):
    zone = parse(midi(track(ZONE, "00 91 3c 40", "60 81 3c 40")))
    changed = add_events(zone, [Event(tick, b"\xe1\0\x50")], chunk=0)
    asked = Asked.of(zone.parts()[0].track, 0, EVERYWHERE)
    assert [one.what for one in untouched_difference(zone, changed, parts_and_ranges=asked)] == found


def test_of_two_equal_notes_one_may_go():
    twice = parse(midi(track(ZONE, "00 91 3c 40 00 e1 00 50 00 91 3c 40", "60 81 3c 40 00 81 3c 40")))
    edited(twice, (200, 10, 64), remove=[0])


@given(strategies.event_chunks(odd=False, long=False), st.sampled_from([ZONE, ""]), st.data())
def test_any_edit_of_any_zone_or_strings_leaves_the_notes_that_stay_as_they_sound(chunk, zone, data):
    """With a zone, what is on channel 1 is its; without one, channels 0 and 1 are joined."""
    setup = parse(midi(track(zone))).chunks[0][:-1]
    events = EventList(480, ((*setup, *chunk),), join_channels=not zone)
    parts = [part for part in events.parts() if part.track.members]
    if not parts:
        return
    remove = [index for index in range(len(parts[0].track.notes)) if data.draw(st.booleans())]
    rows = st.tuples(st.integers(0, 2000), st.integers(1, 300), st.sampled_from([60, 64, 127]))
    add = data.draw(st.lists(rows, max_size=6))
    after = replace_notes(events, parts[0], remove=remove, add=notes(*add) if add else Notes.none())
    asked = Asked.of(parts[0].track, 0, EVERYWHERE)
    found = untouched_difference(events, after, parts_and_ranges=asked)
    assert found == [] or after.chunks[0][-1] != events.chunks[0][-1]  # notes that never ended have grown


@pytest.mark.parametrize(("pitch", "string"), [(41, 0), (50, 1), (56, 2), (90, 2)])
def test_a_string_takes_the_notes_that_lie_nearest(pitch, string):
    strings = "".join(f"00 9{c} {p:02x} 40 10 8{c} {p:02x} 40" for c, p in enumerate((40, 48, 57)))
    guitar = parse(midi(track(strings)), join_channels=True)
    assert channels(edited(guitar, (100, 20, pitch)), pitch) == [string]


def test_a_string_that_sounds_is_left_to_its_note():
    strings = "".join(f"00 9{c} {p:02x} 40 10 8{c} {p:02x} 40" for c, p in enumerate((40, 48, 57)))
    guitar = parse(midi(track(strings, "00 91 30 40", "60 81 30 40")), join_channels=True)
    assert channels(edited(guitar, (60, 20, 50)), 50) == [2]


def test_a_new_part_stays_out_of_a_zone():
    """All channels belong to it, though most say nothing: another port is opened."""
    zone = parse(midi(track("00 b0 65 00 00 b0 64 06 00 b0 06 0f", "00 91 3c 40", "60 81 3c 40")))
    for new, channel in ((Track(notes((0, 10, 60))), 0), (Track(notes((0, 10, 36)), channel=9), 9)):
        part = append_track(zone, new).parts()[-1].track
        assert (part.port, part.channel) == (1, channel)
