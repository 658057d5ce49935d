"""What is there twice: copies, in other keys too, are found, and nothing else is taken for one."""

import numpy as np
import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.errors import CheckpointError
from symbolic_embed.library.building import build, featured
from symbolic_embed.library.duplicates import Group, duplicates, passage_waves
from symbolic_embed.library.features import KINDS, Needs
from symbolic_embed.library.matrix import compare
from symbolic_embed.library.stores import MemoryStore
from symbolic_embed.requests import CompareRequest, DuplicatesRequest

MUSIC = {
    "a.mid": cut(pieces.piece(1, bars=9)),
    "copy of a.mid": cut(pieces.piece(1, bars=9)),
    "a, moved.mid": cut(pieces.transposed(pieces.piece(1, bars=9), 3)),
    "b.mid": cut(pieces.piece(2, bars=4)),
    "c.mid": cut(pieces.piece(3, bars=12)),
    "copy of c.mid": cut(pieces.piece(3, bars=12)),
    "drums.mid": cut(pieces.piece(4, bars=4, parts=(pieces.drums,))),
}


def paths_of(groups):
    return [group.paths for group in groups]


def test_copies_are_found_in_other_keys_too(embedder_with_passages):
    groups = duplicates(MUSIC.items(), embedder_with_passages, DuplicatesRequest())
    assert sorted(paths_of(groups)) == [("a, moved.mid", "a.mid", "copy of a.mid"), ("c.mid", "copy of c.mid")]
    assert {len(group.paths): group.distance for group in groups}[2] == 0.0
    assert groups == sorted(groups, key=lambda one: (one.distance, one.paths))


def test_the_distance_of_a_group_is_what_rank_says_of_the_pair(embedder_with_passages):
    some = {path: MUSIC[path] for path in ("a.mid", "a, moved.mid", "b.mid")}
    (group,) = duplicates(some.items(), embedder_with_passages, DuplicatesRequest())
    paths, matrix = compare(some.items(), embedder_with_passages, CompareRequest(transpose=True))
    assert group.distance == pytest.approx(float(matrix[paths.index("a.mid"), paths.index("a, moved.mid")]), abs=1e-6)


def test_files_in_any_order_and_a_store_give_the_same(embedder_with_passages):
    expected = duplicates(MUSIC.items(), embedder_with_passages, DuplicatesRequest())
    backwards = list(MUSIC.items())[::-1]
    assert duplicates(backwards, embedder_with_passages, DuplicatesRequest()) == expected
    store = MemoryStore(embedder_with_passages.embedding_hash, frozenset(KINDS))
    build(MUSIC.items(), embedder_with_passages, store)
    assert duplicates(store, embedder_with_passages, DuplicatesRequest()) == expected


def test_where_nothing_is_there_twice_nothing_is_found(embedder_with_passages):
    assert duplicates([], embedder_with_passages, DuplicatesRequest()) == []
    assert duplicates([("b.mid", MUSIC["b.mid"])], embedder_with_passages, DuplicatesRequest()) == []


def test_waves_are_the_same_in_every_key(embedder_with_passages):
    pair = [("a", MUSIC["c.mid"]), ("b", cut(pieces.transposed(pieces.piece(3, bars=12), 5)))]
    one, other = (piece.passages for piece in featured(pair, embedder_with_passages, Needs.of("passages")))
    turned = np.roll(one.turning, 5, axis=1)
    np.testing.assert_allclose(np.abs(np.fft.rfft(one.turning, axis=1)), np.abs(np.fft.rfft(turned, axis=1)), atol=1e-6)
    assert passage_waves(one).shape == passage_waves(other).shape == (5, 7 * 3)


def test_a_model_without_passages_is_refused(embedder):
    with pytest.raises(CheckpointError, match="no passage encoder"):
        duplicates(MUSIC.items(), embedder, DuplicatesRequest())


def test_a_group_holds_together_by_its_widest_gap(embedder_with_passages):
    """Groups are of all that can be reached by steps of `within`."""
    widest = duplicates(MUSIC.items(), embedder_with_passages, DuplicatesRequest(within=0.3))
    assert all(isinstance(group, Group) and group.distance <= 0.3 for group in widest)
    found = {path for group in widest for path in group.paths}
    assert {"a.mid", "copy of a.mid", "a, moved.mid"} <= found
