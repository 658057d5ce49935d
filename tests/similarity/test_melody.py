"""Melodies: against tables filled cell by cell, and what a melody is the same as."""

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
from symbolic_embed.similarity.melody import LONGEST, MOVES, Melody, melody, melody_distances

QUARTER = 480
TUNE = [67, 69, 71, 67, 72, 71, 69, 74, 71, 67, 64, 66, 67, 72]
few_notes = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 250), st.integers(30, 100), st.sampled_from([0, 0, 0, 9])), max_size=14
)
few_pitches = few_notes.map(lambda rows: [(*row[:2], 60 + row[2] % 5, row[3]) for row in rows])


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


def distance(a, b, *, transpose=True):
    return float(melody_distances(melody(a), [melody(b)], transpose=transpose)[0])


def spelt(line):
    return list(zip(line.pitch.tolist(), line.weight.tolist(), strict=True))


@given(few_notes)
def test_lines_equal_loops(rows):
    barred = score_of(rows)
    assert spelt(melody(barred)) == naive.melody(barred)


@given(few_pitches, st.lists(few_pitches, min_size=1, max_size=4))
def test_distances_equal_the_table(rows, others):
    asked, lines = melody(score_of(rows)), [melody(score_of(other)) for other in others]
    found = melody_distances(asked, lines, transpose=False)
    for line, distance_found in zip(lines, found, strict=True):
        a, b = spelt(asked), spelt(line)
        if a and b:
            alone = math.sqrt(naive.melody_score(a, a) * naive.melody_score(b, b))
            assert distance_found == pytest.approx(1 - naive.melody_score(a, b) / alone)
        else:
            assert np.isnan(distance_found)


@given(few_notes, few_notes)
def test_in_whatever_key_it_is_the_distance_in_one_of_them_from_both_sides(rows, other):
    a, b = melody(score_of(rows)), melody(score_of(other))
    found = melody_distances(a, [b], transpose=True)[0]
    assert np.array_equal(found, melody_distances(b, [a], transpose=True)[0], equal_nan=True)
    if not np.isnan(found):
        moved = [Melody(a.pitch + move, a.weight) for move in MOVES]
        in_each = [melody_distances(line, [b], transpose=False)[0] for line in moved]
        assert found in in_each


@given(few_notes)
def test_a_melody_is_itself(rows):
    line = melody(score_of(rows))
    assert melody_distances(line, [line], transpose=True)[0] == 0 or not len(line.pitch)


@pytest.mark.parametrize("semitones", [-7, 1, 12])
def test_a_key_counts_only_where_it_is_asked_for(semitones):
    whole, moved = tune(TUNE), tune([pitch + semitones for pitch in TUNE])
    assert distance(whole, moved) == 0
    assert distance(whole, moved, transpose=False) > 0.3
    assert distance(whole, whole, transpose=False) == 0


def test_chords_below_do_not_matter():
    accompanied = tune(TUNE, below=[(place, pitch) for place in range(0, 12, 2) for pitch in (43, 50)])
    assert distance(tune(TUNE), accompanied) == 0


def test_an_accompaniment_above_the_tune_does_not_matter():
    alone, chords = tune(TUNE), tune([84, 88, 91, 88] * 6, steps=6)
    band = replace(alone.score, tracks=(replace(chords.score.tracks[0], program=26), alone.score.tracks[0]))
    assert distance(alone, cut(band)) == 0


def test_barlines_do_not_matter():
    assert distance(tune(TUNE), tune(TUNE, start=24)) == 0


def test_doubled_lengths_and_ornaments_are_nearly_the_same():
    other = tune([60, 65, 60, 69, 68, 70, 61, 63, 60, 75, 74, 62, 61, 70])
    assert distance(tune(TUNE), tune(TUNE, steps=24)) < 0.3 < distance(tune(TUNE), other)
    turned = [pitch for place, pitch in enumerate(TUNE) for pitch in ([pitch, pitch + 2] if place == 5 else [pitch])]
    assert distance(tune(TUNE), tune(turned)) < 0.1


def test_a_part_of_a_tune_is_found_in_it():
    assert distance(tune(TUNE), tune(TUNE[4:])) == pytest.approx(1 - math.sqrt(10 / 14))


def test_of_a_long_piece_the_beginning_is_heard():
    long = tune([60 + (place * place) % 11 for place in range(LONGEST + 50)])
    assert len(melody(long).pitch) == LONGEST


def test_fewer_than_four_notes_and_one_note_alone_say_nothing():
    for pitches in ([60, 64, 67], [60] * 9):
        assert not len(melody(tune(pitches)).pitch)
        assert np.isnan(distance(tune(pitches), tune(TUNE)))


def test_drums_have_no_melody():
    score = pieces.piece(1)
    alone = replace(score, tracks=tuple(track for track in score.tracks if not track.is_drum))
    assert spelt(melody(cut(score))) == spelt(melody(cut(alone)))
    drums = cut(replace(score, tracks=tuple(track for track in score.tracks if track.is_drum)))
    assert not len(melody(drums).pitch)
