"""Several windows as one, against sets of notes."""

import numpy as np
import strategies
from hypothesis import given
from hypothesis import strategies as st
from strategies import contents, of_notes

from symbolic_embed.bars import Windows
from symbolic_embed.bars.merging import merge
from symbolic_embed.bars.windows import DRUM, HELD


@given(strategies.windows(), st.data())
def test_a_group_holds_each_note_of_its_windows_once_as_long_as_the_longest(windows, data):
    count = data.draw(st.integers(1, 4))
    groups = data.draw(st.lists(st.integers(0, count - 1), min_size=len(windows), max_size=len(windows)))
    steps = np.array(data.draw(st.lists(st.integers(1, 48), min_size=count, max_size=count)), np.int64)
    longest = [{} for _ in range(count)]
    for group, (_, notes) in zip(groups, contents(windows), strict=True):
        for *note, length in notes:
            longest[group][tuple(note)] = max(length, longest[group].get(tuple(note), 0))
    merged = merge(windows, groups=np.array(groups), steps=steps)
    expected = [sorted((*note, length) for note, length in of_group.items()) for of_group in longest]
    assert contents(merged) == list(zip(steps.tolist(), expected, strict=True))
    assert merged.track.tolist() == [-1] * count
    assert merged.bar.tolist() == list(range(count))


def test_a_drum_and_a_note_of_one_pitch_and_what_is_held_and_begins_anew_stay_apart():
    windows = of_notes([(0, 0, 60, 3)], [(0, DRUM, 60, 3)], [(0, HELD, 60, 9)], [(0, 0, 60, 12)])
    (merged,) = contents(merge(windows, groups=np.zeros(4, np.int64), steps=np.array([48])))
    assert merged == (48, [(0, 0, 60, 12), (0, DRUM, 60, 3), (0, HELD, 60, 9)])


def test_a_group_without_windows_is_silent():
    merged = merge(of_notes([(0, 0, 60, 3)]), groups=np.array([1]), steps=np.array([48, 36, 24]))
    assert contents(merged) == [(48, []), (36, [(0, 0, 60, 3)]), (24, [])]


@given(strategies.windows())
def test_merging_each_with_itself_changes_nothing_and_what_came_in_stays(windows):
    before = contents(windows)
    twice = Windows.concatenated([windows, windows])
    number = np.arange(len(windows))
    assert contents(merge(twice, groups=np.tile(number, 2), steps=windows.steps)) == before
    assert contents(windows) == before
