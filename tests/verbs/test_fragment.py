"""The fragment that a seed was found by: what is recorded of it, and when it is said to be far."""

from __future__ import annotations

from symbolic_embed.library.laying import Place
from symbolic_embed.verbs.fragment import FAR, Fragment


def fragment(distance: float, *, piece: str = "songs/a.mid") -> Fragment:
    return Fragment("played.mid", "ab" * 32, Place(piece, distance, -2, track=3, bar=4, last_bar=7))


def test_the_record_says_which_and_where():
    assert fragment(0.25).record() == {
        "fragment": "played.mid",
        "sha256": "ab" * 32,
        "path": "songs/a.mid",
        "distance": 0.25,
        "transposition": -2,
        "track": 3,
        "bar": 4,
        "last_bar": 7,
        "likeness": "nothing alike",
        "probability": 0.0,
    }


def test_what_is_far_is_a_share_of_the_distance_of_two_random_embeddings():
    assert fragment(FAR).warnings() == []
    (warning,) = fragment(FAR + 0.01).warnings()
    assert warning.startswith("songs/a.mid is hardly like played.mid: distance 0.63, and two random bars are 1 apart")


def test_a_name_with_a_line_break_stays_on_one_line():
    (warning,) = fragment(0.99, piece="a\nb.mid").warnings()
    assert "\n" not in warning
