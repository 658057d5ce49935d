"""Near-duplicates: versions of a piece join whatever their key, other pieces do not."""

from dataclasses import replace

import numpy as np
import pieces
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_embed.corpus.duplicates import SKETCH, interval_sketch, near_duplicate_clusters
from symbolic_embed.score import Notes, Score, Track


def clusters(*scores):
    """The files of each cluster."""
    numbers = near_duplicate_clusters([interval_sketch(score) for score in scores]).tolist()
    return sorted([i for i, number in enumerate(numbers) if number == cluster] for cluster in set(numbers))


def slightly_changed(score, *, seed, share=0.04):
    """Every twenty-fifth note of each part a tone higher, and everything twice as slow."""
    random = np.random.default_rng(seed)

    def changed(track):
        notes = track.notes
        pitches = notes.pitch + 2 * (random.random(len(notes)) < share)
        return replace(
            track, notes=Notes.of(notes.onset_ticks * 2, notes.duration_ticks * 2, pitches, notes.velocity // 2 + 1)
        )

    return replace(score, tracks=tuple(changed(track) for track in score.tracks))


@settings(max_examples=15)
@given(st.integers(0, 1000), st.integers(-12, 12), st.booleans())
def test_a_transposed_copy_has_the_same_sketch(seed, semitones, drums):
    parts = (pieces.melody, pieces.chords, *((pieces.drums,) if drums else ()))
    score = pieces.piece(seed, bars=8, parts=parts)
    sketch = interval_sketch(score)
    assert sketch.tolist() == interval_sketch(pieces.transposed(score, semitones)).tolist()
    assert sketch.tolist() == sorted(set(sketch.tolist()))
    assert 0 < len(sketch) <= SKETCH


def test_versions_of_a_piece_join_and_other_pieces_do_not():
    scores = []
    for seed in range(4):
        score = pieces.piece(seed, bars=24)
        scores += [score, pieces.transposed(score, 5), slightly_changed(pieces.transposed(score, -3), seed=seed)]
    assert clusters(*scores) == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]]


def test_a_chain_of_versions_is_one_cluster():
    """The middle piece holds the tunes of both others, which have nothing in common."""
    first, second = (pieces.piece(seed, bars=24, parts=(pieces.melody,)) for seed in (1, 2))
    both = Score(480, (*first.tracks, *second.tracks))
    assert clusters(first, second) == [[0], [1]]
    assert clusters(first, second, both) == [[0, 1, 2]]


def test_two_fifths_of_the_smaller_piece_decide():
    """Of 24 bars 14 are shared: joined. Of 24 bars 4 are: not."""
    tune, other = (pieces.melody(seed, bars=24).notes for seed in (1, 2))

    def until(bars):
        early = tune.onset_ticks < bars * 4 * 480
        return Score(
            480, (Track(Notes.concatenated([tune.where(early), other.where(~(other.onset_ticks < bars * 1920))])),)
        )

    whole = Score(480, (Track(tune),))
    assert clusters(whole, until(14)) == [[0, 1]]
    assert clusters(whole, until(4)) == [[0], [1]]


def test_copies_of_music_without_long_lines_join_too():
    """Drums alone, five notes, one repeated note: nothing to take intervals from, but the same notes."""
    beats = [pieces.piece(seed, parts=(pieces.drums,)) for seed in (1, 2)]
    short = [
        Score(480, (Track(Notes.of([0, 480, 960], [480] * 3, pitch, [90] * 3)),))
        for pitch in ((60, 62, 64), (60, 64, 62))
    ]
    higher = Score(480, (Track(Notes.of([0, 480, 960], [480] * 3, (63, 65, 67), [90] * 3)),))
    assert clusters(beats[0], beats[1], *short, beats[0], higher) == [[0, 4], [1], [2, 5], [3]]


def test_any_number_of_copies_of_one_file_join():
    """More than a hundred: still the same piece, though a run found in so many files usually says nothing."""
    assert clusters(*[pieces.piece(1)] * 120, pieces.piece(2)) == [[*range(120)], [120]]


def test_a_run_that_is_everywhere_joins_nothing():
    """One and the same scale in 120 pieces of different music."""
    scale = Notes.of(np.arange(20) * 480, [480] * 20, np.arange(50, 70), [90] * 20)
    scores = [Score(480, (Track(scale), pieces.melody(seed, bars=4))) for seed in range(120)]
    assert len(clusters(*scores)) == 120


def test_the_clusters_do_not_depend_on_the_order_of_files():
    scores = [pieces.transposed(pieces.piece(seed // 2, bars=8), seed) for seed in range(8)]
    assert clusters(*scores) == [[0, 1], [2, 3], [4, 5], [6, 7]]
    assert clusters(*scores[::-1]) == [[0, 1], [2, 3], [4, 5], [6, 7]]


@pytest.mark.parametrize("empty", [Score(480), Score(480, (Track(Notes.none()),))])
def test_a_piece_without_notes_is_like_nothing(empty):
    assert clusters(empty, pieces.piece(1), pieces.piece(1)) == [[0], [1, 2]]
    assert near_duplicate_clusters([]).tolist() == []


def test_one_note_again_and_again_says_nothing_of_a_piece():
    """Two drones that share nothing but their being drones; and two pieces with the same drone below."""

    def drone(*lengths):
        onsets = np.cumsum([0, *lengths])[:-1]
        return Track(Notes.of(onsets, lengths, [60] * len(lengths), [90] * len(lengths)))

    assert clusters(Score(480, (drone(*[480] * 30),)), Score(480, (drone(*[240, 720] * 15),))) == [[0], [1]]
    assert len(interval_sketch(Score(480, (drone(*[480] * 300),)))) == 1
