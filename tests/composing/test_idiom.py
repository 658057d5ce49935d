"""The idiom of parts: range, kit, voices, harmony; and that variations keep to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from composers import band_seed, tiny_composer, variation

from symbolic_embed.bars import cell_windows, cut
from symbolic_embed.composing.idiom import idiom_of
from symbolic_embed.composing.part_writer import RANGE_BEYOND
from symbolic_embed.encodings.note_rows import FIRST_DRUM
from symbolic_embed.score import Notes, Score, Track


def test_each_part_has_its_range_its_kit_and_its_voices():
    piece = band_seed().barred
    cells = cell_windows(piece)
    idiom = idiom_of(cells, piece)
    for number, track in enumerate(piece.score.tracks):
        allowed = np.flatnonzero(idiom.pitches[cells.track == number].any(axis=0))
        if track.is_drum:
            assert set(allowed) == {FIRST_DRUM + int(pitch) for pitch in track.notes.pitch}
        else:
            assert allowed.min() >= int(track.notes.pitch.min()) - RANGE_BEYOND
            assert allowed.max() <= int(track.notes.pitch.max()) + RANGE_BEYOND
    single = [bool(idiom.single[cells.track == number].all()) for number in range(4)]
    assert single == [True, False, True, False]  # tune, chords, bass, drums


def test_pitch_classes_are_those_within_two_bars():
    piece = band_seed(bars=8).barred
    cells = cell_windows(piece)
    idiom = idiom_of(cells, piece)
    drums = np.array([track.is_drum for track in piece.score.tracks])[piece.notes.track]
    for window in np.flatnonzero(cells.track == 1):
        near = (np.abs(piece.note_bar - cells.bar[window]) <= 2) & ~drums
        sounding = set((piece.notes.pitch[near] % 12).tolist())
        assert {int(p) % 12 for p in np.flatnonzero(idiom.pitches[window, :FIRST_DRUM])} == sounding


@pytest.mark.parametrize("semitones", [-4, 0, 5])
def test_a_transposed_piece_has_the_transposed_idiom(semitones):
    piece = band_seed().barred
    cells = cell_windows(piece)
    moved = idiom_of(cells.transposed(semitones), piece, semitones=semitones)
    here = idiom_of(cells, piece)
    middle = slice(20, 108)
    shifted = np.roll(here.pitches[:, :FIRST_DRUM], semitones, axis=1)
    assert np.array_equal(moved.pitches[:, middle], shifted[:, middle])
    assert np.array_equal(moved.pitches[:, FIRST_DRUM:], here.pitches[:, FIRST_DRUM:])


def test_windows_of_no_part_allow_nothing_and_add_nothing():
    piece = band_seed().barred
    cells = cell_windows(piece)
    nobody = type(cells)(**{**vars(cells), "track": np.full(len(cells), -1)}).keeping(np.zeros(len(cells.onset), bool))
    idiom = idiom_of(nobody, piece)
    assert not idiom.pitches.any()
    assert np.array_equal(idiom_of(cells, piece).or_that_of(idiom).pitches, idiom_of(cells, piece).pitches)


def test_variations_keep_to_the_idiom_whatever_the_weights():
    piece = band_seed().barred
    found = variation(tiny_composer(seed=9).embedder, piece, strength=0.6, random_seed=4)
    assert len(found.added.onset_steps) > 5
    for number, track in enumerate(piece.score.tracks):
        mine = found.added.where(found.added.track == number)
        if track.is_drum:
            assert set(mine.pitch) <= set(track.notes.pitch)
        elif len(mine.pitch):
            assert mine.pitch.min() >= int(track.notes.pitch.min()) - RANGE_BEYOND
            assert mine.pitch.max() <= int(track.notes.pitch.max()) + RANGE_BEYOND


def test_a_double_stop_of_a_single_voice_is_its_own_and_the_voice_stays_single_elsewhere():
    """One of thirty-two notes has a second beside it."""
    score = band_seed(bars=8).barred.score
    tune = score.tracks[0]
    stopped = replace(tune, notes=Notes.concatenated([tune.notes, Notes.of([5 * 480], [400], [90], [80])]))
    piece = cut(replace(score, tracks=(stopped,)))
    cells = cell_windows(piece)
    assert idiom_of(cells, piece).single.tolist() == [True, False, *[True] * 6]


def test_a_note_that_is_transposed_beyond_all_pitches_and_moves_by_an_octave_is_still_its_own():
    """Two semitones above the lowest pitch, moved down by four: it is heard an octave higher, outside its range."""
    low = cut(Score(480, (Track(Notes.of([0], [480], [2], [80])),)))
    cells = cell_windows(low).transposed(-4)
    assert cells.pitch.tolist() == [10]
    idiom = idiom_of(cells, low, semitones=-4)
    assert np.flatnonzero(idiom.pitches[0]).tolist() == [10]
