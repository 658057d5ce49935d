"""Stretches of pieces as they may sound elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from symbolic_embed.bars import bar_windows, cut
from symbolic_embed.score import Notes, Score, Tempo, TimeSignature, Track
from symbolic_embed.score.clock import duration_seconds
from symbolic_embed.training.sounding.excerpts import LEAST_BARS, at_tempo, between, counted, excerpt, varied

QUARTER = 480
COMMON = TimeSignature(0, 4, 4)


def piece(bars: int = 12, signature: TimeSignature = COMMON, **more: object) -> Score:
    """A note on every quarter, each a semitone above the last, and a drum on every bar."""
    beats = bars * 4 * signature.numerator // signature.denominator
    onsets = QUARTER * np.arange(beats)
    melody = Notes.of(onsets, np.full(beats, QUARTER), 40 + np.arange(beats) % 40, np.full(beats, 80))
    struck = QUARTER * 4 * np.arange(beats // 4)
    drums = Notes.of(struck, np.full(len(struck), 120), np.full(len(struck), 36), np.full(len(struck), 90))
    tracks = (Track(melody, program=40), Track(drums, channel=9))
    return Score(QUARTER, tracks, (Tempo(0, 500_000),), (signature,), **more)


def test_an_excerpt_is_some_bars_in_a_row():
    found = excerpt(cut(piece()), np.random.default_rng(0), longest=10.0)
    assert found is not None
    barred = cut(found.score)
    assert LEAST_BARS <= barred.bars <= 5  # of two seconds each
    pitches = found.score.tracks[0].notes.pitch.astype(int)
    assert (np.diff(pitches) == 1).all() or 79 in pitches
    assert duration_seconds(found.score) <= 10.0


def test_there_is_none_where_the_metre_changes_too_soon():
    changing = tuple(TimeSignature(6 * bar * QUARTER, 4 if bar % 2 else 3, 4) for bar in range(10))
    score = piece(15)
    barred = cut(Score(QUARTER, score.tracks, score.tempi, changing))
    assert excerpt(barred, np.random.default_rng(1)) is None


def test_what_is_cut_out_keeps_its_tempo_and_ends_where_it_ends():
    score = piece()
    slower = Score(QUARTER, score.tracks, (Tempo(0, 500_000), Tempo(4000, 750_000)), score.time_signatures)
    part = between(slower, 8 * QUARTER, 12 * QUARTER, score.time_signatures[0])
    assert [tempo.microseconds for tempo in part.tempi] == [500_000, 750_000]
    assert part.tempi[1].tick == 4000 - 8 * QUARTER
    assert part.end_tick <= 4 * QUARTER


def test_another_tempo_is_so_many_times_as_fast():
    assert duration_seconds(at_tempo(piece(), 1.25)) == pytest.approx(duration_seconds(piece()) / 1.25)


def test_varied_is_the_same_music_in_some_key():
    found = excerpt(cut(piece()), np.random.default_rng(0))
    assert found is not None
    for seed in range(8):
        changed = varied(found, np.random.default_rng(seed))
        ours, theirs = (one.score.tracks[0].notes for one in (found, changed))
        assert len(set((theirs.pitch.astype(int) - ours.pitch).tolist())) == 1
        np.testing.assert_array_equal(theirs.onset_ticks, ours.onset_ticks)
        np.testing.assert_array_equal(changed.score.tracks[1].notes.pitch, found.score.tracks[1].notes.pitch)


def test_chance_alone_says_what_is_drawn():
    barred = cut(piece())
    one, other = (varied(excerpt(barred, random), random) for random in (np.random.default_rng(3) for _ in range(2)))
    assert one.score == other.score


@pytest.mark.parametrize(("signature", "ways"), [((4, 4), 4), ((3, 4), 3), ((6, 8), 2), ((2, 2), 2)])
def test_bars_are_counted_from_every_beat(signature, ways):
    found = excerpt(cut(piece(12, TimeSignature(0, *signature))), np.random.default_rng(0))
    assert found is not None
    all_ways = list(counted(found))
    assert len(all_ways) == ways
    np.testing.assert_array_equal(all_ways[0].windows.content_hashes(), bar_windows(cut(found.score)).content_hashes())
    starts = {round(float(way.begin[0]), 3) for way in all_ways}
    assert len(starts) == ways


def test_a_window_lasts_as_long_as_its_bar():
    found = excerpt(cut(piece()), np.random.default_rng(0))
    assert found is not None
    for way in counted(found):
        np.testing.assert_allclose(way.end - way.begin, 2.0 * way.windows.steps / 48)
