"""Melodies: the runs against loops and sets, and what a melody is the same as."""

import math
from dataclasses import replace

import naive
import numpy as np
import pieces
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.bars import cut
from symbolic_embed.score import Notes, Score, Track
from symbolic_embed.similarity.melody import PITCHES, WIDEST, melody_distances, melody_runs, without_key

QUARTER = 480
TUNE = [67, 69, 71, 67, 72, 71, 69, 74, 71, 67, 64, 66, 67, 72]
few_notes = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 250), st.integers(30, 100), st.sampled_from([0, 0, 0, 9])), max_size=14
)


def score_of(rows):
    """Notes (onset and length in steps, pitch, channel) as two parts, one of drums."""
    tracks = []
    for channel in (0, 9):
        onset, length, pitch = np.array([row[:3] for row in rows if row[3] == channel], int).reshape(-1, 3).T
        tracks.append(Track(Notes.of(onset * 40, length * 40, pitch, np.full(len(onset), 90)), channel=channel))
    return cut(Score(QUARTER, tuple(track for track in tracks if len(track.notes))))


def tune(pitches, *, steps=12, start=0, below=()):
    rows = [(start + steps * place, steps, pitch, 0) for place, pitch in enumerate(pitches)]
    return score_of([*rows, *((start + steps * place, 2 * steps, pitch, 0) for place, pitch in below)])


def spelt(run):
    """A run's first pitch and intervals, from its number."""
    number, pitch = divmod(int(run), PITCHES)
    intervals = []
    while number:
        number, digit = divmod(number, 2 * WIDEST + 2)
        intervals.append(digit - WIDEST - 1)
    return (pitch, *intervals)


def distance(a, b, *, keyless=True):
    first, second = (without_key(melody_runs(piece)) if keyless else melody_runs(piece) for piece in (a, b))
    return float(melody_distances(first, [second])[0])


@given(few_notes)
def test_runs_equal_loops(rows):
    barred = score_of(rows)
    assert {spelt(run) for run in melody_runs(barred)} == naive.melody_runs(barred)


@given(few_notes, st.lists(few_notes, min_size=1, max_size=4))
def test_distances_equal_sets(rows, others):
    pieces_ = [score_of(other) for other in others]
    found = melody_distances(melody_runs(score_of(rows)), [melody_runs(piece) for piece in pieces_])
    asked = naive.melody_runs(score_of(rows))
    for number, piece in enumerate(pieces_):
        runs = naive.melody_runs(piece)
        if asked and runs:
            assert found[number] == pytest.approx(1 - len(asked & runs) / math.sqrt(len(asked) * len(runs)))
        else:
            assert np.isnan(found[number])


@pytest.mark.parametrize("semitones", [-7, 1, 12])
def test_a_key_counts_only_where_it_is_asked_for(semitones):
    whole, moved = tune(TUNE), tune([pitch + semitones for pitch in TUNE])
    assert distance(whole, moved) == 0
    assert distance(whole, moved, keyless=False) > 0.5
    assert distance(whole, whole, keyless=False) == 0


def test_chords_below_do_not_matter():
    accompanied = tune(TUNE, below=[(place, pitch) for place in range(0, 12, 2) for pitch in (43, 50)])
    assert distance(tune(TUNE), accompanied) == 0


def test_barlines_do_not_matter():
    assert distance(tune(TUNE), tune(TUNE, start=24)) == 0


def test_doubled_lengths_are_nearly_the_same():
    other = tune(TUNE[::-1])
    assert distance(tune(TUNE), tune(TUNE, steps=24)) < 0.3 < distance(tune(TUNE), other)


def test_drums_have_no_melody():
    score = pieces.piece(1)
    alone = replace(score, tracks=tuple(track for track in score.tracks if not track.is_drum))
    assert np.array_equal(melody_runs(cut(score)), melody_runs(cut(alone)))
    drums = cut(replace(score, tracks=tuple(track for track in score.tracks if track.is_drum)))
    assert len(melody_runs(drums)) == 0
