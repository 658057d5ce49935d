"""Two pieces side by side: parts by what they do, bars by their order, keys by what sounds."""

from __future__ import annotations

import numpy as np
import pytest
import strategies
from composers import band_seed, duo_seed
from hypothesis import given
from strategies import contents

from symbolic_embed.bars import cell_windows, cut
from symbolic_embed.composing.pairing import SideBySide, paired_parts, transposition
from symbolic_embed.score import Notes, Score, Track

FLUTE, BELLS = 1, 0  # of the duo


def test_parts_are_paired_by_what_they_do():
    """Tune with tune, chords with chords; drums and bass are left over, each way round."""
    band, duo = band_seed().barred, duo_seed().barred
    assert band.roles == ("melody", "chords", "bass", "drums")
    assert (duo.roles[FLUTE], duo.roles[BELLS]) == ("melody", "chords")
    assert paired_parts(band, duo) == [(0, FLUTE), (1, BELLS), (2, None), (3, None)]
    assert paired_parts(duo, band) == [(BELLS, 1), (FLUTE, 0), (None, 2), (None, 3)]


def lines(*parts: tuple[int, int]):
    """A piece of lines, each of a programme and at a pitch."""
    tracks = [
        Track(Notes.of([0, 480], [480, 480], [pitch, pitch], [80, 80]), program=program) for program, pitch in parts
    ]
    return cut(Score(480, tuple(tracks)))


@pytest.mark.parametrize(
    ("first", "second", "pairs"),
    [
        # an octave counts as much as another family of instruments, and a role four times as much
        ([(73, 72)], [(73, 84), (40, 72)], [(0, 0), (None, 1)]),
        ([(73, 72)], [(73, 85), (40, 72)], [(0, 1), (None, 0)]),
        ([(73, 48)], [(73, 36), (73, 96)], [(0, 1), (None, 0)]),
        # both together, not each for itself
        ([(73, 60), (73, 72)], [(73, 73), (73, 85)], [(0, 0), (1, 1)]),
    ],
)
def test_what_a_pair_costs(first, second, pairs):
    """A line whose median lies below C3 is a bass, not a melody."""
    assert paired_parts(lines(*first), lines(*second)) == pairs


def test_drums_are_never_paired_with_pitches():
    band = band_seed().barred
    drums = Score(480, band.score.tracks[3:], band.score.tempi, band.score.time_signatures)
    tune = Score(480, band.score.tracks[:1], band.score.tempi, band.score.time_signatures)
    assert paired_parts(cut(drums), cut(tune)) == [(0, None), (None, 0)]


@pytest.mark.parametrize("semitones", [-5, -2, 0, 1, 6])
def test_the_second_piece_is_transposed_to_where_it_sounds_most_like_the_first(semitones):
    assert transposition(duo_seed(semitones=semitones).barred, duo_seed().barred) == semitones


def test_of_equally_good_transpositions_the_shortest_and_upwards_is_taken():
    whole_tones = cut(Score(480, (Track(Notes.of(range(0, 2880, 480), [480] * 6, range(60, 72, 2), [80] * 6)),)))
    odd = cut(Score(480, (Track(Notes.of(range(0, 2880, 480), [480] * 6, range(61, 73, 2), [80] * 6)),)))
    assert transposition(whole_tones, whole_tones) == 0
    assert transposition(whole_tones, odd) == 1


def test_the_shorter_piece_begins_again_until_the_longer_is_over():
    band, duo = band_seed(bars=4).barred, duo_seed(bars=6).barred
    cells = SideBySide.of(band, duo)
    assert len(cells) == 4 * 6
    assert cells.windows_a_part == 6
    assert cells.first.bar.tolist() == [0, 1, 2, 3, 0, 1] * 4
    assert cells.second.bar.tolist() == [0, 1, 2, 3, 4, 5] * 4
    assert cells.is_looped.tolist() == [False] * 4 + [True] * 2 + ([False] * 4 + [True] * 2) * 3
    assert cells.start.tolist() == [0, 48, 96, 144, 192, 240] * 4
    assert cells.pair.tolist() == np.repeat([0, 1, 2, 3], 6).tolist()
    assert cells.is_drum.tolist() == [False] * 18 + [True] * 6
    band_cells, windows = contents(cell_windows(band)), contents(cells.first)
    assert windows[:4] == band_cells[:4]
    assert windows[4:6] == band_cells[:2]
    assert windows[12:16] == band_cells[8:12]
    assert contents(cells.second)[12:] == [(48, [])] * 12  # no bass and no drums in the duo


def test_a_bar_that_is_too_short_for_what_stands_beside_it_leaves_out_what_does_not_fit():
    """In the waltz's bars of 36 steps the fourth beat of the band has no room."""
    waltz, band = band_seed(numerator=3).barred, band_seed().barred
    cells = SideBySide.of(waltz, band)
    assert set(cells.second.steps.tolist()) == {36}
    assert cells.second.onset.max() == 24


@given(first=strategies.scores(quarters=8, most_tracks=2), second=strategies.scores(quarters=8, most_tracks=2))
def test_every_part_is_in_one_pair_and_every_note_of_the_first_piece_is_there_in_its_own_bars(first, second):
    first, second = cut(first), cut(second)
    if not (len(first.notes) and len(second.notes)):
        return
    pairs = paired_parts(first, second)
    assert sorted(a for a, _ in pairs if a is not None) == list(range(len(first.roles)))
    assert sorted(b for _, b in pairs if b is not None) == list(range(len(second.roles)))
    cells = SideBySide.of(first, second)
    own = np.flatnonzero((cells.pair < len(first.roles)) & ~cells.is_looped)
    sounding = [content for content in contents(cells.first.where(own)) if content[1]]
    assert sounding == [content for content in contents(cell_windows(first)) if content[1]]
