"""Which of two pieces is transposed: the shorter, whatever it is called and from whichever side it is seen."""

from dataclasses import replace

import pieces

from symbolic_embed.bars import bar_windows, cut
from symbolic_embed.score import TimeSignature
from symbolic_embed.similarity.transposing import TRANSPOSITIONS, precedence


def of(seed, *, bars=6):
    return precedence(bar_windows(cut(pieces.piece(seed, bars=bars))))


def test_transpositions_are_all_twelve_and_the_first_is_none():
    assert sorted(TRANSPOSITIONS) == list(range(-5, 7))
    assert TRANSPOSITIONS[0] == 0


def test_the_shorter_piece_comes_first_and_content_decides_between_equally_long_ones():
    for seed in range(8):
        assert of(seed, bars=3) < of(seed, bars=5)
    assert of(1)[0] == of(2)[0]
    assert of(1) != of(2)
    assert of(1) == of(1)


def test_a_long_bar_is_one_bar():
    """In three windows, as it is."""
    score = pieces.piece(1, bars=3)
    long = bar_windows(cut(replace(score, time_signatures=(TimeSignature(0, 12, 4),))))
    assert len(long) == 3
    assert precedence(long)[0] == 1
