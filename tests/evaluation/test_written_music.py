"""What passages are like: constructed ones, whose figures are known."""

from __future__ import annotations

import numpy as np
import pytest

from symbolic_embed.evaluation.written_music import FIGURES, Passage, figures, harmonic_agreement, overlap

TWO = np.array([False, False])


def passage(*notes, bars=2, drums=TWO):
    return Passage(np.array(notes, np.int64).reshape(-1, 4), drums, bars, 48)


def told(found, *, before=None):
    before = found if before is None else before
    return dict(zip(FIGURES, figures(found, before=before), strict=True))


def test_a_bar_that_is_played_twice():
    """C for a bar's half, E beside it in the other track; then the same again."""
    notes = [(track, bar * 48, 24, pitch) for bar in (0, 1) for track, pitch in ((0, 60), (1, 64))]
    found = told(passage(*notes))
    assert found == {
        "pitch-class entropy": 1.0,
        "notes a bar": 2.0,
        "polyphony": 2.0,
        "pitch range": 4.0,
        "groove": 1.0,
        "scale consistency": 1.0,
        "bars that return": 0.5,
        "pitch classes shared with before": 1.0,
        "harmonic agreement": 1.0,
    }


def test_groove_counts_steps_at_which_one_bar_has_an_onset_and_the_other_not():
    found = told(passage((0, 0, 6, 60), (0, 12, 6, 60), (0, 48, 6, 60), (0, 72, 6, 60)))
    assert found["groove"] == pytest.approx(1 - 2 / 48)
    assert found["bars that return"] == 0


def test_notes_outside_every_scale_count_against_it():
    found = told(passage(*((0, 12 * n, 6, pitch) for n, pitch in enumerate((60, 62, 64, 65, 67, 69, 66, 61)))))
    assert found["scale consistency"] == pytest.approx(6 / 8)


def test_agreement_is_of_two_tracks_at_once_and_leaves_drums_out():
    clash = passage((0, 0, 24, 60), (1, 0, 12, 67), (1, 12, 24, 61), (1, 36, 12, 66))
    assert harmonic_agreement(clash) == pytest.approx(0.5 + 0.5)  # C with D flat is a part of D flat's major seventh
    worse = passage((0, 0, 24, 60), (0, 0, 24, 64), (1, 0, 12, 67), (1, 12, 24, 61))
    assert harmonic_agreement(worse) == pytest.approx(0.5)
    drums = passage((0, 0, 24, 60), (1, 0, 24, 61), drums=np.array([False, True]))
    assert np.isnan(harmonic_agreement(drums))


def test_pitch_classes_are_shared_with_what_went_before():
    found, before = passage((0, 0, 6, 60), (0, 6, 6, 62)), passage((0, 0, 6, 72), (0, 6, 6, 61))
    assert told(found, before=before)["pitch classes shared with before"] == 0.5


def test_silence_says_little():
    found = told(passage())
    assert found["notes a bar"] == 0
    assert all(np.isnan(found[name]) for name in ("pitch-class entropy", "polyphony", "harmonic agreement"))


def test_collections_overlap_with_themselves_and_not_with_what_is_far():
    random = np.random.default_rng(0)
    real, same, far = random.normal(size=200), random.normal(size=200), random.normal(30, 1, 200)
    area, divergence = overlap(real, same)
    assert area > 0.9
    assert divergence < 0.05
    area, divergence = overlap(real, far)
    assert area < 0.05
    assert divergence > 5
    assert all(np.isnan(overlap(np.zeros(5), np.zeros(5))))
