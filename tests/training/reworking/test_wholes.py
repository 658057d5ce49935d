"""All of a passage at once: another key, octaves, lengths, wrong notes, twice as slow, dotted, other barlines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from passage_notes import KIT, PIANO, TUNE, all_of, is_sound, passages, rows_of, same_elsewhere, some_passages

from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.training.reworking import wholes
from symbolic_embed.training.reworking.wholes import (
    dotted,
    doubled,
    in_other_octaves,
    shortened,
    transposed,
    with_other_barlines,
    with_wrong_notes,
)

ONE = np.array([True])
WAYS = {
    "transposed": lambda notes, chosen, random: transposed(notes, random.integers(-5, 7, len(chosen)) * chosen),
    "in_other_octaves": in_other_octaves,
    "with_wrong_notes": with_wrong_notes,
    "shortened": shortened,
    "dotted": dotted,
    "doubled": lambda notes, chosen, random: doubled(notes, chosen),
    "with_other_barlines": with_other_barlines,
}


def chance():
    return np.random.default_rng(0)


@pytest.mark.parametrize("way", WAYS)
@given(notes=some_passages(), seed=st.integers(0, 50))
def test_passages_that_are_not_chosen_stay_and_notes_stay_in_their_bars(way, notes, seed):
    chosen = np.array([True, False, True])
    after = WAYS[way](notes, chosen, np.random.default_rng(seed))
    assert same_elsewhere(notes, after, chosen)
    assert is_sound(after)
    assert after.roles.tolist() == notes.roles.tolist()


def test_each_passage_is_transposed_by_its_own_interval_and_drums_stay():
    notes = passages(*[[(TUNE, 0, 0, 60, 6), (PIANO, 1, 0, 126, 6), (PIANO, 1, 3, 2, 6), (KIT, 0, 0, 36, 3)]] * 2)
    after = transposed(notes, np.array([5, -4]))
    assert after.pitch.tolist() == [65, 119, 7, 36, 56, 122, 10, 36]  # 131 and -2 come back by an octave


@given(notes=some_passages(), seed=st.integers(0, 50))
def test_parts_move_by_octaves_each_as_a_whole(notes, seed):
    after = in_other_octaves(notes, all_of(notes), np.random.default_rng(seed))
    by = after.pitch - notes.pitch
    assert set(by.tolist()) <= {-12, 0, 12}
    assert not by[~notes.is_pitched].any()
    free = notes.is_pitched & (notes.pitch >= 24) & (notes.pitch < 108)
    assert len(set(zip(notes.own_part[free].tolist(), by[free].tolist(), strict=True))) == len(
        set(notes.own_part[free])
    )


def test_a_part_goes_up_or_down_or_stays():
    notes = passages(*[[(TUNE, 0, 0, 60, 6), (PIANO, 0, 0, 60, 6)]] * 40)
    after = in_other_octaves(notes, all_of(notes), chance())
    assert set(after.pitch.tolist()) == {48, 60, 72}
    assert (after.pitch[::2] != after.pitch[1::2]).any()


def test_some_notes_are_wrong_or_left_out_but_not_the_first_of_a_part():
    """Of 100 passages of 100 notes; drums are only left out."""
    tune = [(TUNE, 0, 0, 60, 48, HELD)] + [(TUNE, bar, onset, 60, 6) for bar in (0, 1) for onset in range(48)]
    notes = passages(*[[*tune, *[(KIT, 0, onset, 36, 3) for onset in range(48)]]] * 100)
    after = with_wrong_notes(notes, all_of(notes), chance())
    lost = 1 - len(after) / len(notes)
    wrong = (after.pitch != np.where(after.is_pitched, 60, 36)).sum() / notes.is_pitched.sum()
    assert lost == pytest.approx(0.11 * 0.4, abs=0.01)
    assert wrong == pytest.approx(0.11 * 0.6, abs=0.01)
    assert set(after.pitch[~after.is_pitched].tolist()) == {36}
    assert set((after.pitch - 60)[after.is_pitched].tolist()) == {-4, -3, -2, -1, 0, 1, 2, 3, 4}
    firsts = after.begins & (after.bar == 0) & (after.onset == 0)
    assert np.bincount(after.passage[firsts]).tolist() == [2] * 100
    shares = 1 - np.bincount(after.passage) / 145
    assert shares.max() > 2 * shares.mean()


def test_all_notes_of_a_passage_are_shorter_or_longer_by_one_factor():
    notes = passages(*[[(TUNE, 0, 0, 60, 12), (PIANO, 1, 0, 48, 20), (PIANO, 1, 0, 50, 1)]] * 40)
    after = shortened(notes, all_of(notes), chance())
    found = {tuple(row[4] for row in rows_of(after, passage)) for passage in range(40)}
    assert found == {(3, 5, 1), (6, 10, 1), (18, 30, 2), (24, 40, 2)}  # 0.25 and 0.5 of 1 are 1 still, 1.5 is 2
    assert after.onset.tolist() == notes.onset.tolist()


def test_twice_as_slow_bar_0_lies_over_bars_0_and_1():
    """With the note held that lasts over the barline, drums never held; the second half of the bars is gone."""
    notes = passages(
        [
            *[(TUNE, 0, 0, 60, 12), (TUNE, 0, 12, 62, 24), (TUNE, 0, 36, 64, 12), (KIT, 0, 18, 36, 10)],
            *[(TUNE, 1, 6, 65, 6), (TUNE, 2, 0, 70, 6), (TUNE, 3, 0, 71, 6)],
        ],
        steps=(48, 36, 48, 48),
    )
    after = doubled(notes, ONE)
    assert after.steps.tolist() == [[48, 48, 36, 36]]
    assert rows_of(after) == [
        (TUNE, 0, 0, 60, 24, 0),
        (TUNE, 0, 24, 62, 48, 0),
        (TUNE, 1, 0, 62, 24, HELD),
        (TUNE, 1, 24, 64, 24, 0),
        (TUNE, 2, 12, 65, 12, 0),
        (KIT, 0, 36, 36, 20, DRUM),
    ]


def test_a_note_held_over_already_is_held_through_both_of_its_bars():
    notes = passages([(TUNE, 0, 24, 60, 72), (TUNE, 1, 0, 60, 48, HELD)], steps=(48,) * 4)
    assert rows_of(doubled(notes, ONE)) == [
        (TUNE, 1, 0, 60, 144, 0),
        (TUNE, 2, 0, 60, 96, HELD),
        (TUNE, 3, 0, 60, 48, HELD),
    ]


@given(notes=some_passages())
def test_twice_as_slow_every_note_begins_twice_as_late(notes):
    after = doubled(notes, all_of(notes))
    early = notes.where(notes.bar < 2)
    expected = sorted(zip(early.own_part, 2 * early.time, early.pitch, 2 * early.length, early.flags, strict=True))
    begun = after.where(np.arange(len(after)) < len(early))
    assert sorted(zip(begun.own_part, begun.time, begun.pitch, begun.length, begun.flags, strict=True)) == expected
    assert (after.flags[len(early) :] == HELD).all()
    assert after.steps.tolist() == notes.steps[:, [0, 0, 1, 1]].tolist()


@given(notes=some_passages(), seed=st.integers(0, 50))
def test_with_other_barlines_all_is_later_by_the_same(notes, seed):
    """Where all bars are of one length; what would begin after the end is left out, and nothing is held over."""
    after = with_other_barlines(notes, all_of(notes), np.random.default_rng(seed))
    if len(set(notes.steps[0].tolist())) > 1:
        assert same_elsewhere(notes, after, ~all_of(notes))
        return
    span = int(notes.steps[0, 0])
    for passage in range(3):
        mine, now = (one.where(one.passage == passage) for one in (notes, after))
        mine = mine.where(mine.begins)
        columns = ("part", "pitch", "length", "flags")
        moved = [
            sorted(zip(now.time.tolist(), *(getattr(now, name).tolist() for name in columns), strict=True)),
            *(
                sorted(
                    row
                    for row in zip(
                        (mine.time + by).tolist(), *(getattr(mine, name).tolist() for name in columns), strict=True
                    )
                    if row[0] < 4 * span
                )
                for by in (span // 2, 12)
            ),
        ]
        assert moved[0] in moved[1:]


def test_barlines_move_by_half_a_bar_or_by_a_beat():
    notes = passages(*[[(TUNE, 0, 6, 60, 6)]] * 200)
    after = with_other_barlines(notes, all_of(notes), chance())
    assert set(after.onset.tolist()) == {30, 18}
    assert (after.onset == 30).mean() == pytest.approx(0.6, abs=0.1)


def test_how_many_notes_are_wrong_lies_between_two_shares(monkeypatch):
    monkeypatch.setattr(wholes, "WRONG", (1.0, 1.0))
    notes = passages([(TUNE, 0, onset, 60, 6) for onset in range(48)])
    assert 60 not in with_wrong_notes(notes, ONE, chance()).pitch


def test_with_other_barlines_nothing_is_held_over_nor_begins_after_the_end():
    notes = passages([(TUNE, 0, 36, 60, 36), (TUNE, 1, 0, 60, 24, HELD), (TUNE, 1, 40, 62, 6)])
    ((_, bar, onset, pitch, length, flags),) = rows_of(with_other_barlines(notes, ONE, chance()))
    assert (bar, pitch, length, flags) == (1, 60, 36, 0)
    assert onset in (0, 12)


def test_what_begins_half_way_between_two_beats_begins_later_by_one_measure_in_a_passage():
    """At two thirds of the beat or at three quarters; on beats, and on all other places between them, nothing moves."""
    rows = [(TUNE, 0, onset, 60, 3) for onset in range(48)] + [(KIT, 1, 18, 36, 3), (PIANO, 1, 42, 48, 6)]
    notes = passages(*[rows] * 60)
    after = dotted(notes, all_of(notes), chance())
    found = [after.onset[after.passage == passage].tolist() for passage in range(60)]
    for onsets in found:
        by = {now - before for now, (_, _, before, _, _) in zip(onsets, rows, strict=True) if before % 12 == 6}
        assert by in ({2}, {3})
        assert all(now == row[2] for now, row in zip(onsets, rows, strict=True) if row[2] % 12 != 6)
    assert np.mean([onsets[6] == 8 for onsets in found]) == pytest.approx(0.5, abs=0.2)
    for name in ("passage", "part", "bar", "pitch", "length", "flags"):
        assert getattr(after, name).tolist() == getattr(notes, name).tolist()


@pytest.mark.parametrize(("steps", "last"), [(44, {42}), (45, {42, 44}), (46, {44, 45})])
def test_what_would_begin_after_its_bar_stays(steps, last):
    notes = passages(*[[(TUNE, 0, 6, 60, 3), (TUNE, 0, 42, 60, 3)]] * 40, steps=(steps, steps))
    after = dotted(notes, all_of(notes), chance())
    assert set(after.onset[::2].tolist()) == {8, 9}
    assert set(after.onset[1::2].tolist()) == last
