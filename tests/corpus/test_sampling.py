"""Which windows are looked at: those of a split in which something begins, each content once, drawn once."""

import numpy as np
import pieces
import pytest

from symbolic_embed.corpus.collection import load_collection
from symbolic_embed.corpus.prepared import prepare
from symbolic_embed.corpus.sampling import clusters_of, distinct, drawn, windows_of
from symbolic_embed.score import Notes, Score, Track


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Six bands, two of which rest for a bar while a chord is held."""
    folder = tmp_path_factory.mktemp("sampling")
    scores = {f"{seed}.mid": pieces.piece(seed) for seed in range(4)}
    for seed in (4, 5):
        chord = Notes.of([0] * 3 + [3 * 1920], [2 * 1920] * 3 + [480], [48 + seed, 60, 64, 67], [90] * 4)
        scores[f"{seed}.mid"] = Score(480, (Track(chord),))
    splits = ("train", "train", "valid", "test", "train", "valid")
    meta = {f"{seed}.mid": {"split": split, "cluster": f"c{seed % 5}"} for seed, split in enumerate(splits)}
    corpus = prepare(load_collection([pieces.folder_of(folder / "music", scores, meta=meta)]), cache=folder / "cache")
    assert (corpus.bars.onsets == 0).any()
    return corpus


@pytest.mark.parametrize("split", ["train", "valid", "test", "none"])
def test_windows_of_a_split_are_those_of_its_pieces_in_which_something_begins(corpus, split):
    for table in (corpus.cells, corpus.bars):
        expected = [
            number
            for number in range(len(table))
            if corpus.pieces[table.piece[number]].split == split and table.onsets[number] > 0
        ]
        assert windows_of(corpus, table, split=split).tolist() == expected


def test_of_equal_windows_the_first_stays(corpus):
    table, twice = corpus.cells, np.array([7, 3, 7, 5, 3])
    kept = distinct(table, twice)
    assert set(kept.tolist()) == {3, 5, 7} - ({5} if table.content[5] in table.content[[3, 7]] else set())
    assert len({table.content[number] for number in kept}) == len(kept)


def test_drawing_takes_each_at_most_once_and_all_where_there_are_fewer():
    chosen = np.arange(10, 20)
    some = drawn(chosen, count=4, random=np.random.default_rng(0))
    assert len(set(some.tolist())) == 4
    assert set(some.tolist()) <= set(chosen.tolist())
    assert (drawn(chosen, count=4, random=np.random.default_rng(0)) == some).all()
    assert (drawn(chosen, count=4, random=np.random.default_rng(1)) != some).any()
    assert sorted(drawn(chosen, count=99, random=np.random.default_rng(0))) == chosen.tolist()


def test_windows_of_one_cluster_have_one_number(corpus):
    table = corpus.bars
    numbers = clusters_of(corpus, table, np.arange(len(table)))
    names = [corpus.pieces[piece].cluster for piece in table.piece]
    assert len(set(zip(numbers.tolist(), names, strict=True))) == len(set(names)) == len(set(numbers.tolist()))
