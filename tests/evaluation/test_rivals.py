"""Rivals in the head: chroma, rolls, n-grams and their weights, centring and whitening."""

import math
from collections import Counter

import numpy as np
import pytest
import strategies
from hypothesis import given
from strategies import of_notes

from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.encodings import pianoroll
from symbolic_embed.evaluation import rivals

CHORDS = of_notes(
    [(0, 0, 60, 6), (0, 0, 64, 6), (6, 0, 62, 6), (12, 0, 60, 48), (12, DRUM, 90, 3)],
    [(0, DRUM, 36, 3), (12, DRUM, 38, 3)],
    [(0, HELD, 50, 10)],
    [],
)


def test_chroma_counts_what_sounds_inside_the_window():
    """C for 6 and 36 steps (12 are past the end), E and D for 6 each; a held D flat alone; nothing."""
    found = rivals.chroma(CHORDS)
    length = math.sqrt(42**2 + 6**2 + 6**2)
    expected = np.zeros((4, 12))
    expected[0, [0, 2, 4]] = [42 / length, 6 / length, 6 / length]
    expected[2, 2] = 1
    assert found == pytest.approx(expected, abs=1e-6)


@given(strategies.windows())
def test_rolls_are_the_planes_at_length_one(windows):
    found = rivals.roll(windows).toarray()
    for row, planes in zip(found, pianoroll.encode(windows), strict=True):
        assert np.array_equal(row > 0, planes.ravel())
        assert np.linalg.norm(row) == pytest.approx(1.0 if planes.any() else 0.0, rel=1e-5)


def test_the_top_line_is_pitched_where_it_can_be():
    lines = [(onset.tolist(), pitch.tolist()) for onset, pitch in rivals.top_lines(CHORDS)]
    assert lines == [([0, 6, 12], [64, 62, 60]), ([0, 12], [36, 38]), ([], []), ([], [])]


def test_grams_by_hand_and_in_any_key():
    grams = rivals.grams([0, 6, 12], [64, 62, 67])
    assert Counter(grams) == Counter(["p-2", "p5", "p-2,5", "r6", "r6", "r6,6"])
    assert rivals.grams([48, 54, 60], [66, 64, 69]) == grams
    assert rivals.grams([0], [60]) == rivals.grams([], []) == []
    assert sum(gram.startswith("p") for gram in rivals.grams(range(7), range(7))) == 6 + 5 + 4 + 3


def test_weights_are_tf_idf():
    documents = [["a", "a", "b"], ["b", "c"], ["b"]]
    found = rivals.GramWeights.of(documents).vectors([*documents, ["new"], []]).toarray()
    inverse = {gram: math.log((1 + 3) / (1 + count)) + 1 for gram, count in {"a": 1, "b": 3, "c": 1}.items()}
    for row, document in zip(found, documents, strict=False):
        weights = [(1 + math.log(n)) * inverse[g] if (n := document.count(g)) else 0 for g in "abc"]
        assert row == pytest.approx(np.array(weights) / np.linalg.norm(weights), rel=1e-5)
    assert not found[3:].any()


def test_whitened_vectors_have_mean_0_and_covariance_1():
    random = np.random.default_rng(0)
    vectors = random.normal(3, 1, (500, 4)) @ random.normal(0, 1, (4, 4))
    whitening = rivals.Whitening.of(vectors)
    before_length = (vectors - whitening.mean) @ whitening.matrix
    assert before_length.mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-9)
    assert np.cov(before_length, rowvar=False) == pytest.approx(np.eye(4), abs=1e-9)
    assert whitening(vectors) == pytest.approx(rivals.of_length_one(before_length))


def test_centred_vectors_keep_their_directions_from_the_mean():
    vectors = np.array([[10.0, 1], [10, -1], [12, 0], [8, 0]])
    assert rivals.Whitening.of(vectors, only_centre=True)(vectors).tolist() == [[0, 1], [0, -1], [1, 0], [-1, 0]]


def test_a_direction_without_variance_is_not_blown_up():
    vectors = np.random.default_rng(0).normal(0, [1, 1e-9], (100, 2))
    turned = rivals.Whitening.of(vectors)
    assert np.abs((vectors - turned.mean) @ turned.matrix)[:, 0].max() < 1e-4


def test_how_far_a_direction_is_stretched_depends_on_the_widest():
    """Variances 100 and 0.0001: the second counts as 100 / 10,000, so its deviation of 0.01 comes to a tenth."""
    vectors = np.random.default_rng(0).normal(0, [10, 0.01], (4000, 2))
    whitening = rivals.Whitening.of(vectors)
    widths = ((vectors - whitening.mean) @ whitening.matrix).std(axis=0)
    assert sorted(widths) == pytest.approx([0.1, 1], rel=0.05)
