"""Fuse filters: what is in the set is always found, what is not by chance alone; packing loses nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.originality.fuse_filter import fuse_filter, packed, unpacked


@given(st.sets(st.integers(0, 2**64 - 1), max_size=200), st.integers(1, 8))
def test_what_is_in_it_is_found_and_packing_keeps_every_cell(hashes, bits):
    hashes = np.array(sorted(hashes), np.uint64)
    known = fuse_filter(hashes, bits=bits)
    assert known.holds(hashes).all()
    again = unpacked(packed(known), cells=len(known.cells), bits=bits)
    assert again.tolist() == known.cells.tolist()


def test_what_is_not_in_it_is_found_once_in_eight_at_three_bits():
    random = np.random.default_rng(1)
    inside, outside = (random.integers(0, 2**63, count, dtype=np.uint64) for count in (20_000, 200_000))
    known = fuse_filter(inside, bits=3)
    assert known.chance == 1 / 8
    assert known.holds(outside).mean() == pytest.approx(1 / 8, rel=0.05)
    assert len(known.cells) < 1.3 * len(inside)


def test_too_short_a_row_is_refused():
    known = fuse_filter(np.arange(50, dtype=np.uint64), bits=3)
    with pytest.raises(ValueError, match=r"bytes, .* cells of 3 bits expected"):
        unpacked(packed(known)[:-1], cells=len(known.cells), bits=3)
