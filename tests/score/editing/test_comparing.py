"""The proof of an edit must itself be able to fail."""

from dataclasses import replace

import pytest
import strategies
from hypothesis import given
from midi_bytes import midi, track

from symbolic_embed.score import Event, parse
from symbolic_embed.score.editing.comparing import Asked, Untouched, untouched_difference

BEFORE = parse(
    midi(track("00 c0 05", "00 90 3c 40", "60 80 3c 40", "00 b0 40 00"), track("00 91 3c 40", "60 81 3c 40"))
)


def changed(chunk, *events):
    """BEFORE with other events in one chunk, end-of-track at the old place."""
    ended = (*(Event(tick, bytes.fromhex(message)) for tick, message in events), BEFORE.chunks[chunk][-1])
    chunks = list(BEFORE.chunks)
    chunks[chunk] = ended
    return replace(BEFORE, chunks=tuple(chunks))


def differences(after, *asked):
    return [str(one) for one in untouched_difference(BEFORE, after, parts_and_ranges=[Asked(*one) for one in asked])]


@given(strategies.event_lists(long=False))
def test_nothing_differs_from_itself(events):
    assert untouched_difference(events, events, parts_and_ranges=[]) == []


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([(0, "c0 05"), (0, "90 3c 40"), (96, "80 3c 40")], ["chunk 0, tick 96: b0 40 00 removed"]),
        (
            [(0, "c0 06"), (0, "90 3c 40"), (96, "80 3c 40"), (96, "b0 40 00")],
            ["chunk 0, tick 0: c0 05 removed", "chunk 0, tick 0: c0 06 added"],
        ),
        (
            [(0, "90 3c 40"), (0, "c0 05"), (96, "80 3c 40"), (96, "b0 40 00")],
            ["chunk 0, tick 0: 90 3c 40 moved", "chunk 0, tick 0: c0 05 moved"],
        ),
        (
            [(0, "c0 05"), (0, "90 3c 41"), (96, "80 3c 40"), (96, "b0 40 00")],
            ["chunk 0, tick 0: 90 3c 40 removed", "chunk 0, tick 0: 90 3c 41 added"],
        ),
    ],
)
def test_every_change_is_found(events, said):
    assert differences(changed(0, *events)) == said


def test_what_was_asked_for_is_no_difference_and_its_neighbours_are():
    other = changed(0, (0, "c0 05"), (0, "90 40 40"), (96, "80 40 40"), (96, "b0 40 00"))
    assert differences(other, (0, 0, 0, 1)) == []
    assert len(differences(other, (0, 0, 1, 96))) == 4
    assert len(differences(other, (0, 1, 0, 1))) == 4
    assert len(differences(other, (1, 0, 0, 1))) == 4


def test_end_of_track_division_and_lost_chunks_count():
    late = replace(BEFORE, chunks=(BEFORE.chunks[0], (*BEFORE.chunks[1][:-1], Event(500, b"\xff\x2f\x00"))))
    assert differences(late) == ["chunk 1, tick 500: ff 2f 00 moved"]
    assert differences(replace(BEFORE, division=96)) == ["chunk 0, tick 0:  header"]
    assert len(differences(replace(BEFORE, chunks=BEFORE.chunks[:1]))) == 2


def test_new_controls_may_be_added_and_none_of_the_old_may_go():
    """BEFORE has a pedal at tick 96; one more is put there, then in its place."""
    notes = [(0, "c0 05"), (0, "90 3c 40"), (96, "80 3c 40")]
    with_one_more = changed(0, *notes, (96, "b0 40 00"), (96, "b0 42 00"))
    instead = changed(0, *notes, (96, "b0 42 00"))
    allowed = (0, 0, 96, 97, True)
    assert differences(with_one_more, allowed) == []
    assert differences(with_one_more) == ["chunk 0, tick 96: b0 42 00 added"]
    assert differences(with_one_more, (0, 0, 96, 97, False)) == ["chunk 0, tick 96: b0 42 00 added"]
    assert differences(instead, allowed) == ["chunk 0, tick 96: b0 40 00 removed"]


def test_a_control_there_twice_is_not_taken_for_the_old_one():
    notes = [(0, "c0 05"), (0, "90 3c 40"), (96, "80 3c 40")]
    twice = changed(0, *notes, (96, "b0 40 00"), (96, "b0 40 00"))
    assert differences(twice, (0, 0, 96, 97, True)) == []
    assert differences(twice) == ["chunk 0, tick 96: b0 40 00 added"]


def test_what_is_compared_can_be_counted():
    assert Untouched(BEFORE, []).count() == 6
    assert Untouched(BEFORE, [Asked(0, 0, 0, 1)]).count() == 4
    assert Untouched(BEFORE, [Asked(0, 0, 0, 1), Asked(1, 1, 0, 1)]).count() == 2
