"""Parts do not hang on one note for longer than they do in their piece."""

from __future__ import annotations

import numpy as np
import pytest
from composers import band_seed, deciding, tiny_composer

from symbolic_embed.bars.patterns import Stretch, pitches
from symbolic_embed.composing.context import writing_order
from symbolic_embed.composing.ensemble import Ensemble
from symbolic_embed.composing.guidance import Guidance
from symbolic_embed.composing.hanging import ANY, FEWEST, NO_RUN, Stay, last_run, run_after, stays_of
from symbolic_embed.composing.sheet import rolls_of_cells
from symbolic_embed.networks.choosing import Choice


def line(*tones: int) -> np.ndarray:
    """A cell of these pitches, three steps apart."""
    return np.array([(3 * number, tone, 3) for number, tone in enumerate(tones)], np.int64).reshape(-1, 3)


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ([], NO_RUN),
        ([()], NO_RUN),
        ([(60, 62, 62)], (62, 2)),
        ([(62, 62), (), (62,)], (62, 3)),  # a rest between does not end it
        ([(62, 62), (60, 62)], (62, 1)),
    ],
)
def test_the_last_run_goes_back_over_windows(windows, expected):
    rolls = rolls_of_cells([line(*tones) for tones in windows])
    assert last_run(rolls) == expected


def test_of_notes_together_the_highest_counts():
    chords = np.array([(0, 60, 3), (0, 67, 3), (6, 67, 3), (9, 60, 3), (9, 67, 3)], np.int64)
    assert last_run(rolls_of_cells([chords])) == (67, 3)
    assert run_after(chords, (67, 2)) == 5
    assert run_after(chords, (60, 2)) == 3


def test_a_run_that_is_as_long_as_it_may_be_goes_on_elsewhere():
    tokens = np.zeros(256, bool)
    tokens[[60, 62]] = True
    assert np.flatnonzero(Stay(4).moving_on(tokens, (60, 4))).tolist() == [62]
    assert np.flatnonzero(Stay(4).moving_on(tokens, (60, 3))).tolist() == [60, 62]
    tokens[62] = False
    assert np.flatnonzero(Stay(4).moving_on(tokens, (60, 4))).tolist() == [60]  # nothing else is left
    assert ANY.moving_on(tokens, (60, 99)) is tokens


def test_cells_with_short_runs_are_taken_where_there_are_any():
    short, long, longer = line(60, 62, 60), line(60, 60, 60), line(60, 60, 60, 60)
    assert Stay(4).shortest([longer, short, long], (60, 2)) == [short]
    assert Stay(4).shortest([longer, long], (60, 2)) == [long]
    assert Stay(4).admits(short, (60, 2))
    assert not Stay(4).admits(long, (60, 2))


def test_a_part_may_stay_for_as_long_as_it_does_in_its_piece():
    barred = band_seed().barred
    longest = pitches.longest_runs(Stretch.of(barred))
    stays = stays_of(barred, order=[3, 0, 1])
    assert stays == (ANY, *(Stay(max(int(longest[part]), FEWEST)) for part in (0, 1)))


def pitches_of_the_tune(stays) -> list[set[int]]:
    """What the tune plays in four windows, written by a composer that likes one note above all others."""
    trained, barred = deciding(tiny_composer(), returns=False, plays=True), band_seed().barred
    trained.decoder.pitch_head.bias[62] += 1000.0
    order = writing_order(barred.roles)
    ensemble = Ensemble.after(trained, barred, order=order, variations=1).guided(Guidance(stays=stays))
    for window in range(4):
        start = 48 * (barred.bars + window)
        ensemble.write_window(start=start, steps=48, choice=Choice(0.5, 1.0, np.random.default_rng(window)))
    tune = order.index(0)
    return [set(ensemble.sheet.played_in(window)[0][tune][:, 1].tolist()) for window in range(4)]


def test_a_composer_that_would_stay_on_one_note_moves_on():
    hung, moved = (pitches_of_the_tune(stays) for stays in ((), (Stay(4),) * 4))
    assert hung == [{62}] * 4
    assert 62 in moved[0]
    assert any(62 not in tones for tones in moved)
