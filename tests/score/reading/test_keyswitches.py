"""Keyswitches are no notes of the music; a part's real notes are never taken for them."""

import numpy as np
import pytest

from symbolic_embed.score import Notes, Score, Track, parse, read_bytes
from symbolic_embed.score.editing.comparing import Asked, untouched_difference
from symbolic_embed.score.editing.in_place import fitted, replace_notes
from symbolic_embed.score.editing.transforming import transposed
from symbolic_embed.score.writing.layout import score_to_events

QUARTER = 480
PIANO, ORGAN, VIOLIN, CELLO, STRINGS, BASS = 0, 19, 40, 42, 48, 33
TUNE = [(n * QUARTER, QUARTER, 67 + n * 5 % 12) for n in range(16)]


def part(*more, program=STRINGS, tune=TUNE):
    """A tune, and more notes as (onset, duration, pitch)."""
    return Track(Notes.of(*zip(*((*row, 80) for row in (*tune, *more)), strict=True)), "Strings", program)


def keys(track):
    """The pitches of the keyswitches that reading finds in a part."""
    data = score_to_events(Score(QUARTER, (track,))).to_bytes()
    (found,) = read_bytes(data).tracks
    assert (found,) == parse(data).score().tracks
    return found.keyswitches.pitch.tolist()


@pytest.mark.parametrize(
    ("more", "program", "found"),
    [
        ([(450, 60, 12), (4 * 480 - 30, 60, 15)], STRINGS, [12, 15]),  # short, just before the music
        ([(0, 16 * 480, 14)], PIANO, [14]),  # held, on a key that no piano has
        ([(0, 60, 24), (960, 60, 26)], STRINGS, [24, 26]),  # so brief that it is no bass
        ([(0, 8 * 480, 24), (8 * 480, 8 * 480, 26)], VIOLIN, [24, 26]),  # held, where no violin reaches
        ([(0, 60, 120)], PIANO, [120]),  # above the range
        ([(0, 60, 24)], STRINGS, []),  # one alone may be music
        ([(0, 480, 33)], STRINGS, []),  # a double bass plays that
        ([(0, 16 * 480, 24)], STRINGS, []),  # a low drone
        ([(0, 4 * 480, 21), (4 * 480, 4 * 480, 28)], PIANO, []),  # the left hand
        ([(0, 8 * 480, 36), (8 * 480, 8 * 480, 41)], ORGAN, []),  # the pedals of an organ
        ([(0, 60, 12), (0, 60, 15)], STRINGS, []),  # two at once
        ([(n * 480, 60, 12) for n in range(17)], STRINGS, []),  # more than the music
        ([(0, 60, 108)], PIANO, []),  # the highest key of a piano
    ],
)
def test_what_is_a_keyswitch(more, program, found):
    assert keys(part(*more, program=program)) == found


@pytest.mark.parametrize(("program", "found"), [(BASS, [96]), (PIANO, [])])
def test_above_the_range_of_a_bass(program, found):
    low = [(onset, duration, pitch - 36) for onset, duration, pitch in TUNE]
    assert keys(part((0, 480, 96), program=program, tune=low)) == found


def test_an_open_string_of_a_cello_below_a_high_passage():
    assert keys(part((0, 60, 36), program=CELLO)) == []


def test_drums_have_none():
    kit = Track(Notes.of(*zip(*((*row, 80) for row in (*TUNE, (0, 60, 12))), strict=True)), channel=9)
    assert keys(kit) == []


SWITCHED = part((450, 60, 12), (930, 60, 15))
EVENTS = score_to_events(Score(QUARTER, (SWITCHED,)))


def test_a_warning_names_them():
    (warning,) = EVENTS.score().warnings
    assert str(warning) == "track 0: 2 notes on C0 to Eb0, kept as they are and not taken for music"


def test_what_is_read_is_written_again():
    assert score_to_events(EVENTS.score()) == EVENTS


def test_an_edit_leaves_them_alone_and_keeps_clear_of_them():
    (switched,) = EVENTS.parts()
    add = Notes.of([440, 2000], [100, 100], [12, 60], [80, 80])
    assert fitted(add, EVENTS, switched, remove=[]).rows()[:, :3].tolist() == [[440, 10, 12], [2000, 100, 60]]
    edited = replace_notes(EVENTS, switched, remove=range(16), add=part().notes)
    assert edited.parts()[0].track.keyswitches == switched.track.keyswitches
    assert untouched_difference(EVENTS, edited, parts_and_ranges=[Asked(1, 0, 0, 10**6)]) == []


def test_the_proof_notices_one_that_is_gone():
    (switched,) = EVENTS.parts()
    chunk = tuple(e for n, e in enumerate(EVENTS.chunks[1]) if n not in switched.keyswitch_events)
    without = type(EVENTS)(QUARTER, (EVENTS.chunks[0], chunk))
    gone = untouched_difference(EVENTS, without, parts_and_ranges=[Asked(1, 0, 0, 10**6)])
    assert [one.what for one in gone] == ["removed"] * 4


def test_in_another_key_they_stay():
    moved = transposed(EVENTS, 2).score().tracks[0]
    assert moved.keyswitches == SWITCHED.notes.where(SWITCHED.notes.pitch < 20)
    assert np.array_equal(moved.notes.pitch, SWITCHED.notes.pitch[SWITCHED.notes.pitch > 20] + 2)
