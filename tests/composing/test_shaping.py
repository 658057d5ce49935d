"""Cells brought to what is asked of a part."""

from __future__ import annotations

import numpy as np

from symbolic_embed.bars.patterns.measures import nothing_played, played_in
from symbolic_embed.composing import shaping
from symbolic_embed.composing.controls import Wishes
from symbolic_embed.composing.shaping import fewest_of, pace_of, plays
from symbolic_embed.encodings.note_rows import FIRST_DRUM
from symbolic_embed.networks.pace import ANY

NOTHING = nothing_played()


def cell(*notes: tuple[int, int, int]) -> np.ndarray:
    return np.array(notes, np.int64).reshape(-1, 3)


QUARTERS = cell(*((12 * beat, 60 + beat, 12) for beat in range(4)))
HELD = cell(*((12 * beat, 60 + beat, 48) for beat in range(4)))  # one more sounds on every beat


def pace(wish: Wishes, *so_far, single: bool = False) -> list[list[int]]:
    found = pace_of(wish, so_far or [NOTHING], steps=48, single=single)
    return [column.tolist() for column in (found.most, found.least_together, found.most_together, found.apart)]


def shaped(notes: np.ndarray, wish: Wishes, so_far, *, single: bool) -> np.ndarray:
    return shaping.shaped(notes, wish, so_far, steps=48, single=single)


def test_without_wishes_notes_come_as_they_come():
    assert pace(Wishes(), NOTHING, NOTHING) == [[ANY] * 2, [1] * 2, [ANY] * 2, [0] * 2]


def test_what_is_lacking_is_made_up_for_but_not_all_at_once():
    """Two notes a quarter: eight in the first bar; after a bar of four twelve, after a rest of three bars sixteen."""
    four, rests = played_in([QUARTERS], steps=48), played_in([cell()], steps=144)
    wish = Wishes(density=2.0)
    assert pace(wish, NOTHING, four, rests)[0] == [8, 12, 16]
    assert fewest_of(wish, [NOTHING, four, rests], steps=48).tolist() == [6, 10, 13]
    assert fewest_of(Wishes(), [NOTHING], steps=48).tolist() == [0]


def test_a_part_plays_where_as_much_is_wanted_as_it_begins_together():
    """A triad in the first bar is three notes; at three eighths of a note a quarter that is the share of two bars."""
    triad = cell((0, 60, 48), (0, 64, 48), (0, 67, 48))
    one, two = (played_in([triad], steps=48 * bars) for bars in (1, 2))
    wish = Wishes(density=3 / 8)
    assert not plays(wish, one, steps=48)
    assert plays(wish, two, steps=48)
    assert plays(Wishes(), one, steps=48) is None


def test_so_many_begin_together_that_it_comes_to_the_polyphony():
    """Two and a half: two or three; after single notes five, after triads one."""
    single = played_in([QUARTERS], steps=48)
    triads = played_in([cell((0, 60, 48), (0, 64, 48), (0, 67, 48))], steps=48)
    assert pace(Wishes(polyphony=2.5), NOTHING, single, triads)[1:3] == [[2, 5, 1], [3, 5, 1]]


def test_long_notes_of_one_voice_need_room():
    assert pace(Wishes(note_length=2.0), single=True)[3] == [12]
    assert pace(Wishes(note_length=2.0), single=False)[3] == [0]
    assert pace(Wishes(note_length=2.0, density=1.0), single=True)[3] == [0]


def test_lengths_shrink_and_grow_alike_as_far_as_there_is_room():
    assert shaped(QUARTERS, Wishes(note_length=0.5), NOTHING, single=True)[:, 2].tolist() == [6] * 4
    assert shaped(QUARTERS, Wishes(note_length=2.0), NOTHING, single=True)[:3, 2].tolist() == [12] * 3
    assert shaped(QUARTERS, Wishes(note_length=2.0), NOTHING, single=False)[:, 2].tolist() == [24] * 4
    mixed = cell((0, 60, 6), (12, 60, 18))
    assert shaped(mixed, Wishes(note_length=0.5), NOTHING, single=True)[:, 2].tolist() == [3, 9]


def test_lengths_make_up_for_what_was_played():
    """Four quarters were a quarter long: these must be three quarters, that all are half a quarter more."""
    so_far = played_in([cell(*((12 * beat, 60, 3) for beat in range(4)))], steps=48)
    lasting = shaped(QUARTERS, Wishes(note_length=0.5), so_far, single=True)[:, 2]
    assert (12 + lasting.sum()) / 8 == 6


def test_no_more_sound_than_are_wanted():
    found = shaped(HELD, Wishes(polyphony=2.0), NOTHING, single=False)
    assert found[:, 2].tolist() == [24, 24, 24, 12]
    assert shaped(HELD, Wishes(polyphony=1.0), NOTHING, single=True)[:, 2].tolist() == [12] * 4


def test_notes_beyond_the_range_go_into_it_by_octaves():
    """The same rhythm and pitch classes; two that meet become one, and what fits nowhere stays."""
    found = shaped(QUARTERS, Wishes(lowest=62, highest=74), NOTHING, single=False)
    assert found.tolist() == cell((0, 72, 12), (12, 73, 12), (24, 62, 12), (36, 63, 12)).tolist()
    octave = cell((0, 50, 12), (0, 62, 12))
    assert shaped(octave, Wishes(lowest=60, highest=72), NOTHING, single=False).tolist() == [[0, 62, 12]]
    assert shaped(octave, Wishes(lowest=63, highest=65), NOTHING, single=False).tolist() == octave.tolist()


def test_drums_and_rests_and_cells_without_wishes_stay():
    drums = cell((0, FIRST_DRUM + 36, 2), (0, FIRST_DRUM + 42, 2))
    assert shaped(drums, Wishes(polyphony=1.0, lowest=60), NOTHING, single=False) is drums
    assert len(shaped(cell(), Wishes(note_length=1.0), NOTHING, single=True)) == 0
    assert shaped(HELD, Wishes(density=1.0), NOTHING, single=False).tolist() == HELD.tolist()
