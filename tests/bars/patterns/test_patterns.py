"""Counts of patterns on a few bars, each with an answer that can be counted on one's fingers."""

import numpy as np
import pytest
from stretches import grid_of, notes_of, stretch

from symbolic_embed.bars import cut
from symbolic_embed.bars.patterns import Stretch, cells, doubling, grooves, pitches, scales, sounding
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.score import Notes, Score, TimeSignature, Track

SCALE = ["0:60 4:62 8:64 12:65"]
ARPEGGIO = ["0:60 4:64 8:67 12:72"]
ROCK = ["0:36,42 4:38,42 8:36,42 12:38,42"]
REST = [""]


# stretches


def test_notes_are_moved_to_the_nearest_sixteenth_of_their_own_bar():
    """In steps, of which a sixteenth has three: 4 is nearest to the second sixteenth, 47 to none but the last."""
    steps = np.array([0, 4, 8, 47, 48])
    notes = WrittenNotes(np.zeros(5, np.int64), steps, np.array([1, 4, 5, 9, 100]), np.full(5, 60))
    found = Stretch.placed(notes, grid=grid_of(2), part_is_drum=np.array([False]))
    assert found.place.tolist() == [0, 1, 3, 15, 0]
    assert found.bar.tolist() == [0, 0, 0, 0, 1]
    assert found.length.tolist() == [1, 1, 2, 3, 16]  # and none beyond the end


def test_of_equal_notes_the_longest_stays():
    found = stretch(["0:60:2 0:60:5 0:60 0:62"])
    assert list(zip(found.pitch.tolist(), found.length.tolist(), strict=True)) == [(60, 5), (62, 1)]


def test_a_stretch_has_the_bars_that_were_chosen_and_all_parts():
    whole, none = notes_of(SCALE * 2 + ARPEGGIO, REST * 3), np.zeros(2, bool)
    found = Stretch.placed(whole, grid=grid_of(3), part_is_drum=none, bars=range(1, 3))
    assert (found.bars, found.parts, found.sixteenths) == (2, 2, 32)
    assert found.onset.tolist() == [0, 4, 8, 12, 16, 20, 24, 28]
    assert found.pitch.tolist() == [60, 62, 64, 65, 60, 64, 67, 72]
    with pytest.raises(ValueError, match=r"range\(2, 4\): not a stretch of 3 bars"):
        Stretch.placed(whole, grid=grid_of(3), part_is_drum=none, bars=range(2, 4))


def test_a_stretch_of_a_piece_has_bars_as_long_as_its_metre_says():
    seven = TimeSignature(0, 7, 8)
    notes = Notes.of([0, 1680, 3120], [240] * 3, [60, 62, 64], [80] * 3)
    found = Stretch.of(cut(Score(480, (Track(notes),), (), (seven,))))
    assert found.bar_starts.tolist() == [0, 14, 28]
    assert list(zip(found.bar.tolist(), found.place.tolist(), strict=True)) == [(0, 0), (1, 0), (1, 12)]


# cells


def test_a_cell_returns_where_its_part_has_played_it():
    seed = stretch(SCALE + ARPEGGIO, ARPEGGIO + REST)
    new = stretch(ARPEGGIO + SCALE, SCALE + SCALE)
    assert cells.cells_that_return(seed) == 0
    assert cells.cells_that_return(new) == 0.25  # the second part's second scale
    assert cells.cells_that_return(new, before=seed) == 0.75  # its first is new: only the other part had it


def test_the_length_of_notes_is_no_matter_to_a_cell_and_rests_are_none():
    assert cells.cells_that_return(stretch(["0:60:4", "0:60:8", ""])) == 0.5
    assert cells.cells_that_return(stretch(REST)) is None


def test_a_bar_returns_where_all_its_parts_do_together():
    seed = stretch(SCALE + ARPEGGIO, ARPEGGIO + SCALE)
    assert cells.bars_that_return(stretch(SCALE + SCALE, ARPEGGIO + SCALE), before=seed) == 0.5
    assert cells.bars_that_return(stretch(ARPEGGIO + SCALE, ARPEGGIO + SCALE), before=seed) == 0
    assert cells.bars_that_return(stretch(REST, REST), before=seed) is None


def test_pairs_of_equal_cells_are_kept_where_both_are_varied_alike():
    seed = stretch(SCALE * 4, ARPEGGIO * 4)
    alike = stretch(["0:61"] * 4, ARPEGGIO * 4)
    halves = stretch(["0:61"] * 2 + ["0:62"] * 2, ARPEGGIO * 4)
    assert cells.pairs_kept(seed, seed) is None  # no part differs
    assert cells.pairs_kept(seed, alike) == 1
    assert cells.pairs_kept(seed, halves) == pytest.approx(2 / 6)
    assert cells.pairs_kept(stretch(SCALE + ARPEGGIO), stretch(ARPEGGIO + SCALE)) is None  # no pair to keep


# doublings


def test_parts_double_each_other_across_octaves():
    low = ["0:48 4:50 8:52 12:53"]
    found = doubling.doublings(stretch(SCALE * 2, low * 2, ARPEGGIO * 2))
    assert found == [doubling.Doubling(0, 1, 1.0, -12)]


def test_a_doubling_is_the_share_of_what_either_begins():
    """Four of five are common, .8; and with another note three of five, .6."""
    one = ["0:60 4:62 8:64 12:65 14:67"]
    assert doubling.likeness_of_parts(stretch(one, SCALE))[0, 1] == pytest.approx(0.8)
    assert doubling.doublings(stretch(one, SCALE))[0].likeness == pytest.approx(0.8)
    assert doubling.doublings(stretch(one, ["0:60 4:62 8:64"])) == []


def test_few_notes_together_are_chance_and_drums_double_nobody():
    assert doubling.doublings(stretch(["0:60 4:62 8:64"], ["0:60 4:62 8:64"])) == []
    assert doubling.doublings(stretch(SCALE, SCALE, drums=[1])) == []


# grooves


def test_a_drum_bar_is_compared_with_the_nearest_one():
    seed = stretch(["0:36 8:38", "0:36 4:38 12:38 14:36"], drums=[0])
    assert grooves.best_likeness(stretch(["0:36 8:38 12:42", "", "0:36 8:38"], drums=[0]), before=seed) == (
        pytest.approx((2 / 3 + 1) / 2)
    )
    assert grooves.best_likeness(stretch(["0:36"]), before=seed) is None


def test_drums_bar_by_bar():
    seed = stretch(ROCK + REST + ROCK, drums=[0])
    assert grooves.barwise_likeness(seed, seed) == 1
    assert grooves.barwise_likeness(seed, stretch(ROCK + REST + REST, drums=[0])) == 0.5
    assert grooves.barwise_likeness(stretch(SCALE), stretch(SCALE)) is None
    assert grooves.neighbour_likeness(stretch(ROCK * 2 + ["0:36,42"], drums=[0])) == pytest.approx((1 + 2 / 8) / 2)


def test_how_often_drums_play_the_bar_before_over_again():
    bars = stretch(ROCK * 2 + ["0:36,42"] + REST + ROCK * 2, drums=[0])
    assert grooves.equal_neighbours(bars) == pytest.approx(2 / 3)  # a bar after a rest follows none
    assert grooves.equal_neighbours(stretch(ROCK, drums=[0])) is None


def test_where_bass_drum_and_backbeat_are():
    bars = stretch([*ROCK, "4:36,38", "0:35 4:37 12:39"], drums=[0])
    assert grooves.drum_bars(bars).all()
    assert grooves.bass_drum_on_one(bars).tolist() == [True, False, True]
    assert grooves.has_backbeat(bars, beat=4).tolist() == [True, False, True]
    assert not grooves.has_backbeat(stretch(["4:38"], drums=[0], sixteenths=12), beat=4).any()  # three beats
    assert grooves.has_backbeat(stretch(["6:38"], drums=[0], sixteenths=12), beat=6).all()  # 6/8 in two


@pytest.mark.parametrize(
    ("bar", "clarity"),
    [
        (ROCK[0], 1.0),
        ("4:38 4:39 12:38", 1.0),
        ("12:38", 0.5),
        ("4:38 6:38 10:38 12:38", 0.5),
        ("0:38 8:38", 0.0),
        ("0:36 8:36", 0.0),
    ],
)
def test_a_backbeat_is_clear_where_snares_are_on_it_and_nowhere_else(bar, clarity):
    assert grooves.backbeat_clarity(stretch([bar, ""], drums=[0]), beat=4) == clarity  # a rest does not count


def test_without_drums_or_with_an_odd_number_of_beats_there_is_no_backbeat():
    assert grooves.backbeat_clarity(stretch(SCALE), beat=4) is None
    assert grooves.backbeat_clarity(stretch(["4:38"], drums=[0], sixteenths=12), beat=4) is None


@pytest.mark.parametrize(("metre", "beat"), [((4, 4), 4), ((2, 2), 8), ((12, 8), 6), ((7, 8), 2), ((4, 32), 1)])
def test_the_length_of_a_beat(metre, beat):
    assert grooves.beat_sixteenths(TimeSignature(0, *metre)) == beat


# pitches


def test_the_longest_run_is_of_the_top_notes():
    found = stretch(["0:60 2:60,48 4:72,60 6:72", "0:72 4:60"], ROCK, drums=[1])
    assert pitches.longest_runs(found).tolist() == [3, 0]


def test_ranges_of_parts():
    lowest, highest = pitches.ranges_of_parts(stretch(ARPEGGIO, ROCK, REST, drums=[1]))
    assert (lowest.tolist(), highest.tolist()) == ([60, 128, 128], [72, -1, -1])


def test_leaps_are_wider_than_a_fifth():
    shares = pitches.leap_shares(stretch(["0:60 4:67 8:59 12:60", "0:72"], ["0:60"]))
    assert shares[0] == 0.5  # a fifth, an eighth-tone more, a second, an octave
    assert np.isnan(shares[1])


# what sounds at once


def test_notes_that_are_held_sound_in_the_next_bar_and_drums_do_not():
    found = stretch(["0:60:33", "", "", ""], ["0:36:33", "", "", ""], ["0:60:16", "", "", ""], drums=[1])
    assert sounding.sounding_bars(found).astype(int).tolist() == [[1, 1, 1, 0], [1, 0, 0, 0], [1, 0, 0, 0]]


def test_clashes_among_sounding_pairs():
    """C and E sound four sixteenths; for two of them C sharp, two octaves up, makes one clash in three pairs."""
    found = stretch(["0:60:4 0:64:4"], ["2:85:2"])
    assert sounding.clash_share(found) == pytest.approx(2 / (2 * 1 + 2 * 3))
    assert sounding.clash_share(stretch(["0:60,71"])) == 1  # a major seventh
    assert sounding.clash_share(stretch(["0:60,70"])) == 0  # a minor one
    assert sounding.clash_share(stretch(SCALE)) is None


def test_bass_roots_are_the_lowest_of_what_sounds_at_barlines():
    found = stretch(["0:60,64,67", "0:65", "4:60", ""], ["0:48:17", "", "", "0:43"])
    assert sounding.bass_roots(found).tolist() == [0, 0, sounding.NOTHING, 7]


def test_roots_of_chords():
    found = stretch(["0:64:8 0:67:8 0:72:8 14:65", "0:62:4 0:65:4 0:69:4", "", "0:59:2 0:62:2 0:65:2"])
    assert sounding.chord_roots(found).tolist() == [0, 2, sounding.NOTHING, 11]


# scales


def test_the_best_scale_is_that_of_most_of_the_time():
    c_major = ["0:60 1:62 2:64 3:65:2 5:67 6:69 7:71:2 9:66"]
    best, share = scales.best_scales(stretch(c_major))
    assert best.astype(int).tolist() == [[1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1]]
    assert share == pytest.approx(0.9)
    assert scales.share_in_scale(stretch(["0:60:3 3:61"]), best) == 0.75
    assert scales.best_scales(stretch(ROCK, drums=[0])) is None


@pytest.mark.parametrize(
    ("name", "tones"),
    {
        "major": (0, 2, 4, 5, 7, 9, 11),
        "natural minor": (0, 2, 3, 5, 7, 8, 10),
        "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
        "melodic minor": (0, 2, 3, 5, 7, 9, 11),
        "dorian": (0, 2, 3, 5, 7, 9, 10),
        "phrygian dominant": (0, 1, 4, 5, 7, 8, 10),
    }.items(),
)
def test_each_scale_is_one(name, tones):
    bar = " ".join(f"{place}:{62 + tone}" for place, tone in enumerate(tones))
    best, share = scales.best_scales(stretch([bar]))
    assert share == 1
    assert np.flatnonzero(best[0]).tolist() == sorted((2 + tone) % 12 for tone in tones)


def test_where_several_scales_fit_the_new_notes_choose():
    fifths = scales.best_scales(stretch(["0:60 4:67"]))[0]
    assert scales.share_in_scale(stretch(["0:66 4:60"]), fifths) == 1  # G major
    assert scales.share_in_scale(stretch(["0:65 4:66"]), fifths) == 0.5  # not C and G major at once
