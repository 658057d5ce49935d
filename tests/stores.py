"""What every store must do: a test of a new one subclasses `StoreContract` and says how an empty one is made."""

from __future__ import annotations

import numpy as np
import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.errors import CheckpointError, SymbolicEmbedError
from symbolic_embed.library.building import build, featured
from symbolic_embed.library.features import KINDS, Features, Needs, known
from symbolic_embed.library.find import find
from symbolic_embed.library.rank import rank
from symbolic_embed.library.stores import Store
from symbolic_embed.requests import FindRequest, RankRequest

BAND = {f"{seed}.mid": cut(pieces.piece(seed, bars=2 + seed)) for seed in (3, 1, 2)}
ALL = frozenset(KINDS)


class StoreContract:
    """The tests. A subclass defines `empty`."""

    @pytest.fixture
    def embedder(self, embedder_with_passages):
        """One that knows every kind of features."""
        return embedder_with_passages

    def empty(self, checkpoint: str, kinds: frozenset, folder) -> Store:
        """A store without pieces; `folder` is empty and its own."""
        raise NotImplementedError

    def full(self, embedder, folder, kinds=ALL) -> Store:
        store = self.empty(embedder.hash, kinds, folder)
        build(BAND.items(), embedder, store)
        return store

    def kept(self, piece: Features) -> Features:
        """What comes back of a piece, where that is not what was given."""
        return piece

    def test_it_is_a_store_and_says_what_it_holds(self, tmp_path):
        store = self.empty("a" * 64, frozenset({"bars"}), tmp_path)
        assert isinstance(store, Store)
        assert (store.checkpoint, store.kinds, len(store), list(store)) == ("a" * 64, {"bars"}, 0, [])

    def test_every_kind_comes_back_as_it_was_given(self, embedder, tmp_path):
        store = self.full(embedder, tmp_path)
        for given in featured(BAND.items(), embedder, Needs(ALL)):
            assert_same(store.get(given.path), self.kept(given))

    def test_pieces_come_in_the_order_in_which_they_first_came(self, embedder, tmp_path):
        store = self.full(embedder, tmp_path)
        assert [piece.path for piece in store] == list(BAND)
        assert len(store) == 3
        build([("1.mid", BAND["3.mid"])], embedder, store)
        assert [piece.path for piece in store] == list(BAND)
        assert store.get("1.mid").content == store.get("3.mid").content

    def test_other_kinds_are_not_kept_and_missing_ones_refused(self, embedder, tmp_path):
        store = self.empty(embedder.hash, frozenset({"bars"}), tmp_path)
        (piece,) = featured([("a", BAND["1.mid"])], embedder, Needs.of("bars", "melody"))
        store.add(piece)
        assert store.get("a").kinds == {"bars"}
        with pytest.raises(LookupError, match="b: without bars"):
            store.add(Features("b"))
        assert len(store) == 1

    def test_a_path_that_is_not_there_is_a_lookup_error(self, embedder, tmp_path):
        with pytest.raises(LookupError):
            self.full(embedder, tmp_path).get("nowhere.mid")

    def test_it_answers_as_the_pieces_do(self, embedder, tmp_path):
        store = self.full(embedder, tmp_path)
        query = cut(pieces.transposed(pieces.piece(1, bars=3), 2))
        for request in (RankRequest(), RankRequest(transpose=True), RankRequest(level="bar", top=4)):
            assert rank(query, store, embedder, request) == rank(query, BAND.items(), embedder, request)
        request = FindRequest()
        assert find(query, store, embedder, request) == find(query, BAND.items(), embedder, request)

    def test_another_model_and_a_kind_that_is_not_held_are_refused(self, embedder, tmp_path):
        store = self.empty("b" * 64, frozenset({"bars"}), tmp_path)
        with pytest.raises(CheckpointError, match=f"built with checkpoint bbbbbbbbbbbb, this is {embedder.hash[:12]}"):
            featured(store, embedder, Needs.of("bars"))
        with pytest.raises(CheckpointError, match="built with checkpoint bbbbbbbbbbbb"):
            build(BAND.items(), embedder, store)
        store = self.empty(embedder.hash, frozenset({"bars"}), tmp_path / "second")
        with pytest.raises(SymbolicEmbedError, match="holds no cells, melody, which this needs"):
            featured(store, embedder, Needs.of("bars", "melody", "cells"))


def assert_same(piece: Features, other: Features) -> None:
    """Two features of one path are alike in every kind, to the last bit."""
    assert (piece.path, piece.kinds) == (other.path, other.kinds)
    for kind in piece.kinds:
        assert_same_values(known(getattr(piece, kind)), known(getattr(other, kind)))


def assert_same_values(value, other) -> None:
    assert type(value) is type(other)
    if isinstance(value, np.ndarray):
        assert value.dtype == other.dtype
        assert np.array_equal(value, other)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            assert_same_values(getattr(value, name), getattr(other, name))
    elif isinstance(value, tuple):
        for one, another in zip(value, other, strict=True):
            assert_same_values(one, another)
    else:
        assert value == other
