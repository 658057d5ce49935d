"""Parts that go on as they do: cell by cell what they played a turn before."""

from __future__ import annotations

import numpy as np
import pytest
from looping_music import BEAT, KIT, part, piece, pop, repeated

from symbolic_embed.composing.history import cells_of
from symbolic_embed.composing.looping import looped
from symbolic_embed.errors import UsageError

KEYS, LOW, KIT_PART = range(3)


def same(one, other) -> bool:
    return len(one) == len(other) and all(map(np.array_equal, one, other))


def test_a_part_goes_on_bar_by_bar_in_phase():
    """The bass after two turns of Am F C G: A, F, C, G, A."""
    cells = looped(pop(turns=2), LOW, 5)
    assert [int(bar[0][0, 1]) for bar in cells] == [45, 41, 36, 43, 45]
    assert all(bar[0].tolist() == [[0, int(bar[0][0, 1]), 48]] for bar in cells)


def test_cells_are_as_history_gives_them():
    band = pop(turns=2)
    (bar,) = looped(band, KIT_PART, 1)
    assert same(bar, [cells[0] for cells in cells_of(band, bar=7, order=[KIT_PART])])
    assert bar[0][:, 1].tolist() == [128 + 36, 128 + 38, 128 + 36, 128 + 38]


def test_a_long_bar_has_a_cell_for_each_of_its_windows():
    five = piece(part(repeated([(0, 1, 60), (4.5, 0.5, 62)], times=2, quarters=5)), metre=(5, 4))
    (bar,) = looped(five, 0, 1)
    assert [cell.tolist() for cell in bar] == [[[0, 60, 12]], [[6, 62, 6]]]


def test_a_part_that_has_fallen_silent_goes_on_as_it_last_did():
    """The kit plays for eight bars, the keys for twelve; a fill in bar 4 returns in each fourth bar."""
    fill = [*BEAT, (3.5, 0.25, 45)]
    beat = repeated(BEAT, times=3, quarters=4) + [(12 + onset, length, pitch) for onset, length, pitch in fill]
    beat = repeated(beat, times=2, quarters=16)
    band = piece(part([(4 * bar, 4, 60 + bar) for bar in range(12)]), part(beat, channel=KIT))
    assert [len(bar[0]) for bar in looped(band, 1, 8)] == [4, 4, 4, 5, 4, 4, 4, 5]


def test_a_rest_at_the_end_of_a_turn_is_part_of_it():
    """The tune plays every other bar, and rests in the last: bar 9 is played, bar 10 a rest."""
    tune = part([(8 * turn, 1, 72) for turn in range(4)])
    band = piece(tune, part([(4 * bar, 4, 60 + bar) for bar in range(8)]))
    assert [len(bar[0]) for bar in looped(band, 0, 4)] == [1, 0, 1, 0]


def test_a_part_that_has_nothing_to_return_is_refused():
    band = piece(part([(4 * bar, 4, 60) for bar in range(80)], name="pad"), part([(0, 1, 72)], name="bell"))
    with pytest.raises(UsageError, match=r"^`loop` 1 bell: it plays in none of the last bars") as refusal:
        looped(band, 1, 4)
    assert refusal.value.field == "loop"
