"""Loops: music that can be read, with the drums, metres, doublings and chords that their names promise."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from loops import every_loop
from loops.notation import Loop, kit, line, pitch_of, tune

from symbolic_embed.bars.patterns import Stretch, doubling, grooves, scales, sounding

LOOPS = {loop.name: loop for loop in every_loop()}
NO_BACKBEAT = {"in_seven", "in_five", "jig", "reggae", "bossa", "montuno", "swing"}  # as these are played


@pytest.fixture(scope="module", params=LOOPS.values(), ids=LOOPS)
def loop(request):
    return request.param


def stretch_of(name):
    return Stretch.of(LOOPS[name].seed().barred)


def test_there_are_more_than_twenty_in_many_metres():
    assert len(LOOPS) == 25
    assert {loop.metre for loop in LOOPS.values()} == {(4, 4), (3, 4), (12, 8), (5, 4), (7, 8), (6, 8), (2, 4)}
    assert {loop.bars for loop in LOOPS.values()} == {1, 4, 8, 12}


def test_a_loop_is_read_as_it_was_written(loop):
    barred = loop.seed().barred
    assert barred.score.warnings == ()
    assert (barred.bars, str(barred.metre.signatures[0])) == (loop.bars, "{}/{}".format(*loop.metre))
    assert set(barred.grid.bar_length(np.arange(loop.bars))) == {loop.bar_steps}
    rows = zip(barred.notes.track, barred.notes.onset_steps, barred.notes.length_steps, barred.notes.pitch, strict=True)
    written = [(number, *row[:3]) for number, part in enumerate(loop.parts) for row in part.rows]
    assert sorted(map(tuple, np.array(list(rows)).tolist())) == sorted(written)
    assert barred.part_is_drum.tolist() == [part.is_drum for part in loop.parts]


def test_parts_double_each_other_where_it_is_said_and_nowhere_else(loop):
    found = {(one.first, one.second) for one in doubling.doublings(Stretch.of(loop.seed().barred))}
    assert found == set(loop.doubled)


def test_every_part_sounds_and_no_bar_is_silent(loop):
    sounds = sounding.sounding_bars(Stretch.of(loop.seed().barred))
    assert sounds.any(axis=1).all()
    assert sounds.any(axis=0).all()


def test_a_loop_is_the_same_each_time():
    assert [loop.seed().events for loop in every_loop()] == [loop.seed().events for loop in LOOPS.values()]


def test_grooves_are_those_of_their_genres(loop):
    stretch = Stretch.of(loop.seed().barred)
    if not stretch.part_is_drum.any():
        return
    beat = {(12, 8): 6, (2, 4): 2}.get(loop.metre, 4)  # a march is counted in eighths
    has = grooves.has_backbeat(stretch, beat=beat).mean()
    assert has == 0 if loop.name in NO_BACKBEAT else has >= 0.75
    assert grooves.neighbour_likeness(stretch) is None or grooves.neighbour_likeness(stretch) >= 0.3


def test_where_a_mode_is_promised_it_is_there():
    best, share = scales.best_scales(stretch_of("in_seven"))
    assert share == 1
    assert np.flatnonzero(best[0]).tolist() == [0, 2, 4, 5, 8, 9, 11]  # phrygian dominant of E
    best, share = scales.best_scales(stretch_of("melody_alone"))
    assert share == 1
    assert best[:, [2, 4, 5, 7, 9, 0]].all()


def test_the_bass_plays_the_cycle_of_chords():
    assert sounding.bass_roots(stretch_of("pop")).tolist() == [9, 5, 0, 7] * 2
    assert sounding.bass_roots(stretch_of("blues")).tolist() == [9, 2, 9, 9, 2, 2, 9, 9, 4, 2, 9, 4]


# the notation


def test_drums_are_lines_of_strokes():
    part = kit("bd X...o... | hh ..x...x.")
    assert part.rows == ((0, 3, 36, 112), (6, 3, 42, 92), (12, 3, 36, 48), (18, 3, 42, 92))
    with pytest.raises(ValueError, match=r"lines of \[3, 4\] slots in one bar"):
        kit("bd x... | sn ..x")


def test_lines_name_tones_of_the_chord_and_the_way_to_the_next():
    part = line("Bass", 33, "Am Dm7,G", "1-..", "3.1a", low=33)
    assert [row[:3] for row in part.rows] == [(0, 6, 33), (12, 3, 41), (18, 3, 43), (21, 3, 32)]
    chord = line("Keys", 0, "C", "x-", low=55)
    assert [row[:3] for row in chord.rows] == [(0, 6, 55), (0, 6, 60), (0, 6, 64)]


def test_tunes_are_words_between_barlines():
    part = tune("Flute", 73, "c4/2 r/1 e4+bb3/1 | f#5/4", bar=4, slot=6)
    assert [row[:3] for row in part.rows] == [(0, 12, 60), (18, 6, 64), (18, 6, 58), (24, 24, 78)]
    with pytest.raises(ValueError, match="Flute: a barline after 3 slots, where bars have 4"):
        tune("Flute", 73, "c4/3 | d4/4", bar=4)
    assert [pitch_of(name) for name in ("a0", "c4", "eb4", "g9")] == [21, 60, 63, 127]


def test_a_part_that_is_doubled_keeps_its_rhythm():
    part = tune("Flute", 73, "c4/4", bar=4)
    loop = Loop("two", (part, part.doubled("Oboe", 68, semitones=12)), bars=1)
    notes = loop.seed().barred.notes
    assert notes.pitch.tolist() == [60, 72]
    assert notes.onset_steps.tolist() == [0, 0]
