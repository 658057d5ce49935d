"""Tracks and bars of a request, found in a seed."""

from __future__ import annotations

import composers
import numpy as np
import pytest
from composers import band_seed

from symbolic_embed.composing.locks import Locks
from symbolic_embed.composing.scope import EVERYTHING, Scope
from symbolic_embed.errors import UsageError
from symbolic_embed.outputs.proof import asked_cells
from symbolic_embed.outputs.seam import first_tick
from symbolic_embed.requests import BlendRequest, VaryRequest
from symbolic_embed.verbs.scope import asked_in, recorded, scope_of

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


def test_all_but_some():
    assert scope_of(band_seed(), VaryRequest(except_tracks="bass,0")).tracks == {KEYS, KIT}
    assert scope_of(band_seed(), VaryRequest(tracks="0,1,2", except_tracks=[BASS])).tracks == {TUNE, KEYS}
    with pytest.raises(UsageError, match=r"^`except_tracks` leaves no track that may change; choose more$"):
        scope_of(band_seed(), VaryRequest(tracks=[0], except_tracks="tune"))


def test_parts_are_named_by_what_they_do_where_none_is_called_so():
    """The kit's role is drums; a part called Drums would come first."""
    assert scope_of(band_seed(), VaryRequest(tracks="drums")).tracks == {KIT}
    assert scope_of(band_seed(), VaryRequest(tracks="piano,Melody")).tracks == {TUNE, KEYS}
    called = composers.renamed(band_seed(), ["Drums", "keys", "low", "kit"])
    assert scope_of(called, VaryRequest(tracks="drums")).tracks == {TUNE}
    assert scope_of(called, VaryRequest(tracks="bass")).tracks == {BASS}


def test_parts_that_are_kept_stay_whole_beside_what_is_locked():
    scope = scope_of(band_seed(), VaryRequest(keep="drums,rhythm,1"))
    assert scope == Scope(frozenset({TUNE, BASS}), None, Locks(rhythm=True))
    assert scope_of(band_seed(), VaryRequest(keep="chords")) == Scope(locks=Locks(chords=True))
    with pytest.raises(UsageError, match=r"^`keep` leaves no track that may change; choose more$"):
        scope_of(band_seed(), VaryRequest(tracks="kit", keep="drums"))


def test_what_is_misspelt_in_keep_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match=r"there is no track 'melodie'.*; did you mean melody\?$") as refusal:
        scope_of(band_seed(), VaryRequest(keep="melodie"))
    assert refusal.value.field == "keep"
    with pytest.raises(UsageError, match=r"melody, chords, rhythm keep what they say$"):
        scope_of(band_seed(), VaryRequest(keep="xylophone"))


def test_parts_with_bars_of_their_own():
    """Alone, they are all that changes; with bars for the rest, they are apart from it."""
    seed = band_seed()
    alone = scope_of(seed, VaryRequest(bars="kit=2-3"))
    assert (alone.tracks, alone.bars, alone.own_bars) == ({KIT}, None, ((KIT, frozenset({1, 2})),))
    beside = scope_of(seed, VaryRequest(bars="1,kit=2-3"))
    every = np.array([(part, bar) for part in range(4) for bar in range(4)])
    admitted = {tuple(cell) for cell in every[beside.admits(*every.T)].tolist()}
    assert admitted == {(TUNE, 0), (KEYS, 0), (BASS, 0), (KIT, 1), (KIT, 2)}
    assert recorded(beside) == {"keep": [], "tracks": None, "bars": [1], "own_bars": {"3": [2, 3]}}
    with pytest.raises(UsageError, match=r"^`bars`: there is no bar 5; the seed has bars 1-4$"):
        scope_of(seed, VaryRequest(bars="kit=5"))


def test_the_proof_admits_what_the_scope_does():
    seed = band_seed()
    regions = asked_in(seed, scope_of(seed, VaryRequest(bars="1,kit=2-3")))
    bar = [first_tick(seed.barred, number) for number in range(4)]
    assert [(asked.start_tick, asked.end_tick) for asked in regions] == [(bar[0], bar[1])] * 3 + [(bar[1], bar[3])]
    assert asked_in(seed, EVERYTHING) == asked_cells(seed)
