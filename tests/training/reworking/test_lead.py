"""The same melody, sung otherwise: divided notes, left-out notes, all else as it was."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from passage_notes import CHORDS, KIT, MELODY, PIANO, all_of, is_sound, passages, rows_of, same_elsewhere, some_passages

from symbolic_embed.bars.windows import HELD
from symbolic_embed.training.reworking import lead
from symbolic_embed.training.reworking.lead import ornamented, simplified, with_other_passing_notes
from symbolic_embed.training.reworking.notes import LEAD
from symbolic_embed.training.reworking.parts import with_lead

ROLES = {LEAD: MELODY, PIANO: CHORDS, KIT: 0}
ONE = np.array([True])


def chance():
    return np.random.default_rng(0)


@pytest.fixture
def always(monkeypatch):
    """Every note that can be is divided, left out, or changed."""
    for name in ("ORNAMENTED", "SIMPLIFIED", "PASSING"):
        monkeypatch.setattr(lead, name, (1.0, 1.0))


@pytest.mark.parametrize("way", [ornamented, simplified, with_other_passing_notes])
@given(notes=some_passages(), seed=st.integers(0, 50))
def test_only_the_lead_of_the_chosen_passages_changes(way, notes, seed):
    notes = with_lead(notes, all_of(notes))
    chosen = np.array([False, True, True])
    after = way(notes, chosen, np.random.default_rng(seed))
    assert same_elsewhere(notes, after, chosen)
    assert is_sound(after)
    for passage in range(3):
        others = [[row for row in rows_of(one, passage) if row[0] != LEAD] for one in (notes, after)]
        assert others[0] == others[1]
        leads = [{row[1:3] for row in rows_of(one, passage) if row[0] == LEAD} for one in (notes, after)]
        assert way is simplified or leads[0] <= leads[1]
        assert way is ornamented or leads[1] <= leads[0]
        assert bool(leads[0]) == bool(leads[1])


def test_a_divided_note_is_two_halves_the_second_the_same_or_a_neighbour_that_the_passage_has(always):
    """C, with D and B flat about but no C sharp and no B; 200 passages, each by its own chance."""
    notes = passages(*[[(LEAD, 0, 12, 60, 13), (PIANO, 0, 0, 50, 12), (PIANO, 0, 0, 46, 12)]] * 200, roles=ROLES)
    after = ornamented(notes, all_of(notes), chance())
    second = []
    for passage in range(200):
        first, other = (row for row in rows_of(after, passage) if row[0] == LEAD)
        assert first == (LEAD, 0, 12, 60, 6, 0)
        assert other[:3] + other[4:] == (LEAD, 0, 18, 7, 0)
        second.append(other[3])
    assert set(second) == {58, 60, 62}
    assert second.count(60) / 200 == pytest.approx(0.3, abs=0.1)


def test_where_the_passage_has_no_neighbour_the_same_comes_again(always):
    notes = passages(*[[(LEAD, 0, 0, 60, 12), (PIANO, 0, 0, 52, 12), (KIT, 0, 0, 62, 3)]] * 30, roles=ROLES)
    after = ornamented(notes, all_of(notes), chance())
    assert {row[3] for passage in range(30) for row in rows_of(after, passage) if row[0] == LEAD} == {60}


def test_a_semitone_that_the_passage_has_goes_before_a_whole_tone(always):
    notes = passages(*[[(LEAD, 0, 0, 60, 12)] + [(PIANO, 0, 0, p, 9) for p in (49, 50, 58, 59)]] * 40, roles=ROLES)
    after = ornamented(notes, all_of(notes), chance())
    assert {row[3] for passage in range(40) for row in rows_of(after, passage) if row[0] == LEAD} == {59, 60, 61}


def test_short_notes_held_ones_and_those_that_leave_the_bar_are_not_divided(always):
    notes = passages([(LEAD, 0, 0, 60, 5), (LEAD, 1, 0, 62, 24, HELD), (LEAD, 0, 40, 62, 9)], roles=ROLES)
    assert rows_of(ornamented(notes, ONE, chance())) == rows_of(notes)


def test_notes_off_the_beat_are_left_out_and_the_ones_before_last_as_long(always):
    notes = passages(
        [
            *[(LEAD, 0, 0, 60, 6), (LEAD, 0, 6, 62, 6), (LEAD, 0, 12, 64, 3), (LEAD, 0, 24, 65, 6)],
            *[(LEAD, 0, 30, 67, 3), (LEAD, 0, 33, 69, 15), (LEAD, 1, 0, 60, 6), (PIANO, 0, 6, 48, 6)],
        ],
        roles=ROLES,
    )
    assert rows_of(simplified(notes, ONE, chance())) == [
        (PIANO, 0, 6, 48, 6, 0),
        (LEAD, 0, 0, 60, 12, 0),
        (LEAD, 0, 12, 64, 3, 0),
        (LEAD, 0, 24, 65, 24, 0),
        (LEAD, 1, 0, 60, 6, 0),
    ]


def test_the_end_of_one_passage_does_not_last_for_what_another_lost(always):
    notes = passages([(LEAD, 1, 36, 60, 6)], [(LEAD, 0, 6, 62, 6), (LEAD, 0, 12, 64, 6)], roles=ROLES)
    after = simplified(notes, all_of(notes), chance())
    assert rows_of(after, 0) == rows_of(notes, 0)
    assert rows_of(after, 1) == [(LEAD, 0, 12, 64, 6, 0)]


def test_a_melody_off_the_beat_throughout_stays(always):
    notes = passages([(LEAD, 0, 6, 60, 6), (LEAD, 1, 18, 62, 6), (LEAD, 1, 0, 60, 6, HELD)], roles=ROLES)
    assert rows_of(simplified(notes, ONE, chance())) == rows_of(notes)


def test_how_many_notes_change_differs_from_passage_to_passage():
    tune = [(LEAD, bar, onset, 60, 6) for bar in range(8) for onset in (6, 18, 30, 42)] + [(LEAD, 0, 0, 60, 6)]
    notes = passages(*[tune] * 60, roles=ROLES, steps=(48,) * 8)
    for way, low, high in ((ornamented, 0.15, 0.6), (simplified, 0.3, 0.9)):
        after = way(notes, all_of(notes), chance())
        shares = abs(np.bincount(after.passage, minlength=60) - 33) / 33
        assert shares.mean() == pytest.approx((low + high) / 2, abs=0.06)
        assert shares.std() > 0.08


def test_notes_off_the_beat_go_to_another_pitch_up_to_a_third_away_that_the_passage_has(always):
    """C off the beat; the passage has A flat to E in whole tones. What is drawn and is not there stays C."""
    others = [(PIANO, 0, 0, pitch, 12) for pitch in (44, 46, 50, 52, 54)]
    on_beat, held = (LEAD, 0, 24, 60, 6), (LEAD, 1, 0, 60, 6, HELD)
    notes = passages(*[[(LEAD, 0, 6, 60, 6), on_beat, held, *others, (KIT, 0, 6, 61, 3)]] * 400, roles=ROLES)
    after = with_other_passing_notes(notes, all_of(notes), chance())
    weak = after.pitch[(after.part == LEAD) & (after.onset == 6)]
    assert set(weak.tolist()) == {56, 58, 60, 62, 64}
    assert np.mean(weak == 60) == pytest.approx(0.5, abs=0.1)  # -3, -1, 1 and 3 are not there, of drums nothing is
    moved = after.pitch != notes.pitch
    assert not moved[(notes.part != LEAD) | (notes.onset != 6)].any()
    for name in ("passage", "part", "bar", "onset", "length", "flags"):
        assert getattr(after, name).tolist() == getattr(notes, name).tolist()


@given(notes=some_passages(), seed=st.integers(0, 50))
def test_other_passing_notes_are_off_the_beat_and_known_to_the_passage(notes, seed):
    notes = with_lead(notes, all_of(notes))
    after = with_other_passing_notes(notes, all_of(notes), np.random.default_rng(seed))
    for number in np.flatnonzero(after.pitch != notes.pitch):
        assert notes.part[number] == LEAD
        assert notes.onset[number] % 12
        assert not notes.flags[number] & HELD
        mine = notes.is_pitched & (notes.passage == notes.passage[number])
        assert after.pitch[number] % 12 in set((notes.pitch[mine] % 12).tolist())


def test_what_another_passage_has_is_not_known_to_this_one(always):
    notes = passages([(LEAD, 0, 6, 60, 6)], [(LEAD, 0, 0, pitch, 6) for pitch in range(56, 65)], roles=ROLES)
    for seed in range(20):
        after = with_other_passing_notes(notes, all_of(notes), np.random.default_rng(seed))
        assert after.pitch.tolist() == notes.pitch.tolist()


def test_how_many_passing_notes_change_differs_from_passage_to_passage():
    """Of 160 off the beat, in a passage that has all twelve pitch classes."""
    tune = [(LEAD, bar, onset, 60, 6) for bar in range(8) for onset in range(48) if onset % 12 > 6]
    notes = passages(*[[*tune, *[(PIANO, 0, 0, 60 + up, 6) for up in range(12)]]] * 60, roles=ROLES, steps=(48,) * 8)
    after = with_other_passing_notes(notes, all_of(notes), chance())
    shares = np.bincount(notes.passage, after.pitch != notes.pitch) / len(tune)
    assert shares.mean() == pytest.approx(0.35, abs=0.06)
    assert shares.std() > 0.08
