"""Grooves laid on hand-made parts: ticks and velocities that can be checked in the head."""

from __future__ import annotations

import numpy as np
import pytest
from played_music import KEYS, kit, part, seed, swung

from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.playing.groove import grooves_of
from symbolic_embed.playing.laying import groove_way, played
from symbolic_embed.playing.places import BarPlaces
from symbolic_embed.score import Notes, Tempo, TimeSignature, Track
from symbolic_embed.score.editing.moving import Played

EIGHTHS = np.arange(8) / 2


def laid(groove: Seed, on: Seed, *, amount: float, track: int = 0) -> Played:
    places = BarPlaces.of(on.barred)
    mine = on.barred.score.tracks[track]
    return played(mine, places, groove_way(mine, places, grooves_of(groove.barred), amount=amount))


@pytest.mark.parametrize(("division", "second"), [(96, 56), (480, 280), (960, 560)])
def test_half_a_swing_on_straight_eighths(division, second):
    """A sixth of a quarter is 80 ticks of 480; half of that is 40 after 240."""
    straight = seed(part(EIGHTHS, division=division), division=division)
    swing = laid(seed(swung(4)), straight, amount=0.5)
    assert (swing.onset_ticks[:4] * 480 // division).tolist() == [0, 280, 480, 760]
    assert swing.onset_ticks[1] == second
    assert swing.velocity.tolist() == [90, 70] * 4


def test_all_of_it_and_nothing_of_it():
    straight = seed(part(EIGHTHS))
    assert laid(seed(swung(4)), straight, amount=1).onset_ticks[:4].tolist() == [0, 320, 480, 800]
    assert laid(seed(swung(4)), straight, amount=1).velocity.tolist() == [100, 60] * 4
    nothing = laid(seed(swung(4)), straight, amount=0)
    notes = straight.barred.score.tracks[0].notes
    assert nothing.onset_ticks.tolist() == notes.onset_ticks.tolist()
    assert nothing.offset_ticks.tolist() == notes.offset_ticks.tolist()
    assert nothing.velocity.tolist() == notes.velocity.tolist()


def test_what_was_joined_stays_joined_and_the_last_barline_stays():
    swing = laid(seed(swung(4)), seed(part(EIGHTHS)), amount=1)
    assert swing.offset_ticks[:-1].tolist() == swing.onset_ticks[1:].tolist()
    assert swing.offset_ticks[-1] == 1920


def test_sixteenths_between_are_late_by_half():
    swing = laid(seed(swung(4)), seed(part(np.arange(16) / 4)), amount=1)
    assert swing.onset_ticks[:5].tolist() == [0, 160, 320, 400, 480]


def test_a_straight_groove_straightens():
    swing = laid(seed(kit(4, hat=[(place, 80) for place in EIGHTHS])), seed(swung(2)), amount=1)
    assert swing.onset_ticks.tolist() == (240 * np.arange(16)).tolist()
    assert set(swing.velocity.tolist()) == {80}


def test_each_drum_goes_as_its_own_and_others_as_all():
    groove = seed(kit(2, kick=[(0, 80), (2, 80)], snare=[(1.1, 80), (3.1, 80)]))
    on = seed(kit(1, kick=[(0, 90), (1, 90)], snare=[(1, 90)], tom=[(3, 90)]))
    late = laid(groove, on, amount=1)
    notes = on.barred.score.tracks[0].notes
    keys = zip(notes.pitch.tolist(), notes.onset_ticks.tolist(), strict=True)
    found = dict(zip(keys, late.onset_ticks.tolist(), strict=True))
    assert found[KEYS["snare"], 480] == 528
    assert found[KEYS["kick"], 480] == 528  # no kick there: as all together
    assert found[KEYS["tom"], 1440] == 1488
    assert found[KEYS["kick"], 0] == 0


def test_a_chord_and_a_flam_move_as_one():
    strum = Track(Notes.of([480, 490, 500], [400] * 3, [60, 64, 67], [80] * 3), channel=0)
    late = laid(seed(kit(4, hat=[(0, 80), (1.1, 80), (2, 80), (3, 80)])), seed(strum), amount=1)
    assert np.diff(late.onset_ticks).tolist() == [10, 10]
    assert late.onset_ticks[1] == 528


def test_a_softer_part_stays_softer_and_grows_as_it_did():
    growing = part(np.arange(16), velocity=[40] * 4 + [60] * 4 + [80] * 4 + [100] * 4)
    accents = seed(kit(4, hat=[(0, 110), (1, 90), (2, 110), (3, 90)]))
    velocity = laid(accents, seed(growing), amount=1).velocity
    assert velocity.tolist() == [44, 36] * 2 + [66, 54] * 2 + [88, 72] * 2 + [110, 90] * 2


def test_seven_eighths():
    hat = [(eighth / 2 + 0.1 * (eighth == 4), 80) for eighth in range(7)]
    metre = [TimeSignature(0, 7, 8)]
    groove = seed(kit(4, quarters=3.5, hat=hat), metres=metre)
    late = laid(groove, seed(part(np.arange(14) / 2), metres=metre), amount=1)
    assert late.onset_ticks.tolist() == [240 * n + 48 * (n % 7 == 4) for n in range(14)]


def test_notes_in_bars_of_another_metre_stay():
    metres = [TimeSignature(0, 3, 4), TimeSignature(1440, 4, 4)]
    late = laid(seed(swung(4)), seed(part(np.arange(14) / 2), metres=metres), amount=1)
    assert late.onset_ticks.tolist() == [*range(0, 1440, 240), 1440, 1760, 1920, 2240, 2400, 2720, 2880, 3200]


def test_a_pick_up_is_the_end_of_a_bar():
    hat = [(0, 80), (1, 80), (2, 80), (3.1, 80)]
    metres = [TimeSignature(0, 4, 4), TimeSignature(480, 4, 4)]
    late = laid(seed(kit(4, hat=hat)), seed(part(np.arange(5)), metres=metres), amount=1)
    assert late.onset_ticks.tolist() == [48, 480, 960, 1440, 1968]


def test_a_cycle_of_two_bars_begins_with_the_first_whole_bar():
    onsets = [4 * bar + beat + (0.1 if bar % 2 and beat == 0 else 0) for bar in range(8) for beat in range(4)]
    groove = seed(part(onsets, pitch=42, channel=9))
    late = laid(groove, seed(part(np.arange(8))), amount=1).onset_ticks - 480 * np.arange(8)
    assert late.tolist() == [0, 0, 0, 0, 48, 0, 0, 0]


def test_tempo_does_not_matter():
    """The groove is a share of the quarter: ticks are the same whatever they last."""
    straight, swing = seed(part(EIGHTHS)), seed(swung(4))
    slow = Seed.from_bytes(straight.events.to_bytes().replace(b"\x07\xa1\x20", b"\x0f\x42\x40"), path="slow.mid")
    assert slow.barred.score.tempi == (Tempo(0, 1_000_000),)
    assert laid(swing, slow, amount=0.5).onset_ticks.tolist() == laid(swing, straight, amount=0.5).onset_ticks.tolist()


def test_none_begins_before_the_file():
    early = seed(kit(4, hat=[(0.9, 80), (1.9, 80), (2.9, 80), (3.9, 80)]))
    assert laid(early, seed(part([0, 1, 2])), amount=1).onset_ticks.tolist() == [0, 432, 912]
