"""Measures that can be counted on the fingers, and sums that can be added."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from looping_music import BEAT, KIT, part, piece, pop

from symbolic_embed.bars.patterns.measures import nothing_played, played_by, played_in


def cell(*notes: tuple[int, int, int]) -> np.ndarray:
    return np.array(notes, np.int64).reshape(-1, 3)


def test_what_a_cell_plays():
    """Two halves of a bar: a triad of two quarters, then one note of one quarter."""
    played = played_in([cell((0, 60, 24), (0, 64, 24), (0, 67, 24), (24, 72, 12))], steps=48)
    assert played.density.tolist() == [1.0]
    assert played.polyphony.tolist() == [(3 * 24 + 12) / 36]
    assert played.pitch.tolist() == [(60 + 64 + 67 + 72) / 4]
    assert played.note_length.tolist() == [(2 + 2 + 2 + 1) / 4]
    assert (played.lowest[0], played.highest[0]) == (60, 72)


def test_drums_are_struck_at_once_however_long_they_are():
    played = played_in([cell((0, 128 + 36, 48), (0, 128 + 42, 3), (12, 128 + 42, 3))], steps=48)
    assert played.polyphony.tolist() == [1.5]


def test_a_note_sounds_to_the_end_of_its_cell_and_is_as_long_as_it_is():
    played = played_in([cell((36, 60, 96), (36, 64, 12))], steps=48)
    assert played.polyphony.tolist() == [2.0]
    assert played.note_length.tolist() == [(8 + 1) / 2]


def test_a_rest_has_a_density_and_nothing_else():
    played = played_in([cell(), cell((0, 60, 12))], steps=48)
    assert played.density.tolist() == [0.0, 0.25]
    assert np.isnan(played.polyphony).tolist() == np.isnan(played.pitch).tolist() == [True, False]
    assert np.isnan(played.note_length).tolist() == [True, False]


def test_a_part_in_all_its_bars_and_in_some():
    band = pop(turns=2)
    keys, low, kit = (played_by(band, number) for number in range(3))
    assert (keys.density[0], keys.polyphony[0], keys.note_length[0]) == (0.75, 3.0, 4.0)
    assert (low.polyphony[0], low.lowest[0], low.highest[0]) == (1.0, 36, 45)
    assert (kit.density[0], kit.polyphony[0]) == (1.0, 1.0)
    assert played_by(band, 1, bars=range(1, 3)).pitch.tolist() == [(41 + 36) / 2]
    assert played_by(piece(part([(0, 1, 60)]), part([(4, 1, 60)]), metre=(4, 4)), 1, bars=range(1)).notes.tolist() == [
        0
    ]
    assert played_by(piece(part(BEAT, channel=KIT)), 0).pitch.tolist() == [37]


notes = st.tuples(st.integers(0, 47), st.integers(40, 80), st.integers(1, 60))


@given(st.lists(st.lists(notes, max_size=6), min_size=1, max_size=4), st.lists(notes, max_size=6))
def test_sums_are_those_of_both_and_one_row_is_added_to_each(cells, before):
    tables = [cell(*one) for one in cells]
    so_far = played_in([cell(*before)], steps=48)
    together = so_far + played_in(tables, steps=48)
    for row, table in enumerate(tables):
        alone = nothing_played() + so_far + played_in([table], steps=48)
        for name in ("density", "polyphony", "pitch", "note_length", "lowest", "highest"):
            np.testing.assert_array_equal(getattr(together, name)[row], getattr(alone, name)[0])
        assert together.notes[row] == len(before) + len(table)
        assert together.steps[row] == 96
