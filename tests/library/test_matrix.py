"""Every pair: the matrix against what ranking says of each row."""

import numpy as np
import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.library import matrix as comparing
from symbolic_embed.library.building import build
from symbolic_embed.library.matrix import compare
from symbolic_embed.library.rank import rank
from symbolic_embed.library.stores import MemoryStore
from symbolic_embed.requests import CompareRequest, RankRequest
from symbolic_embed.similarity.likeness import Likeness

SEVERAL = {
    "short.mid": cut(pieces.piece(1, bars=2)),
    "twin.mid": cut(pieces.piece(2, bars=4)),
    "long.mid": cut(pieces.piece(3, bars=7)),
    "another twin.mid": cut(pieces.piece(2, bars=4)),
    "moved.mid": cut(pieces.transposed(pieces.piece(2, bars=4), -3)),
}


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize("transpose", [False, True])
def test_each_row_is_what_ranking_sorts_by(embedder, metric, transpose):
    fields = {"metric": metric, "transpose": transpose}
    paths, matrix = compare(SEVERAL.items(), embedder, CompareRequest(**fields))
    assert paths == list(SEVERAL)
    assert matrix.dtype == np.float32
    for path, row in zip(paths, matrix, strict=True):
        matches = rank(SEVERAL[path], SEVERAL.items(), embedder, RankRequest(**fields))
        assert {match.path: np.float32(match.distance) for match in matches} == dict(zip(paths, row, strict=True))


@pytest.mark.parametrize("transpose", [False, True])
def test_the_matrix_is_symmetric_with_0_for_the_same_music(embedder, transpose):
    paths, matrix = compare(SEVERAL.items(), embedder, CompareRequest(transpose=transpose))
    assert (matrix == matrix.T).all()
    assert (matrix.diagonal() == 0).all()
    assert np.isfinite(matrix).all()
    same = {(paths[a], paths[b]) for a, b in np.argwhere(matrix == 0) if a < b}
    twins = {("twin.mid", "another twin.mid")}
    assert same == (twins | {(twin, "moved.mid") for twin in twins.copy().pop()} if transpose else twins)


def test_blocks_change_nothing(embedder, monkeypatch):
    request = CompareRequest(transpose=True)
    whole = compare(SEVERAL.items(), embedder, request)[1]
    monkeypatch.setattr(comparing, "AT_A_TIME", 2)
    assert (compare(SEVERAL.items(), embedder.with_jobs(1), request)[1] == whole).all()


def test_progress_hears_of_every_piece(embedder):
    heard = []

    def listening(rows, total):
        heard.append(total)
        for row in rows:
            heard.append(row)
            yield row

    compare(SEVERAL.items(), embedder, CompareRequest(), progress=listening)
    assert heard == [len(SEVERAL)] + [None] * len(SEVERAL)


def test_no_pieces_make_an_empty_matrix(embedder):
    paths, matrix = compare([], embedder, CompareRequest(transpose=True))
    assert (paths, matrix.shape) == ([], (0, 0))


def test_few_pieces_wait_in_all_keys(embedder):
    """However fast they come, only so many are taken before the first is done with."""
    taken, done = [], []

    def tasks():
        for number in range(20):
            taken.append(number)
            yield number

    for number in comparing._in_threads(lambda task: task, tasks(), 2):
        assert len(taken) <= len(done) + 1 + comparing.AHEAD * 2
        done.append(number)
    assert done == list(range(20))


def test_a_store_gives_the_matrix_of_its_pieces(embedder):
    kinds = frozenset({"bars", "harmony", "melody", "precedence", "bar_notes"})
    store = MemoryStore(embedder.embedding_hash, kinds)
    build(SEVERAL.items(), embedder, store)
    for request in (CompareRequest(), CompareRequest(transpose=True, metric="cosine")):
        paths, matrix = compare(store, embedder, request)
        assert paths == list(SEVERAL)
        assert np.array_equal(matrix, compare(SEVERAL.items(), embedder, request)[1])


def test_one_part_alone_may_be_compared(embedder):
    likeness = Likeness(parts="melody")
    _, matrix = comparing.distances(SEVERAL.items(), embedder, likeness)
    for number, piece in enumerate(SEVERAL.values()):
        whys = {match.path: match.why for match in rank(piece, SEVERAL.items(), embedder, RankRequest())}
        assert matrix[number].tolist() == pytest.approx([whys[path].melody for path in SEVERAL], abs=1e-6)
