"""More music from the music there is: pairs changed so that what follows what stays true."""

from __future__ import annotations

import numpy as np
import pytest
from strategies import contents, of_notes

from symbolic_embed.bars import Windows
from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.training import augmenting
from symbolic_embed.training.augmenting import KIT, TRANSPOSITIONS, varied_pair

KICK, SNARE = 36, 38
PAIRS = 200


def tune() -> Windows:
    return of_notes(*[[(0, 0, 60, 12), (12, 0, 64, 12), (24, 0, 67, 24)]] * PAIRS)


def groove() -> Windows:
    return of_notes(
        *[[(onset, DRUM, drum, 3) for onset, drum in ((0, KICK), (12, SNARE), (24, KICK), (36, SNARE))]] * PAIRS
    )


@pytest.fixture
def only(monkeypatch):
    """Switches all changes off but those named."""

    def switch(**shares: float) -> None:
        for name in ("OTHER_KIT", "OTHER_BEGINNING", "THINNED"):
            monkeypatch.setattr(augmenting, name, shares.get(name, 0.0))

    return switch


def test_anchor_and_positive_are_transposed_together_through_all_keys(only):
    only()
    first, second = varied_pair(tune(), tune(), random=np.random.default_rng(0))
    assert np.array_equal(first.pitch, second.pitch)
    assert set(first.pitch[::3].astype(int) - 60) == set(TRANSPOSITIONS.tolist()) == set(range(-5, 7))


def test_a_kit_is_dealt_out_anew_alike_in_both_windows_and_no_two_drums_become_one(only):
    only(OTHER_KIT=1.0)
    first, second = varied_pair(groove(), groove(), random=np.random.default_rng(1))
    assert np.array_equal(first.pitch, second.pitch)
    assert np.array_equal(first.onset, groove().onset)
    kicks, snares = first.pitch[0::4], first.pitch[1::4]
    assert np.array_equal(kicks, first.pitch[2::4])
    assert (kicks != snares).all()
    assert len(set(kicks.tolist())) > 30
    assert set(first.pitch.tolist()) <= set(KIT.tolist())


def test_a_groove_begins_elsewhere_going_round_the_bar_while_a_tune_does_not(only):
    only(OTHER_BEGINNING=1.0)
    random = np.random.default_rng(2)
    first, second = varied_pair(groove(), groove(), random=random)
    assert [c[1] for c in contents(first)] == [c[1] for c in contents(second)]
    for window in range(PAIRS):
        onsets = first.onset[first.offsets[window] : first.offsets[window + 1]].astype(int)
        assert (onsets % 3 == onsets[0] % 3).all()
        assert np.array_equal(np.diff(onsets), [12, 12, 12])
    assert len(set(first.onset[0::4].tolist())) == 4
    assert np.array_equal(varied_pair(tune(), tune(), random=random)[0].onset, tune().onset)


def test_in_a_short_bar_a_groove_goes_round_that_bar(only):
    only(OTHER_BEGINNING=1.0)
    waltz = of_notes(*[[(onset, DRUM, KICK, 3) for onset in (0, 12, 24)]] * PAIRS, steps=36)
    first, _ = varied_pair(waltz, waltz, random=np.random.default_rng(5))
    assert first.onset.max() < 36
    assert set(np.diff(first.onset.astype(int).reshape(PAIRS, 3), axis=1).ravel().tolist()) == {12}


def test_thinned_windows_keep_a_note_that_begins_there(only):
    only(THINNED=1.0)
    held = of_notes(*[[(0, HELD, 60, 12), (0, 0, 64, 3), (12, 0, 65, 3), (24, 0, 67, 3)]] * PAIRS)
    first, second = varied_pair(held, held, random=np.random.default_rng(3))
    for windows in (first, second):
        begins = (windows.flags & HELD) == 0
        assert (np.bincount(windows.note_window[begins], minlength=PAIRS) >= 1).all()
        assert len(windows.pitch) < 0.9 * len(held.pitch)
    assert not np.array_equal(np.diff(first.offsets), np.diff(second.offsets))  # each by itself


def test_most_pairs_are_left_alone():
    first, _ = varied_pair(groove(), groove(), random=np.random.default_rng(4))
    whole = np.diff(first.offsets) == 4
    alike = np.array([first.pitch[o] == KICK and first.onset[o] == 0 for o in first.offsets[:-1]])
    assert 0.2 < (whole & alike).mean() < 0.5
