"""Rests that a variation was asked for are filled, where it asks for them and nothing else is there."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from composers import band_seed, deciding, quiet_composer, tiny_composer

from symbolic_embed.api.session import Session
from symbolic_embed.errors import MissingComposerError, NothingNewError, UsageError
from symbolic_embed.outputs.reread import cut_again, parts_of_seed
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import VaryRequest
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.verbs.vary import vary

TUNE, KEYS, BASS, KIT = range(4)
RESTING = (1, 2)  # bars, from 0


@pytest.fixture(scope="module")
def trained():
    return deciding(tiny_composer(), returns=False, plays=True)


def models(trained):
    return SimpleNamespace(embedder=trained.embedder, composer=trained)


def seed_with_rests(*parts: int) -> Seed:
    """The band, four bars long, some of whose parts rest in bars 2 and 3."""
    whole = band_seed()
    tracks = list(whole.barred.score.tracks)
    for part in parts:
        notes = tracks[part].notes
        bar = notes.onset_ticks // (4 * 480)
        tracks[part] = replace(tracks[part], notes=notes.where(~np.isin(bar, RESTING)))
    score = replace(whole.barred.score, tracks=tuple(tracks))
    return Seed.from_bytes(score_to_events(score).to_bytes(), path="band.mid")


def playing(seed: Seed, output) -> dict[int, set[int]]:
    """In which bars each part of the seed begins notes in an output."""
    again = cut_again(output.events, seed)
    part = parts_of_seed(again, seed.barred)[again.notes.track]
    return {one: set(again.note_bar[part == one].tolist()) for one in range(len(seed.barred.roles))}


@pytest.mark.parametrize(
    ("rest", "asked", "filled"),
    [
        ([TUNE, KEYS, BASS, KIT], {}, [TUNE, KEYS, BASS, KIT]),
        ([TUNE, KEYS, BASS, KIT], {"tracks": "bass,kit"}, [BASS, KIT]),
        ([BASS], {"tracks": "bass"}, [BASS]),
        ([BASS], {"tracks": "bass,kit"}, [BASS]),
        ([BASS], {}, []),  # a part that rests where the others play
        ([BASS], {"except_tracks": "kit"}, []),
        ([BASS], {"change": "bass=.5,.3"}, [BASS]),
        ([BASS, KIT], {"change": "bass=.5"}, [BASS]),
    ],
)
def test_parts_that_are_named_or_all_that_are_chosen_fill_their_rests(trained, rest, asked, filled):
    seed = seed_with_rests(*rest)
    (output,) = vary(seed, models(trained), VaryRequest(bars="2-3", **asked))
    bars = playing(seed, output)
    assert {part for part in rest if bars[part] & set(RESTING)} == set(filled)
    assert [track for one in output.record.get("filled", []) for track in one["tracks"]] == filled
    assert output.record["diff"]["outside"]["same"]


def test_bars_of_one_track_are_filled_in_it_alone(trained):
    seed = seed_with_rests(BASS, KIT)
    (output,) = vary(seed, models(trained), VaryRequest(bars="kit=2-3"))
    (filled,) = output.record["filled"]
    assert (filled["tracks"], filled["stretches"][0]["bars"]) == ([KIT], [2, 3])
    assert output.name == "band__fill01__s0"
    assert output.record["command"] == "vary"
    assert not playing(seed, output)[BASS] & set(RESTING)


def test_what_plays_is_varied_and_keeps_its_name(trained):
    seed = seed_with_rests(BASS)
    request = VaryRequest(bars="2-3", tracks="tune,bass", change=0.9, count=2)
    first, second = vary(seed, models(trained), request)
    assert {cell["track"] for cell in first.record["cells"]} == {TUNE}
    assert first.name.startswith("band__var01__change")
    assert first.events != second.events
    assert vary(seed, models(trained), request)[1].events == second.events
    assert vary(seed, models(trained), request.model_copy(update={"count": 1}))[0].events == first.events


@pytest.mark.parametrize("asked", [{}, {"bars": "1-3"}])
def test_where_the_part_plays_elsewhere_in_what_was_asked_its_rest_is_one(trained, asked):
    seed = seed_with_rests(BASS)
    (output,) = vary(seed, models(trained), VaryRequest(tracks="bass", change=0.9, **asked))
    assert not playing(seed, output)[BASS] & set(RESTING)
    assert "filled" not in output.record


def test_what_is_kept_of_a_rest_is_the_rest(trained):
    with pytest.raises(UsageError, match="only rests, or all of it is kept"):
        vary(seed_with_rests(BASS), models(trained), VaryRequest(tracks="bass", bars="2-3", keep="chords"))


def test_an_embedder_alone_says_which_verb_fills(trained):
    request = VaryRequest(tracks="bass", bars="2-3")
    with pytest.raises(UsageError, match="`fill` rests"):
        vary(seed_with_rests(BASS), trained.embedder, request)
    with pytest.raises(MissingComposerError):
        vary(seed_with_rests(BASS), Session.of(trained.embedder), request)


def test_where_all_that_is_drawn_rests_it_is_said():
    with pytest.raises(NothingNewError, match="random_seed"):
        vary(seed_with_rests(TUNE), models(quiet_composer()), VaryRequest(tracks="tune", bars="2-3"))


def test_what_fills_a_rest_is_played_as_people_play_if_that_is_asked_for(trained):
    seed = seed_with_rests(KIT)
    (output,) = vary(seed, models(trained), VaryRequest(tracks="kit", bars="2-3", humanise=1.0))
    assert output.record["humanised"]["notes"] > 0
