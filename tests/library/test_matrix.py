"""Every pair: the matrix against what ranking says of each row."""

import numpy as np
import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.library import matrix as comparing
from symbolic_embed.library.matrix import compare
from symbolic_embed.library.rank import rank
from symbolic_embed.requests import CompareRequest, RankRequest

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
