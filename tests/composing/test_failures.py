"""Failures of written music: each on both sides of its bound, and where it does not apply."""

import time

import composers
import numpy as np
import pytest
from stretches import notes_of, stretch

from symbolic_embed.bars import cut
from symbolic_embed.bars.patterns import Stretch
from symbolic_embed.composing.checks import Check
from symbolic_embed.composing.failures import failures_of_continuation, failures_of_variation
from symbolic_embed.composing.stretches import continued, varied, written_bars
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.score import Notes, Score, Track

TUNE = ["0:60 4:62 8:64 12:65"]
LOW = ["0:48 4:50 8:52 12:53"]
ROCK = ["0:36,42 4:38,42 8:36,42 12:38,42"]
SILENT = [""]
FOUR_ROOTS = ["0:60:4", "0:65:4", "0:67:4", "0:69:4"]


def same(times, pitch=60):
    """A bar that begins one pitch so often."""
    return [" ".join(f"{place}:{pitch}" for place in range(times))]


def continuation(name, seed, new):
    return failures_of_continuation(seed, new)[name]


def variation(name, seed, after):
    return failures_of_variation(seed, after)[name]


def told(check):
    return check.measured, check.bound, check.fails


def test_a_drone_is_long_and_twice_as_long_as_the_seeds():
    assert told(continuation("drone", stretch(TUNE), stretch(same(7)))) == (7, 8, False)
    assert told(continuation("drone", stretch(TUNE), stretch(same(8)))) == (8, 8, True)
    assert told(continuation("drone", stretch(same(5)), stretch(same(9)))) == (9, 10, False)
    assert told(continuation("drone", stretch(same(5)), stretch(same(10)))) == (10, 10, True)
    assert continuation("drone", stretch(TUNE, same(1)), stretch(TUNE, same(8))).part == 1
    assert not continuation("drone", stretch(ROCK, drums=[0]), stretch(same(9), drums=[0])).applies


def test_a_part_falls_silent():
    seed, quarter = stretch(TUNE * 4, TUNE * 4), stretch(TUNE * 4, TUNE + SILENT * 3)
    assert told(continuation("empty", seed, stretch(TUNE * 4, TUNE * 2 + SILENT * 2))) == (0.5, 0.5, False)
    assert told(continuation("empty", seed, quarter)) == (0.25, 0.5, True)
    assert continuation("empty", seed, quarter).part == 1
    half = stretch(TUNE * 4, TUNE * 2 + SILENT * 2)
    assert told(continuation("empty", half, quarter)) == (0.5, 0.5, False)
    rare = stretch(TUNE * 4, TUNE + SILENT * 3)
    assert not continuation("empty", rare, stretch(TUNE * 4, SILENT * 4)).fails


def test_a_bar_with_nothing_is_empty_where_the_seed_has_none():
    new = stretch(TUNE * 3 + SILENT)
    assert told(continuation("empty", stretch(TUNE * 4), new)) == (0, 0.5, True)
    assert not continuation("empty", stretch(TUNE * 3 + SILENT), new).fails
    held = stretch(["0:60:32", ""])
    assert not continuation("empty", stretch(TUNE * 2), held).fails


def test_doublings_come_apart():
    seed = stretch(TUNE, LOW)
    assert told(continuation("doubling", seed, stretch(TUNE, ["0:48 4:50 8:52 14:53"]))) == (0.6, 0.5, False)
    check = continuation("doubling", seed, stretch(TUNE, ["0:48 4:50 8:53 12:52"]))
    assert told(check) == (pytest.approx(2 / 6), 0.5, True)
    assert not continuation("doubling", stretch(TUNE, ["0:48"]), stretch(TUNE, LOW)).applies


def test_the_groove_is_lost():
    seed = stretch(ROCK, drums=[0])
    three_of_four = stretch(["0:36,42 4:38,42 8:36,42"], drums=[0])
    assert told(continuation("groove", seed, three_of_four)) == (0.75, 0.75, False)
    assert told(continuation("groove", seed, stretch(["0:36,42 4:38,42 8:36"], drums=[0]))) == (0.625, 0.75, True)
    assert not continuation("groove", stretch(TUNE), stretch(TUNE)).applies
    assert not continuation("groove", seed, stretch(SILENT, drums=[0])).applies  # that is for `empty` to say


def test_clashes_are_counted_beside_the_seeds():
    clean = stretch(["0:60:8 0:64:8 0:67:8"])
    new = stretch(["0:60:8 0:64:8 0:67:8 8:60 8:61"])  # one of 25 pairs
    assert told(continuation("clash", clean, new)) == (pytest.approx(0.04), 0.03, True)
    seventh = stretch(["0:60:8 0:64:8 0:67:8 0:71:8"])  # one of six
    assert told(continuation("clash", seventh, new)) == (pytest.approx(0.04), pytest.approx(0.25), False)
    assert told(continuation("clash", seventh, stretch(["0:60:3 0:61:3 0:67:3"]))) == (
        pytest.approx(1 / 3),
        pytest.approx(0.25),
        True,
    )
    assert not continuation("clash", clean, stretch(TUNE)).applies


def test_out_of_the_key_of_the_seed():
    seed = stretch(["0:60 2:62 4:64 6:65 8:67 10:69 12:71"])
    almost = stretch(["0:60:15 15:61", "0:60:16"])  # one of 32 sixteenths
    assert told(continuation("out_of_key", seed, almost)) == (pytest.approx(31 / 32), pytest.approx(0.95), False)
    assert continuation("out_of_key", seed, stretch(["0:60:15 15:61"])).fails
    assert not continuation("out_of_key", stretch(ROCK, drums=[0]), seed).applies


def test_beyond_the_range_of_the_part():
    seed = stretch(TUNE, LOW)
    assert told(continuation("range", seed, stretch(["0:69"], LOW))) == (4, 5, False)
    assert told(continuation("range", seed, stretch(["0:70"], LOW))) == (5, 5, True)
    assert told(continuation("range", seed, stretch(TUNE, ["0:42"]))) == (6, 5, True)
    assert continuation("range", seed, stretch(TUNE, ["0:42"])).part == 1
    assert continuation("range", stretch(TUNE, SILENT), stretch(TUNE, LOW)).measured == 0


def test_harmony_stands_still():
    seed = stretch(FOUR_ROOTS * 2)
    assert told(continuation("static", seed, stretch(["0:60", "0:65"] * 4))) == (2, 3, True)
    assert told(continuation("static", seed, stretch(["0:60", "0:65"] * 3 + ["0:67", "0:60"]))) == (3, 3, False)
    assert not continuation("static", stretch(["0:60", "0:65"] * 4), seed).applies
    last_eight = stretch(FOUR_ROOTS + ["0:60"] * 8)
    assert not continuation("static", last_eight, stretch(["0:60"] * 8)).applies
    assert not continuation("static", seed, stretch(["0:60", "0:65"])).applies  # two bars have no more than two roots


def test_nothing_returns():
    fresh = [f"0:{60 + bar}" for bar in range(10)]
    seed = stretch(TUNE * 2 + ["0:50", "0:51"])  # one of four returns
    assert not continuation("no_return", seed, stretch(fresh)).applies
    seed = stretch(TUNE * 2 + ["0:50"])  # one of three
    assert told(continuation("no_return", seed, stretch(fresh))) == (0, 0.1, True)
    assert told(continuation("no_return", seed, stretch(TUNE + fresh[1:]))) == (pytest.approx(0.1), 0.1, False)


def test_repetition_is_varied_away():
    seed = stretch(TUNE * 4)
    assert told(variation("repetition", seed, stretch(["0:60"] * 3 + ["0:61"]))) == (0.5, 0.25, False)
    assert told(variation("repetition", seed, stretch(["0:60"] * 2 + ["0:61", "0:62"]))) == (
        pytest.approx(1 / 6),
        0.25,
        True,
    )
    assert not variation("repetition", seed, seed).applies


def test_leaps_grow():
    def line(leaps):  # of ten steps
        pitches = [60 + 12 * (min(step, leaps) % 2) for step in range(11)]
        return [" ".join(f"{place}:{pitch}" for place, pitch in enumerate(pitches))]

    assert told(variation("leaps", stretch(line(2)), stretch(line(3)))) == (pytest.approx(0.1), 0.1, False)
    assert variation("leaps", stretch(line(2)), stretch(line(4))).fails
    assert variation("leaps", stretch(line(4)), stretch(line(2))).measured == pytest.approx(-0.2)
    assert not variation("leaps", stretch(["0:60"]), stretch(["0:72"])).applies


def test_the_bass_drum_leaves_the_first_beat():
    seed = stretch(ROCK * 5, drums=[0])
    moved = ["1:36 0:42 4:38,42 8:36,42 12:38,42"]
    assert told(variation("groove", seed, stretch(ROCK * 4 + moved, drums=[0]))) == (0.8, 0.8, False)
    assert told(variation("groove", seed, stretch(ROCK * 3 + moved * 2, drums=[0]))) == (0.6, 0.8, True)


def test_drums_are_unlike_the_seeds_though_the_bass_drum_stays():
    seed = stretch(["0:36 4:38 8:36 12:38"], drums=[0])
    assert told(variation("groove", seed, stretch(["0:36 4:38 8:36 13:38"], drums=[0]))) == (0.6, 0.6, False)
    check = variation("groove", seed, stretch(["0:36 4:38 9:36 13:38"], drums=[0]))
    assert told(check) == (pytest.approx(2 / 6), 0.6, True)
    assert not variation("groove", stretch(TUNE), stretch(TUNE)).applies


def test_a_copy_of_the_seed_has_no_failures_and_every_check_its_name_once():
    seed = stretch(FOUR_ROOTS * 2, TUNE * 8, LOW * 8, ROCK * 8, drums=[3])
    for checks in (failures_of_continuation(seed, seed), failures_of_variation(seed, seed)):
        names = [check.name for check in checks.checks]
        assert len(set(names)) == len(names)
        assert checks.failures == ()
    with pytest.raises(KeyError):
        failures_of_variation(seed, seed)["drone"]


def test_of_music_without_notes_nothing_is_said():
    nothing = stretch(SILENT, SILENT, drums=[1])
    for checks in (failures_of_continuation(nothing, nothing), failures_of_variation(nothing, nothing)):
        assert checks.checks == tuple(Check(check.name) for check in checks.checks)


def test_eight_bars_of_eight_parts_are_checked_in_a_moment():
    seed = stretch(*[FOUR_ROOTS * 2] * 3, *[TUNE * 8] * 2, *[LOW * 8] * 2, ROCK * 8, drums=[7])
    seconds = []
    for _ in range(5):
        begin = time.process_time()
        failures_of_continuation(seed, seed)
        seconds.append(time.process_time() - begin)
    assert min(seconds) < 0.02  # 3 ms on a core with nothing else to do


# how stretches come about


def test_written_notes_and_the_file_with_them_are_one_stretch():
    seed = composers.band_seed(bars=4).barred
    new = notes_of(["0:60 4:62"] * 2, ["0:60:4"] * 2, ["0:36"] * 2, ["0:36 4:38"] * 2)
    later = WrittenNotes(new.track, new.onset_steps + seed.grid.bar_steps[-1], new.length_steps, new.pitch)
    tracks = []
    for number, track in enumerate(seed.score.tracks):
        mine = later.where(later.track == number)
        ticks = [seed.grid.continued(2).tick_of(mine.onset_steps), mine.length_steps * 40]
        added = Notes.of(*ticks, mine.pitch, np.full(len(mine), 80))
        tracks.append(Track(Notes.concatenated([track.notes, added]), chunk=track.chunk, channel=track.channel))
    file = cut(Score(480, tuple(tracks)))
    for one in (continued(seed, later, bars=2), written_bars(file, seed, bars=range(4, 6))):
        assert (one.bars, one.parts) == (2, 4)
        assert one.part.tolist() == [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 3, 3]
        assert one.place.tolist() == [0, 4, 0, 4, 0, 0, 0, 0, 0, 4, 0, 4]
        assert one.length.tolist() == continued(seed, later, bars=2).length.tolist()


def test_a_part_that_rests_in_a_file_keeps_its_number():
    seed = composers.band_seed(bars=2).barred
    tracks = seed.score.tracks
    other = Track(tracks[0].notes, chunk=99, channel=15)
    file = cut(Score(480, (*tracks[1:], other)))
    assert set(written_bars(file, seed).part.tolist()) == {1, 2, 3}


def test_a_varied_piece_lacks_what_went_and_has_what_came():
    seed = composers.band_seed(bars=2).barred
    whole = Stretch.of(seed)
    added = notes_of(["1:50"])
    after = varied(seed, removed=np.flatnonzero(seed.notes.track == 0), added=added)
    assert after.pitch[after.part == 0].tolist() == [50]
    assert (after.part > 0).sum() == (whole.part > 0).sum()
    assert len(varied(seed, removed=np.zeros(0, np.int64), added=WrittenNotes.none(), bars=range(1, 2))) == (
        (whole.bar == 1).sum()
    )
