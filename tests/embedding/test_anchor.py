"""The anchor in use: what it is asked for is what the piece holds, and no answer depends on the others."""

import numpy as np
import pytest
import tiny
import torch

from symbolic_embed.embedding.anchor import ALL_PARTS, Anchor, Sequences
from symbolic_embed.embedding.checkpoint import with_part
from symbolic_embed.embedding.model import AnchorSettings, build_anchor
from symbolic_embed.embedding.units import CellEmbeddings
from symbolic_embed.errors import CheckpointError

SETTINGS = AnchorSettings(width=8, layers=2, heads=2, out=6, longest=3)
DIM = tiny.PIANOROLL.dim
TRACKS, BARS = 3, 5
ROLES = np.array([2, 0, 3])


@pytest.fixture(scope="module")
def anchor():
    torch.manual_seed(0)
    network = build_anchor(SETTINGS, dim=DIM)
    with torch.no_grad():
        for weights in network.parameters():
            weights.add_(0.3 * torch.randn(weights.shape))
    return Anchor(SETTINGS, network.eval().requires_grad_(False), DIM)


@pytest.fixture(scope="module")
def cells():
    """Three parts of five bars, of which the second rests in bars 1 and 4."""
    random = np.random.default_rng(0)
    there = [(track, bar) for track in range(TRACKS) for bar in range(BARS) if (track, bar) not in ((1, 1), (1, 4))]
    track, bar = (np.array(column) for column in zip(*there, strict=True))
    return CellEmbeddings(random.normal(size=(len(there), DIM)).astype(np.float32), track, bar)


def naive(anchor, cells, row, *, bars, others_known):
    """The anchor after one cell, its context gathered cell by cell."""
    vector = {(t, b): v for t, b, v in zip(cells.track.tolist(), cells.bar.tolist(), cells.vectors, strict=True)}
    track, last = int(cells.track[row]), int(cells.bar[row])
    first = max(last - SETTINGS.longest + 1, 0)
    known = range(first, last + 1)
    vectors = np.stack([vector.get((track, bar), np.zeros(DIM, np.float32)) for bar in known])
    own = np.array([[i if (track, bar) in vector else -1 for i, bar in enumerate(known)]])
    company = np.zeros((1, len(known) + 1, SETTINGS.member), np.float32)
    for step in range(len(known) + 1):
        for other in range(TRACKS):
            if other != track and (other, first + step) in vector:
                one = vector[other, first + step][None]
                company[0, step] += anchor.members(one, ROLES[other : other + 1])[0]
    whole = None if bars is None else np.arange(first, last + 1)[None]
    asked = Sequences(
        vectors, own, np.array([len(known)]), ROLES[[track]], bars, whole, company if others_known else None
    )
    return anchor.anchors(asked)[0]


@pytest.mark.parametrize("others_known", [False, True])
@pytest.mark.parametrize("bars_known", [False, True])
def test_cells_are_asked_of_with_what_was_played_before_them(anchor, cells, bars_known, others_known):
    random = np.random.default_rng(1)
    bars = random.normal(size=(BARS, DIM)).astype(np.float32) if bars_known else None
    made = anchor.of_cells(cells, roles=ROLES, bars=bars, others_known=others_known)
    assert made.dtype == np.float32
    for row in range(len(made)):
        wanted = naive(anchor, cells, row, bars=bars, others_known=others_known)
        np.testing.assert_allclose(made[row], wanted, atol=1e-5)


def test_bars_are_asked_of_as_a_role_of_their_own(anchor):
    bars = np.random.default_rng(0).normal(size=(BARS, DIM)).astype(np.float32)
    made = anchor.of_bars(bars)
    for last in range(BARS):
        first = max(last - SETTINGS.longest + 1, 0)
        length = last - first + 1
        own = np.arange(length)[None]
        alone = Sequences(bars[first : last + 1], own, np.array([length]), np.array([ALL_PARTS]))
        np.testing.assert_allclose(made[last], anchor.anchors(alone)[0], atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(made, axis=1), SETTINGS.out**0.5, rtol=1e-5)


def test_no_anchor_or_target_depends_on_what_is_asked_beside_it(anchor):
    bars = np.random.default_rng(0).normal(size=(700, DIM)).astype(np.float32)
    made, targets = anchor.of_bars(bars), anchor.targets(bars)
    for count in (1, 3, 17, 256, 300):
        assert np.array_equal(anchor.of_bars(bars[:count]), made[:count])
        assert np.array_equal(anchor.targets(bars[:count]), targets[:count])
    assert anchor.of_bars(bars[:0]).shape == (0, SETTINGS.out)


def test_a_checkpoint_gives_its_anchor_and_says_where_it_has_none(anchor, tmp_path):
    without = tiny.embedder_checkpoint(tmp_path)
    with pytest.raises(CheckpointError, match=r"no anchor in it; `symbolic-embed train anchor --checkpoint` adds one"):
        Anchor.of(without)
    card = {**without.card, "anchor": SETTINGS.model_dump()}
    holding = with_part(without, "anchor", weights=anchor.network.state_dict(), card=card)
    bars = np.random.default_rng(0).normal(size=(BARS, DIM)).astype(np.float32)
    np.testing.assert_allclose(Anchor.of(holding).of_bars(bars), anchor.of_bars(bars), atol=0.02)
    assert holding.card["weights"]["embedder"] == without.card["weights"]["embedder"]
