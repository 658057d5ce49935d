"""Passages of pitch classes: against a loop over notes, and what becomes of silence, short pieces and drums."""

from dataclasses import replace

import naive
import numpy as np
import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.score import Notes, Score, TimeSignature, Track
from symbolic_embed.similarity.harmony import PASSAGE_BARS, first_bar, passages, transposed_passages

QUARTER = 480


def held(bars, *, pitches=(60, 64, 67), start=0, signature=(4, 4)):
    """A chord in each bar, a step higher from bar to bar."""
    length = QUARTER * 4 * signature[0] // signature[1]
    rows = [(length * (start + bar), length, pitch + bar) for bar in range(bars) for pitch in pitches]
    onset, duration, pitch = np.array(rows).T
    track = Track(Notes.of(onset, duration, pitch, np.full(len(rows), 80)))
    return Score(QUARTER, (track,), time_signatures=(TimeSignature(0, *signature),))


def test_halves_of_bars_equal_a_loop_over_notes():
    barred = cut(pieces.piece(4, bars=8, parts=(pieces.chords, pieces.bass, pieces.drums)))
    melody = cut(pieces.piece(4, bars=8, parts=(pieces.chords,)))
    (found,) = passages(barred)
    for number, half in enumerate(found):
        everything = naive.pitch_classes(barred, start=24 * number, end=24 * number + 24)
        top = max(melody.notes.pitch[melody.notes.onset_steps == 24 * number])
        sung = np.eye(12)[top % 12]  # the highest note of a chord that stands for half a bar
        together = np.array(everything) + 0.5 * sung
        assert half == pytest.approx(together / np.linalg.norm(together), abs=1e-6)


@pytest.mark.parametrize(("bars", "count"), [(1, 1), (3, 1), (8, 1), (9, 2), (12, 5)])
def test_a_passage_begins_with_each_bar_that_has_eight_before_the_end(bars, count):
    assert passages(cut(held(bars))).shape == (count, 2 * PASSAGE_BARS, 12)


def test_a_short_piece_goes_round():
    (found,) = passages(cut(held(3))).reshape(1, PASSAGE_BARS, 2, 12)
    assert np.array_equal(found[:3], found[3:6])
    assert np.array_equal(found[:2], found[6:])


def test_silence_before_and_after_is_left_out():
    assert np.array_equal(passages(cut(held(9, start=3))), passages(cut(held(9))))
    assert [first_bar(cut(held(9, start=start))) for start in (0, 3)] == [0, 3]
    assert first_bar(cut(held(9, start=3, signature=(3, 4)))) == 3


def test_a_bar_is_a_bar_in_any_metre():
    assert passages(cut(held(9, signature=(3, 4)))) == pytest.approx(passages(cut(held(9))), abs=1e-6)


@pytest.mark.parametrize("semitones", [-5, 1, 6])
def test_turning_is_transposing(semitones):
    score = pieces.piece(6, bars=9)
    moved = transposed_passages(passages(cut(pieces.transposed(score, semitones))), [0])
    assert transposed_passages(passages(cut(score)), [semitones]) == pytest.approx(moved, abs=1e-6)


def test_drums_have_no_harmony():
    score = pieces.piece(1)
    drums = replace(score, tracks=tuple(track for track in score.tracks if track.is_drum))
    assert len(passages(cut(drums))) == 0
    assert len(passages(cut(Score(QUARTER)))) == 0
