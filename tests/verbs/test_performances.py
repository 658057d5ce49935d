"""A seed that was played without a click: it stays as it was played, and what is written goes by its beat."""

from __future__ import annotations

import numpy as np
import pytest
from composers import band_seed, deciding, tiny_composer
from performed_music import TICKS_A_SECOND, performed_seed, slowing

from symbolic_embed.errors import UsageError
from symbolic_embed.requests import AccompanyRequest, ComposeRequest, FillRequest, VaryRequest
from symbolic_embed.score.clock import seconds
from symbolic_embed.verbs.accompany import accompany
from symbolic_embed.verbs.compose import compose
from symbolic_embed.verbs.fill import fill
from symbolic_embed.verbs.vary import vary

BEATS = slowing(49)
STEP = 0.74 / 12  # seconds, in the tempo of the end
PLAYER = 0.04  # seconds beside its moment, the most that the player is


@pytest.fixture(scope="module")
def trained():
    return deciding(tiny_composer(), plays=True)


def onset_times(events):
    """When the notes of all parts begin, in seconds, rising."""
    score = events.score()
    ticks = np.concatenate([track.notes.onset_ticks for track in score.tracks])
    return np.sort(seconds(ticks, tempi=score.tempi, division=score.division))


def beside_steps(times, beats):
    """How far each moment lies beside the nearest twelfth of a beat, in seconds."""
    numbers = np.interp(times, beats, np.arange(len(beats)))
    return np.abs(np.interp(np.rint(numbers * 12) / 12, np.arange(len(beats)), beats) - times)


def test_new_bars_go_on_in_the_tempo_of_the_end_and_are_played_as_the_seed_is(trained):
    """Beats that follow are those of 80 a minute, where the file says 120; no two notes are as exactly on them as a
    machine's are; nor louder than the player ever was."""
    seed = performed_seed(BEATS)
    (output,) = compose(seed, trained, ComposeRequest(bars=2, takes=1))
    assert output.record["diff"]["outside"]["same"]
    count = seed.barred.score.note_count
    new = onset_times(output.events)[count:]
    assert len(new) > 4
    assert new[0] > BEATS[-1] - PLAYER
    after = BEATS[-1] + 60 / 80 * np.arange(9)
    assert new[-1] < after[-1] + 0.2
    steps = beside_steps(new, after)
    assert np.median(steps) < STEP / 2
    velocity = output.events.score().tracks[0].notes.velocity
    assert set(velocity[count:].tolist()) <= set(velocity[:count].tolist())


def test_a_record_says_what_was_found_and_says_nothing_of_the_kind_where_there_are_bars(trained):
    (output,) = compose(performed_seed(BEATS), trained, ComposeRequest(bars=1, takes=1))
    found = output.record["seed"]["performance"]
    assert found["metre"] == "4/4"
    assert found["beats"] == 48
    assert found["pick_up_beats"] == 0
    assert found["first_beat_seconds"] == pytest.approx(0.5, abs=0.03)
    assert found["beats_a_minute"] == pytest.approx(90, abs=2)
    assert found["going_on_at"] == pytest.approx(80, abs=3)
    assert found["confidence"] > 0.9
    (of_bars,) = compose(band_seed(), trained, ComposeRequest(bars=1, takes=1))
    assert "performance" not in of_bars.record["seed"]


def test_a_new_part_is_on_the_players_beats_and_the_players_notes_stay(trained):
    seed = performed_seed(BEATS)
    (output,) = accompany(seed, trained, AccompanyRequest(parts="bass", takes=1))
    assert output.record["diff"]["outside"]["same"]
    new = output.events.score().tracks[-1].notes.onset_ticks / TICKS_A_SECOND
    assert len(new) > 4
    assert np.median(beside_steps(new, BEATS)) < PLAYER / 2


@pytest.mark.parametrize("verb", [fill, vary])
def test_only_the_bars_that_were_asked_for_change(trained, verb):
    seed = performed_seed(BEATS)
    request = FillRequest(bars="3-4", takes=1) if verb is fill else VaryRequest(bars="3-4", change=0.5)
    (output,) = verb(seed, trained if verb is fill else trained.embedder, request)
    assert output.record["diff"]["outside"]["same"]
    old, new = onset_times(seed.events), onset_times(output.events)
    inside = (BEATS[8] - PLAYER, BEATS[16] - PLAYER)
    for edge, side in ((inside[0], np.less), (inside[1], np.greater)):
        assert new[side(new, edge)].tolist() == old[side(old, edge)].tolist()
    assert new.tolist() != old.tolist() or verb is vary


@pytest.mark.parametrize("alone", [False, True])
def test_bars_are_written_for_those_who_ask_and_every_sound_stays_when_it_was(trained, alone):
    seed, request = performed_seed(BEATS), ComposeRequest(bars=2, takes=1, alone=alone)
    (plain,) = compose(seed, trained, request)
    (barred,) = compose(seed, trained, request.model_copy(update={"barlines": True}))
    assert np.abs(onset_times(plain.events) - onset_times(barred.events)).max() < 0.001
    assert barred.record["settings"] == {**plain.record["settings"], "barlines": True}
    score = barred.events.score()
    assert {str(signature) for signature in score.time_signatures[-1:]} == {"4/4"}
    bars = np.arange(score.time_signatures[-1].tick, score.end_tick, 4 * score.division)
    when = seconds(bars, tempi=score.tempi, division=score.division)
    true = 60 / 80 * 4 * np.arange(3) if alone else [*BEATS[:-1:4], *(BEATS[-1] + 3 * np.arange(3))]
    assert np.abs(when[:, None] - true).min(axis=1).max() < 0.15


def test_a_seed_with_bars_of_its_own_keeps_them_and_is_told_so(trained):
    (plain,) = compose(band_seed(), trained, ComposeRequest(bars=1, takes=1))
    (asked,) = compose(band_seed(), trained, ComposeRequest(bars=1, takes=1, barlines=True))
    assert asked.events == plain.events
    assert asked.record["warnings"] == ["`barlines`: the seed has bars of its own; they stay"]


@pytest.mark.parametrize(
    ("said", "metre", "beats"),
    [({"played_metre": "3/4"}, "3/4", 48), ({"played_tempo": 45}, "4/4", 24), ({"played_tempo": 180}, "4/4", 96)],
)
def test_who_played_may_say_how_fast_and_in_which_metre(trained, said, metre, beats):
    """Half as fast as is heard, twice as fast, in three: the new bars are in that metre and tempo."""
    (output,) = compose(performed_seed(BEATS), trained, ComposeRequest(bars=1, takes=1, **said))
    found = output.record["seed"]["performance"]
    assert found["said"] == {"tempo": said.get("played_tempo"), "metre": said.get("played_metre")}
    assert (found["metre"], found["beats"]) == (metre, pytest.approx(beats, abs=2))
    assert output.record["diff"]["outside"]["same"]


def test_a_seed_with_bars_of_its_own_is_not_told_otherwise(trained):
    with pytest.raises(UsageError, match=r"`played_metre`: band\.mid has bars of its own; leave it out"):
        compose(band_seed(), trained, ComposeRequest(played_metre="3/4"))
