"""The ensemble: what each writer is conditioned on, what it may write, what returns, and what comes out."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from composers import band_seed, quiet_composer, tiny_composer
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.bars.harmony import is_one_chord, sounding_classes
from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.composing import ensemble as ensemble_module
from symbolic_embed.composing.context import windows_of, writing_order
from symbolic_embed.composing.ensemble import CANDIDATES, WINDOWS_HELD, Ensemble, Wanted, _finished
from symbolic_embed.composing.history import SeedHistory
from symbolic_embed.composing.part_writer import PartWriter
from symbolic_embed.encodings.note_rows import FIRST_DRUM, PITCH_TOKENS
from symbolic_embed.networks.composer import Context
from symbolic_embed.networks.writing import Choice

GIVEN = np.array([[0, 60, 24, 0], [0, 64, 24, 0]])  # C and E for two quarters
HELD_OVER = np.array([[0, 60, 24, HELD]])  # a C from the window before


def cell(*notes):
    """Notes as (onset, pitch token, length)."""
    return np.array(notes, np.int64).reshape(-1, 3)


def writer(role: str = "melody", *, track: int = 0, fewest: int = 0, single: bool = False) -> PartWriter:
    """A writer who may use any pitch, or any drum."""
    tokens = np.arange(PITCH_TOKENS)
    return PartWriter(track, role, (tokens >= FIRST_DRUM) == (role == "drums"), single, fewest)


def ensemble_of(*writers: PartWriter, trained=None, variations: int = 1) -> Ensemble:
    return Ensemble.before(trained or tiny_composer(), writers, variations=variations)


@pytest.mark.parametrize(("given_rows", "counts"), [(GIVEN, [2, 0, 3]), (HELD_OVER, [0, 0, 0]), (None, [0, 0, 0])])
def test_each_writer_writes_its_fewest_notes_where_others_begin_one_and_elsewhere_may_rest(given_rows, counts):
    """The decoder would rather end at once, always."""
    writers = [writer(fewest=2), writer(track=1), writer("drums", track=2, fewest=3)]
    ensemble = ensemble_of(*writers, trained=quiet_composer(), variations=2)
    ensemble.write_window(start=0, steps=48, choice=Choice(), given=given_rows)
    for of_variation in ensemble.played_in(0):
        assert [len(notes) for notes in of_variation] == counts


def candidates_drawn(monkeypatch, ensemble, **window) -> list[int]:
    """How many candidates each writer draws in a window."""
    really, drawn = type(ensemble.trained.writer).write, []

    def write(self, embeddings, *, grammar, choice, copies=1, **rest):
        drawn.append(copies)
        return really(self, embeddings, grammar=grammar, choice=choice, copies=copies, **rest)

    monkeypatch.setattr(type(ensemble.trained.writer), "write", write)
    ensemble.write_window(start=0, steps=48, choice=Choice(), **window)
    return drawn


def test_several_candidates_are_drawn_where_there_is_something_to_agree_with(monkeypatch):
    """Nothing sounds beside the first; drums make no chords, neither as others nor as the part that is written."""
    parts = [writer(fewest=1), writer("drums", track=1), writer(track=2)]
    assert candidates_drawn(monkeypatch, ensemble_of(*parts)) == [1, 1, CANDIDATES]
    assert candidates_drawn(monkeypatch, ensemble_of(*parts), given=GIVEN) == [CANDIDATES, 1, CANDIDATES]
    kit = np.array([[0, 36, 3, DRUM]])
    assert candidates_drawn(monkeypatch, ensemble_of(*parts[:1]), given=kit) == [1]


def test_a_writer_is_conditioned_on_what_was_given_and_on_what_those_before_it_have_written(monkeypatch):
    trained = tiny_composer()
    really, contexts = type(trained.composer).forward, []

    def forward(self, context, before):
        contexts.append(Context(*(tensor.clone() for tensor in context)))
        return really(self, context, before)

    monkeypatch.setattr(type(trained.composer), "forward", forward)
    ensemble = ensemble_of(writer(), writer("bass", track=1), trained=trained)
    tune, bass = cell([0, 72, 12]), cell([24, 36, 24])
    ensemble.write_window(start=0, steps=48, choice=Choice(), given=GIVEN, played=[[tune, bass]])
    ensemble.write_window(start=48, steps=48, choice=Choice(), played=[[cell(), cell()]])

    def vector(*rows):
        return trained.embedder.embed_few(windows_of([np.concatenate(rows)], steps=np.array([48])))[0]

    tune_rows, bass_rows = rows_of(tune), rows_of(bass)
    first, second, third, _ = contexts
    np.testing.assert_allclose(first.written[0, 0], vector(GIVEN), atol=1e-5)
    np.testing.assert_allclose(second.written[0, 0], vector(GIVEN, tune_rows), atol=1e-5)
    np.testing.assert_allclose(third.last_cell[0, 0], vector(tune_rows), atol=1e-5)
    np.testing.assert_allclose(third.last_bar[0, 0], vector(GIVEN, tune_rows, bass_rows), atol=1e-5)
    assert not third.written.any()


def test_a_note_that_lasts_is_held_in_the_windows_after_its_own():
    ensemble = ensemble_of(writer())
    ensemble.write_window(start=0, steps=48, choice=Choice(), played=[[cell([12, 60, 100], [24, 62, 24])]])
    for window, left in ((1, 64), (2, 16), (3, None)):
        rows = ensemble._held_over(0, 0, start=48 * window).tolist()
        assert rows == ([] if left is None else [[0, 60, left, HELD]])
        ensemble.write_window(start=48 * window, steps=48, choice=Choice(), played=[[cell()]])


def test_a_drone_is_held_for_some_windows_and_drums_for_none():
    ensemble = ensemble_of(writer(), writer("drums", track=1))
    played = [[cell([0, 60, 48 * 20]), cell([0, FIRST_DRUM + 49, 48 * 20])]]
    ensemble.write_window(start=0, steps=48, choice=Choice(), played=played)
    held = []
    for window in range(1, WINDOWS_HELD + 2):
        held.append(len(ensemble._held_over(0, 0, start=48 * window)))
        assert len(ensemble._held_over(0, 1, start=48 * window)) == 0
        ensemble.write_window(start=48 * window, steps=48, choice=Choice(), played=[[cell(), cell()]])
    assert held == [1] * WINDOWS_HELD + [0]


notes = st.tuples(st.integers(0, 1), st.integers(0, 30), st.integers(1, 40), st.integers(60, 62))


@given(st.lists(notes, max_size=12), st.booleans())
def test_lengths_are_cut_as_by_hand(table, first_is_single):
    """Track 0 has one voice or several; each note ends where its pitch, or in one voice anything, begins again."""
    single = {0} if first_is_single else set()
    written = _finished([np.array(table, np.int64).reshape(-1, 4)], end=36, single=single)
    expected = []
    for track, onset, length, pitch in table:
        later = [
            other_onset
            for other_track, other_onset, _, other_pitch in table
            if other_track == track and other_onset > onset and (track in single or other_pitch == pitch)
        ]
        expected.append((track, onset, max(min(onset + length, *later, 36) - onset, 1), pitch))
    columns = (written.track, written.onset_steps, written.length_steps, written.pitch)
    assert sorted(zip(*(column.tolist() for column in columns), strict=True)) == sorted(expected)


def test_drums_come_out_as_pitches():
    (written,) = ensemble_with(cell([0, FIRST_DRUM + 36, 3])).finished(end=48)
    assert (written.track.tolist(), written.pitch.tolist()) == ([5], [36])


def ensemble_with(played):
    ensemble = ensemble_of(writer("drums", track=5))
    ensemble.write_window(start=0, steps=48, choice=Choice(), played=[[played]])
    return ensemble


def returning(trained, window):
    """Scores with which nothing but the cell of this window, counted from 0, can come back; None: nothing."""
    really = type(trained.composer).forward

    def forward(self, context, before):
        derived, scores, after = really(self, context, before)
        wanted = torch.full_like(scores, -torch.inf)
        wanted[..., -1 if window is None else window] = 0.0
        return derived, wanted, after

    return forward


def test_candidates_make_parts_agree(monkeypatch):
    """More candidates, more agreement, whatever the weights."""
    trained, piece = tiny_composer(), band_seed().barred
    monkeypatch.setattr(type(trained.composer), "forward", returning(trained, None))
    order = writing_order(piece.roles)

    def agreement(candidates):
        monkeypatch.setattr(ensemble_module, "CANDIDATES", candidates)
        ensemble = Ensemble.after(trained, piece, order=order, variations=1)
        choice = Choice(1.0, 1.0, np.random.default_rng(1))
        shares = []
        for window in range(8):
            ensemble.write_window(start=192 + 48 * window, steps=48, choice=choice)
            chords, bass = (rows_of(c) for c in ensemble.played_in(window)[0][:2])
            shares.append(shared(chords, bass))
        return np.nanmean(shares)

    assert agreement(16) > agreement(1)


def rows_of(one):
    return np.stack([one[:, 0], one[:, 1] % 128, one[:, 2], np.where(one[:, 1] >= 128, DRUM, 0)], axis=1)


def shared(first, second):
    sounding = [sounding_classes(rows[:, 0], rows[:, 2], rows[:, 1], steps=48) for rows in (first, second)]
    both = sounding[0].any(axis=1) & sounding[1].any(axis=1)
    return is_one_chord((sounding[0] | sounding[1])[both]).mean() if both.any() else np.nan


@pytest.mark.parametrize("window", [1, 3])
def test_a_cell_of_the_seed_returns_as_it_was_in_every_part_and_variation(monkeypatch, window):
    trained, barred = tiny_composer(), band_seed(bars=4).barred
    monkeypatch.setattr(type(trained.composer), "forward", returning(trained, window))
    order = writing_order(barred.roles)
    ensemble = Ensemble.after(trained, barred, order=order, variations=2)
    ensemble.write_window(start=192, steps=48, choice=Choice())
    history = SeedHistory(barred, order=order)
    for cells in ensemble.played_in(0):
        for turn, notes in enumerate(cells):
            assert notes.tolist() == history.cell(turn, window).tolist()


def test_what_was_written_returns_too_but_not_in_a_window_of_another_length(monkeypatch):
    trained, barred = tiny_composer(), band_seed(bars=4).barred
    ensemble = Ensemble.after(trained, barred, order=writing_order(barred.roles), variations=1)
    monkeypatch.setattr(type(trained.composer), "forward", returning(trained, None))
    ensemble.write_window(start=192, steps=48, choice=Choice())
    monkeypatch.setattr(type(trained.composer), "forward", returning(trained, 4))
    ensemble.write_window(start=240, steps=48, choice=Choice())
    first, second = ensemble.played_in(0)[0], ensemble.played_in(1)[0]
    assert [notes.tolist() for notes in first] == [notes.tolist() for notes in second]
    fits = np.append(np.array(ensemble.lengths) == 36, True)
    assert fits.tolist() == [False] * 6 + [True]
    assert ensemble._returned(0, np.zeros((1, 7)), Wanted(2, 36, 0, Choice())) == [[None, None]]


def test_what_returns_has_as_many_notes_as_are_asked_for():
    trained, barred = tiny_composer(), band_seed(bars=4).barred
    ensemble = Ensemble.after(trained, barred, order=writing_order(barred.roles), variations=1)
    scores = np.array([[0.0, 0.0, 9.0, 0.0, 0.0]])
    ((found,),) = ensemble._returned(0, scores, Wanted(1, 48, 0, Choice()))
    assert ensemble._returned(0, scores, Wanted(1, 48, len(found) + 1, Choice())) == [[None]]
