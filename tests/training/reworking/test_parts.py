"""Who plays: the lead told from the rest, parts joined, left out, drawn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from passage_notes import (
    BASS,
    CHORDS,
    DRUMS,
    KIT,
    MELODY,
    PIANO,
    TUNE,
    all_of,
    is_sound,
    none_of,
    passages,
    rows_of,
    same_elsewhere,
    some_passages,
)

from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.training.reworking import parts
from symbolic_embed.training.reworking.notes import ACCOMPANIMENT, LEAD
from symbolic_embed.training.reworking.parts import joined, left_out, one_of_each, only, with_lead, without

ONE = np.array([True])
WAYS = {
    "with_lead": lambda notes, chosen, random: with_lead(notes, chosen),
    "joined": lambda notes, chosen, random: joined(notes, chosen),
    "left_out": left_out,
    "only": lambda notes, chosen, random: only(notes, TUNE, chosen),
    "without": lambda notes, chosen, random: without(notes, TUNE, chosen),
}


def lead_of(notes, passage=0):
    return [(bar, onset, pitch) for part, bar, onset, pitch, *_ in rows_of(notes, passage) if part == LEAD]


def moved(rows, part):
    return sorted((part, *row[1:]) for row in rows)


@pytest.mark.parametrize("way", WAYS)
@given(notes=some_passages(), seed=st.integers(0, 50))
def test_passages_that_are_not_chosen_stay_and_something_pitched_begins_in_the_others(way, notes, seed):
    chosen = np.array([True, False, True])
    after = WAYS[way](notes, chosen, np.random.default_rng(seed))
    assert same_elsewhere(notes, after, chosen)
    assert is_sound(after)
    assert set(after.passage[after.is_pitched & after.begins].tolist()) == {0, 1, 2}


def test_the_melody_that_plays_in_most_bars_leads_with_all_its_notes():
    """The piano is higher but no melody; drums stay where they are."""
    tune = [(TUNE, 0, 0, 60, 48), (TUNE, 1, 0, 60, 12, HELD), (TUNE, 1, 12, 62, 12)]
    rest = [(PIANO, 0, 0, 84, 12), (KIT, 0, 0, 36, 3), (PIANO, 1, 0, 84, 12)]
    after = with_lead(passages([*tune, *rest]), ONE)
    assert rows_of(after) == sorted([*rows_of(passages(rest)), *moved(rows_of(passages(tune)), LEAD)])
    assert (after.roles[0, LEAD], after.roles[0, ACCOMPANIMENT]) == (MELODY, CHORDS)
    assert after.roles[0, [TUNE, PIANO, KIT]].tolist() == [MELODY, CHORDS, DRUMS]


def test_the_higher_of_two_melodies_leads():
    low, high = [(0, bar, 0, 60, 12) for bar in (0, 1)], [(1, bar, 6, 65, 12) for bar in (0, 1)]
    after = with_lead(passages([*low, *high], roles={0: MELODY, 1: MELODY}), ONE)
    assert lead_of(after) == [(0, 6, 65), (1, 6, 65)]


def test_a_melody_in_half_of_the_bars_does_not_lead_but_the_highest_of_what_begins_together():
    tune = [(TUNE, 0, 0, 60, 12)]
    rest = [(PIANO, 0, 0, 64, 12), (PIANO, 0, 0, 55, 12), (PIANO, 1, 6, 50, 12), (KIT, 1, 6, 60, 3)]
    after = with_lead(passages([*tune, *rest]), ONE)
    assert lead_of(after) == [(0, 0, 64), (1, 6, 50)]
    assert [row[0] for row in rows_of(after)] == [TUNE, PIANO, KIT, LEAD, LEAD]


def test_each_passage_has_its_own_lead_at_its_own_times():
    one, other = [(PIANO, 0, 0, 70, 12), (PIANO, 0, 0, 60, 12)], [(PIANO, 0, 0, 50, 12), (PIANO, 0, 0, 40, 12)]
    after = with_lead(passages(one, other), np.array([True, True]))
    assert [lead_of(after, passage) for passage in (0, 1)] == [[(0, 0, 70)], [(0, 0, 50)]]


def test_what_is_held_over_takes_no_lead_from_what_begins_and_goes_with_the_note_it_is_held_from():
    """The top note of bar 0 sounds on above the first of bar 1; a chord is held over as well."""
    notes = [
        (PIANO, 0, 24, 72, 48),
        (PIANO, 0, 24, 55, 48),
        (PIANO, 1, 0, 72, 24, HELD),
        (PIANO, 1, 0, 55, 24, HELD),
        (PIANO, 1, 0, 67, 12),
    ]
    after = with_lead(passages(notes), ONE)
    assert lead_of(after) == [(0, 24, 72), (1, 0, 67), (1, 0, 72)]


def test_joined_is_all_that_has_pitches_in_one_part():
    notes = passages([(TUNE, 0, 0, 60, 12), (PIANO, 1, 0, 48, 12), (KIT, 0, 0, 36, 3)])
    after = joined(notes, ONE)
    assert rows_of(after) == [
        (KIT, 0, 0, 36, 3, DRUM),
        (ACCOMPANIMENT, 0, 0, 60, 12, 0),
        (ACCOMPANIMENT, 1, 0, 48, 12, 0),
    ]
    assert after.roles[0, ACCOMPANIMENT] == CHORDS


def test_left_out_are_some_parts_drums_most_often_and_one_that_has_pitches_stays():
    """In 600 passages of three parts. Two pitched parts: both go in 0.4 * 0.4, then one of them stays after all."""
    notes = passages(*[[(TUNE, 0, 0, 60, 12), (PIANO, 1, 0, 48, 12), (KIT, 0, 0, 36, 3)]] * 600)
    after = left_out(notes, all_of(notes), np.random.default_rng(0))
    there = np.zeros((600, 3), bool)
    there[after.passage, after.part] = True
    assert there[:, :KIT].any(axis=1).all()
    assert 1 - there.mean(axis=0) == pytest.approx([0.32, 0.32, 0.7], abs=0.05)
    assert len({tuple(row) for row in there.tolist()}) == 6


def test_of_drums_alone_something_is_left_too():
    notes = passages(*[[(KIT, 0, 0, 36, 3)], [(KIT, 0, 0, 36, 3), (TUNE, 0, 0, 60, 9, HELD)]] * 50)
    after = left_out(notes, all_of(notes), np.random.default_rng(0))
    assert set(after.passage[after.begins].tolist()) == set(range(100))


def test_only_a_part_where_it_plays():
    notes = passages([(TUNE, 0, 0, 60, 12), (PIANO, 0, 0, 48, 12), (KIT, 0, 0, 36, 3)], [(PIANO, 0, 0, 48, 12)])
    after = only(notes, TUNE, all_of(notes))
    assert rows_of(after, 0) == [(TUNE, 0, 0, 60, 12, 0)]
    assert rows_of(after, 1) == rows_of(notes, 1)


def test_without_a_part_where_others_play_that_have_pitches():
    notes = passages(
        [(TUNE, 0, 0, 60, 12), (PIANO, 0, 0, 48, 12), (KIT, 0, 0, 36, 3)], [(TUNE, 0, 0, 60, 12), (KIT, 0, 0, 36, 3)]
    )
    after = without(notes, TUNE, all_of(notes))
    assert [row[0] for row in rows_of(after, 0)] == [PIANO, KIT]
    assert rows_of(after, 1) == rows_of(notes, 1)


def test_one_part_of_each_is_drawn_among_those_that_play_much():
    """Part 0 begins in every bar, part 1 twice as often, part 2 once, and part 3 is held over."""
    much = [(part, bar, 0, 60, 6) for part in (0, 1) for bar in range(4)] + [(1, bar, 9, 60, 6) for bar in range(4)]
    notes = passages(
        *[[*much, (2, 0, 0, 40, 6), (3, 0, 0, 70, 9, HELD)], [(3, 0, 0, 70, 9, HELD)]] * 500,
        roles={0: MELODY, 1: CHORDS, 2: BASS, 3: CHORDS},
        steps=(48,) * 4,
    )
    drawn = one_of_each(notes, np.arange(1000) < 900, np.random.default_rng(0))
    shares = np.bincount(drawn[:900:2], minlength=4) / 450
    assert shares[0] == pytest.approx(shares[1], abs=0.08)
    assert 0 < shares[2] < 0.1
    assert shares[3] == 0
    assert set(drawn[1::2].tolist()) == set(drawn[900:].tolist()) == {-1}


def test_chance_chooses_passages():
    notes = passages(*[[(TUNE, 0, 0, 60, 12)]] * 2000)
    assert parts.chance(notes, 0.25, np.random.default_rng(0)).mean() == pytest.approx(0.25, abs=0.03)
    assert parts.chance(notes, 0, np.random.default_rng(0)).tolist() == none_of(notes).tolist()
