"""A melody beside very many others, with no note left out."""

import numpy as np

from symbolic_embed.similarity.melody import Melody, melody_distances
from symbolic_embed.similarity.ungapped import likeliest_moves, ungapped_distances


def lines(count, seed=0):
    random = np.random.default_rng(seed)
    return [
        Melody(random.integers(40, 90, length), random.integers(1, 13, length))
        for length in random.integers(4, 60, count)
    ]


def laid_out(others):
    notes = np.concatenate([np.stack(other) for other in others], axis=1).astype(np.uint8)
    return notes, np.array([len(other.pitch) for other in others])


def test_it_is_never_nearer_than_with_notes_left_out():
    others = lines(40)
    notes, counts = laid_out(others)
    for query in lines(5, seed=1):
        found = ungapped_distances(query, notes, counts, np.zeros(len(others), np.int64))
        exact = melody_distances(query, others, transpose=False).ravel()
        assert (found >= exact - 1e-9).all()
        assert len(set(found.round(6))) > 20


def test_itself_in_another_key_is_at_0():
    query = lines(1, seed=3)[0]
    others = [*lines(6, seed=4), Melody(query.pitch + 5, query.weight)]
    notes, counts = laid_out(others)
    moves = likeliest_moves(query, np.stack([other.profile for other in others]).astype(np.float32))
    found = ungapped_distances(query, notes, counts, moves)
    assert moves[-1] == 5
    assert found[-1] == 0
    assert (found[:-1] > 0.1).all()


def test_no_melody_says_nothing():
    silent = Melody(np.zeros(0, np.int64), np.zeros(0, np.int64))
    notes, counts = laid_out([*lines(2), silent])
    moves = np.zeros(3, np.int64)
    assert np.isnan(ungapped_distances(lines(1)[0], notes, counts, moves)).tolist() == [False, False, True]
    assert np.isnan(ungapped_distances(silent, notes, counts, moves)).all()


def test_what_lies_side_by_side_does_not_matter():
    others = lines(9)
    query = lines(1, seed=7)[0]
    together = ungapped_distances(query, *laid_out(others), np.zeros(9, np.int64))
    alone = [ungapped_distances(query, *laid_out([other]), np.zeros(1, np.int64))[0] for other in others]
    assert together.tolist() == alone
