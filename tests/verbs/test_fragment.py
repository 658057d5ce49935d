"""The fragment that a seed was found by: what is recorded of it, and when it is said to be far."""

from __future__ import annotations

import pytest

from symbolic_embed.verbs.fragment import FAR, Fragment


def fragment(distance: float, *, piece: str = "songs/a.mid") -> Fragment:
    return Fragment("played.mid", "ab" * 32, piece, bar=3, transposition=-2, distance=distance)


def test_the_record_counts_bars_from_one():
    assert fragment(1.23456).record() == {
        "fragment": "played.mid",
        "sha256": "ab" * 32,
        "path": "songs/a.mid",
        "bar": 4,
        "transposition": -2,
        "distance": 1.235,
    }


@pytest.mark.parametrize("dim", [8, 128])
def test_what_is_far_is_a_share_of_the_distance_of_two_random_embeddings(dim):
    apart = (2 * dim) ** 0.5  # 4 and 16
    assert fragment(FAR * apart).warnings(dim=dim) == []
    (warning,) = fragment(FAR * apart + 0.01).warnings(dim=dim)
    assert warning.startswith("songs/a.mid is hardly like played.mid: distance ")
    assert f"two random bars are {apart:.1f} apart" in warning


def test_a_name_with_a_line_break_stays_on_one_line():
    (warning,) = fragment(99, piece="a\nb.mid").warnings(dim=8)
    assert "\n" not in warning
