"""Tunes in lines: against loops, and what a distance is blind to and what not."""

from dataclasses import replace
from itertools import pairwise

import naive_tunes
import numpy as np
import pieces
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_embed.bars import cut
from symbolic_embed.bars.tunes import TOGETHER, Tunes, tunes
from symbolic_embed.errors import UsageError
from symbolic_embed.similarity.tunes import places
from symbolic_embed.similarity.tunes.lines import TuneLines
from symbolic_embed.similarity.tunes.paths import paths
from symbolic_embed.similarity.tunes.places import NOWHERE, STRETCHES
from symbolic_embed.similarity.tunes.query import TuneQuery
from symbolic_embed.similarity.tunes.stretches import likely, stretches

TUNE = [67, 69, 71, 67, 72, 71, 69, 74, 71, 67, 64, 66, 67, 72]
TIMES = np.array([0, 1, 1.5, 2, 3, 3.5, 4, 5, 6, 6.5, 7, 8, 8.5, 9.5])
SONGS = [tunes(cut(pieces.piece(seed, bars=12))) for seed in range(8)]
rows = st.lists(st.tuples(st.integers(1, 40), st.integers(55, 75)), min_size=4, max_size=14)


def line_of(*lines):
    """Lines of (onset in steps, pitch), each in a bar of its own every 48 steps, as the parts of one piece."""
    onset, pitch = np.array([row for line in lines for row in line], np.int64).T
    counts = np.array([len(line) for line in lines], np.int64)
    return Tunes(np.arange(len(lines)), counts, onset, pitch, onset // 48)


def risen(rows):
    """Steps since the note before as onsets."""
    return list(zip(np.cumsum([step for step, _ in rows]).tolist(), [pitch for _, pitch in rows], strict=True))


def query(pitch=TUNE, times=TIMES, *, semitones=0.0, factor=1.0):
    return TuneQuery.of(factor * np.asarray(times, float) / 2, np.asarray(pitch, float) + semitones)


def piece(pitch=TUNE, times=TIMES, begin=0):
    """The tune as a line after `begin` notes of something else."""
    before = [(6 * place, 40 + 7 * place % 25) for place in range(begin)]
    start = 6 * begin
    return line_of([*before, *((start + round(12 * when), note) for when, note in zip(times, pitch, strict=True))])


def tune_places(asked, tunes):
    return places.tune_places(asked, TuneLines.of(tunes))


def first_look(asked, tunes):
    return places.first_look(asked, TuneLines.of(tunes))


def distance(asked, there):
    return tune_places(asked, [there])[0].distance


@given(rows, st.lists(rows, min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_stretches_and_paths_equal_loops(mine, others):
    asked = TuneQuery.of(np.cumsum([step for step, _ in mine]) * 0.07, np.array([pitch for _, pitch in mine]) * 0.97)
    spelt = [risen(other) for other in others]
    lines = TuneLines.of([line_of(*spelt)])
    found = stretches(asked, lines)
    assert found.earned.tolist() == [one for line in spelt for one in naive_tunes.earned(asked, line)]
    laid = paths(asked, lines, found)
    assert laid.cost.tolist() == [naive_tunes.cost(asked, line) for line in spelt]


def test_a_long_line_has_stretches_that_overlap():
    random = np.random.default_rng(3)
    line = risen([(int(step), int(pitch)) for step, pitch in random.integers((3, 50), (13, 80), (130, 2))])
    asked = TuneQuery.of(np.arange(8.0), np.array([pitch for _, pitch in line[40:48]], float))
    found = stretches(asked, TuneLines.of([line_of(line)]))
    assert found.earned.tolist() == naive_tunes.earned(asked, line)
    assert found.begin.tolist() == [0, 24, 48, 72, 96, 120]


@pytest.mark.parametrize("semitones", [-19, -0.5, 3, 12])
@pytest.mark.parametrize("factor", [1 / 3, 1, 2.7])
def test_neither_key_nor_tempo_changes_a_digit(semitones, factor):
    plain, moved = query(), query(semitones=semitones, factor=factor)
    assert [one.distance for one in tune_places(moved, SONGS)] == [one.distance for one in tune_places(plain, SONGS)]
    assert distance(moved, piece()) == 0


def test_others_beside_it_change_nothing():
    together = tune_places(query(), SONGS)
    assert together == [place for song in SONGS for place in tune_places(query(), [song])]
    assert first_look(query(), SONGS).tolist() == [first_look(query(), [song])[0] for song in SONGS]


def with_wrong_note():
    return query([*TUNE[:5], 74, *TUNE[6:]])


def with_added_note():
    return query([*TUNE[:5], 76, *TUNE[5:]], [*TIMES[:5], 3.25, *TIMES[5:]])


def with_split_note():
    return query([*TUNE[:5], TUNE[4], *TUNE[5:]], [*TIMES[:5], 3.25, *TIMES[5:]])


def without_a_note():
    return query([*TUNE[:5], *TUNE[6:]], [*TIMES[:5], *TIMES[6:]])


def an_octave_off():
    return query([*TUNE[:5], TUNE[5] - 12, *TUNE[6:]])


def drifting():
    return query(np.array(TUNE) + np.linspace(0, 0.5, len(TUNE)))


def out_of_breath():
    return query(times=TIMES + 2 * (np.arange(len(TIMES)) > 7))


def swinging():
    return query(times=np.concatenate([[0], np.cumsum(np.diff(TIMES) * (1 + 0.15 * np.sin(np.arange(13))))]))


ERRORS = [with_wrong_note, with_added_note, with_split_note, without_a_note, an_octave_off, drifting, out_of_breath]


@pytest.mark.parametrize("sung", [*ERRORS, swinging])
def test_an_error_costs_less_than_another_tune(sung):
    asked = sung()
    others = min(place.distance for place in tune_places(asked, SONGS))
    assert distance(asked, piece(begin=30)) < 0.5 * others
    assert (distance(asked, piece(begin=30)) > 0) == (sung is not drifting)


def test_a_note_that_is_split_or_repeated_costs_less_than_a_strange_one():
    assert distance(with_split_note(), piece()) < distance(with_added_note(), piece())
    again = piece([*TUNE[:5], TUNE[4], *TUNE[5:]], [*TIMES[:5], 3.25, *TIMES[5:]])
    strange = piece([*TUNE[:5], 76, *TUNE[5:]], [*TIMES[:5], 3.25, *TIMES[5:]])
    assert distance(query(), again) < distance(query(), strange)


def test_a_part_of_it_is_found_where_it_lies():
    asked = query(TUNE[3:12], TIMES[3:12], semitones=-4)
    (place,) = tune_places(asked, [piece(begin=32)])
    first, last = 6 * 32 + 12 * TIMES[3], 6 * 32 + 12 * TIMES[11]
    assert place == (0, 4, 0, first // 48, last // 48, 0)


@pytest.mark.parametrize("semitones", [-7, -5, 6, 7, 13])
def test_a_transposition_lies_between_minus_five_and_six(semitones):
    (place,) = tune_places(query(semitones=-semitones), [piece()])
    assert place.transposition == (semitones + 5) % 12 - 5


def test_it_is_found_in_its_part_and_in_the_line_of_all():
    score = pieces.piece(3, bars=12)
    lines = tunes(cut(score))
    assert set(lines.track.tolist()) == {0, 1, 2, TOGETHER}  # no line of drums
    bass = score.tracks[2].notes
    asked = TuneQuery.of(bass.onset_ticks[4:20] / 480, bass.pitch[4:20].astype(float))
    (place,) = tune_places(asked, [lines])
    assert (place.distance, place.track, place.bar, place.last_bar) == (0, 2, 1, 4)


def test_a_tune_above_moving_chords_is_a_line_of_its_own():
    """Held notes above eighths in one part: what begins is mostly the eighths, what sounds above them is the tune."""
    held = [(48 * place, 48, pitch) for place, pitch in enumerate([72, 74, 76, 77, 79])]
    moving = [(6 * place + 6, 6, 50 + place % 3) for place in range(35)]
    rows = np.array([*held, *moving])
    part = replace(pieces.piece(0).tracks[0], notes=_notes(rows))
    lines = tunes(cut(replace(pieces.piece(0), tracks=(part,))))
    begins = [*lines.begins, lines.counts.sum()]
    spelt = [lines.pitch[a:b].tolist() for a, b in pairwise(begins)]
    assert spelt[0] == [72, 74, 76, 77, 79]
    assert len(spelt) == 2
    assert spelt[1][:4] == [72, 50, 51, 52]


def _notes(rows):
    from symbolic_embed.score import Notes

    onset, length, pitch = rows.T
    return Notes.of(onset * 40, length * 40, pitch, np.full(len(rows), 90))


def test_where_there_is_no_line_it_is_nowhere():
    nothing = tunes(cut(pieces.piece(1, parts=(pieces.drums,))))
    assert tune_places(query(), [nothing]) == [NOWHERE]
    found = tune_places(query(), [nothing, piece()])
    assert [found[0], found[1].distance] == [NOWHERE, 0]
    assert first_look(query(), [nothing]).tolist() == [-1]
    assert first_look(query(), [nothing, piece()]).tolist() == [-1, 1000]


def test_along_the_likeliest_pieces_alone_distances_are_the_same():
    whole = tune_places(query(), [*SONGS, piece()])
    some = places.tune_places(query(), TuneLines.of([*SONGS, piece()]), most=4)
    measured = [number for number, place in enumerate(some) if place != NOWHERE]
    assert len(measured) == 4
    assert measured[-1] == len(SONGS)
    assert [some[number] for number in measured] == [whole[number] for number in measured]


def test_the_likeliest_stretches_of_each_piece():
    lines = TuneLines.of(SONGS)
    found = stretches(query(), lines)
    best = likely(found, lines, count=STRETCHES)
    for number in range(len(SONGS)):
        earned = found.earned[lines.piece[found.line] == number]
        assert sorted(best.earned[lines.piece[best.line] == number]) == sorted(earned)[-STRETCHES:]


def test_three_notes_are_no_tune():
    with pytest.raises(UsageError, match="the query has 3 notes; a tune has at least 4"):
        TuneQuery.of(np.arange(3.0), np.arange(3.0))
