"""Systems of a page: every bar once, every note somewhere."""

from itertools import pairwise

import numpy as np
import pytest
import strategies
from hypothesis import given

from symbolic_embed.bars import cut
from symbolic_embed.presenting.pages import MOST_SYSTEMS, systems
from symbolic_embed.score import Notes, Score, Track


@given(strategies.scores(quarters=300))
def test_systems_hold_every_bar_once_in_order(score):
    barred = cut(score)
    page = systems(barred)
    assert [number for system in page for number in system.numbers] == list(range(1, barred.bars + 1))
    for system, following in pairwise(page):
        assert system.barlines[-1] == following.barlines[0]
    assert all(len(system.numbers) == len(system.metres) == len(system.barlines) - 1 for system in page)


@given(strategies.scores())
def test_every_note_is_drawn_where_it_begins(score):
    page = systems(cut(score))
    for track in score.tracks:
        starts = np.concatenate([system.notes(track)[0] for system in page])
        for onset in track.notes.onset_ticks / score.division:
            assert (np.abs(starts - onset) < 1e-9).any() or onset < page[0].start


@pytest.mark.parametrize(("quarters", "expected"), [(32, 1), (33, 2), (12 * 32, MOST_SYSTEMS), (4000, MOST_SYSTEMS)])
def test_a_page_does_not_grow_for_ever(quarters, expected):
    assert len(systems(cut(strategies.tune(range(quarters))))) == expected


@given(strategies.scores(quarters=600))
def test_a_page_has_twelve_systems_at_most(score):
    assert 1 <= len(systems(cut(score))) <= MOST_SYSTEMS


@pytest.mark.parametrize(("channel", "drawn"), [(0, ([32.0], [34.0], [60.0], [80.0])), (9, ([], [], [], []))])
def test_a_note_goes_on_in_the_next_system_and_a_drum_does_not(channel, drawn):
    """A note from quarter 30 to 34; systems break at 32."""
    held = Track(Notes.of([30 * 480, 60 * 480], [4 * 480, 480], [60, 60], [80, 80]), channel=channel)
    first, second = systems(cut(Score(480, (held,))))
    assert [column[:1].tolist() for column in first.notes(held)] == [[30.0], [32.0], [60.0], [80.0]]
    begun_here = second.notes(held).start < 60
    assert tuple(column[begun_here].tolist() for column in second.notes(held)) == drawn
