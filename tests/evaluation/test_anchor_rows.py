"""With more than one bar to go by: the context is what the piece holds, the mixture that of loops, rows have names."""

import numpy as np
import pieces
import pytest
import tiny
import torch

from symbolic_embed.embedding.anchor import Anchor
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.model import AnchorSettings, build_anchor
from symbolic_embed.evaluation.anchor_context import before
from symbolic_embed.evaluation.anchor_rows import PAST_WEIGHTS, WAYS, AnchorQuestions, anchor_rows
from symbolic_embed.evaluation.next_bar import QuestionKind, draw_questions
from symbolic_embed.evaluation.subject import Subject

SETTINGS = AnchorSettings(width=8, layers=1, heads=2, out=8, longest=5)


@pytest.fixture(scope="module")
def subject(tmp_path_factory):
    corpus = pieces.band_corpus(tmp_path_factory.mktemp("next"), count=7)
    embedder = Embedder.of(tiny.embedder_checkpoint(tmp_path_factory.mktemp("embedder")))
    torch.manual_seed(0)
    network = build_anchor(SETTINGS, dim=embedder.dim).eval().requires_grad_(False)
    return Subject(embedder, corpus, "train", Anchor(SETTINGS, network, embedder.dim))


def windows_at(table, piece, ordinal, *, track=None):
    """The window of a track of a piece at an ordinal in which a note begins, or those of all tracks."""
    there = (table.piece == piece) & (table.ordinal == ordinal) & (table.onsets > 0)
    return np.flatnonzero(there if track is None else there & (table.track == track)).tolist()


@pytest.mark.parametrize("level", ["cell", "bar"])
def test_what_was_played_before_is_what_the_piece_holds(subject, level):
    corpus = subject.corpus
    questions = draw_questions(corpus, QuestionKind(level, 4), split="train", count=40)
    table = questions.table
    past = before(corpus, table, questions.queries, steps=3)
    for row, query in enumerate(questions.queries):
        piece, track, last = (int(column[query]) for column in (table.piece, table.track, table.ordinal))
        first = max(last - 2, 0)
        assert past.length[row] == last - first + 1
        for step, ordinal in enumerate(range(first, first + 3)):
            known = ordinal <= last
            own = windows_at(table, piece, ordinal, track=track) if known else []
            assert past.own[row, step] == (own[0] if own else -1)
            whole = windows_at(corpus.bars, piece, ordinal) if known else []
            assert past.whole[row, step] == (whole[0] if whole else -1)
        for step, ordinal in enumerate(range(first, first + 4)):
            others = windows_at(corpus.cells, piece, ordinal) if ordinal <= last + 1 else []
            others = [one for one in others if level == "bar" or corpus.cells.track[one] != track]
            assert sorted(past.others[row, step][past.others[row, step] >= 0].tolist()) == others


def test_the_mixture_is_the_weighted_mean_of_what_is_known(subject):
    questions = draw_questions(subject.corpus, QuestionKind("cell", 4), split="train", count=20)
    asked = AnchorQuestions.of(subject, questions, steps=5)
    mixture = asked.mixture(WAYS["cell"][2], numbers=8)
    embed, cells, bars = subject.embedder.embed_windows, subject.corpus.cells, subject.corpus.bars
    for row, query in enumerate(questions.queries):
        piece, track, last = (int(column[query]) for column in (cells.piece, cells.track, cells.ordinal))
        weighted = []
        for back, weight in enumerate(PAST_WEIGHTS):
            weighted += [(weight, cells, one) for one in windows_at(cells, piece, last - back, track=track)]
        weighted += [(0.3, bars, one) for one in windows_at(bars, piece, last)]
        others = [one for one in windows_at(cells, piece, last + 1) if cells.track[one] != track]
        weighted += [(0.3, cells, one) for one in others]
        vectors = [embed(table.windows(np.array([one])))[0, :8] for _, table, one in weighted]
        wanted = np.average(vectors, axis=0, weights=[weight for weight, *_ in weighted])
        np.testing.assert_allclose(mixture[row], wanted, atol=1e-4)


def test_a_fresh_anchor_answers_as_the_mixture_does_where_it_looks_at_the_same_numbers(subject):
    """It begins as the mixture, and these targets are nearly the first half of the embeddings' own numbers."""
    questions = draw_questions(subject.corpus, QuestionKind("cell", 4), split="train", count=20)
    asked = AnchorQuestions.of(subject, questions, steps=5)
    for knowledge in WAYS["cell"]:
        anchors = subject.anchor.anchors(asked.sequences(subject.anchor, knowledge))[:, :4]
        mixture = asked.mixture(knowledge, numbers=4)
        cosines = (anchors * mixture).sum(axis=1) / np.linalg.norm(anchors, axis=1) / np.linalg.norm(mixture, axis=1)
        assert cosines.min() > 0.999


@pytest.mark.parametrize("level", ["cell", "bar"])
def test_rows_say_what_is_known_and_whose_answer_it_is(subject, level):
    rows = list(anchor_rows(subject, QuestionKind(level, 4), queries=15))
    tests = [f"next {level}{knowledge.words} among 4" for knowledge in WAYS[level]]
    assert [row.test for row in rows if row.measure == "MRR" and row.who == "anchor"] == tests
    assert [row.test for row in rows if row.measure == "MRR" and row.who == "model, mixture"] == tests[1:]
    assert all(row.sample == 15 and row.error is not None for row in rows)
    without = Subject(subject.embedder, subject.corpus, "train")
    assert list(anchor_rows(without, QuestionKind(level, 4), queries=15)) == []
