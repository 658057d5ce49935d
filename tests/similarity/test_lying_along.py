"""Which bars lie along which: as naive loops find it, and as the music was made."""

from dataclasses import replace

import numpy as np
import pieces
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.bars import cut
from symbolic_embed.embedding.passages import TOGETHER, Passages
from symbolic_embed.library.building import featured
from symbolic_embed.library.features import Needs
from symbolic_embed.score import Score
from symbolic_embed.similarity.learnt_passages import UNRELATED_VECTORS
from symbolic_embed.similarity.lying_along import FAR, MOST, Along, bars_apart, lying_along

PLACES, OUT = 12, 3


def passages_of(bars, seed, *, alike=None, without=()):
    """Random passages of a piece of so many bars, all parts together, but those that begin with a bar of `without`;
    where `alike` is given, nearly those of that piece."""
    columns = [(size, bar) for size in (2, 4, 8) for bar in range(bars - size + 1) if bar not in without]
    made = np.random.default_rng([seed, bars]).normal(size=(len(columns), PLACES, OUT))
    if alike is not None:
        near = {(int(size), int(bar)): row for size, bar, row in zip(alike.bars, alike.bar, alike.turning, strict=True)}
        made = made * 0.1 + np.array([near[column] * 6 for column in columns])
    turning = (made / np.linalg.norm(made, axis=(1, 2), keepdims=True)).astype(np.float32)
    size, bar = np.array(columns).T
    return Passages(np.full(len(columns), TOGETHER), bar, size, turning, turning.reshape(len(columns), -1))


def naive_apart(query, piece, bars, semitones):
    apart = np.full(bars, np.inf)
    for i in range(bars[0]):
        for j in range(bars[1]):
            nearest = {}
            for a in range(len(query)):
                for b in range(len(piece)):
                    size, step = int(query.bars[a]), i - int(query.bar[a])
                    if piece.bars[b] != size or not 0 <= step < size or j - int(piece.bar[b]) != step:
                        continue
                    moved = np.stack([query.turning[a][(place - semitones) % PLACES] for place in range(PLACES)])
                    distance = np.linalg.norm(moved.astype(float) - piece.turning[b]) / UNRELATED_VECTORS[size]
                    nearest[size] = min(nearest.get(size, np.inf), distance)
            if nearest:
                apart[i, j] = sum(nearest.values()) / len(nearest)
    return apart


def naive_stretches(apart, shortest):
    free, found = set(range(apart.shape[0])), []
    while len(found) < MOST:
        best = None
        for i in range(apart.shape[0]):
            for j in range(apart.shape[1]):
                for length in range(shortest, min(apart.shape[0] - i, apart.shape[1] - j) + 1):
                    if not set(range(i, i + length)) <= free:
                        break
                    earned = sum(FAR - apart[i + step, j + step] for step in range(length))
                    if earned > 1e-12 and (best is None or earned > best[0] + 1e-9):
                        best = (earned, i, j, length)
        if best is None:
            break
        _, i, j, length = best
        free -= set(range(i, i + length))
        found.append((i + 1, i + length, j + 1, j + length))
    return sorted(found)


def spans(along):
    return [(one.query_bar, one.query_last_bar, one.bar, one.last_bar) for one in along]


@given(st.integers(0, 30), st.integers(2, 11), st.integers(2, 11), st.integers(-5, 6), st.sets(st.integers(0, 5)))
def test_it_is_what_the_loops_find(seed, mine, theirs, semitones, without):
    piece = passages_of(theirs, seed)
    query = passages_of(mine, seed + 1, alike=piece if mine <= theirs else None, without=without - {0})
    query = replace(query, turning=np.roll(query.turning, -semitones, axis=1))
    bars = (mine, theirs)
    apart = bars_apart(query, piece, bars=bars, semitones=semitones)
    assert apart == pytest.approx(naive_apart(query, piece, bars, semitones), abs=1e-3)
    assert spans(lying_along(query, piece, bars=bars, semitones=semitones)) == naive_stretches(apart, 2)


def test_the_same_piece_in_another_key_lies_along_itself():
    piece = passages_of(12, 1)
    lower = replace(piece, turning=np.roll(piece.turning, -5, axis=1))
    assert lying_along(lower, piece, bars=(12, 12), semitones=5) == (Along(1, 12, 1, 12, 0.0),)
    assert lying_along(lower, piece, bars=(12, 12), semitones=0) == ()


def test_each_bar_of_the_query_is_used_once_a_bar_of_the_piece_as_often_as_it_is_like():
    piece = passages_of(4, 1)
    twice = Passages(
        *(np.concatenate([getattr(piece, name)] * 2) for name in ("track", "bar", "bars", "turning", "blind"))
    )
    twice = replace(twice, bar=twice.bar + np.repeat([0, 4], len(piece)))
    assert spans(lying_along(twice, piece, bars=(8, 4), semitones=0)) == [(1, 4, 1, 4), (5, 8, 1, 4)]
    assert spans(lying_along(piece, twice, bars=(4, 8), semitones=0)) == [(1, 4, 1, 4)]


def test_parts_alone_count_for_nothing_and_nothing_lies_along_nothing():
    piece = passages_of(6, 1)
    alone = replace(piece, track=np.zeros(len(piece), np.int64))
    assert lying_along(alone, alone, bars=(6, 6), semitones=0) == ()


def test_a_half_of_another_piece_in_another_key_is_found_where_it_was_put():
    """By the bundled model: bars 1-8 of one are bars 9-16 of the other, three semitones higher."""
    from symbolic_embed.embedding.embedder import Embedder

    embedder = Embedder.load(None)
    ours, theirs, others = (pieces.piece(seed, bars=8) for seed in (1, 2, 3))
    query, piece = followed(ours, theirs), followed(others, pieces.transposed(ours, 3))
    needs = Needs.of("passages", together=True)
    here, there = featured([("query", cut(query)), ("piece", cut(piece))], embedder, needs)
    (along,) = lying_along(here.passages, there.passages, bars=(16, 16), semitones=3)
    assert (along.query_bar, along.bar, along.last_bar) == (1, 9, 16)
    assert along.query_last_bar == 8
    assert along.distance < FAR


def followed(first: Score, second: Score) -> Score:
    """Eight bars of one piece, then eight of another."""
    later = 8 * 4 * pieces.QUARTER
    tracks = []
    for ours, theirs in zip(first.tracks, second.tracks, strict=True):
        columns = [
            np.concatenate([getattr(ours.notes, name).astype(int), getattr(theirs.notes, name).astype(int) + shift])
            for name, shift in (("onset_ticks", later), ("duration_ticks", 0), ("pitch", 0), ("velocity", 0))
        ]
        tracks.append(replace(ours, notes=type(ours.notes).of(*columns)))
    return replace(first, tracks=tuple(tracks))
