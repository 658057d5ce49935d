"""Another accompaniment over the same harmony: the chord of each half bar, in one of ten ways."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from passage_notes import KIT, MELODY, PIANO, all_of, is_sound, passages, rows_of, same_elsewhere, some_passages

from symbolic_embed.training.reworking import accompaniment
from symbolic_embed.training.reworking.accompaniment import WAYS, another_accompaniment
from symbolic_embed.training.reworking.notes import ACCOMPANIMENT, CHORDS, LEAD
from symbolic_embed.training.reworking.parts import with_lead

ROLES = {LEAD: MELODY, PIANO: CHORDS, KIT: 0, ACCOMPANIMENT: CHORDS}
C, F, G = 0, 5, 7
# A chord of C, then one of F over A; the lead and the drums play as well.
HARMONY = [(PIANO, 0, 0, pitch, 24) for pitch in (48, 64, 67)] + [(PIANO, 0, 24, pitch, 24) for pitch in (45, 60, 65)]
REST = [(LEAD, 0, 0, 76, 12), (LEAD, 0, 24, 77, 12), (KIT, 0, 0, 36, 3)]


def played(notes, passage=0):
    """Bar, onset, pitch and length of what accompanies."""
    return [row[1:5] for row in rows_of(notes, passage) if row[0] == ACCOMPANIMENT]


def over(*harmony, way, monkeypatch, steps=(48, 48)):
    """What accompanies in place of these notes, in one way of playing."""
    monkeypatch.setattr(accompaniment, "TABLE", accompaniment.TABLE[way : way + 1])
    notes = passages(harmony, roles=ROLES, steps=steps)
    return played(another_accompaniment(notes, np.array([True]), np.random.default_rng(0)))


@given(notes=some_passages(), seed=st.integers(0, 50))
def test_the_lead_the_drums_and_passages_that_are_not_chosen_stay(notes, seed):
    notes = with_lead(notes, all_of(notes))
    chosen = np.array([True, True, False])
    after = another_accompaniment(notes, chosen, np.random.default_rng(seed))
    assert same_elsewhere(notes, after, chosen)
    assert is_sound(after)
    for passage in (0, 1):
        before, now = rows_of(notes, passage), rows_of(after, passage)
        assert [row for row in now if row[0] != ACCOMPANIMENT] == [row for row in before if row[0] in (LEAD, KIT)]
        heard = {row[3] % 12 for row in before if row[0] != KIT}
        assert {row[3] % 12 for row in now if row[0] == ACCOMPANIMENT} <= heard


@pytest.mark.parametrize("way", range(len(WAYS)))
def test_each_way_plays_the_chord_of_each_half_over_its_bass(way, monkeypatch):
    """Recomputed from the list of ways; the bass between 36 and 59, the chord between 48 and 74."""
    found = over(*HARMONY, *REST, way=way, monkeypatch=monkeypatch)
    chords = {0: [0, 4, 7], 1: [9, 0, 5]}  # the lead counts half: in the first half E, in the second F
    expected = []
    for half, bass in ((0, 0), (1, 9)):
        mine = [row for row in found if row[1] // 24 == half]
        for when, which, length in WAYS[way]:
            notes = [row for row in mine if row[1] - 24 * half == when and row[3] == min(length, 24 - when)]
            classes = {row[2] % 12 for row in notes}
            if which == 4:
                assert classes >= set(chords[half])
            else:
                assert classes & ({bass} if which == 0 else set(chords[half]))
            expected += [when + 24 * half] * (3 if which == 4 else 1)
        assert {row[2] % 12 for row in mine} <= {bass, *chords[half]}
    assert sorted(row[1] for row in found) == sorted(expected)
    assert all(row[0] == 0 and row[1] + row[3] <= 48 and 36 <= row[2] <= 74 for row in found)


def test_the_bass_is_the_lowest_note_and_lies_below_the_chord(monkeypatch):
    (first, second) = over(*HARMONY, *REST, way=7, monkeypatch=monkeypatch)
    assert [first[2] % 12, second[2] % 12] == [0, 9]
    assert [row[:2] + row[3:] for row in (first, second)] == [(0, 0, 24), (0, 24, 24)]
    assert max(first[2], second[2]) < 60


def test_what_hardly_sounds_is_no_part_of_the_chord(monkeypatch):
    """D flat for 3 of 24 steps beside C and G throughout; C, the loudest, twice in its place."""
    harmony = [(PIANO, 0, 0, 60, 24), (PIANO, 0, 0, 48, 24), (PIANO, 0, 0, 67, 24), (PIANO, 0, 0, 61, 3)]
    found = over(*harmony, way=0, monkeypatch=monkeypatch)
    assert sorted(row[2] % 12 for row in found) == [C, C, C, G]
    longer = over(*harmony[:3], (PIANO, 0, 0, 61, 13), way=0, monkeypatch=monkeypatch)
    assert sorted(row[2] % 12 for row in longer) == [C, C, 1, G]


def test_the_melody_counts_half(monkeypatch):
    """Three notes of the piano, two short: a melody note as long as they are is no longer one of the loudest three."""
    chord = [(PIANO, 0, 0, 48, 24), (PIANO, 0, 0, 52, 12), (PIANO, 0, 0, 55, 12)]
    assert {row[2] % 12 for row in over(*chord, (LEAD, 0, 0, 74, 23), way=0, monkeypatch=monkeypatch)} == {0, 4, 7}
    assert 2 in {row[2] % 12 for row in over(*chord, (PIANO, 0, 0, 74, 23), way=0, monkeypatch=monkeypatch)}


def test_silent_halves_stay_silent_and_a_note_sounds_in_both_halves_it_lasts_through(monkeypatch):
    found = over((PIANO, 0, 12, 60, 24), (PIANO, 1, 24, 53, 6), way=7, monkeypatch=monkeypatch)
    assert [(bar, onset, pitch % 12) for bar, onset, pitch, _ in found] == [(0, 0, C), (0, 24, C), (1, 24, F)]


def test_in_shorter_bars_what_would_begin_after_the_half_is_left_out_and_what_lasts_is_cut(monkeypatch):
    """Halves of 18 steps: of the eighths 0, 6, 12, 18 three are left; a note of 24 is cut to 18."""
    short = (PIANO, 0, 0, 60, 36)
    assert {row[1] for row in over(short, way=3, monkeypatch=monkeypatch, steps=(36, 36))} == {0, 6, 12, 18, 24, 30}
    monkeypatch.undo()
    assert [row[3] for row in over(short, way=7, monkeypatch=monkeypatch, steps=(36, 36))] == [18, 18]


def test_a_passage_keeps_to_one_way_and_others_have_others():
    notes = passages(*[[*HARMONY, *REST]] * 60, roles=ROLES)
    after = another_accompaniment(notes, all_of(notes), np.random.default_rng(0))
    ways = [[(onset % 24, length) for _, onset, _, length in played(after, passage)] for passage in range(60)]
    for way in ways:
        assert sorted(way[: len(way) // 2]) == sorted(way[len(way) // 2 :])
    assert len({tuple(way) for way in ways}) > 5
    assert after.part[after.is_pitched].tolist().count(PIANO) == 0


def test_with_nothing_to_be_heard_nothing_is_played():
    notes = passages([(KIT, 0, 0, 36, 3)], roles=ROLES)
    assert rows_of(another_accompaniment(notes, np.array([True]), np.random.default_rng(0))) == rows_of(notes)
