"""The joint distance: its parts, and what holds of any two pieces."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pieces
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_embed.bars import cut
from symbolic_embed.library import matrix
from symbolic_embed.library.features import KINDS
from symbolic_embed.library.rank import rank
from symbolic_embed.requests import RankRequest
from symbolic_embed.requests.asking import By
from symbolic_embed.similarity.joint import ALL_PARTS, PARTS, Comparable, Parts, needed
from symbolic_embed.similarity.likeness import Likeness

bands = st.lists(
    st.sampled_from([pieces.melody, pieces.chords, pieces.bass, pieces.drums]), min_size=1, max_size=4, unique=True
)
scores = st.builds(lambda seed, bars, parts: pieces.piece(seed, bars=bars, parts=parts),
                   st.integers(0, 5), st.integers(1, 10), bands)  # fmt: skip


def distances(embedder, *several, **likeness):
    named = [(str(number), cut(score)) for number, score in enumerate(several)]
    return matrix.distances(named, embedder, Likeness(**likeness))[1]


def found(bars, harmony, melody, rhythm=0.0, *, passages=None, **likeness):
    values = {"harmony": harmony, "melody": melody, "rhythm": rhythm}
    values |= {} if passages is None else {"passages": passages}
    others = {name: np.full((1, 1), value, float) for name, value in values.items()}
    return float(Parts(np.full((1, 1), bars, float), others, nearest=None).distances(Likeness(**likeness))[0, 0])


def test_harmony_or_melody_is_enough():
    """(1 + 2^-4) / 2 = .53125, and its fourth root is .85375."""
    assert found(1, 1, 1) == pytest.approx(1)
    assert found(0, 1, 2) == found(0, 2, 1) == pytest.approx(0.8 / 0.85375, abs=1e-4)
    assert found(1, 0, 1) == found(1, 1, 0) == pytest.approx(0.2)
    assert found(0, 0, 0) == 0


def test_what_is_learnt_counts_for_three_tenths_and_not_where_all_else_is_the_same():
    assert found(1, 1, 1, passages=1) == pytest.approx(1)
    assert found(1, 1, 1, passages=0) == found(9, 1, 1, passages=0) == pytest.approx(0.7)
    assert found(1, 0, 1, passages=1) == found(9, 1, 0, passages=1) == pytest.approx(0.3)
    assert found(9, 0, 0.1, passages=9) == pytest.approx(0.12)
    assert found(9, 0, 0, passages=0.3) == 0
    assert found(0.5, 0, 1, passages=float("nan")) == pytest.approx(0.15)
    assert found(0.3, 0.5, 0.9, passages=0.6, parts="passages") == 0.6


def test_what_has_nothing_to_say_repeats_the_bars():
    nothing = float("nan")
    assert found(0.5, nothing, 1) == found(0.5, 0.5, 1)
    assert found(0.5, 1, nothing) == found(0.5, 1, 0.5)
    assert found(0.7, nothing, nothing) == pytest.approx(0.7)


@pytest.mark.parametrize(("part", "expected"), [("bars", 0.3), ("harmony", 0.5), ("melody", 0.9), ("rhythm", 0.7)])
def test_one_part_may_be_asked_for(part, expected):
    assert found(0.3, 0.5, 0.9, 0.7, parts=part) == expected


def test_every_part_is_in_the_table_can_be_asked_for_and_is_known_of_a_piece():
    assert set(ALL_PARTS) == set(PARTS)
    assert {"all", "bars", *ALL_PARTS} == set(get_args(By))
    assert set(ALL_PARTS) <= set(KINDS)
    for name in ALL_PARTS:
        assert name in Comparable.__dataclass_fields__
        for has_passages in (True, False):  # who asks for passages hears where there are none
            assert needed(Likeness(parts=name), has_passages=has_passages) == (name,)


def test_rhythm_counts_alone():
    assert needed(Likeness(), has_passages=False) == ("harmony", "melody")
    assert needed(Likeness(), has_passages=True) == ("harmony", "melody", "passages")
    assert needed(Likeness(parts="bars"), has_passages=True) == ()
    assert found(0.3, 0.5, 0.9, 0) == found(0.3, 0.5, 0.9, 2)


@settings(max_examples=12)
@given(scores, scores, st.booleans())
def test_any_two_pieces_are_as_far_from_either_side(embedder, a, b, transpose):
    one, other = (distances(embedder, *pair, transpose=transpose) for pair in ((a, b), (b, a)))
    assert (one == one.T).all()
    assert (one == other[::-1, ::-1]).all()
    assert np.isfinite(one).all()
    assert (one.diagonal() == 0).all()


@settings(max_examples=12)
@given(scores, st.integers(-5, 6), st.sampled_from(["euclidean", "cosine"]))
def test_in_another_key_it_is_the_same_piece(embedder, score, semitones, metric):
    moved = pieces.transposed(score, semitones)
    assert distances(embedder, score, moved, transpose=True, metric=metric)[0, 1] == 0


@pytest.mark.parametrize("part", ["harmony", "melody"])
@pytest.mark.parametrize("semitones", [-5, 2, 6])
def test_moving_a_piece_changes_neither_harmony_nor_melody(embedder, part, semitones):
    a, b = (pieces.piece(seed, bars=3 + seed) for seed in (1, 2))
    before, after = (
        distances(embedder, a, other, transpose=True, parts=part) for other in (b, pieces.transposed(b, semitones))
    )
    assert after == pytest.approx(before, abs=1e-5)
    assert before[0, 1] > 0.1


@settings(max_examples=12)
@given(scores, scores, st.lists(scores, max_size=3), st.booleans())
def test_company_changes_nothing(embedder, a, b, company, transpose):
    alone = distances(embedder, a, b, transpose=transpose)
    among = distances(embedder, a, *company, b, transpose=transpose)
    assert among[0, -1] == alone[0, 1]


def test_drums_alone_are_compared_by_their_bars(embedder):
    score = pieces.piece(1)
    drums = replace(score, tracks=tuple(track for track in score.tracks if track.is_drum))
    (match,) = rank(cut(drums), [("band", cut(score))], embedder, RankRequest())
    assert (match.why.harmony, match.why.melody) == (None, None)
    assert match.distance == pytest.approx(match.why.bars)


def test_a_query_hears_why(embedder):
    query, other = (cut(pieces.piece(seed, bars=4)) for seed in (1, 2))
    for match in rank(query, [("a", query), ("b", other)], embedder, RankRequest(transpose=True)):
        expected = found(match.why.bars, match.why.harmony, match.why.melody)
        assert match.distance == pytest.approx(expected, abs=1e-5)
        assert match.why.rhythm is None
        assert match.why.pairs[0] == (match.query_bar, match.bar)
        assert len(set(match.why.pairs)) == 3
