"""What a distance is called, and how probable that is."""

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.errors import CheckpointError
from symbolic_embed.requests.asking import By, Metric
from symbolic_embed.similarity.calibration import BUNDLED, Calibration, Curve, Scale

SCALE = Scale(same=Curve(middle=0.3, width=0.05), related=Curve(middle=0.5, width=0.1))


@pytest.mark.parametrize(
    ("distance", "word"),
    [(0, "same music"), (0.265, "same music"), (0.266, "related"), (0.5, "related"), (0.51, "nothing alike")],
)
def test_words_change_where_it_is_two_to_one_and_one_to_one(distance, word):
    assert SCALE.verdict(distance).likeness == word


def test_a_curve_is_a_half_in_the_middle_and_falls_by_the_odds():
    """One width nearer the odds are e to one: .731."""
    curve = Curve(middle=0.3, width=0.05)
    assert curve.probability(0.3) == 0.5
    assert curve.probability(0.25) == pytest.approx(0.7311, abs=1e-4)
    assert curve.probability(0.35) == pytest.approx(1 - 0.7311, abs=1e-4)
    assert curve.probability(1e9) < 1e-300
    assert curve.distance(curve.probability(0.2)) == pytest.approx(0.2)


@given(st.floats(0, 3), st.floats(0, 3))
def test_nearer_is_never_less_probable(a, b):
    near, far = (SCALE.verdict(distance) for distance in sorted((a, b)))
    words = ["same music", "related", "nothing alike"]
    assert 1 >= near.probability >= far.probability >= 0
    assert words.index(near.likeness) <= words.index(far.likeness)


def test_too_little_is_related_at_most():
    found = SCALE.verdict(0, can_be_same=False)
    assert found.likeness == "related"
    assert found.probability == 0.5
    assert SCALE.verdict(0.8, can_be_same=False) == SCALE.verdict(0.8)


def test_there_is_a_scale_for_all_that_can_be_asked_for():
    bundled = Calibration.of_card({})
    for by in set(get_args(By)) - {"rhythm", "passages"}:
        for metric in get_args(Metric):
            scale = bundled.of_pieces(by, metric)
            assert 0 < scale.same.middle <= scale.related.middle < 1.5
            assert scale.verdict(0).likeness == "same music"
    assert bundled.of_pieces("all", "cosine") != bundled.of_pieces("all", "euclidean")
    assert bundled.of_pieces("melody", "cosine") == bundled.of_pieces("melody", "euclidean")


@pytest.mark.parametrize("by", ["rhythm", "passages"])
def test_by_rhythm_or_by_passages_alone_nothing_is_said(by):
    assert Calibration.of_card({}).of_pieces(by, "euclidean") is None


def test_a_fragment_is_measured_by_the_nearest_number_of_bars():
    own = Calibration(**{**BUNDLED, "fragments": {2: SCALE, 8: Scale(same=SCALE.same, related=SCALE.same)}})
    assert [own.of_fragment(bars) == own.fragments[2] for bars in (0, 1, 3, 5, 100)] == [True, True, True, False, False]


def test_the_card_comes_first_and_a_broken_one_is_refused():
    card = {"calibration": {"pieces": {**BUNDLED["pieces"], "all": SCALE.model_dump()}}}
    assert Calibration.of_card(card).of_pieces("all", "euclidean") == SCALE
    assert Calibration.of_card(card).fragments == Calibration.of_card({}).fragments
    for broken in ({"pieces": {"all": {"same": {"middle": 0.3, "width": 0}}}}, {"piece": {}}, 7):
        with pytest.raises(CheckpointError, match=r"`calibration` cannot be read .*benchmarks/calibration\.py"):
            Calibration.of_card({"calibration": broken})


def test_what_is_written_into_a_card_is_read_again():
    bundled = Calibration.of_card({})
    assert Calibration.of_card({"calibration": json.loads(json.dumps(bundled.model_dump()))}) == bundled
