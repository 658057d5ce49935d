"""Notes moved in place: nothing else moves, none is lost, none overlaps that did not."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from midi_bytes import midi, track

from symbolic_embed.score import EventList, Notes, Track, parse
from symbolic_embed.score.editing.moving import Played, is_movable, replayed, struck_otherwise
from symbolic_embed.score.score import Score
from symbolic_embed.score.writing.layout import score_to_events


def moved(events: EventList, later: dict[int, list[int]], louder: int = 0) -> EventList:
    """Notes of parts (by number) moved by so many ticks, ends as well."""
    plays = {}
    for number, ticks in later.items():
        notes = events.parts()[number].track.notes
        shift = np.array(ticks)
        velocity = notes.velocity.astype(np.int64) + louder
        changes = np.ones(len(notes), bool)
        plays[number] = Played(np.maximum(notes.onset_ticks + shift, 0), notes.offset_ticks + shift, velocity, changes)
    return replayed(events, plays)


def rows(events: EventList, number: int = 0) -> list[list[int]]:
    """Onset, end, pitch, velocity of the notes of a part."""
    notes = events.parts()[number].track.notes
    return [[onset, onset + lasts, pitch, loud] for onset, lasts, pitch, loud in notes.rows().tolist()]


def test_events_that_stay_stay_and_a_note_keeps_its_off():
    events = parse(midi(track("00 90 3c 40", "30 b0 40 7f", "30 80 3c 11", "00 90 3c 40", "60 90 3c 00")))
    after = moved(events, {0: [0, 24]}, louder=3)
    assert [(tick, message.hex()) for tick, message in after.chunks[0]] == [
        (0, "903c43"),
        (48, "b0407f"),
        (96, "803c11"),  # its release velocity
        (120, "903c43"),
        (216, "903c00"),  # a note-on of velocity 0, as it was
        (216, "ff2f00"),
    ]
    assert struck_otherwise(events, after) == []


def test_nothing_moves_where_nothing_is_asked():
    events = parse(midi(track("00 90 3c 40", "00 80 30 00", "60 80 3c 40", "00 90 3c 40", "60 80 3c 40")))
    assert moved(events, {0: [0, 0]}) == events


def test_none_begins_before_the_file_does():
    events = parse(midi(track("0a 90 3c 40", "60 80 3c 40")))
    assert rows(moved(events, {0: [-30]})) == [[0, 76, 60, 64]]


def test_a_note_ends_where_the_next_of_its_pitch_begins():
    events = parse(midi(track("00 90 3c 40", "60 80 3c 40", "00 90 3c 40", "60 80 3c 40")))
    assert rows(moved(events, {0: [0, -10]})) == [[0, 86, 60, 64], [86, 182, 60, 64]]
    assert rows(moved(events, {0: [100, 0]})) == [[100, 101, 60, 64], [101, 192, 60, 64]]


def test_a_note_that_stays_on_the_same_channel_in_another_track_is_kept_clear_of():
    first = track("00 90 3c 40", "60 80 3c 40", "60 90 3c 40", "60 80 3c 40")  # 0-96, 192-288
    second = track("60 90 3c 50", "60 80 3c 40")  # 96-192
    events = parse(midi(first, second))
    for shift in (-20, 20):
        after = moved(events, {1: [shift]})
        ((onset, end, _, _),) = rows(after, 1)
        assert 96 <= onset < end <= 192
        assert rows(after, 0) == rows(events, 0)


def test_a_note_that_may_not_change_is_kept_clear_of():
    events = parse(midi(track("00 90 3c 40", "60 80 3c 40", "00 90 3c 40", "60 80 3c 40")))
    wanted = Played(np.array([20, 80]), np.array([120, 180]), np.array([9, 9]), np.array([False, True]))
    assert rows(replayed(events, {0: wanted})) == [[0, 96, 60, 64], [96, 180, 60, 9]]


def test_programmes_and_keys_of_other_sounds_are_not_crossed():
    events = parse(midi(track("00 c0 05", "60 90 3c 40", "30 80 3c 40", "30 c0 06", "00 90 3c 40", "60 80 3c 40")))
    assert [row[0] for row in rows(moved(events, {0: [0, -40]}))] == [96, 192]
    assert [row[0] for row in rows(moved(events, {0: [120, 0]}))] == [191, 192]


def test_a_stray_note_off_ends_no_note_early():
    events = parse(midi(track("00 90 3c 40", "60 80 3c 40", "00 80 3c 40", "30 90 3c 40", "60 80 3c 40")))
    after = moved(events, {0: [30, -60]})
    assert rows(after) == [[30, 96, 60, 64], [96, 180, 60, 64]]


def test_notes_without_end_or_length_stay():
    events = parse(midi(track("00 90 3c 40", "00 80 3c 40", "60 90 40 40", "60 b0 01 00")))
    assert moved(events, {0: [50, 50]}) == events


def test_a_part_whose_notes_have_expression_of_their_own_is_not_movable():
    zone = "00 b0 65 00 00 b0 64 06 00 b0 06 0f"  # all other channels are members
    events = parse(midi(track(zone, "00 e1 00 50", "00 91 3c 40", "60 81 3c 40")))
    (part,) = events.parts()
    assert not is_movable(part)
    assert moved(events, {0: [30]}) == events


def test_what_was_struck_otherwise_is_found():
    one = parse(midi(track("00 90 3c 40", "60 80 3c 40", "00 90 3c 40", "60 80 3c 40")))
    other = parse(midi(track("00 90 3d 40", "60 80 3d 40", "00 90 3c 40", "60 80 3c 40")))
    overlapping = parse(midi(track("00 90 3c 40", "60 90 3c 40", "10 80 3c 40", "60 80 3c 40")))
    assert struck_otherwise(one, other) == ["chunk 0, channel 1: other keys are struck"]
    assert struck_otherwise(one, overlapping) == ["chunk 0, channel 1: notes of one pitch overlap that did not"]


NOTES = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 90), st.sampled_from([60, 62]), st.integers(1, 127)), min_size=1,
    max_size=24,
)  # fmt: skip


@given(st.lists(NOTES, min_size=1, max_size=3), st.integers(0, 2**32), st.integers(1, 60))
def test_whatever_is_asked_all_notes_are_there_in_their_order_and_none_overlaps(parts, seed, farthest):
    random = np.random.default_rng(seed)
    tracks = tuple(Track(Notes.of(*zip(*notes, strict=True)), name="x", channel=0) for notes in parts)
    events = score_to_events(Score(480, tracks), addresses=[0] * len(tracks))
    later = {
        number: random.integers(-farthest, farthest + 1, len(part.track.notes)).tolist()
        for number, part in enumerate(events.parts())
        if random.random() < 0.7
    }
    after = moved(events, later)
    assert struck_otherwise(events, after) == []
    assert len(after.parts()) == len(events.parts())
    for pitch in (60, 62):
        sounding = sorted(
            row[:2] for number in range(len(after.parts())) for row in rows(after, number) if row[2] == pitch
        )
        assert all(one[1] <= other[0] for one, other in pairwise(sounding))
    for number in set(range(len(events.parts()))) - later.keys():
        assert rows(after, number) == rows(events, number)
    assert parse(after.to_bytes()).score().tracks == after.score().tracks


@pytest.mark.parametrize("louder", [-200, 200])
def test_velocities_stay_velocities(louder):
    events = parse(midi(track("00 90 3c 40", "60 80 3c 40")))
    assert rows(moved(events, {0: [0]}, louder=louder))[0][3] in (1, 127)
