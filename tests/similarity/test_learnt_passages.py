"""Passages looked for in each other: in another key they are found where they are turned as far, and nowhere else."""

import numpy as np
import pytest

from symbolic_embed.embedding.passages import TOGETHER, Passages
from symbolic_embed.similarity.learnt_passages import passage_distances, together
from symbolic_embed.similarity.transposing import TRANSPOSITIONS


def passages(seed, *, moved=0, sizes=(2, 4, 8)):
    """Five passages of each size, and those of a part alone, which are of no matter."""
    random = np.random.default_rng(seed)
    bars = np.repeat(sizes, 5)
    turning = random.normal(size=(2 * len(bars), 12, 3)).astype(np.float32)
    turning /= np.linalg.norm(turning, axis=(1, 2), keepdims=True)
    track = np.repeat([TOGETHER, seed], len(bars))
    turned = np.roll(turning, moved, axis=1)
    return Passages(track, np.zeros_like(track), np.tile(bars, 2), turned, turned.reshape(len(turned), -1))


@pytest.mark.parametrize("moved", [0, 3, -5])
def test_music_in_another_key_is_found_in_that_key(moved):
    others = [together(passages(1, moved=moved)), together(passages(2))]
    distances = passage_distances(together(passages(1)), others, versions=12)
    assert distances.shape == (12, 2)
    right = TRANSPOSITIONS.index(moved)
    assert distances[right, 0] == pytest.approx(0, abs=1e-3)
    assert np.delete(distances[:, 0], right).min() > 0.5
    assert distances[:, 1].min() > 0.5


def test_the_longest_passages_that_both_have_are_compared():
    short, whole = together(passages(1, sizes=(2, 4))), together(passages(1))
    assert np.isfinite(passage_distances(short, [whole], versions=1)).all()
    assert np.isnan(passage_distances({}, [whole], versions=1)).all()
