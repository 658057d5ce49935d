"""The two dials of a variation: strength read off tables of distances, change counted in notes."""

from __future__ import annotations

import numpy as np
import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st
from strategies import contents, of_notes

from symbolic_embed.bars import ROLES
from symbolic_embed.bars.windows import HELD
from symbolic_embed.composing.dial import StrengthScale, asked_of_drums, share_changed
from symbolic_embed.errors import CheckpointError

DRUMS, BASS, MELODY, CHORDS = range(4)


def card(**tables: list[float]) -> dict:
    """A card with tables of three quantiles: 0, .5 and 1."""
    return {"cell_distance_quantiles": tables}


EVERY_ROLE = card(drums=[1, 2, 4], bass=[1, 3, 5], melody=[1, 4, 8], piano=[1, 6, 10])


@pytest.mark.parametrize(
    ("strength", "distances"), [(0, [0, 0, 0, 0]), (0.25, [1, 1.5, 2, 3]), (0.5, [2, 3, 4, 6]), (1, [4, 5, 8, 10])]
)
def test_a_strength_is_read_off_the_table_of_the_role_and_nought_is_the_seed_itself(strength, distances):
    assert StrengthScale.of(EVERY_ROLE).distances(strength, np.arange(4)).tolist() == distances


@given(strength=st.floats(0.0, 1.0), role=st.integers(0, 3))
def test_strength_and_distance_are_inverses(strength, role):
    scale, roles = StrengthScale.of(EVERY_ROLE), np.array([role])
    assert scale.strengths(scale.distances(strength, roles), roles) == pytest.approx([strength])


def test_chords_are_found_under_the_name_of_their_class_and_under_their_own():
    new = card(drums=[1, 2, 4], chords=[1, 6, 10])
    for known in (EVERY_ROLE, new):
        assert StrengthScale.of(known).distances(1, np.array([CHORDS])) == [10]


def test_own_music_is_measured_by_its_own_table_also_where_the_card_calls_the_role_by_another_name():
    scale = StrengthScale.of(EVERY_ROLE, {"chords": [0, 1, 2]})
    assert scale.distances(1, np.arange(len(ROLES))).tolist() == [4, 5, 8, 2]


def test_a_role_without_a_table_has_the_mean_of_all():
    scale = StrengthScale.of(card(drums=[1, 2, 4], piano=[1, 4, 8]))
    assert scale.distances(0.5, np.array([BASS, MELODY])).tolist() == [3, 3]


@pytest.mark.parametrize("without", [{}, card()])
def test_a_card_without_tables_is_refused(without):
    with pytest.raises(CheckpointError, match="no cell_distance_quantiles"):
        StrengthScale.of(without)


def test_change_is_one_minus_f1_of_onset_and_pitch():
    before = of_notes([(0, 0, 60, 6), (12, 0, 62, 6)], [(0, 0, 60, 6)], [], [(0, 0, 60, 6)])
    after = of_notes([(0, 0, 60, 48), (12, 0, 63, 6)], [(0, 0, 60, 6), (6, 0, 60, 6)], [], [])
    # one of two and two; one of one and two; nothing; none of one
    assert share_changed(before, after).tolist() == pytest.approx([1 / 2, 1 / 3, 0, 1])


cells = strategies.windows(most=4, levels=("cells",))


@given(before=cells, after=cells)
def test_change_is_counted_as_by_hand(before, after):
    count = min(len(before), len(after))
    before, after = (windows.where(np.arange(count)) for windows in (before, after))
    begun = [
        [{(onset, pitch) for onset, flags, pitch, _ in notes if not flags & HELD} for _, notes in contents(windows)]
        for windows in (before, after)
    ]
    shares = [1 - 2 * len(a & b) / (len(a) + len(b)) if a or b else 0 for a, b in zip(*begun, strict=True)]
    assert share_changed(before, after).tolist() == pytest.approx(shares)


def test_drums_go_less_far_below_half_and_as_far_as_all_from_there_on():
    free, part = np.ones(4), np.arange(4)
    asked = np.array([0.1, 0.3, 0.5, 0.8])
    shares = asked_of_drums(asked, part=part, free=free)
    np.testing.assert_allclose(shares, [0.13 / 3, 0.13, 0.5, 0.8], atol=1e-6)
    jaccard = (1 - shares) / (1 + shares)
    assert jaccard[0] >= 0.9
    assert jaccard[1] >= 0.75


def test_what_some_cells_of_drums_cannot_change_the_others_do():
    free = np.array([0.0, 0.2, 1.0, 1.0])
    shares = asked_of_drums(np.full(4, 0.5), part=np.zeros(4, int), free=free)
    np.testing.assert_allclose(shares, [0.0, 0.2, 0.9, 0.9], atol=1e-6)
    np.testing.assert_allclose(asked_of_drums(np.full(2, 0.9), part=np.zeros(2, int), free=np.full(2, 0.4)), 0.4)
