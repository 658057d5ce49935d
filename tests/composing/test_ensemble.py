"""Choosing among drafts, and what a band remembers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from composers import band_seed, tiny_composer

from symbolic_embed.bars.windows import DRUM
from symbolic_embed.composing import ensemble as band_module
from symbolic_embed.composing.candidates import fitting
from symbolic_embed.composing.context import writing_order
from symbolic_embed.composing.ensemble import Band
from symbolic_embed.composing.history import SeedPast, cells_of
from symbolic_embed.networks.writing import Choice

CHORD = np.array([[0, 60, 24, 0], [0, 64, 24, 0]])  # C and E for two quarters


def cell(*pitches, onset=0, length=12):
    return np.array([[onset, pitch, length] for pitch in pitches]).reshape(-1, 3)


def test_the_draft_that_makes_chords_is_taken_and_the_first_of_equals():
    clash, half, fits, also = cell(61), np.concatenate([cell(67), cell(61, onset=12)]), cell(67), cell(72)
    assert fitting([clash, half, fits, also], CHORD, steps=48) is fits
    assert fitting([clash, half], CHORD, steps=48) is half
    assert fitting([also, fits], CHORD, steps=48) is also


def test_a_rest_stays_a_rest_and_does_not_win():
    rest, clash = cell(), cell(61)
    assert fitting([rest, cell(67)], CHORD, steps=48) is rest
    assert fitting([clash, rest], CHORD, steps=48) is clash
    assert fitting([clash, cell(67)], CHORD[:0], steps=48) is clash


def test_what_sounds_only_beside_silence_does_not_win_over_what_fits():
    late, fits = cell(61, onset=36), cell(67)
    assert fitting([late, fits], CHORD, steps=48) is fits


def returning(trained, window):
    """Scores with which nothing but the cell of this window, counted from 0, can come back; None: nothing."""
    really = type(trained.composer).forward

    def forward(self, heard, memory):
        derived, scores, memory = really(self, heard, memory)
        wanted = torch.full_like(scores, -torch.inf)
        wanted[..., -1 if window is None else window] = 0.0
        return derived, wanted, memory

    return forward


def test_drafts_make_parts_agree(monkeypatch):
    """More drafts, more agreement, whatever the weights."""
    trained, piece = tiny_composer(), band_seed().barred
    monkeypatch.setattr(type(trained.composer), "forward", returning(trained, None))
    order = writing_order(piece.roles)

    def agreement(drafts):
        monkeypatch.setattr(band_module, "DRAFTS", drafts)
        band = Band.after(trained, piece, order=order, variations=1)
        choice = Choice(1.0, 1.0, np.random.default_rng(1))
        shares = []
        for window in range(8):
            band.write_window(start=192 + 48 * window, steps=48, choice=choice)
            chords, bass = (rows_of(c) for c in band.played_in(window)[0][:2])
            shares.append(shared(chords, bass))
        return np.nanmean(shares)

    assert agreement(16) > agreement(1)


def rows_of(one):
    return np.stack([one[:, 0], one[:, 1] % 128, one[:, 2], np.where(one[:, 1] >= 128, DRUM, 0)], axis=1)


def shared(first, second):
    from symbolic_embed.bars.harmony import is_one_chord, sounding_classes

    sounding = [sounding_classes(rows[:, 0], rows[:, 2], rows[:, 1], steps=48) for rows in (first, second)]
    both = sounding[0].any(axis=1) & sounding[1].any(axis=1)
    return is_one_chord((sounding[0] | sounding[1])[both]).mean() if both.any() else np.nan


def test_cells_of_a_piece_hold_all_its_notes():
    piece = band_seed(numerator=7).barred
    order = writing_order(piece.roles)
    found = 0
    for bar in range(piece.bars):
        windows = cells_of(piece, bar=bar, order=order)
        assert len(windows) == 2  # 7/4: 48 steps and 36
        for number, window in enumerate(windows):
            for part, notes in zip(order, window, strict=True):
                assert ((notes[:, 1] >= 128) == piece.score.tracks[part].is_drum).all()
                assert ((notes[:, 0] >= 0) & (notes[:, 0] < (48, 36)[number])).all()
                found += len(notes)
    assert found == len(piece.notes)


@pytest.mark.parametrize("window", [1, 3])
def test_a_cell_of_the_seed_returns_as_it_was_in_every_part_and_variation(monkeypatch, window):
    trained, barred = tiny_composer(), band_seed(bars=4).barred
    monkeypatch.setattr(type(trained.composer), "forward", returning(trained, window))
    order = writing_order(barred.roles)
    band = Band.after(trained, barred, order=order, variations=2)
    band.write_window(start=192, steps=48, choice=Choice())
    past = SeedPast(barred, order=order)
    for cells in band.played_in(0):
        for turn, notes in enumerate(cells):
            assert notes.tolist() == past.cell(turn, window).tolist()


def test_what_was_written_returns_too_but_not_in_a_window_of_another_length(monkeypatch):
    trained, barred = tiny_composer(), band_seed(bars=4).barred
    band = Band.after(trained, barred, order=writing_order(barred.roles), variations=1)
    monkeypatch.setattr(type(trained.composer), "forward", returning(trained, None))
    band.write_window(start=192, steps=48, choice=Choice())
    monkeypatch.setattr(type(trained.composer), "forward", returning(trained, 4))
    band.write_window(start=240, steps=48, choice=Choice())
    first, second = band.played_in(0)[0], band.played_in(1)[0]
    assert [notes.tolist() for notes in first] == [notes.tolist() for notes in second]
    fits = np.append(np.array(band.lengths) == 36, True)
    assert fits.tolist() == [False] * 6 + [True]
    assert band._returned(0, np.zeros((1, 7)), count=2, steps=36, fewest=0, choice=Choice()) == [[None, None]]


def test_what_returns_has_as_many_notes_as_are_asked_for():
    trained, barred = tiny_composer(), band_seed(bars=4).barred
    band = Band.after(trained, barred, order=writing_order(barred.roles), variations=1)
    scores = np.array([[0.0, 0.0, 9.0, 0.0, 0.0]])
    ((found,),) = band._returned(0, scores, count=1, steps=48, fewest=0, choice=Choice())
    assert band._returned(0, scores, count=1, steps=48, fewest=len(found) + 1, choice=Choice()) == [[None]]
