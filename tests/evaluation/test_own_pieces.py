"""A model on its own held-out pieces: the same figures as the long report has, fewer; a quick score; known pieces."""

import numpy as np
import pieces
import pytest
from evaluation.models import Embedding

from symbolic_embed.evaluation import own_pieces
from symbolic_embed.evaluation.next_bar import QuestionKind, answer, draw_questions
from symbolic_embed.evaluation.own_pieces import own_rows, pieces_known, quick_score
from symbolic_embed.originality.fingerprint import corpus_lines, fingerprint_of, run_hashes


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("own"), count=9, bars=30)


def test_rows_are_those_of_the_questions_with_rivals_beside(corpus, monkeypatch, embedder):
    rows = list(own_rows({"ours": embedder, "theirs": embedder}, corpus, split="train"))
    cells = {row.who: row for row in rows if row.test == "next cell among 50"}
    assert list(cells) == ["ours", "theirs", "n-grams", "chroma", "piano-roll"]
    questions = draw_questions(corpus, QuestionKind("cell"), split="train", count=own_pieces.QUERIES)
    vectors = embedder.embed_windows(questions.table.windows(questions.wanted))[:, : embedder.settings.context_dim]
    assert cells["ours"].value == answer(questions, vectors).mrr == cells["theirs"].value
    assert cells["ours"].sample == len(questions.queries) > 50
    written = [(row.test, row.who, row.measure) for row in rows if row.test.startswith("reconstruction")]
    assert len(written) == 8
    assert {measure for _, _, measure in written} == {"F1, onset and pitch"}


def test_a_split_of_one_piece_is_written_back_and_asked_nothing(corpus, embedder):
    assert quick_score(corpus, split="valid") is None
    tests = {row.test.split(",")[0] for row in own_rows({"ours": embedder}, corpus, split="valid")}
    assert tests == {"reconstruction"}
    assert list(own_rows({"ours": embedder}, corpus, split="elsewhere")) == []


def test_the_quick_score_tells_who_knows_what_follows(corpus):
    """One embeds a window as chance has it, the other as the piece and the place that it comes from."""
    places = {}
    for table in (corpus.cells, corpus.bars):
        for content, piece, ordinal in zip(table.content, table.piece, table.ordinal, strict=True):
            places[int(content)] = [10.0 * piece, ordinal / 10]

    def known(windows):
        return [places[int(content)] for content in windows.content_hashes()]

    random = np.random.default_rng(0)
    score = quick_score(corpus, split="train")
    chance, sure = score(Embedding(lambda windows: random.normal(size=(len(windows), 2)))), score(Embedding(known))
    assert sure.keys() == chance.keys() == {"next_cell", "next_bar"}
    assert all(sure[name] > 0.7 and chance[name] < 0.2 for name in sure)  # some chords occur in two pieces


def test_pieces_are_known_by_their_runs(corpus):
    own = corpus.pieces_of("train")[:3]
    fingerprint = fingerprint_of([run_hashes(corpus_lines(corpus, own))[0]])
    assert pieces_known(fingerprint, corpus, split="train") == 3
    assert pieces_known(fingerprint, corpus, split="valid") == 0
