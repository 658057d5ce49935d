"""Velocity and micro-timing of new notes, after the seed's own."""

from __future__ import annotations

import numpy as np
import pytest
import strategies
from composers import band_seed, duo_seed
from hypothesis import given

from symbolic_embed.bars import PlacedNotes, cut
from symbolic_embed.outputs.expression import (
    BELOW_THE_SEED,
    ON_BAR,
    ON_BEAT,
    expressed,
    expressed_as_in,
    expressed_beside,
)
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.score import Notes, Score, TimeSignature, Track

QUARTER = 480
STEP = 40  # ticks


def written(*rows: tuple[int, int, int, int]) -> WrittenNotes:
    """Notes of (track, onset, length, pitch)."""
    return WrittenNotes(*np.array(rows, np.int64).reshape(-1, 4).T)


def piece(*rows: tuple[int, int, int, int], channel: int = 0):
    """One part of notes (onset tick, duration, pitch, velocity), in bars of 4/4."""
    part = Track(Notes.of(*zip(*rows, strict=True)), channel=channel)
    return cut(Score(QUARTER, (part,), time_signatures=(TimeSignature(0, 4, 4),)))


def test_a_note_takes_after_that_of_the_same_place_in_the_bar_then_of_the_beat_then_of_the_nearest_pitch():
    seed = piece((0, 200, 60, 100), (240, 200, 72, 50), (480, 200, 64, 90), (720, 200, 60, 40))
    # on the first beat; on the second; on the third, where only the beat agrees: E lies nearest to D#; off the fourth
    new = written((0, 48, 6, 72), (0, 60, 6, 72), (0, 72, 6, 63), (0, 90, 6, 71))
    assert expressed(new, seed).velocity.tolist() == [100, 90, 90, 50]


def test_a_drum_takes_after_the_same_drum_wherever_it_is_struck():
    kit = piece((0, 100, 36, 100), (480, 100, 38, 60), (960, 100, 36, 90), channel=9)
    new = written((0, 60, 3, 36), (0, 48, 3, 38), (0, 48, 3, 42))
    # the bass drum from the beat, the snare from the backbeat, a hi-hat (which the seed lacks) from the downbeat
    assert expressed(new, kit).velocity.tolist()[1:] == [60, 100]
    assert expressed(new, kit).velocity.tolist()[0] in (100, 90)


def test_of_equally_good_notes_successive_bars_take_different_ones():
    seed = piece((0, 400, 60, 70), (1920, 400, 60, 80), (3840, 400, 60, 90))
    played = expressed(written(*((0, 48 * bar, 12, 60) for bar in range(3, 9))), seed)
    assert played.velocity.tolist() == [70, 80, 90] * 2


def test_a_note_is_as_early_or_late_as_its_model_and_on_the_grid_where_the_grids_differ():
    late = piece((7, 480, 60, 80), (1933, 200, 60, 80))  # 7 and 13 ticks late
    played = expressed(written((0, 96, 12, 60), (0, 144, 5, 60), (0, 97, 12, 60)), late)
    assert sorted(played.onset_residue.tolist()) == [0, 7, 13]
    assert played.onset_residue[2] == 0  # a step that is no sixteenth


def test_no_note_ends_after_the_last_was_written_to_end():
    """Every note of the seed is held ten ticks longer than its step; the last one written must not be."""
    long_notes = piece((0, 490, 60, 80), (1920, 490, 60, 80))
    played = expressed(written((0, 96, 12, 60), (0, 108, 12, 62)), long_notes)
    ends = (played.onset_steps + played.length_steps) * STEP + played.offset_residue
    assert ends.tolist() == [108 * STEP + 10, 120 * STEP]


def test_a_drum_rings_as_long_as_its_model_whatever_was_written():
    kit = piece((0, 107, 36, 100), (480, 125, 38, 60), channel=9)
    played = expressed(written((0, 48, 12, 36), (0, 60, 12, 38), (0, 95, 1, 36)), kit)
    durations = played.length_steps * STEP + played.offset_residue - played.onset_residue
    assert durations.tolist()[:2] == [107, 125]


@given(score=strategies.scores(quarters=12, most_tracks=2))
def test_a_piece_written_again_is_played_by_its_own_notes(score):
    """Every velocity is one of the part's, drums take one of their own drum; pitches and places are those written."""
    seed = cut(score)
    notes = seed.notes
    again = WrittenNotes(notes.track, notes.onset_steps, notes.length_steps, notes.pitch)
    played = expressed(again, seed)
    assert played.pitch.tolist() == notes.pitch.tolist()
    assert played.onset_steps.tolist() == notes.onset_steps.tolist()
    assert set(played.source.tolist()) <= {-1}
    for number in range(len(notes)):
        own = notes.track == notes.track[number]
        if seed.note_is_drum[number]:
            own &= notes.pitch == notes.pitch[number]
        assert played.velocity[number] in notes.velocity[own]


@pytest.mark.parametrize("role", list(BELOW_THE_SEED))
def test_a_new_part_is_a_little_softer_than_the_seed_and_stressed_on_bars_and_beats(role):
    band = band_seed().barred
    usual = int(np.median(band.notes.velocity))
    played = expressed_beside(written((4, 0, 3, 60), (4, 12, 3, 60), (4, 15, 3, 60)), band, roles={4: role})
    softer = usual - BELOW_THE_SEED[role]
    assert played.velocity.tolist() == [softer + ON_BAR, softer + ON_BEAT, softer]


def test_a_new_part_is_as_late_as_the_seed_at_the_same_step_and_never_ends_late():
    late = piece((9, 480, 60, 80), (470, 480, 60, 80))  # the first 9 ticks late, the second 10 early
    played = expressed_beside(written((1, 0, 12, 40), (1, 12, 12, 40), (1, 30, 12, 40)), late, roles={1: "bass"})
    assert played.onset_residue.tolist() == [9, -10, 0]
    assert played.offset_residue.tolist() == [0, -10, 0]


def test_a_part_of_another_piece_is_as_loud_as_it_is_there_on_the_grid_of_the_first():
    band, duo = band_seed().barred, duo_seed(bars=2).barred
    # bells, part 0 of the duo, are at velocity 50, the flute at 70; bars of the duo begin again
    new = written((4, 0, 12, 84), (5, 48, 12, 67), (4, 96, 12, 84))
    played = expressed_as_in(new, band, duo, tracks={4: 0, 5: 1})
    assert played.velocity.tolist() == [50, 70, 50]
    assert isinstance(played, PlacedNotes)
    assert not played.onset_residue.any()
    assert played.track.tolist() == [4, 5, 4]
