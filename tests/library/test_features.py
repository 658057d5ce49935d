"""Features: which kinds are known, and what is said of the others."""

import numpy as np
import pytest

from symbolic_embed.library.features import KINDS, Bars, Features, Needs, always, known, never
from symbolic_embed.similarity.melody import Melody

NONE = np.zeros(0, np.int64)
PIECE = Features("a.mid", content="c", melody=Melody(NONE, NONE))


def test_what_is_known_is_what_is_not_none():
    assert Features("a.mid").kinds == frozenset()
    assert PIECE.kinds == {"content", "melody"}
    assert set(KINDS) == set(Features.__dataclass_fields__) - {"path"}


def test_only_some_kinds_are_left():
    left = PIECE.only(frozenset({"melody", "bars"}))
    assert (left.path, left.kinds) == ("a.mid", {"melody"})
    assert PIECE.kinds == {"content", "melody"}


def test_what_is_not_known_says_where_to_look():
    assert known(PIECE.content) == "c"
    assert known(0) == 0
    with pytest.raises(LookupError, match="`Needs`"):
        known(PIECE.bars)


def test_vectors_are_the_first_version():
    versions = np.arange(12, dtype=np.float32).reshape(2, 3, 2)
    bars = Bars(np.arange(3), np.ones(3, bool), versions)
    assert bars.vectors.tolist() == [[0, 1], [2, 3], [4, 5]]


def test_needs_are_kinds_in_the_key_of_the_piece():
    needs = Needs.of("bars", "melody")
    assert needs == Needs(frozenset({"melody", "bars"}), silence=False, in_all_keys=never)
    assert not needs.in_all_keys(PIECE)
    assert always(PIECE)
