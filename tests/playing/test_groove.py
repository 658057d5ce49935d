"""Grooves heard in hand-made bars."""

import numpy as np
import pytest
from played_music import kit, part, seed, swung

from symbolic_embed.playing.groove import ALL, grooves_of
from symbolic_embed.playing.kit import PIECES
from symbolic_embed.score import TimeSignature

HAT, KICK = PIECES.index("hat"), PIECES.index("kick")


def test_swung_eighths_are_eighths_a_sixth_late_loud_and_soft():
    groove = grooves_of(seed(swung(4)).barred)["4/4"]
    assert (groove.division, groove.bars, groove.quarters) == (2, 1, 4.0)
    assert groove.late[HAT].tolist() == pytest.approx([0, 1 / 6] * 4)
    assert groove.loud[HAT].tolist() == pytest.approx([1.25, 0.75] * 4)
    assert groove.hits[HAT].tolist() == [4] * 8
    assert not groove.is_mechanical


def test_one_bar_is_enough_and_divisions_do_not_matter():
    for division in (96, 480, 960):
        groove = grooves_of(seed(swung(1, division=division), division=division).barred)["4/4"]
        assert groove.late[HAT].tolist() == pytest.approx([0, 1 / 6] * 4)


def test_pieces_are_heard_each_for_itself_and_beside_their_own_mean():
    strokes = kit(2, hat=[(beat, 50) for beat in range(4)], kick=[(0, 120), (2.05, 120)])
    groove = grooves_of(seed(strokes).barred)["4/4"]
    assert groove.loud[HAT].tolist() == [1] * 4
    assert groove.late[KICK, 2] == pytest.approx(0.05)
    assert groove.late[HAT, 2] == 0
    assert groove.late[ALL, 2] == pytest.approx(0.025)
    assert groove.late[KICK, 3] == groove.late[ALL, 3] == 0  # no kick there: as all together


def test_between_places_a_groove_is_between_their_values():
    groove = grooves_of(seed(swung(4)).barred)["4/4"]
    late, loud = groove.at(np.array([0, 0, 7]), np.array([0.25, 0.75, 3.75]), np.array([HAT] * 3))
    assert late.tolist() == pytest.approx([1 / 12] * 3)
    assert loud.tolist() == pytest.approx([1.0] * 3)


def test_a_place_without_notes_is_between_its_neighbours():
    groove = grooves_of(seed(kit(4, hat=[(0, 80), (1, 80), (2.1, 80)])).barred)["4/4"]
    assert groove.hits[HAT].tolist() == [4, 4, 4, 0]
    assert groove.late[HAT].tolist() == pytest.approx([0, 0, 0.1, 0.05])


@pytest.mark.parametrize(("bars", "cycle"), [(2, 2), (4, 2), (8, 2)])
def test_bars_that_alternate_are_a_cycle_of_two(bars, cycle):
    onsets, velocities = zip(
        *[(4 * bar + beat, 110 if bar % 2 and beat == 3 else 70) for bar in range(bars) for beat in range(4)],
        strict=True,
    )
    track = part(onsets, pitch=42, velocity=list(velocities), channel=9)
    groove = grooves_of(seed(track).barred)["4/4"]
    assert groove.bars == cycle
    assert groove.loud[HAT, 7] > groove.loud[HAT, 3]


def test_each_metre_has_its_groove():
    hat = [(eighth / 2 + 0.1 * (eighth == 4), 80) for eighth in range(7)]
    assert grooves_of(seed(kit(4, quarters=3.5, hat=hat), metres=[TimeSignature(0, 7, 8)]).barred).keys() == {"7/8"}
    groove = grooves_of(seed(kit(4, quarters=3.5, hat=hat), metres=[TimeSignature(0, 7, 8)]).barred)["7/8"]
    assert groove.late[HAT].tolist() == pytest.approx([0, 0, 0, 0, 0.1, 0, 0])


def test_without_drums_all_parts_are_heard():
    groove = grooves_of(seed(part([0, 1, 2.1, 3]), part([0, 1, 2, 3], pitch=40, channel=1)).barred)["4/4"]
    assert groove.late[ALL].tolist() == pytest.approx([0, 0, 0.05, 0])


def test_three_notes_are_no_groove():
    assert grooves_of(seed(part([0, 1, 2])).barred) == {}


def test_the_record_has_what_was_heard_alone():
    record = grooves_of(seed(kit(4, hat=[(0, 80), (1, 80), (2.1, 80)])).barred)["4/4"].record()
    assert record["late_quarters"] == {"hat": [0, 0, 0.1, None], "all": [0, 0, 0.1, None]}
    assert record["loud_times_mean"]["hat"] == [1, 1, 1, None]
    assert (record["metre"], record["places_a_quarter"], record["bars"]) == ("4/4", 1, 1)


def test_what_is_on_the_grid_and_equally_loud_is_mechanical():
    assert grooves_of(seed(part(np.arange(16))).barred)["4/4"].is_mechanical
