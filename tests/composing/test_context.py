"""What the composer is conditioned on."""

from __future__ import annotations

import numpy as np
import pytest
import strategies
from composers import band_seed, tiny_composer
from hypothesis import given
from hypothesis import strategies as st
from strategies import contents

from symbolic_embed.bars import bar_windows, cell_windows
from symbolic_embed.bars.chords import chord_numbers
from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.composing.context import heard_piece, silence, windows_of, without_doubles, writing_order
from symbolic_embed.encodings.cell_rolls import cell_rolls


@pytest.fixture(scope="module")
def embedder():
    return tiny_composer().embedder


def test_chords_are_written_before_bass_melody_and_drums_and_equal_roles_in_order_of_their_tracks():
    assert writing_order(["drums", "melody", "bass", "chords"]) == [3, 2, 1, 0]
    assert writing_order(["bass", "chords", "bass", "chords"]) == [1, 3, 0, 2]


def test_each_window_that_is_heard_has_its_cells_and_its_bar_and_before_the_first_is_silence(embedder):
    piece = band_seed().barred
    order = writing_order(piece.roles)
    heard = heard_piece(embedder, piece, order=order, windows=np.arange(4))
    cells, bars = cell_windows(piece), bar_windows(piece)
    vectors, silent = embedder.embed_windows(cells), silence(embedder)
    for turn, part in enumerate(order):
        own = cells.track == part
        np.testing.assert_allclose(heard.of_cells[turn, 0], silent, atol=1e-5)
        np.testing.assert_allclose(heard.of_cells[turn, 1:], vectors[own], atol=1e-5)
        assert not heard.cells[turn, 0].any()
        assert np.array_equal(heard.cells[turn, 1:], cell_rolls(cells.where(own)))
    np.testing.assert_allclose(heard.of_bars[0], silent, atol=1e-5)
    np.testing.assert_allclose(heard.of_bars[1:], embedder.embed_windows(bars), atol=1e-5)
    assert heard.chords.tolist() == [0, *chord_numbers(bars)]
    assert (heard.numbers.tolist(), heard.steps.tolist()) == ([-1, 0, 1, 2, 3], [48] * 5)


def test_what_others_have_written_in_the_same_window_is_one_window(embedder):
    """The part written second is conditioned on the first alone, the last on all but itself."""
    piece = band_seed().barred
    order = writing_order(piece.roles)
    heard = heard_piece(embedder, piece, order=order, windows=np.arange(4))
    assert not heard.written[0].any()
    np.testing.assert_allclose(heard.written[1, 1:], heard.of_cells[0, 1:], atol=1e-5)
    pitched = bar_windows(piece)
    pitched = pitched.keeping(~pitched.is_drum)
    np.testing.assert_allclose(heard.written[3, 1:], embedder.embed_windows(pitched), atol=1e-5)


def test_windows_are_heard_in_the_order_in_which_they_are_numbered(embedder):
    piece = band_seed(bars=5).barred
    order = writing_order(piece.roles)
    whole = heard_piece(embedder, piece, order=order, windows=np.arange(5))
    some = heard_piece(embedder, piece, order=order, windows=np.array([4, 1]))
    assert some.numbers.tolist() == [-1, 4, 1]
    for name in ("cells", "of_cells", "written"):
        np.testing.assert_allclose(getattr(some, name)[:, 1:], getattr(whole, name)[:, [5, 2]], atol=1e-5)
    np.testing.assert_allclose(some.of_bars[1:], whole.of_bars[[5, 2]], atol=1e-5)


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
