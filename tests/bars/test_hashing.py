"""Scattered numbers: against splitmix64 in whole numbers of Python, and the values its authors' program prints."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.bars.hashing import mixed, scattered

WORD = 2**64
words = st.integers(0, WORD - 1)


def naively_scattered(value):
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 % WORD
    value = (value ^ value >> 27) * 0x94D049BB133111EB % WORD
    return value ^ value >> 31


@given(st.lists(words, max_size=5))
def test_both_halves_are_those_of_splitmix64(values):
    array = np.array(values, np.uint64)
    assert scattered(array).tolist() == [naively_scattered(value) for value in values]
    assert mixed(array).tolist() == [naively_scattered((value + 0x9E3779B97F4A7C15) % WORD) for value in values]


def test_the_first_draws_from_the_state_0():
    """Java's SplittableRandom(0L).nextLong() three times, and splitmix64.c with x = 0."""
    states = np.arange(3, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    assert [hex(value) for value in mixed(states).tolist()] == [
        "0xe220a8397b1dcdaf",
        "0x6e789e6aa1b965f4",
        "0x6c45d188009454f",
    ]


def test_neighbours_lie_far_apart_and_what_came_in_is_unchanged():
    values = np.arange(1000, dtype=np.uint64)
    for function in (mixed, scattered):
        result = function(values)
        assert len(np.unique(result)) == 1000
        bits = np.unpackbits((result[1:] ^ result[:-1]).view(np.uint8).reshape(-1, 8), axis=1).sum(axis=1)
        assert 30 < bits.mean() < 34
    assert values.tolist() == list(range(1000))
    assert scattered(np.zeros(1, np.uint64)).tolist() == [0]
