"""What parts may copy from: references, habits and trust, read off a past that is known."""

from __future__ import annotations

import numpy as np
import pytest
from bands import PARTS, append, heard, only, song_of

from symbolic_embed.encodings.cell_rolls import keys_of, shifted
from symbolic_embed.encodings.patterns.material import (
    REFERENCES,
    RETURN_FEATURES,
    SMOOTHING,
    TRUST_FEATURES,
    add_partner,
    class_habits,
    outlook,
    return_features,
)
from symbolic_embed.encodings.patterns.past import NOWHERE

C_MAJOR, D_MAJOR, G_MAJOR, A_MINOR = (1 + 3 * root + kind for root, kind in ((0, 0), (2, 0), (7, 0), (9, 1)))
A, B, C, D = only(60, 62), only(64, 65), only(67, 69), only(71, 72)
NOBODY = np.zeros((1, PARTS), bool)


def reference(seen, name: str, *, part: int = 0) -> np.ndarray:
    return seen.references[0, part, REFERENCES.index(name)]


def test_references_are_the_source_the_last_cell_and_the_one_a_period_ago():
    """A B C D A B C D A B: what comes is like window 2; four back is the source, eight back the next best."""
    past = heard([A, B, C, D, A, B, C, D, A, B])
    seen = outlook(past, np.array([6]), np.array([6]))
    assert np.array_equal(reference(seen, "source"), C[0, 0])
    assert np.array_equal(reference(seen, "last"), B[0, 0])
    assert np.array_equal(reference(seen, "period"), C[0, 0])
    assert seen.trust.shape == (1, PARTS, TRUST_FEATURES)
    free = outlook(past, np.array([NOWHERE]), np.array([0]))
    assert not reference(free, "source").any()
    assert not reference(free, "moved").any()
    assert np.array_equal(reference(free, "period"), C[0, 0])
    assert (seen.trust[0, 0, 0], free.trust[0, 0, 0]) == (1, 0)


@pytest.mark.parametrize(
    ("chord", "semitones"), [(C_MAJOR, 0), (D_MAJOR, 2), (G_MAJOR, -5), (A_MINOR, -3), (0, 0), (1 + 3 * 6, 6)]
)
def test_the_source_moves_with_the_root_and_drums_stay(chord, semitones):
    """From a window of C major."""
    window = song_of([A, B, only(36, 38)])
    past = heard([window, C], chords=[C_MAJOR, G_MAJOR])
    seen = outlook(past, np.array([0]), np.array([chord]))
    for part in range(2):
        assert np.array_equal(reference(seen, "moved", part=part), shifted(window[0, part], semitones))
    assert np.array_equal(reference(seen, "moved", part=2), window[0, 2])
    assert seen.trust[0, :, 15].tolist() == [semitones == 0] * PARTS
    assert seen.trust[0, 0, 16] == pytest.approx(abs(semitones) / 6)


@pytest.mark.parametrize("interval", [12, -12, 0, 4, -3])
def test_the_partner_is_moved_by_the_interval_that_lies_between_the_parts(interval):
    """The second part has played the same as the first, so much higher."""
    past = heard([song_of([window, shifted(window, interval)]) for window in (A, B, C)])
    seen, written = outlook(past, np.array([NOWHERE]), np.array([0])), only(62, 66, 69)
    add_partner(seen, past, part=1, written=written, has_written=np.array([[True, False, False]]))
    assert np.array_equal(reference(seen, "partner", part=1), shifted(written[0, 0], interval))
    assert seen.trust[0, 1, -3:].tolist() == [1, 1, interval % 12 == 0]
    assert not reference(seen, "partner", part=0).any()


def test_a_partner_is_the_part_it_begins_its_notes_with_and_nobody_where_none_has_written():
    """Parts 0 and 2 begin together, part 1 elsewhere."""
    late = np.roll(B[0, 0], 6, axis=0)[None, None]
    window = song_of([A, late, C])
    past = heard([window, window], drums=(False, False, False))
    seen = outlook(past, np.array([0]), np.array([0]))
    both = np.array([[True, True, False]])
    add_partner(seen, past, part=2, written=window, has_written=both)
    assert np.array_equal(reference(seen, "partner", part=2), shifted(window[0, 0], 7))
    seen = outlook(past, np.array([0]), np.array([0]))
    add_partner(seen, past, part=2, written=window, has_written=NOBODY)
    assert not reference(seen, "partner", part=2).any()
    assert seen.trust[0, 2, -3:].tolist() == [0, 0, 0]


def test_drums_and_pitched_parts_are_no_partners():
    window = song_of([A, B, A])
    past = heard([window])
    seen = outlook(past, np.array([0]), np.array([0]))
    add_partner(seen, past, part=2, written=window, has_written=np.array([[True, True, False]]))
    assert not reference(seen, "partner", part=2).any()


def test_habits_are_logarithms_of_smoothed_shares():
    """Four notes of a part: 60 twice, 62 twice; nothing of another."""
    past = heard([A, A])
    habits = outlook(past, np.array([0]), np.array([0])).habits
    rare, often = (np.log((count + SMOOTHING / 128) * 128 / (4 + SMOOTHING)) for count in (0, 2))
    assert habits.pitches[0, 0, [60, 61, 62]] == pytest.approx([often, rare, often], rel=1e-5)
    assert np.allclose(habits.pitches[0, 1], 0)
    assert habits.onsets[0, 0, 0] == pytest.approx(np.log((2 + SMOOTHING / 48) * 48 / (4 + SMOOTHING)), rel=1e-5)
    assert int(habits.lengths[0, 0].argmax()) == 11
    assert np.array_equal(habits.classes, class_habits(past))
    assert np.flatnonzero(habits.classes[0] > 0).tolist() == [0, 2]


def test_drums_have_no_pitch_classes():
    past = heard([song_of([A, only(), only(61, 66, 68)])])
    assert np.flatnonzero(class_habits(past)[0] > 0).tolist() == [0, 2]


def test_what_is_known_of_a_return():
    """A B A B, and A is said to come again: it is said with what it did last, and what the others do now."""
    two = [song_of([window, window]) for window in (A, B)]
    past = heard([*two, *two], chords=[C_MAJOR, G_MAJOR, C_MAJOR, G_MAJOR])
    none = np.zeros((1, PARTS), np.int64)
    features = return_features(past, np.array([2]), np.array([C_MAJOR]), part=1, returned=none)[0]
    assert features.shape == (RETURN_FEATURES,)
    assert features.tolist() == pytest.approx([1, 1, past.own_by_lag[0, 1, 2], 1, 1, 0, 0, 1, 0.5, 1], abs=1e-5)
    other = return_features(past, np.array([2]), np.array([G_MAJOR]), part=1, returned=np.array([[1, 0, -1]]))[0]
    assert (other[5], other[6], other[7]) == (0.25, 0.25, 0)
    assert not return_features(past, np.array([NOWHERE]), np.array([0]), part=1, returned=none).any()
    assert return_features(past, np.array([2]), np.array([0]), part=2, returned=none)[0, 0] == 0


def test_what_comes_changes_nothing_of_what_is_told():
    """An outlook is of the past alone, and asking leaves it as it is."""
    past = heard([A, B, A, C])
    first, again = (outlook(past, np.array([1]), np.array([D_MAJOR])) for _ in range(2))
    copy = [first.references.copy(), first.trust.copy(), *(habit.copy() for habit in first.habits)]
    append(past, D)
    for before, same, kept in zip(
        [first.references, first.trust, *first.habits],
        [again.references, again.trust, *again.habits],
        copy,
        strict=True,
    ):
        assert np.array_equal(before, same)
        assert np.array_equal(before, kept)
    assert not np.array_equal(outlook(past, np.array([1]), np.array([D_MAJOR])).trust, first.trust)


def test_keys_are_the_places_of_notes_in_rising_order_filled_up_beyond():
    keys = keys_of(np.stack([A[0, :2], only(62, 60, 64)[0, :2]]))
    beyond = 48 * 128
    assert keys.tolist() == [
        [[60, 12 * 128 + 62, beyond], [beyond] * 3],
        [[62, 12 * 128 + 60, 24 * 128 + 64], [beyond] * 3],
    ]
