"""Passages: some parts of a piece over some windows in a row, with the window before them."""

import numpy as np
import pieces
import pytest

from symbolic_embed.corpus.collection import load_collection
from symbolic_embed.corpus.passages import PassageSampler
from symbolic_embed.corpus.prepared import prepare
from symbolic_embed.errors import CorpusError


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("passages"), count=6, bars=9)


@pytest.mark.parametrize("steps", [1, 4, 9, 20])
def test_a_passage_is_windows_in_a_row_of_parts_of_one_piece(corpus, steps):
    """Looked at row by row: the same piece and part, the ordinal of the bar beside it, -1 where the part rests or the
    piece has not begun or has ended."""
    drawn = PassageSampler(corpus, split="train").draw(pieces=20, parts=3, steps=steps, random=np.random.default_rng(0))
    cells, bars = corpus.cells, corpus.bars
    assert drawn.bars.shape == drawn.length.shape == (20, steps + 1)
    assert drawn.cells.shape == (len(drawn.piece), steps + 1)
    assert drawn.piece.tolist() == sorted(drawn.piece.tolist())
    known = {
        (piece, track, ordinal): row
        for row, (piece, track, ordinal) in enumerate(zip(cells.piece, cells.track, cells.ordinal, strict=True))
    }
    for number, row in enumerate(drawn.bars):
        inside = row[row >= 0]
        (piece,) = set(bars.piece[inside].tolist())
        assert corpus.pieces[piece].split == "train"
        ordinals = bars.ordinal[inside]
        assert (np.diff(ordinals) == 1).all()
        start = int(ordinals[0]) - int(np.flatnonzero(row >= 0)[0])
        assert start >= -1
        assert [start + i in range(9) for i in range(steps + 1)] == (row >= 0).tolist()
        mine = drawn.cells[drawn.piece == number]
        assert 1 <= len(mine) <= 3
        tracks = [set(cells.track[row[row >= 0]].tolist()) for row in mine]
        assert all(len(track) == 1 for track in tracks)
        assert len(set.union(*tracks)) == len(tracks)
        for (track,), found, role in zip(tracks, mine, drawn.role[drawn.piece == number], strict=True):
            assert found.tolist() == [known.get((piece, track, start + i), -1) for i in range(steps + 1)]
            assert role == cells.role[found[found >= 0][0]]


def test_passages_begin_everywhere_and_parts_come_in_any_order(corpus):
    sampler = PassageSampler(corpus, split="train")
    drawn = [sampler.draw(pieces=1, parts=4, steps=4, random=np.random.default_rng(seed)) for seed in range(80)]
    starts = {int(corpus.bars.ordinal[one.bars[0, 1]]) for one in drawn}
    assert starts == set(range(6))
    assert len({tuple(one.role.tolist()) for one in drawn}) > 12


def test_a_set_counts_by_the_square_root_of_its_windows_and_within_it_a_piece_by_its_own(tmp_path):
    """One set has a piece of 4 bars, the other pieces of 12 and of 24: drawn as sqrt(4) to sqrt(36), and 1 to 2."""
    lengths = {"small": [4], "large": [12, 24]}
    for name, bars in lengths.items():
        scores = {f"{n}.mid": pieces.piece(n, bars=n, parts=(pieces.melody,)) for n in bars}
        pieces.folder_of(tmp_path / "music" / name, scores, meta={one: {"split": "train"} for one in scores})
    corpus = prepare(load_collection([tmp_path / "music"]), cache=tmp_path / "cache")
    sampler = PassageSampler(corpus, split="train")
    drawn = sampler.draw(pieces=8000, parts=1, steps=1, random=np.random.default_rng(0))
    of_piece = corpus.bars.piece[drawn.bars[:, 1]]
    shares = {corpus.pieces[piece].bars: (of_piece == piece).mean() for piece in range(3)}
    assert shares == pytest.approx({4: 1 / 4, 12: 3 / 4 / 3, 24: 3 / 4 * 2 / 3}, abs=0.02)


def test_passages_of_a_synthetic_set_are_a_tenth(tmp_path):
    for name in ("real", "rules"):
        said = {"split": "train", "synthetic": name == "rules"}
        score = pieces.piece(3, bars=16, parts=(pieces.melody,))
        pieces.folder_of(tmp_path / "music" / name, {"a.mid": score}, meta={"a.mid": said})
    corpus = prepare(load_collection([tmp_path / "music"]), cache=tmp_path / "cache")
    shares = PassageSampler(corpus, split="train").piece_shares
    names = [piece.set_name for piece in corpus.pieces]
    assert dict(zip(names, shares, strict=True)) == pytest.approx({"real": 0.9, "rules": 0.1})


def test_the_same_generator_gives_the_same_passages(corpus):
    sampler = PassageSampler(corpus, split="train")
    one, same, other = (
        sampler.draw(pieces=3, parts=2, steps=4, random=np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert one.cells.tolist() == same.cells.tolist()
    assert (one.cells.tolist(), one.bars.tolist()) != (other.cells.tolist(), other.bars.tolist())


def test_too_little_music_is_refused(corpus):
    with pytest.raises(
        CorpusError, match="no piece of two bars or more in the nothing split; longer pieces are needed"
    ):
        PassageSampler(corpus, split="nothing")
