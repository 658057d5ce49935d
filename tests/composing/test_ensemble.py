"""The ensemble: what each writer is conditioned on, what it may write, which candidate is taken."""

from __future__ import annotations

import numpy as np
import pytest
from composers import band_seed, deciding, quiet_composer, tiny_composer
from ensembles import GIVEN, HELD_OVER, cell, ensemble_of, of_one_part, sources_drawn, writer

from symbolic_embed.bars.harmony import is_one_chord, sounding_classes
from symbolic_embed.bars.windows import DRUM
from symbolic_embed.composing import turns
from symbolic_embed.composing.context import windows_of, writing_order
from symbolic_embed.composing.ensemble import Ensemble
from symbolic_embed.composing.turns import CANDIDATES, DRUM_CANDIDATES
from symbolic_embed.networks.choosing import Choice
from symbolic_embed.networks.composer import Context


@pytest.mark.parametrize(("given_rows", "counts"), [(GIVEN, [2, 0, 3]), (HELD_OVER, [0, 0, 0]), (None, [0, 0, 0])])
def test_each_writer_writes_its_fewest_notes_where_others_begin_one_and_elsewhere_may_rest(given_rows, counts):
    """The decoder would rather end at once, always."""
    writers = [writer(fewest=2), writer(track=1), writer("drums", track=2, fewest=3)]
    beside = () if given_rows is None else ("chords",)
    ensemble = ensemble_of(*writers, trained=quiet_composer(), variations=2, beside=beside)
    given = None if given_rows is None else of_one_part(given_rows)
    ensemble.write_window(start=0, steps=48, choice=Choice(), given=given)
    for of_variation in ensemble.sheet.played_in(0):
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


def test_several_candidates_are_drawn_of_each_part(monkeypatch):
    parts = [writer(fewest=1), writer("drums", track=1), writer(track=2)]
    ensemble = ensemble_of(*parts, trained=deciding(tiny_composer(), plays=True))
    assert candidates_drawn(monkeypatch, ensemble) == [CANDIDATES, DRUM_CANDIDATES, CANDIDATES]


@pytest.mark.parametrize("new", [True, False])
def test_what_was_not_drawn_to_return_is_new_where_a_candidate_is(monkeypatch, new):
    """Of four candidates the first two are the source over again; or all four are."""
    trained = deciding(tiny_composer(), returns=False, plays=True)
    ensemble = ensemble_of(writer(), trained=trained)
    old, other = [0, 60, 11], [12, 62, 11]  # with classes of lengths
    ensemble.write_window(start=0, steps=48, choice=Choice(), played=[[cell([0, 60, 12])]])
    sources_drawn(monkeypatch, 1)
    drawn = np.array([old, old, other, other] if new else [old] * 4)
    monkeypatch.setattr(type(trained.writer), "write", lambda *_, **__: (drawn, np.ones(4, np.int64)))
    ensemble.write_window(start=48, steps=48, choice=Choice())
    ((found,),) = ensemble.sheet.played_in(1)
    assert found.tolist() == [[12, 62, 12] if new else [0, 60, 12]]


def test_a_writer_is_conditioned_on_what_was_given_and_on_what_those_before_it_have_written(monkeypatch):
    trained = tiny_composer()
    really, contexts = type(trained.composer).forward, []

    def forward(self, context, before):
        contexts.append(Context(*(tensor.clone() for tensor in context)))
        return really(self, context, before)

    monkeypatch.setattr(type(trained.composer), "forward", forward)
    ensemble = ensemble_of(writer(), writer("bass", track=1), trained=trained, beside=("chords",))
    tune, bass = cell([0, 72, 12]), cell([24, 36, 24])
    ensemble.write_window(start=0, steps=48, choice=Choice(), given=of_one_part(GIVEN), played=[[tune, bass]])
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


def test_candidates_make_parts_agree(monkeypatch):
    """More candidates, more agreement, whatever the weights."""
    monkeypatch.setattr("symbolic_embed.networks.writing.MOST_NOTES", 40)
    trained, piece = deciding(tiny_composer(), returns=False, plays=True), band_seed().barred
    order = writing_order(piece.roles)

    def agreement(candidates):
        monkeypatch.setattr(turns, "CANDIDATES", candidates)
        ensemble = Ensemble.after(trained, piece, order=order, variations=1)
        choice = Choice(1.0, 1.0, np.random.default_rng(1))
        shares = []
        for window in range(8):
            ensemble.write_window(start=192 + 48 * window, steps=48, choice=choice)
            chords, bass = (rows_of(c) for c in ensemble.sheet.played_in(window)[0][:2])
            shares.append(shared(chords, bass))
        return np.nanmean(shares)

    assert agreement(16) > agreement(1)


def rows_of(one):
    return np.stack([one[:, 0], one[:, 1] % 128, one[:, 2], np.where(one[:, 1] >= 128, DRUM, 0)], axis=1)


def shared(first, second):
    sounding = [sounding_classes(rows[:, 0], rows[:, 2], rows[:, 1], steps=48) for rows in (first, second)]
    both = sounding[0].any(axis=1) & sounding[1].any(axis=1)
    return is_one_chord((sounding[0] | sounding[1])[both]).mean() if both.any() else np.nan
