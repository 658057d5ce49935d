"""What an anchor learns from: stretches whose rows are the windows' embeddings, and fair questions about them."""

import numpy as np
import pieces
import pytest
import tiny

from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.training import anchor_batches
from symbolic_embed.training.anchor_batches import AnchorBatches
from symbolic_embed.training.anchor_music import embedded_stretches
from symbolic_embed.training.settings import AnchorTraining

STEPS = 5


@pytest.fixture(scope="module")
def embedder(tmp_path_factory):
    return Embedder.of(tiny.embedder_checkpoint(tmp_path_factory.mktemp("embedder")))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("band"), count=7)


@pytest.fixture(scope="module")
def stretches(corpus, embedder):
    return embedded_stretches(corpus, embedder, count=24, steps=STEPS, random=np.random.default_rng(0))


def settings(**fields):
    small = {"anchor": {"width": 8, "heads": 2, "out": 6, "longest": 3}, "pieces": 10, "parts": 2}
    return AnchorTraining(**{**small, **fields})


def test_half_of_the_stretches_are_in_their_own_key_and_all_are_of_the_train_split(corpus, embedder, stretches):
    train = {corpus.pieces[number].cluster for number in corpus.pieces_of("train")}
    names = sorted({piece.cluster for piece in corpus.pieces})
    assert {names[number] for number in stretches.cluster} <= train
    known = embedder.embed_windows(corpus.bars.windows(np.arange(len(corpus.bars)))).astype(np.float16)
    mine = stretches.bar_vectors[stretches.bars[:, 2]]
    untransposed = [any(np.allclose(row, other, atol=1e-2) for other in known) for row in mine]
    assert 0 < sum(untransposed) < len(stretches)


def test_parts_follow_each_other_stretch_by_stretch_and_rests_are_0(stretches):
    assert (np.diff(stretches.stretch) >= 0).all()
    assert set(stretches.stretch) == set(range(len(stretches)))
    assert not stretches.cell_vectors[-1].any()
    assert stretches.cell_vectors[:-1].any(axis=1).all()
    assert (stretches.bars < 0).sum() == (~stretches.begins).sum()  # a band never pauses
    again = stretches.cells[stretches.cells >= 0]
    assert len(np.unique(again)) == len(stretches.cell_vectors) - 1  # each row stands for something


@pytest.mark.parametrize("level", ["cells", "bars"])
def test_windows_that_sound_and_differ_are_asked_of_and_negatives_are_fair(stretches, level):
    batches = AnchorBatches(stretches, settings=settings())
    for number in range(4):
        asked = getattr(batches.batch(number), level)
        own = asked.own.numpy()
        wanted = [
            (row, step)
            for row in range(len(own))
            for step in range(3)
            if asked.sounds[row, step] and asked.sounds[row, step + 1] and (own[row, step] != own[row, step + 1]).any()
        ]
        assert np.argwhere(asked.at.numpy()).tolist() == [list(place) for place in wanted]
        answers = [own[row, step + 1] for row, step in wanted]
        assert len(asked.ignored) == len(wanted)
        for one, answer in enumerate(answers):
            for other, theirs in enumerate(answers):
                if (answer == theirs).all() or wanted[one][0] == wanted[other][0]:
                    assert asked.ignored[one, other]
        assert not asked.ignored.all()


def test_half_of_a_batch_is_of_one_style_and_at_most_so_many_parts_are_asked_of(stretches, monkeypatch):
    monkeypatch.setattr(anchor_batches, "LEAST_OF_A_STYLE", 2)
    batches = AnchorBatches(stretches, settings=settings())
    chosen = batches._chosen(np.random.default_rng(0))
    assert len(set(stretches.style[chosen[:5]])) == 1
    batch = batches.batch(0)
    counts = np.bincount(batch.piece[batch.asked_parts])
    assert 0 < counts.max() <= 2
    assert len(batch.members) == len(batch.piece) > len(batch.asked_parts)
    assert (batch.cells.own == batch.members[batch.asked_parts]).all()


def test_what_is_known_is_drawn_and_a_batch_follows_from_its_number(stretches):
    known = AnchorBatches(stretches, settings=settings(whole_known=1.0, company_known=0.0)).batch(0).cells.conditions
    assert known.whole_known.all()
    assert not known.company_known.any()
    one, other = (AnchorBatches(stretches, settings=settings(), first=first).batch(3) for first in (0, 3))
    assert (one.cells.own == other.cells.own).all()
    assert len(AnchorBatches(stretches, settings=settings(anchor={"longest": 8})).batch(0).bars.at[0]) == STEPS - 1
