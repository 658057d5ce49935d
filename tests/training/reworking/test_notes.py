"""Passages as notes: where and when they are, and the cells they make."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from passage_notes import BAND, CHORDS, DRUMS, KIT, MELODY, PIANO, TUNE, passages, rows_of, some_passages

from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.training.reworking.notes import PARTS, some, within_range


def test_where_and_when_each_note_is():
    notes = passages(
        [(TUNE, 0, 6, 60, 6), (KIT, 1, 12, 36, 3), (PIANO, 2, 0, 48, 9, HELD)],
        [(PIANO, 2, 4, 50, 1)],
        steps=(48, 36, 24),
    )
    assert notes.bars == 3
    assert len(notes) == 4
    assert notes.is_pitched.tolist() == [True, False, True, True]
    assert notes.begins.tolist() == [True, True, False, True]
    assert notes.bar_steps.tolist() == [48, 36, 24, 24]
    assert notes.time.tolist() == [6, 60, 84, 88]
    assert notes.own_part.tolist() == [TUNE, KIT, PIANO, PARTS + PIANO]


def test_some_notes_of_passages_and_the_notes_of_two():
    notes = passages([(TUNE, 0, 0, 60, 6), (TUNE, 1, 0, 62, 6)], [(PIANO, 0, 0, 48, 6)])
    late, early = notes.where(notes.bar == 1), notes.where(np.array([0]))
    assert [rows_of(late, passage) for passage in (0, 1)] == [[(TUNE, 1, 0, 62, 6, 0)], []]
    assert rows_of(late.and_also(early)) == rows_of(notes)
    assert len(late.steps) == 2


def test_cells_are_where_a_note_begins_with_their_slots_and_roles():
    """A cell in which all is held over is none; a held note is seen where another begins."""
    first = [(TUNE, 0, 0, 60, 6), (TUNE, 0, 0, 60, 6), (KIT, 1, 3, 36, 3), (PIANO, 0, 0, 48, 9, HELD)]
    second = [(PIANO, 1, 5, 50, 7), (PIANO, 1, 0, 48, 9, HELD), (PIANO, 0, 0, 55, 48)]
    windows, slots, roles = passages(first, second, steps=(48, 36)).cells()
    assert slots.tolist() == [0, 1, 2, 3]  # passage * bars + bar
    assert roles.tolist() == [MELODY, DRUMS, CHORDS, CHORDS]
    assert windows.steps.tolist() == [48, 36, 48, 36]
    columns = (windows.note_window, windows.onset, windows.flags, windows.pitch, windows.length)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == [
        (0, 0, 0, 60, 6),
        (1, 3, DRUM, 36, 3),
        (2, 0, 0, 55, 48),
        (3, 0, HELD, 48, 9),
        (3, 5, 0, 50, 7),
    ]


def test_of_doubled_notes_the_longest_stays_and_no_length_is_too_long_to_be_written():
    notes = [(TUNE, 0, 0, 60, 6), (TUNE, 0, 0, 60, 20), (TUNE, 0, 0, 60, 12), (TUNE, 0, 1, 61, 300)]
    windows, _, _ = passages(notes).cells()
    assert windows.length.tolist() == [20, 255]


@given(some_passages())
def test_cells_hold_every_note_of_theirs_once(notes):
    windows, slots, roles = notes.cells()
    bars = notes.bars
    begun = {
        (passage, part, bar)
        for passage, part, bar, begins in zip(notes.passage, notes.part, notes.bar, notes.begins, strict=True)
        if begins
    }
    assert sorted(slots.tolist()) == sorted(passage * bars + bar for passage, _, bar in begun)
    for number, (passage, part, bar) in enumerate(sorted(begun)):
        mine = {row[2:4] + row[5:] for row in rows_of(notes, passage) if row[:2] == (part, bar)}
        of_window = windows.where(np.array([number]))
        found = list(
            zip(*(column.tolist() for column in (of_window.onset, of_window.pitch, of_window.flags)), strict=True)
        )
        assert sorted(found) == sorted(mine)
        assert (slots[number], roles[number]) == (passage * bars + bar, BAND[part])
        assert windows.steps[number] == notes.steps[passage, bar]


@given(st.integers(-200, 300))
def test_pitches_come_back_by_octaves(pitch):
    back = int(within_range(np.array([pitch]))[0])
    assert 0 <= back <= 127
    assert (back - pitch) % 12 == 0
    assert back == pitch or not 0 <= pitch <= 127
    assert abs(back - pitch) < 12 + max(-pitch, pitch - 127, 0)


def test_some_are_that_share_of_all():
    chosen = some(4000, 0.3, np.random.default_rng(0))
    assert 0.27 < chosen.mean() < 0.33
    assert not some(50, 0, np.random.default_rng(0)).any()
    assert some(50, 1, np.random.default_rng(0)).all()
