"""Which bar comes next: fair questions, and ranks that loops agree with."""

import math

import numpy as np
import pieces
import pytest
from evaluation.models import Embedding
from scipy import sparse

from symbolic_embed.evaluation import next_bar
from symbolic_embed.evaluation.next_bar import QuestionKind, answer, draw_questions, next_bar_rows
from symbolic_embed.evaluation.subject import Subject

CANDIDATES = 6
CELLS = QuestionKind("cell", CANDIDATES)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("next"), count=7)


@pytest.mark.parametrize("same_style", [False, True])
@pytest.mark.parametrize("level", ["cell", "bar"])
def test_the_right_one_follows_and_the_wrong_ones_are_strangers(corpus, level, same_style):
    kind = QuestionKind(level, CANDIDATES, same_style)
    table = kind.table(corpus)
    assert table is (corpus.cells if level == "cell" else corpus.bars)
    questions = draw_questions(corpus, kind, split="train", count=30)
    assert len(questions.queries) == min(30, len(set(questions.queries.tolist())))
    for query, candidates in zip(questions.queries, questions.candidates, strict=True):
        assert (table.piece[query], table.track[query]) == (table.piece[candidates[0]], table.track[candidates[0]])
        assert table.ordinal[candidates[0]] == table.ordinal[query] + 1
        assert table.content[candidates[0]] != table.content[query]
        assert len(set(candidates.tolist())) == CANDIDATES
        mine = corpus.pieces[table.piece[query]]
        for wrong in candidates[1:]:
            other = corpus.pieces[table.piece[wrong]]
            assert other.split == "train"
            assert other.cluster != mine.cluster
            assert not same_style or (other.set_name, table.steps[wrong]) == (mine.set_name, table.steps[query])
    again = draw_questions(corpus, kind, split="train", count=30)
    assert again.candidates.tolist() == questions.candidates.tolist()


def test_nothing_is_asked_where_there_are_too_few_strangers(corpus):
    assert draw_questions(corpus, QuestionKind("bar", 2), split="valid", count=9).candidates.shape == (0, 2)
    embedder = Embedding(lambda windows: np.zeros((len(windows), 16)))
    assert list(next_bar_rows(Subject(embedder, corpus, "valid"), QuestionKind("bar"), queries=9)) == []


def test_wrong_candidates_come_from_one_pool(corpus, monkeypatch):
    monkeypatch.setattr(next_bar, "POOL", 12)
    questions = draw_questions(corpus, CELLS, split="train", count=50)
    assert len(np.unique(questions.candidates[:, 1:])) <= 12


def test_ranks_are_those_of_loops_dense_and_sparse(corpus):
    questions = draw_questions(corpus, CELLS, split="train", count=25)
    vectors = np.random.default_rng(0).integers(0, 3, (len(questions.wanted), 2)).astype(np.float32)  # with ties
    of = dict(zip(questions.wanted.tolist(), vectors.tolist(), strict=True))
    ranks = []
    for query, candidates in zip(questions.queries.tolist(), questions.candidates.tolist(), strict=True):
        right, *wrong = (math.dist(of[query], of[candidate]) for candidate in candidates)
        ranks.append(1 + sum(distance <= right for distance in wrong))
    for made in (vectors, sparse.csr_array(vectors)):
        found = answer(questions, made)
        assert found.mrr == pytest.approx(sum(1 / rank for rank in ranks) / len(ranks))
        assert found.recall_at_1 == pytest.approx(ranks.count(1) / len(ranks))
        assert found.queries == len(ranks)
        assert found.mrr_error > 0


def test_who_cannot_tell_bars_apart_comes_last_and_who_knows_comes_first(corpus):
    questions = draw_questions(corpus, CELLS, split="train", count=25)
    assert answer(questions, np.ones((len(questions.wanted), 4))).mrr == pytest.approx(1 / CANDIDATES)
    part = corpus.cells.piece[questions.wanted] * 100 + corpus.cells.track[questions.wanted]
    assert answer(questions, part[:, None].astype(float)).recall_at_1 == 1


def test_rows_tell_context_numbers_from_all(corpus):
    """Here the first numbers know the piece and the part (by what it holds of them), the others are louder noise."""
    table = corpus.cells
    known = dict(zip(table.content.tolist(), (table.piece * 10 + table.track).tolist(), strict=True))
    random = np.random.default_rng(0)

    def embed(windows):
        part = np.array([known[content] for content in windows.content_hashes().tolist()])
        return np.concatenate([np.tile(part[:, None], (1, 8)), random.normal(0, 1e4, (len(part), 8))], axis=1)

    rows = {
        (row.who, row.measure): row
        for row in next_bar_rows(Subject(Embedding(embed), corpus, "train"), QuestionKind("cell", 5), queries=40)
        if row.test == "next cell among 5"
    }
    assert rows["model", "MRR"].value == 1
    assert rows["model, all coordinates", "recall@1"].value < 0.6
    everyone = {"model", "model, all coordinates", "model, centred", "model, whitened", "chroma", "piano-roll"}
    assert {who for who, _ in rows} == everyone | {"model, all coordinates, whitened", "n-grams"}


def test_cells_are_told_by_how_many_notes_they_have(corpus):
    """The parts add up to the whole, and bars are not told so."""
    embedder = Embedding(lambda windows: np.diff(windows.offsets)[:, None] * np.ones(16))
    subject = Subject(embedder, corpus, "train")
    rows = [row for row in next_bar_rows(subject, QuestionKind("cell", 5), queries=60) if row.who == "model"]
    (whole,) = (row for row in rows if (row.test, row.measure) == ("next cell among 5", "MRR"))
    parts = [row for row in rows if row.test.startswith("next cell among 5, ") and row.measure == "MRR"]
    assert len(parts) > 1
    assert sum(row.sample for row in parts) == whole.sample
    assert sum(row.value * row.sample for row in parts) == pytest.approx(whole.value * whole.sample)
    questions = draw_questions(corpus, QuestionKind("cell", 5), split="train", count=60)
    few = corpus.cells.onsets[questions.queries] <= 2
    assert [row.sample for row in parts if row.test.endswith("1 or 2 notes")] == ([few.sum()] if few.any() else [])
    of_bars = next_bar_rows(subject, QuestionKind("bar", 5), queries=60)
    assert {row.test for row in of_bars} == {"next bar among 5"}


def test_without_training_music_rivals_that_need_it_are_left_out(corpus):
    few = Embedding(lambda windows: np.zeros((len(windows), 4096)))
    few.settings = few.settings.model_copy(update={"dim": 4096})
    rows = list(next_bar_rows(Subject(few, corpus, "train"), QuestionKind("bar", 3), queries=5))
    assert {row.who for row in rows} == {"model", "model, all coordinates", "chroma", "piano-roll"}
