"""On which places notes are written: beats of 480 ticks, and notes played a little beside the grid."""

from itertools import pairwise

import numpy as np
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.notation.writing.quantising import beat_windows, window_length, written_part
from symbolic_embed.score import Notes, Score, TimeSignature, Track

STEADY = [(tick, 480, 40) for tick in range(0, 480 * 32, 480)]  # a beat on every quarter, so that the grid is plain


def part(rows, metre=(4, 4), steady=STEADY):
    """What is written of notes (tick, length, pitch) that begin in the first bars."""
    columns = [*rows, *((tick, length, pitch) for tick, length, pitch in steady)]
    notes = Notes.of(*np.array(columns).T, [80] * len(columns))
    barred = cut(Score(480, (Track(notes),), time_signatures=(TimeSignature(0, *metre),)))
    return written_part(barred, 0)


def onsets(rows, **more):
    return sorted({note.onset for note in part(rows, **more).notes if note.pitch > 40})


@pytest.mark.parametrize(
    ("ticks", "units"),
    [
        ([0, 120, 240, 360], [0, 6, 12, 18]),
        ([0, 160, 320], [0, 8, 16]),
        ([0, 60, 120, 180, 240], [0, 3, 6, 9, 12]),
        ([0, 80, 160, 240, 320, 400], [0, 4, 8, 12, 16, 20]),
        ([0, 40, 80, 120], [0, 2, 4, 6]),  # thirty-second triplets that a program wrote
        ([5, 117, 250, 355], [0, 6, 12, 18]),  # sixteenths that a hand played
        ([4, 150, 331], [0, 8, 16]),  # triplets that a hand played
        ([0, 130, 205], [0, 6, 12]),  # no division hits all: the plainest that is near
    ],
)
def test_the_plainest_division_that_hits_the_notes(ticks, units):
    assert onsets([(tick, 30, 60 + n) for n, tick in enumerate(ticks)]) == units


def test_two_strokes_of_one_key_stay_two():
    assert len(onsets([(0, 20, 60), (33, 20, 60), (75, 20, 60), (110, 20, 60)])) == 4


def test_nothing_is_written_after_the_last_barline():
    last = part([], steady=[*STEADY, (15_350, 10, 60)]).notes
    assert max(note.onset for note in last) < 32 * 24


def test_a_tail_behind_the_last_barline_is_not_written():
    """Nor tied into a bar that is not there."""
    last = part([], steady=[*STEADY, (15_000, 15_360 + 100 - 15_000, 60)]).notes
    assert max(note.end for note in last) == 32 * 24


def test_ends_are_exact_or_near():
    notes = {note.pitch: note for note in part([(0, 240, 60), (0, 239, 62), (0, 217, 64), (0, 900, 65)]).notes}
    assert [(notes[pitch].end, notes[pitch].is_exact) for pitch in (60, 62, 64, 65)] == [
        (12, True),
        (12, True),  # a tick early is a program's way to part notes
        (11, False),
        (45, False),
    ]


def test_a_note_ends_where_its_pitch_is_struck_anew():
    notes = [note for note in part([(0, 900, 60), (480, 240, 60)]).notes if note.pitch == 60]
    assert [(note.onset, note.end) for note in notes] == [(0, 24), (24, 36)]


def test_of_notes_that_begin_together_on_one_pitch_the_longest_stays():
    notes = [note for note in part([(0, 240, 60), (3, 480, 60)]).notes if note.pitch == 60]
    assert [(note.onset, note.end) for note in notes] == [(0, 24)]


def test_what_is_divided_is_a_beat():
    assert [window_length(TimeSignature(0, 4, n)) for n in (2, 4, 8, 16)] == [24, 24, 12, 6]
    score = Score(480, (Track(Notes.of([0], [480 * 5], [60], [80])),), time_signatures=(TimeSignature(0, 3, 8),))
    windows = beat_windows(cut(score))
    assert [window.start for window in windows[:4]] == [0, 12, 24, 36]
    assert all(one.end == other.start for one, other in pairwise(windows))


def test_in_metres_of_eighths_an_eighth_is_divided():
    assert onsets([(0, 30, 60), (80, 30, 61), (160, 30, 62), (240, 30, 63)], metre=(6, 8)) == [0, 4, 8, 12]


def test_places_between():
    written = part([(0, 30, 60), (160, 30, 61), (320, 30, 62)])
    assert list(written.places(0, 40)) == [0, 8, 16, 24, 30, 36]
    assert list(written.places(9, 9)) == []
