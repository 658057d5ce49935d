"""Passages that are learnt, looked for in each other: by naive loops, of the longest common size, in every key."""

import numpy as np
import pieces
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.bars import cell_windows, cut
from symbolic_embed.embedding.passages import TOGETHER, Passages
from symbolic_embed.library.building import featured
from symbolic_embed.library.features import Needs
from symbolic_embed.networks.passages import Unfolding
from symbolic_embed.similarity.learnt_passages import UNRELATED_VECTORS, passage_distances, together
from symbolic_embed.similarity.transposing import TRANSPOSITIONS
from symbolic_embed.training.passage_batches import sounding_frames

OUT = 3


def vectors(count, seed):
    """Vectors of length one, the places last; float32 (count, OUT, 12)."""
    made = np.random.default_rng(seed).normal(size=(count, OUT, 12))
    return (made / np.linalg.norm(made, axis=(1, 2), keepdims=True)).astype(np.float32)


def piece_of(seed, **counts):
    """So many passages of each size: two=3, four=1."""
    sizes = {"two": 2, "four": 4, "eight": 8}
    return {sizes[name]: vectors(count, [seed, sizes[name]]) for name, count in counts.items()}


def in_key(piece, semitones):
    """Every pitch class so many places further."""
    return {size: np.roll(vectors, semitones, axis=2) for size, vectors in piece.items()}


def naive_distance(piece, other, *, semitones):
    """Of the longest passages that both have: each of one looks for the nearest of the other, and the other way."""
    common = [size for size in (8, 4, 2) if size in piece and size in other]
    if not common:
        return np.nan
    here, there = piece[common[0]].astype(float), other[common[0]].astype(float)
    apart = np.zeros((len(here), len(there)))
    for a in range(len(here)):
        for b in range(len(there)):
            squares = 0.0
            for place in range(12):
                moved = here[a, :, (place - semitones) % 12]
                squares += ((moved - there[b, :, place]) ** 2).sum()
            apart[a, b] = squares**0.5
    return (apart.min(axis=1).mean() + apart.min(axis=0).mean()) / 2 / UNRELATED_VECTORS[common[0]]


some_pieces = st.lists(
    st.builds(
        lambda seed, counts: piece_of(seed, **counts),
        st.integers(0, 50),
        st.dictionaries(st.sampled_from(["two", "four", "eight"]), st.integers(1, 4)),
    ),
    min_size=1,
    max_size=4,
)


@given(some_pieces, st.integers(1, 12))
def test_distances_are_those_of_naive_loops(several, versions):
    piece, *others = several
    others.append(piece)
    found = passage_distances(piece, others, versions=versions)
    assert found.shape == (versions, len(others))
    for version in range(versions):
        for number, other in enumerate(others):
            expected = naive_distance(piece, other, semitones=TRANSPOSITIONS[version])
            np.testing.assert_allclose(found[version, number], expected, atol=1e-3)


def test_the_longest_passages_that_both_have_count():
    """Others hold the same passages of two bars; of four and of eight, where they have any, other ones."""
    piece = piece_of(1, two=3, four=2, eight=1)
    two, other = {2: piece[2]}, piece_of(2, four=2, eight=2)
    others = [two, {**two, 4: other[4]}, {**two, 4: piece[4], 8: other[8]}, {**two, 4: other[4], 8: piece[8]}]
    found = passage_distances(piece, others, versions=1)[0]
    np.testing.assert_allclose(found[[0, 3]], 0, atol=1e-3)
    assert (found[[1, 2]] > 0.5).all()


def test_where_either_has_none_or_none_as_long_there_is_no_distance():
    piece, silent = piece_of(1, two=2), {}
    long = {8: piece_of(1, eight=1)[8]}
    found = passage_distances(piece, [silent, piece, long], versions=12)
    assert np.isnan(found[:, [0, 2]]).all()
    assert np.isfinite(found[:, 1]).all()
    assert np.isnan(passage_distances(silent, [piece, silent], versions=1)).all()
    assert passage_distances(piece, [], versions=3).shape == (3, 0)


@pytest.mark.parametrize("version", range(12))
def test_a_transposed_copy_is_at_distance_0_in_the_version_that_is_moved_there_and_in_no_other(version):
    piece = piece_of(4, two=4, four=2)
    found = passage_distances(piece, [in_key(piece, TRANSPOSITIONS[version])], versions=12)[:, 0]
    assert found[version] == pytest.approx(0, abs=1e-3)
    assert (np.delete(found, version) > 0.3).all()


def test_unrelated_pieces_are_about_1_apart():
    """Points of length one at random are the square root of 2 apart, the nearest of eight somewhat less."""
    found = passage_distances(piece_of(1, eight=8), [piece_of(seed, eight=8) for seed in range(2, 12)], versions=1)
    assert 0.8 < found.mean() < 1.4


def test_the_passages_of_all_parts_together_by_size():
    track = np.array([TOGETHER, TOGETHER, 0, 2, TOGETHER, 0])
    bars = np.array([2, 2, 2, 2, 4, 4])
    turning, blind = vectors(6, 0).swapaxes(1, 2), vectors(6, 1).reshape(6, -1)  # in `Passages` place by place
    found = together(Passages(track, np.zeros(6, np.int64), bars, turning, blind))
    assert found.keys() == {2, 4}
    assert np.array_equal(found[2], vectors(6, 0)[:2])
    assert np.array_equal(found[4], vectors(6, 0)[4:5])
    assert together(Passages(*(column[:0] for column in (track, bars, bars, turning, blind)))) == {}


def test_the_passages_of_a_piece_turn_the_way_that_it_is_transposed(embedder_with_passages, monkeypatch):
    """With an encoder that unfolds each cell to what sounds in it: a piece a fifth higher is the same, turned."""

    def passages_of(score):
        windows = cell_windows(cut(score))
        frames = torch.from_numpy(sounding_frames(windows))
        really = Unfolding.forward

        def heard(unfolding, embeddings, roles):
            return really(unfolding, torch.zeros_like(embeddings), roles)._replace(frames=frames)

        monkeypatch.setattr(Unfolding, "forward", heard)
        each = np.arange(len(windows))
        monkeypatch.setattr("symbolic_embed.embedding.passages._distinct", lambda cells: (each, each))
        (piece,) = featured([("a", cut(score))], embedder_with_passages, Needs.of("passages"))
        monkeypatch.undo()
        return together(piece.passages)

    score = pieces.piece(1, bars=6)
    here, there = passages_of(score), passages_of(pieces.transposed(score, 5))
    found = passage_distances(here, [there], versions=12)[:, 0]
    assert found[TRANSPOSITIONS.index(5)] == pytest.approx(0, abs=1e-3)
    assert np.argsort(found)[0] == TRANSPOSITIONS.index(5)
    assert np.sort(found)[1] > 0.01


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
