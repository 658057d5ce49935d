"""Pieces as points: silence, transposition, and which of two pieces is turned."""

import numpy as np
import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.score import Notes, Score, Track
from symbolic_embed.similarity.likeness import Likeness
from symbolic_embed.similarity.pieces import TRANSPOSITIONS, Sounding, piece_points

QUARTER = 480


def notes_at(*quarters, pitch=60):
    onsets = [quarter * QUARTER for quarter in quarters]
    return Notes.of(onsets, [QUARTER] * len(onsets), [pitch] * len(onsets), [80] * len(onsets))


def test_silent_bars_are_left_out():
    piece = cut(Score(QUARTER, (Track(notes_at(0, 8, 17)),)))
    assert piece.bars == 5
    assert Sounding.of("a", piece).bar.tolist() == [0, 2, 4]


def test_a_bar_in_which_a_note_is_held_sounds():
    held = Track(Notes.of([0], [8 * QUARTER], [60], [80]))
    assert Sounding.of("a", cut(Score(QUARTER, (held,)))).bar.tolist() == [0, 1]


def test_silence_counts_where_there_is_nothing_else():
    silent = cut(Score(QUARTER))
    assert Sounding.of("a", silent).bar.tolist() == list(range(silent.bars))


def test_the_shorter_piece_is_turned_and_content_decides_between_equally_long_ones():
    for seed in range(8):
        short, long = (Sounding.of("x", cut(pieces.piece(seed, bars=bars))) for bars in (3, 5))
        assert short.order < long.order
    a, b = (Sounding.of("x", cut(pieces.piece(seed))) for seed in (1, 2))
    assert len(a.bar) == len(b.bar)
    assert a.order != b.order
    assert a.order == Sounding.of("another name", cut(pieces.piece(1))).order


def test_turned_points_are_those_of_the_transposed_piece(embedder):
    score = pieces.piece(3)
    likeness = Likeness(transpose=True)
    turned = next(piece_points(embedder, [(Sounding.of("a", cut(score)), True)], likeness=likeness))
    for number, semitones in enumerate(TRANSPOSITIONS):
        alone = Sounding.of("b", cut(pieces.transposed(score, semitones)))
        points = next(piece_points(embedder, [(alone, False)], likeness=likeness)).points[0]
        assert np.array_equal(turned.points[number], points)


def test_transpositions_are_twelve_and_the_first_is_none():
    assert sorted(TRANSPOSITIONS) == list(range(-5, 7))
    assert TRANSPOSITIONS[0] == 0


@pytest.mark.parametrize("turned", [False, True])
def test_pieces_come_in_their_order(embedder, turned):
    several = [Sounding.of(str(seed), cut(pieces.piece(seed, bars=2 + seed))) for seed in range(4)]
    found = list(piece_points(embedder, [(one, turned) for one in several], likeness=Likeness()))
    assert [points.sounding.path for points in found] == ["0", "1", "2", "3"]
    assert [points.points.shape[1] for points in found] == [2, 3, 4, 5]
