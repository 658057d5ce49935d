"""The score in memory: ordered, frozen, and equal when it says the same."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.score import KeySignature, Marker, Notes, Score, ScoreWarning, Tempo, TimeSignature, Track

COLUMNS = ("onset_ticks", "duration_ticks", "pitch", "velocity")


@given(strategies.notes(division=4, quarters=3), st.randoms())
def test_notes_are_sorted_rows_whatever_order_they_come_in(notes, random):
    rows = notes.rows().tolist()
    assert rows == sorted(rows, key=lambda row: (row[0], row[2], row[1], row[3]))
    random.shuffle(rows)
    assert Notes.of(*zip(*rows, strict=True)) == notes


def test_the_order_is_onset_then_pitch_then_duration_then_velocity():
    notes = Notes.of([5, 0, 0, 0, 0], [1, 9, 2, 2, 1], [0, 60, 60, 60, 61], [1, 1, 3, 2, 1])
    assert notes.rows().tolist() == [[0, 2, 60, 2], [0, 2, 60, 3], [0, 9, 60, 1], [0, 1, 61, 1], [5, 1, 0, 1]]


def test_columns_have_their_types_are_copies_and_cannot_be_written():
    onsets = np.array([0, 480])
    notes = Notes.of(onsets, [1, 1], [60, 62], [90, 90])
    onsets[0] = 7
    assert [getattr(notes, name).dtype for name in COLUMNS] == [np.int64, np.int64, np.uint8, np.uint8]
    assert notes.onset_ticks.tolist() == [0, 480]
    for name in COLUMNS:
        with pytest.raises(ValueError, match="read-only"):
            getattr(notes, name)[0] = 1
        with pytest.raises(FrozenInstanceError):
            setattr(notes, name, onsets)


def test_offsets_masks_and_concatenation():
    notes = Notes.of([0, 10, 20], [5, 5, 7], [60, 62, 64], [1, 2, 3])
    assert notes.offset_ticks.tolist() == [5, 15, 27]
    assert notes.where(notes.pitch > 60).rows().tolist() == [[10, 5, 62, 2], [20, 7, 64, 3]]
    assert notes.where(np.array([2, 0])).pitch.tolist() == [60, 64]
    assert Notes.concatenated([notes.where([2]), notes.where([0, 1])]) == notes
    assert Notes.concatenated([]) == Notes.none()
    assert len(Notes.none()) == 0


@pytest.mark.parametrize("column", range(4))
def test_notes_differ_when_any_number_differs(column):
    row = [0, 5, 60, 1]
    other = [value + (place == column) for place, value in enumerate(row)]
    assert Notes.of(*np.transpose([row])) == Notes.of(*np.transpose([row]))
    assert Notes.of(*np.transpose([row])) != Notes.of(*np.transpose([other]))


def test_equality_looks_at_everything_but_warnings():
    score = Score(480, (Track(Notes.of([0], [1], [60], [1])),))
    assert score == score.with_warnings(ScoreWarning("kind", "text"))
    assert score != Score(480, (Track(Notes.of([0], [1], [61], [1])),))
    assert score != Score(480, score.tracks, time_signatures=(TimeSignature(0, 4, 4),))


def test_the_end_of_a_score_is_where_its_last_note_ends():
    long, late = Track(Notes.of([0], [1000], [60], [1])), Track(Notes.of([500], [10], [60], [1]))
    assert Score(480, (late, long)).end_tick == 1000
    assert Score(480, (late, long)).note_count == 2
    assert Score(480).end_tick == 0
    assert Score(480, (Track(Notes.none()),)).end_tick == 0


@pytest.mark.parametrize(("channel", "drums"), [(8, False), (9, True), (10, False)])
def test_musicians_channel_ten_is_drums(channel, drums):
    assert Track(Notes.none(), channel=channel).is_drum is drums


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (TimeSignature(0, 7, 8), "7/8"),
        (KeySignature(0, 0, False), "C major"),
        (KeySignature(0, 0, True), "A minor"),
        (KeySignature(0, -7, False), "Cb major"),
        (KeySignature(0, -7, True), "Ab minor"),
        (KeySignature(0, 7, False), "C# major"),
        (KeySignature(0, 7, True), "A# minor"),
        (KeySignature(0, 2, True), "B minor"),
        (ScoreWarning("kind", "a note never ends"), "a note never ends"),
        (ScoreWarning("kind", "a note never ends", 3), "a note never ends (3 times)"),
    ],
)
def test_how_a_musician_would_say_it(said, words):
    assert str(said) == words


def test_keys_go_by_fifths():
    """A fifth up is one sharp more; a minor key has its major's sharps three semitones higher."""
    semitones = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}

    def tonic(key):
        name = str(key).split()[0]
        return (semitones[name[0]] + name.count("#") - name.count("b")) % 12

    for sharps in range(-7, 8):
        assert tonic(KeySignature(0, sharps, False)) == sharps * 7 % 12
        assert (tonic(KeySignature(0, sharps, True)) + 3) % 12 == sharps * 7 % 12


def test_half_a_second_a_quarter_is_120_a_minute():
    assert Tempo(0, 500_000).per_minute == 120
    assert Marker(0, "coda") != Marker(1, "coda")
