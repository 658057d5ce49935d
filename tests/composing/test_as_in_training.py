"""What a composer is told while it writes is what it was told while it learnt: the same music, written choice by choice
where each choice is known, is as likely as training says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pieces
import pytest
import torch
from composers import COMPOSER, COMPOSER_PARTS, opened, tiny_composer
from forced import Forced
from told import CHOICES, Told, forced_nats, song

from symbolic_embed.bars import BarredScore, bar_windows, cut
from symbolic_embed.composing.ensemble import Ensemble
from symbolic_embed.composing.given import given_windows
from symbolic_embed.composing.history import cells_of
from symbolic_embed.composing.part_writer import PartWriter
from symbolic_embed.composing.seeding import Hearing
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.corpus.collection import load_collection
from symbolic_embed.corpus.passages import PassageSampler
from symbolic_embed.corpus.prepared import prepare
from symbolic_embed.score import Notes, Score, Track
from symbolic_embed.training import composer_batches, composer_material
from symbolic_embed.training.composer_batches import ComposerBatch, ComposerBatches
from symbolic_embed.training.composer_module import ComposerModule
from symbolic_embed.training.settings import ComposerTraining


def held_over() -> Score:
    """Chords that sound on through a bar in which nothing of them begins, over a bass that moves."""
    bar = 4 * pieces.QUARTER
    chords = [(start, 2 * bar - 20, pitch, 80) for start in (0, 2 * bar) for pitch in (60, 64, 67)]
    bass = [(start + beat * 480, 440, 36 + beat, 80) for start in range(0, 4 * bar, bar) for beat in range(4)]
    tracks = (Track(Notes.of(*zip(*chords, strict=True))), Track(Notes.of(*zip(*bass, strict=True)), program=33))
    return Score(pieces.QUARTER, tracks)


def batch_of(score: Score, folder, monkeypatch, *, order=None) -> ComposerBatch:
    """A whole piece as a passage, its parts in an order, as training hears it when nothing is changed or astray."""
    monkeypatch.setattr(composer_batches, "TRANSPOSITIONS", np.array([0]))
    monkeypatch.setattr(composer_batches, "DOUBLED", 0.0)
    monkeypatch.setattr(composer_material, "ASTRAY", 0.0)
    scores = {"one.mid": score, "other.mid": pieces.piece(9)}
    meta = {"one.mid": {"split": "train", "cluster": "one"}, "other.mid": {"split": "test", "cluster": "other"}}
    music = pieces.folder_of(folder / "music", scores, meta=meta)
    corpus = prepare(load_collection([music]), cache=folder / "cache")
    windows = len(bar_windows(cut(score)))
    settings = ComposerTraining(composer=COMPOSER, pieces=1, windows=(windows,), parts=len(score.tracks))
    sampler = PassageSampler(corpus, split="train")
    draw = sampler.draw

    def in_order(**asked):
        drawn = draw(**asked)
        tracks = [int(corpus.cells.track[row[row >= 0][0]]) for row in drawn.cells]
        rows = np.argsort([order.index(track) for track in tracks])
        return replace(drawn, role=drawn.role[rows], cells=drawn.cells[rows])

    sampler.draw = in_order
    return ComposerBatches(sampler, settings=settings, representation="pianoroll").batch(0)


def module_of(trained: TrainedComposer) -> ComposerModule:
    module = ComposerModule(ComposerTraining(composer=COMPOSER), trained.embedder)
    for name in COMPOSER_PARTS:
        getattr(module.networks, name).load_state_dict(getattr(trained, name).state_dict())
    return module.eval()


def means(nats: list[dict[str, list[float]]]) -> dict[str, float]:
    """As training has them: of the notes, a note; of all else, a question."""
    together = {name: [n for of_window in nats for n in of_window.get(name, [])] for name in NAMES}
    count = len(together["pitch"])
    return {name: sum(of_name) / (count if name in CHOICES else len(of_name)) for name, of_name in together.items()}


@pytest.mark.parametrize(
    ("score", "backwards"),
    [(song(), False), (song(seed=1), True), (song(numerator=7), False), (held_over(), False), (held_over(), True)],
    ids=["song", "other song backwards", "7/4", "held over", "held over backwards"],
)
def test_music_is_as_likely_while_it_is_written_as_in_training(score, backwards, tmp_path, monkeypatch):
    """Notes, returns, sources, chords, and who plays."""
    trained, barred = opened(tiny_composer()), cut(score)
    order = list(range(len(score.tracks)))[:: -1 if backwards else 1]
    batch = batch_of(score, tmp_path, monkeypatch, order=order)
    losses = module_of(trained).losses(batch)
    told = Told(barred, order=order)
    writers = [PartWriter.of(barred, part) for part in order]
    ensemble = Ensemble.before(trained, writers, variations=1)
    found = means(forced_nats(ensemble, told, range(len(told.steps))))
    assert found == pytest.approx({name: losses[name].item() for name in NAMES}, abs=1e-4)


NAMES = (*CHOICES, "source", "chord", "plays", "returning")


def known(barred: BarredScore, *, order, windows: int) -> Ensemble:
    """An ensemble whose parts have played the first windows of a piece, one a bar, that were known to it."""
    ensemble = Ensemble.before(opened(tiny_composer()), [PartWriter.of(barred, part) for part in order], variations=1)
    for window in range(windows):
        (cells,) = cells_of(barred, bar=window, order=order)
        ensemble.write_window(start=48 * window, steps=48, choice=Forced(), played=[cells])
    return ensemble


def test_a_piece_that_was_heard_is_remembered_as_one_that_was_played():
    """Notes, likenesses, chords, embeddings, the states of the plan and of the parts."""
    barred = cut(song())
    order, windows = list(range(4)), barred.bars
    one = Ensemble.after(opened(tiny_composer()), barred, order=order, variations=1)
    other = known(barred, order=order, windows=windows)
    for name in ("rolls", "counts", "steps", "chords", "sources", "like", "equal", "own", "by_lag", "lengths"):
        np.testing.assert_allclose(getattr(one.memory.past, name), getattr(other.memory.past, name), atol=1e-5)
    for name in ("bars", "cells", "planned", "place", "numbers"):
        np.testing.assert_allclose(getattr(one.memory, name), getattr(other.memory, name), atol=1e-4)
    torch.testing.assert_close(one.memory.plan_state, other.memory.plan_state, atol=1e-4, rtol=1e-4)
    for heard, played in zip(one.states, other.states, strict=True):
        torch.testing.assert_close(heard, played, atol=1e-4, rtol=1e-4)


def first_bars(score: Score, bars: int) -> Score:
    """What begins in the first bars of 4/4."""
    end = 4 * pieces.QUARTER * bars
    columns = ("onset_ticks", "duration_ticks", "pitch", "velocity")
    tracks = [
        replace(track, notes=Notes.of(*(getattr(track.notes, name)[track.notes.onset_ticks < end] for name in columns)))
        for track in score.tracks
    ]
    return replace(score, tracks=tuple(tracks))


def test_what_follows_a_piece_that_was_heard_is_as_likely_as_after_it_was_written():
    barred, heard = cut(song()), 5
    order = list(range(4))
    told, trained = Told(barred, order=order), opened(tiny_composer())
    writers = [PartWriter.of(barred, part) for part in order]
    written = forced_nats(Ensemble.before(trained, writers, variations=1), told, range(barred.bars))
    ensemble = Ensemble.after(trained, cut(first_bars(barred.score, heard)), order=order, variations=1)
    going_on = forced_nats(ensemble, told, range(heard, barred.bars))
    for expected, found in zip(written[heard:], going_on, strict=True):
        assert found.keys() == expected.keys()
        for name, nats in expected.items():
            assert found[name] == pytest.approx(nats, abs=1e-4), name


def test_beside_given_parts_music_is_as_likely_as_after_these_were_written():
    """In training parts come in random order: those that are given are as if they came first."""
    barred, heard, given, writing = cut(song()), 4, [0, 1], [2, 3]
    told, trained = Told(barred, order=[*given, *writing]), opened(tiny_composer())
    writers = [PartWriter.of(barred, part) for part in told.order]
    nats = forced_nats(Ensemble.before(trained, writers, variations=1), told, range(barred.bars))
    order, hearing = [*writing, *given], Hearing(np.arange(heard), heard)
    ensemble = Ensemble.among(trained, barred, order=order, hearing=hearing, variations=1, writers=len(writing))
    for window, beside in list(enumerate(given_windows(barred, given)))[heard:]:
        (cells,) = cells_of(barred, bar=window, order=writing)
        notes = sum(map(len, cells))
        lasts = {"onset": notes + len(writing), "pitch": notes, "length": notes}
        expected = sum(sum(nats[window][name][-last:]) for name, last in lasts.items())
        found = ensemble.judged_window([cells], start=48 * window, steps=48, given=beside)
        assert found == pytest.approx([expected], abs=1e-3)
