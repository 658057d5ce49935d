"""What the composer is conditioned on."""

from __future__ import annotations

import numpy as np
import pytest
import strategies
from composers import band_seed, tiny_composer
from hypothesis import given
from hypothesis import strategies as st
from strategies import contents

from symbolic_embed.bars import ROLES, bar_windows, cell_windows
from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.composing.context import piece_context, silence, windows_of, without_doubles, writing_order


@pytest.fixture(scope="module")
def embedder():
    return tiny_composer().embedder


def test_chords_are_written_before_bass_melody_and_drums_and_equal_roles_in_order_of_their_tracks():
    assert writing_order(["drums", "melody", "bass", "chords"]) == [3, 2, 1, 0]
    assert writing_order(["bass", "chords", "bass", "chords"]) == [1, 3, 0, 2]


def test_each_step_is_conditioned_on_the_cells_and_the_bar_before_and_the_first_on_silence(embedder):
    piece = band_seed().barred
    order = writing_order(piece.roles)
    context, last_cells, last_bar = piece_context(embedder, piece, order=order)
    cells, bars = cell_windows(piece), embedder.embed_windows(bar_windows(piece))
    vectors = embedder.embed_windows(cells)
    silent = silence(embedder)
    for turn, part in enumerate(order):
        own = vectors[cells.track == part]
        np.testing.assert_allclose(context.last_cell[turn, 0], silent, atol=1e-5)
        np.testing.assert_allclose(context.last_cell[turn, 1:], own[:-1], atol=1e-5)
        np.testing.assert_allclose(last_cells[turn], own[-1], atol=1e-5)
        np.testing.assert_allclose(context.last_bar[turn, 0], silent, atol=1e-5)
        np.testing.assert_allclose(context.last_bar[turn, 1:], bars[:-1], atol=1e-5)
    np.testing.assert_allclose(last_bar, bars[-1], atol=1e-5)
    assert context.roles.tolist() == [ROLES.index(piece.roles[part]) for part in order]


def test_what_others_have_written_in_the_same_window_is_one_window(embedder):
    """The part written second is conditioned on the first alone, the last on all but itself."""
    piece = band_seed().barred
    order = writing_order(piece.roles)
    context, *_ = piece_context(embedder, piece, order=order)
    assert not context.written[0].any()
    np.testing.assert_allclose(context.written[1, :-1], context.last_cell[0, 1:], atol=1e-5)
    pitched = bar_windows(piece)
    pitched = pitched.keeping(~pitched.is_drum)
    np.testing.assert_allclose(context.written[3], embedder.embed_windows(pitched), atol=1e-5)


@given(windows=strategies.windows(levels=("cells",)), random=st.randoms(use_true_random=False))
def test_windows_of_rows_are_the_windows_in_whatever_order_the_rows_come(windows, random):
    columns = (windows.onset, windows.pitch, windows.length, windows.flags)
    table = np.stack([column.astype(np.int64) for column in columns], axis=1)
    rows = [table[first:last] for first, last in zip(windows.offsets[:-1], windows.offsets[1:], strict=True)]
    rows = [of_window[random.sample(range(len(of_window)), len(of_window))] for of_window in rows]
    assert contents(windows_of(rows, steps=windows.steps)) == contents(windows)


def test_of_doubled_notes_the_longest_stays_and_what_only_looks_alike_stays_too():
    rows = np.array([[0, 60, 6, 0], [0, 60, 12, 0], [0, 60, 24, HELD], [0, 60, 3, DRUM], [6, 60, 6, 0], [0, 61, 6, 0]])
    assert sorted(without_doubles(rows).tolist()) == sorted(rows[1:].tolist())
    assert without_doubles(rows[:0]).shape == (0, 4)
