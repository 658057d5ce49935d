"""Tracks and bars of a request, found in a seed."""

from __future__ import annotations

import composers
import pytest
from composers import band_seed

from symbolic_embed.composing.locks import Locks
from symbolic_embed.composing.scope import EVERYTHING, Scope
from symbolic_embed.errors import UsageError
from symbolic_embed.requests import BlendRequest, VaryRequest
from symbolic_embed.verbs.scope import recorded, scope_of

TUNE, KEYS, BASS, KIT = range(4)


def test_nothing_chosen_is_everything():
    assert scope_of(band_seed(), VaryRequest()) == EVERYTHING
    assert recorded(EVERYTHING) == {"keep": [], "tracks": None, "bars": None}


def test_tracks_are_numbers_or_names_in_any_case_and_bars_count_from_one_in_text():
    scope = scope_of(band_seed(), BlendRequest(tracks="Bass,0", bars="2-3", keep="rhythm,melody"))
    assert scope == Scope(frozenset({TUNE, BASS}), frozenset({1, 2}), Locks(melody=True, rhythm=True))
    assert recorded(scope) == {"keep": ["melody", "rhythm"], "tracks": [0, 2], "bars": [2, 3]}


def test_one_name_may_be_that_of_several_tracks_and_a_number_that_no_track_has_may_be_a_name():
    seed = composers.renamed(band_seed(), ["Piano", "808", "piano", "kit"])
    assert scope_of(seed, VaryRequest(tracks=["PIANO"])).tracks == {0, 2}
    assert scope_of(seed, VaryRequest(tracks=["808"])).tracks == {1}


@pytest.mark.parametrize("wanted", ["horns", 4])
def test_a_track_that_is_not_there_is_answered_with_those_that_are(wanted):
    with pytest.raises(UsageError) as refusal:
        scope_of(band_seed(), VaryRequest(tracks=[0, wanted]))
    assert str(refusal.value) == (f"`tracks`: there is no track '{wanted}'; there are: 0 tune, 1 keys, 2 bass, 3 kit")
    assert refusal.value.field == "tracks"


def test_a_bar_after_the_last_is_answered_with_the_last():
    assert scope_of(band_seed(), VaryRequest(bars="4")).bars == {3}
    with pytest.raises(UsageError, match=r"^`bars`: there is no bar 5; the seed has bars 1-4$") as refusal:
        scope_of(band_seed(), VaryRequest(bars="3-9"))
    assert refusal.value.field == "bars"
