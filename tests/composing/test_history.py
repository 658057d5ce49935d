"""What the parts of a seed have played, window by window."""

from __future__ import annotations

import strategies
from composers import band_seed
from hypothesis import given

from symbolic_embed.bars import cut
from symbolic_embed.composing.context import writing_order
from symbolic_embed.composing.history import SeedHistory, cells_of
from symbolic_embed.encodings.note_rows import FIRST_DRUM


def test_windows_count_from_the_first_of_the_seed_and_a_long_bar_has_several():
    """7/4: 48 steps and 36."""
    piece = band_seed(numerator=7).barred
    history = SeedHistory(piece, order=[2, 3])
    assert history.lengths == [48, 36] * 4
    bass, kit = history.cell(0, 2), history.cell(1, 3)
    assert bass.tolist() == [[0, 41, 22]]  # F, for 900 of 480 ticks a quarter
    assert kit[:, 0].tolist() == [0, 12, 24]
    assert set(kit[:, 1].tolist()) == {FIRST_DRUM + 36, FIRST_DRUM + 38}


def test_parts_are_in_the_order_that_is_asked_for():
    piece = band_seed().barred
    order = writing_order(piece.roles)
    ((chords, bass, tune, kit),) = cells_of(piece, bar=0, order=order)
    assert [len(cell) for cell in (chords, bass, tune, kit)] == [3, 1, 4, 4]
    assert bass[0, 1] == 36


@given(score=strategies.scores(quarters=12))
def test_the_cells_of_a_piece_hold_all_its_notes_once(score):
    piece = cut(score)
    order = list(range(len(piece.roles)))[::-1]
    notes = []
    for bar in range(piece.bars):
        start = int(piece.grid.bar_steps[bar])
        for window in cells_of(piece, bar=bar, order=order):
            for part, cell in zip(order, window, strict=True):
                drum = FIRST_DRUM * piece.score.tracks[part].is_drum
                notes += [(part, start + onset, pitch - drum, length) for onset, pitch, length in cell.tolist()]
            start += 48
    columns = (piece.notes.track, piece.notes.onset_steps, piece.notes.pitch, piece.notes.length_steps)
    assert sorted(notes) == sorted(zip(*(column.tolist() for column in columns), strict=True))
