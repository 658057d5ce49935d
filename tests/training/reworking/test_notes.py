"""Passages as notes: where and when they are, and the cells they make."""

from dataclasses import replace

import numpy as np
import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st
from passage_notes import BAND, CHORDS, DRUMS, KIT, MELODY, PIANO, TUNE, passages, rows_of, some_passages
from strategies import contents

from symbolic_embed.bars import cell_windows, cut
from symbolic_embed.bars.windows import DRUM, DRUM_LENGTH, HELD
from symbolic_embed.score import TimeSignature
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
    windows, cells, slots, roles = passages(first, second, steps=(48, 36)).cells()
    assert cells.tolist() == [0, 1, 2, 3]  # a window each
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
    windows = passages(notes).cells().windows
    assert windows.length.tolist() == [20, 255]


@given(some_passages())
def test_cells_hold_every_note_of_theirs_once(notes):
    windows, cells, slots, roles = notes.cells()
    bars = notes.bars
    assert cells.tolist() == list(range(len(slots)))  # no bar is longer than a window
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


def test_a_long_bar_is_several_windows_of_one_cell_with_held_notes_in_the_later_ones():
    """12/8, 72 steps, in 48 and 24; the second bar has something in its second window alone. Drums are never held."""
    tune = [(TUNE, 0, 40, 60, 8), (TUNE, 0, 44, 62, 20), (TUNE, 0, 50, 64, 6), (TUNE, 1, 60, 65, 300)]
    held = [(PIANO, 0, 0, 48, 70, HELD), (PIANO, 0, 0, 50, 48, HELD), (PIANO, 0, 0, 52, 12)]
    windows, cells, slots, roles = passages([*tune, *held, (KIT, 1, 47, 36, 3)], steps=(72, 72)).cells()
    assert cells.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert slots.tolist() == [0, 1, 0, 1]
    assert roles.tolist() == [MELODY, MELODY, CHORDS, DRUMS]
    assert contents(windows) == [
        (48, [(40, 0, 60, 8), (44, 0, 62, 20)]),
        (24, [(0, HELD, 62, 16), (2, 0, 64, 6)]),
        (48, []),
        (24, [(12, 0, 65, 255)]),
        (48, [(0, 0, 52, 12), (0, HELD, 48, 70), (0, HELD, 50, 48)]),
        (24, [(0, HELD, 48, 22)]),
        (48, [(47, DRUM, 36, 3)]),
        (24, []),
    ]


def test_a_note_is_held_through_all_later_windows_of_its_bar_and_lasts_as_long_as_is_left():
    """Of a note of 400 steps in a bar of 150, 256 and more are left in every window: 255 can be written."""
    windows, cells, _, _ = passages([(TUNE, 0, 0, 60, 400), (TUNE, 1, 0, 60, 1)], steps=(150, 48)).cells()
    assert cells.tolist() == [0, 0, 0, 0, 1]
    lasting = [(steps, [(0, flag, 60, 255)]) for steps, flag in ((48, 0), (48, HELD), (48, HELD), (6, HELD))]
    assert contents(windows) == [*lasting, (48, [(0, 0, 60, 1)])]
    short = passages([(TUNE, 0, 10, 60, 137)], steps=(150, 48)).cells().windows
    assert contents(short) == [
        (48, [(10, 0, 60, 137)]),
        (48, [(0, HELD, 60, 99)]),
        (48, [(0, HELD, 60, 51)]),
        (6, [(0, HELD, 60, 3)]),
    ]


def test_of_doubled_notes_in_a_later_window_the_longest_stays():
    """One held over into it from before, and one held over into the whole bar."""
    notes = [(TUNE, 0, 0, 60, 60, HELD), (TUNE, 0, 40, 60, 25), (TUNE, 0, 3, 62, 3)]
    windows = passages(notes, steps=(72, 72)).cells().windows
    assert contents(windows)[1] == (24, [(0, HELD, 60, 17)])


def as_passage(barred):
    """A whole piece as one passage, by a loop: every note where it begins, and in each later bar in which it sounds."""
    lines, end = barred.grid.bar_steps, barred.grid.bar_steps[-1]
    rows = []
    columns = (barred.notes.track, barred.note_bar, barred.notes.onset_steps, barred.notes.pitch)
    for track, bar, onset, pitch, length, drum in zip(
        *columns, barred.notes.length_steps, barred.note_is_drum, strict=True
    ):
        if drum:
            rows.append((track, bar, onset - lines[bar], pitch, DRUM_LENGTH, DRUM))
            continue
        rows.append((track, bar, onset - lines[bar], pitch, length, 0))
        while lines[bar + 1] < min(onset + length, end):
            bar += 1
            rows.append((track, bar, 0, pitch, onset + length - lines[bar], HELD))
    roles = dict.fromkeys(range(len(barred.roles)), CHORDS)
    return passages(rows, roles=roles, steps=np.diff(lines).tolist())


@pytest.mark.parametrize("signature", [(12, 8), (5, 4), (9, 4), (4, 4)])
@given(score=strategies.scores(quarters=16))
def test_cells_are_the_cell_windows_of_a_piece(signature, score):
    barred = cut(replace(score, time_signatures=(TimeSignature(0, *signature),)))
    windows, cells, slots, _ = as_passage(barred).cells()
    wanted = cell_windows(barred)
    assert contents(windows) == contents(wanted)
    first = wanted.part_of_bar == 0
    assert slots.tolist() == wanted.bar[first].tolist()
    assert cells.tolist() == (np.cumsum(first) - 1).tolist()


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
