"""What is humanised, how, and what is left."""

from __future__ import annotations

import numpy as np
import pytest
from played_music import kit, part, seed, swung

from symbolic_embed.playing.humanising import LOUDNESS, TIME, Human, Humaniser, played_already
from symbolic_embed.playing.places import BarPlaces

ROCK = {
    "hat": [(place / 2, 90) for place in range(8)],
    "kick": [(0, 90), (2, 90), (2.5, 90)],
    "snare": [(1, 90), (3, 90)],
}


def human(song, **asked):
    return Humaniser(song.barred.score, BarPlaces.of(song.barred), Human(**{"amount": 1.0, **asked}))


def test_a_flat_part_gets_time_and_loudness_and_keeps_their_means():
    way = human(seed(kit(8, **ROCK))).way(0)
    assert 0.02 < way.later.std() < 0.08
    assert 10 < way.louder.std() < 45
    assert way.later.mean() == pytest.approx(0, abs=1e-9)
    assert (90 + way.louder).mean() <= 90


def test_the_amount_is_how_far():
    song = seed(kit(8, **ROCK))
    half, whole = human(song, amount=0.25).way(0), human(song, amount=0.5).way(0)
    assert 2 * half.later == pytest.approx(whole.later)
    assert human(song, amount=0).way(0).later.tolist() == [0] * 104


def test_the_same_seed_is_the_same_and_another_another():
    song = seed(kit(4, **ROCK))
    assert human(song, random_seed=1).way(0).later.tolist() == human(song, random_seed=1).way(0).later.tolist()
    assert human(song, random_seed=1).way(0).later.tolist() != human(song, random_seed=2).way(0).later.tolist()


def test_backbeats_are_louder_than_what_lies_between():
    rows = [(place / 4, 80) for place in range(16)]
    louder = np.mean(
        [human(seed(kit(4, snare=rows)), random_seed=number).way(0).louder for number in range(30)], axis=0
    ).reshape(4, 16)
    assert louder[:, [4, 12]].mean() > louder[:, [3, 7, 11, 15]].mean() + 20


def test_others_play_more_gently_and_in_time_with_the_drums():
    song = seed(kit(8, **ROCK), part(np.arange(64) / 2, pitch=50))
    both = []
    for number in range(20):
        humaniser = human(song, random_seed=number)
        drums, bass = humaniser.way(0), humaniser.way(1)
        hats = drums.later[song.barred.score.tracks[0].notes.pitch == 42]
        both.append((hats.std(), bass.later.std(), np.corrcoef(hats, bass.later)[0, 1]))
    hat, bass, together = np.mean(both, axis=0)
    assert bass < 0.7 * hat
    assert together > 0.15


def test_which_tracks_are_chosen_does_not_change_how_they_are_played():
    song = seed(kit(4, **ROCK), part(np.arange(32) / 2, pitch=50))
    one, other = human(song), human(song)
    other.way(1)
    assert one.way(0).later.tolist() == other.way(0).later.tolist()


def test_a_swing_and_two_levels_are_written_and_what_varies_is_played():
    places = BarPlaces.of(seed(swung(8)).barred)
    assert played_already(seed(swung(8)).barred.score.tracks[0], places) == ()
    random = np.random.default_rng(0)
    loose = seed(part(np.arange(64) / 2 + abs(random.normal(0, 0.03, 64))))
    assert played_already(loose.barred.score.tracks[0], BarPlaces.of(loose.barred)) == (TIME,)
    loud = seed(part(np.arange(64) / 2, velocity=random.integers(60, 110, 64).tolist()))
    assert played_already(loud.barred.score.tracks[0], BarPlaces.of(loud.barred)) == (LOUDNESS,)


def test_what_is_played_stays_until_it_is_asked_for():
    random = np.random.default_rng(0)
    song = seed(part(np.arange(64) / 2, velocity=random.integers(60, 110, 64).tolist()))
    left = human(song).way(0)
    assert np.isnan(left.louder).all()
    assert not np.isnan(left.later).any()
    assert not np.isnan(human(song, replace_played=True).way(0).louder).any()


def test_written_accents_stay_accents():
    song = seed(kit(16, hat=[(place / 2, 100 if place % 2 == 0 else 60) for place in range(8)]))
    loud = 80 + np.mean([human(song, random_seed=number, amount=0.5).way(0).louder for number in range(20)], axis=0)
    assert np.ptp(loud.reshape(16, 8).mean(axis=0)) < 15  # what is added has no accents of its own


def test_pieces_of_different_loudness_stay_so():
    song = seed(kit(8, kick=[(0, 110), (2, 110)], hat=[(place / 2, 60) for place in range(8)]))
    louder, pitch = human(song, amount=0.3).way(0).louder, song.barred.score.tracks[0].notes.pitch
    assert louder[pitch == 36].mean() == pytest.approx(louder[pitch == 42].mean(), abs=1e-6)


def test_accents_have_room():
    song = seed(kit(8, hat=[(place / 2, 127) for place in range(8)]))
    loud = 127 + human(song).way(0).louder
    assert np.percentile(loud, 95) <= 127.01
    assert loud.std() > 8


def test_none_goes_further_than_is_allowed():
    assert np.abs(human(seed(kit(8, **ROCK)), within=0.02).way(0).later).max() < 0.02


def test_notes_that_are_not_chosen_stay():
    song = seed(kit(2, hat=[(place / 2, 80) for place in range(8)]))
    chosen = np.arange(16) >= 8
    way = human(song).way(0, chosen=chosen)
    assert np.isnan(way.later).tolist() == (~chosen).tolist()
    assert np.isnan(way.louder).tolist() == (~chosen).tolist()
