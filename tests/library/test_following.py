"""What goes on well: the numbers against a loop that asks the anchor bar by bar, and the order against music."""

from dataclasses import replace

import numpy as np
import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.embedding.anchor import ALL_PARTS, Sequences
from symbolic_embed.errors import CheckpointError, UsageError
from symbolic_embed.library.building import build
from symbolic_embed.library.following import following
from symbolic_embed.library.stores import MemoryStore
from symbolic_embed.requests import NextRequest

BAND = {f"{seed}.mid": cut(pieces.piece(seed, bars=bars)) for seed, bars in enumerate([2, 3, 6, 5])}


def followed(embedder, loop, candidates, **fields):
    return following(loop, candidates.items(), embedder, NextRequest(**fields))


def beginning_later(score):
    """The piece after two bars of 4/4 in which nothing sounds."""
    moved = [
        replace(track, notes=replace(track.notes, onset_ticks=track.notes.onset_ticks + 8 * pieces.QUARTER))
        for track in score.tracks
    ]
    return replace(score, tracks=tuple(moved))


def expected_after(embedder, bars):
    """The anchor after some bars, of length one."""
    recent = np.stack(bars[-embedder.anchor.settings.longest :])
    own = np.arange(len(recent))[None]
    asked = Sequences(recent, own, np.array([len(recent)]), np.array([ALL_PARTS]))
    anchor = embedder.anchor.anchors(asked)[0].astype(np.float64)
    return anchor / np.linalg.norm(anchor)


def naive_distance(embedder, loop, piece):
    """The formula, bar by bar."""
    gained, before = [], []
    for bar in piece[:4]:
        target = embedder.anchor.targets(bar[None])[0].astype(np.float64)
        target /= np.linalg.norm(target)
        gain = expected_after(embedder, [*loop, *before]) @ target
        if before:
            gain -= expected_after(embedder, before) @ target
        gained.append(gain)
        before.append(bar)
    return max(1 - np.mean(gained), 0)


def test_the_distance_is_what_the_loop_adds_to_what_the_piece_leads_to_itself(embedder_with_anchor):
    loop = list(embedder_with_anchor.embed_bars(BAND["2.mid"]))
    found = followed(embedder_with_anchor, BAND["2.mid"], BAND)
    assert {one.path for one in found} == set(BAND)
    assert [one.distance for one in found] == sorted(one.distance for one in found)
    for one in found:
        piece = list(embedder_with_anchor.embed_bars(BAND[one.path]))
        assert one.distance == pytest.approx(naive_distance(embedder_with_anchor, loop, piece), abs=1e-4)
        assert (one.transposition, one.query_bar, one.bar) == (0, 6, 1)


def test_after_a_bar_only_what_came_before_counts(embedder_with_anchor):
    loop = list(embedder_with_anchor.embed_bars(BAND["2.mid"]))[:3]
    for one in followed(embedder_with_anchor, BAND["2.mid"], BAND, after=3):
        piece = list(embedder_with_anchor.embed_bars(BAND[one.path]))
        assert one.distance == pytest.approx(naive_distance(embedder_with_anchor, loop, piece), abs=1e-4)
        assert one.query_bar == 3


def test_a_loop_is_moved_to_where_a_piece_goes_on_from_it(embedder_with_anchor):
    """Moved by hand, it goes on as it does when the search moves it."""
    found = followed(embedder_with_anchor, BAND["1.mid"], BAND, transpose=True)
    assert any(one.transposition for one in found)
    for one in found:
        moved = cut(pieces.transposed(pieces.piece(1, bars=3), one.transposition))
        (by_hand,) = followed(embedder_with_anchor, moved, {one.path: BAND[one.path]})
        assert one.distance == pytest.approx(by_hand.distance, abs=1e-4)


def test_a_store_answers_as_the_files_do(embedder_with_anchor):
    store = MemoryStore(embedder_with_anchor.embedding_hash, frozenset({"bars"}))
    build(BAND.items(), embedder_with_anchor, store)
    request = NextRequest(top=2)
    of_files = following(BAND["0.mid"], BAND.items(), embedder_with_anchor, request)
    assert following(BAND["0.mid"], store, embedder_with_anchor, request) == of_files
    assert len(of_files) == 2


def test_what_cannot_be_asked_is_refused_in_a_line(embedder, embedder_with_anchor):
    with pytest.raises(CheckpointError, match="no anchor"):
        followed(embedder, BAND["0.mid"], BAND)
    with pytest.raises(UsageError, match="`after` is bar 9, the loop has 2"):
        followed(embedder_with_anchor, BAND["0.mid"], BAND, after=9)
    late = cut(beginning_later(pieces.piece(0, bars=2)))
    with pytest.raises(UsageError, match="nothing sounds in the loop up to bar 1"):
        followed(embedder_with_anchor, late, BAND, after=1)
