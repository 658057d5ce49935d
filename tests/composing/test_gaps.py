"""Stretches to be filled: their windows, what is heard around them, what goes."""

from __future__ import annotations

import numpy as np
import pytest
from composers import band_seed

from symbolic_embed.composing.gaps import AFTER, gaps
from symbolic_embed.composing.memory import REMEMBERED
from symbolic_embed.errors import UsageError
from symbolic_embed.outputs.written_notes import WrittenNotes

TUNE, KEYS, BASS, KIT = range(4)


def heard(gap) -> tuple[list[int], int]:
    hearing = gap.hearing(behind=True)
    return hearing.windows.tolist(), hearing.coming


def test_what_lies_behind_is_heard_first_and_then_what_lies_before():
    (gap,) = gaps(band_seed(bars=6).barred, bars=[2, 3], tracks=None)
    assert (gap.first, gap.last, gap.windows.tolist(), gap.end) == (2, 3, [2, 3], 192)
    assert heard(gap) == ([4, 5, 0, 1], 2)
    alone = gap.hearing(behind=False)
    assert (alone.windows.tolist(), alone.coming) == ([0, 1], 2)


def test_a_stretch_at_the_beginning_comes_first_although_only_what_lies_behind_is_heard():
    (gap,) = gaps(band_seed(bars=4).barred, bars=[0], tracks=None)
    assert heard(gap) == ([1, 2, 3], 0)
    (gap,) = gaps(band_seed(bars=4).barred, bars=[3], tracks=None)
    assert heard(gap) == ([0, 1, 2], 3)


def test_each_run_of_bars_is_a_stretch_and_none_hears_another():
    first, second = gaps(band_seed(bars=6).barred, bars=[4, 1, 3], tracks=[KIT, TUNE])
    assert [(gap.first, gap.last) for gap in (first, second)] == [(1, 1), (3, 4)]
    assert heard(first) == ([2, 5, 0], 1)
    assert heard(second) == ([5, 0, 2], 3)
    assert (first.writing, first.staying) == ((TUNE, KIT), (KEYS, BASS))


def test_a_long_bar_has_several_windows():
    (gap,) = gaps(band_seed(bars=3, numerator=7).barred, bars=[1], tracks=None)
    assert [gap.start_of(window) for window in gap.windows.tolist()] == [84, 132]
    assert heard(gap) == ([4, 5, 0, 1], 2)


def test_of_a_long_piece_so_much_is_heard_as_is_remembered():
    (gap,) = gaps(band_seed(bars=140).barred, bars=range(70, 74), tracks=None)
    before, behind = gap.before.tolist(), gap.behind.tolist()
    assert behind == list(range(74, 74 + AFTER))
    assert (before[-1], len(before) + len(behind)) == (69, REMEMBERED - 1)


def test_where_nothing_is_left_to_be_heard_it_is_said():
    with pytest.raises(UsageError, match="all of the seed; leave some before or behind") as refusal:
        gaps(band_seed().barred, bars=range(4), tracks=[KIT])
    assert refusal.value.field == "bars"


def test_the_notes_that_begin_in_it_go_and_new_ones_are_as_before_or_not():
    (gap,) = gaps(band_seed().barred, bars=[1], tracks=[TUNE])
    going = gap.barred.notes.where(gap.removed)
    assert set(going.track) == {TUNE}
    assert going.onset_steps.tolist() == [48, 60, 72, 84]
    shorter = WrittenNotes(going.track, going.onset_steps, going.length_steps - 3, going.pitch)
    assert gap.is_as_before(shorter)
    assert not gap.is_as_before(shorter.where(np.arange(3)))
    assert gap.filled(shorter.where(np.arange(3))).part.tolist().count(TUNE) == 3


@pytest.mark.parametrize(("bar", "bars"), [(3, [0, 1, 2]), (1, [0, 1, 2, 3])])
def test_new_bars_are_held_against_the_longer_side(bar, bars):
    (gap,) = gaps(band_seed(bars=6).barred, bars=[bar], tracks=None)
    assert gap.around().bars == len(bars)
