"""Varying a loop: what is the same stays the same, doublings stay doublings, drums are drums; and each bar for itself.

The networks have random weights, and would write anything: what holds here holds by construction.
"""

from __future__ import annotations

import pytest
from composers import band_seed, tiny_composer
from hypothesis import given, settings
from hypothesis import strategies as st
from repeating_seeds import BASS, HIGH, KIT, LOW, RIFF, kit_seed, loop_seed

from symbolic_embed.composing import searching
from symbolic_embed.errors import UsageError
from symbolic_embed.outputs.reread import cut_again
from symbolic_embed.requests import VaryRequest
from symbolic_embed.verbs.vary import vary


@pytest.fixture(scope="module", autouse=True)
def _few_directions():
    """Random weights find little, whichever way they look."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "DIRECTIONS", 2)
        yield


EMBEDDER = tiny_composer().embedder
LEAST_BEYOND = 2


def varied(seed, **asked):
    """The cells of a variation, and its record: what each part begins in each bar, as (onset, pitch)."""
    (output,) = vary(seed, EMBEDDER, VaryRequest(**asked))
    return cells_of(cut_again(output.events, seed)), output


def cells_of(barred):
    notes, bar = barred.notes, barred.note_bar
    step = notes.onset_steps - barred.grid.bar_steps[bar]
    rows = zip(notes.track.tolist(), bar.tolist(), step.tolist(), notes.pitch.tolist(), strict=True)
    cells = [[set() for _ in range(barred.bars)] for _ in barred.roles]
    for track, bar, onset, pitch in rows:
        cells[track][bar].add((onset, pitch))
    return cells


def moved(cell, semitones):
    return {(onset, pitch + semitones) for onset, pitch in cell}


@settings(deadline=None, max_examples=4)
@given(change=st.floats(0.1, 1), random_seed=st.integers(0, 99))
def test_a_loop_stays_a_loop_and_a_doubling_a_doubling(change, random_seed):
    cells, output = varied(loop_seed(), change=change, random_seed=random_seed)
    for part in (RIFF, HIGH, LOW, BASS):
        assert all(cell == cells[part][0] for cell in cells[part])
    assert cells[HIGH][0] == moved(cells[RIFF][0], 12)
    assert cells[LOW][0] == moved(cells[RIFF][0], -12)
    assert all(cell == cells[KIT][1] for cell in cells[KIT][1:])
    assert cells[KIT][0] == cells[KIT][1] | {(0, 49)}  # the crash at the beginning, and nowhere else
    assert output.record["patterns"] == {"varied": 3, "cells": 20, "taken_apart": 0}


def test_the_dial_that_both_go_by_is_what_doubles():
    cells, _ = varied(loop_seed(), change={RIFF: 1.0, HIGH: 0.4, LOW: 0.4, None: 0.0})
    assert cells[LOW][0] == moved(cells[HIGH][0], -24)
    assert cells[RIFF][0] != moved(cells[HIGH][0], -12)
    assert [cells[part] for part in (BASS, KIT)] == [cells_of(loop_seed().barred)[part] for part in (BASS, KIT)]


@pytest.mark.parametrize("dial", ["change", "strength"])
def test_what_was_not_chosen_stays_and_what_was_is_varied_together(dial):
    before = cells_of(loop_seed().barred)
    cells, _ = varied(loop_seed(), **{dial: 0.9}, bars="2-4", tracks="riff,low")
    assert cells[RIFF][0] == before[RIFF][0] != cells[RIFF][1] == cells[RIFF][2] == cells[RIFF][3]
    assert cells[HIGH] == before[HIGH]
    assert cells[LOW][1] == moved(cells[RIFF][1], -12)


@pytest.mark.parametrize("change", [0.1, 0.3, 0.49])
def test_below_half_of_the_dial_bass_drum_and_snare_hold(change):
    before = cells_of(loop_seed().barred)
    cells, output = varied(loop_seed(), change=change, tracks="kit", random_seed=4)
    for old, new in zip(before[KIT], cells[KIT], strict=True):
        assert {stroke for stroke in old if stroke[1] != 42} == {stroke for stroke in new if stroke[1] != 42}
    (part,) = output.record["parts"]
    assert part["asked"] == change
    if change == 0.49:  # a tenth is less than a stroke: more is drawn at last
        assert 0 < part["aimed_at"] < change


def test_from_half_on_only_the_first_beat_and_the_crash_do():
    before = cells_of(loop_seed().barred)
    cells, output = varied(loop_seed(), change=0.9, tracks="kit")
    assert (0, 49) in cells[KIT][0]
    assert all((0, 36) in cell for cell in cells[KIT])
    held = [{stroke for stroke in cell if stroke[1] in (36, 38)} for cell in (before[KIT][1], cells[KIT][1])]
    assert held[0] != held[1]
    assert output.record["parts"][0]["aimed_at"] <= 0.9


def test_a_track_of_bass_drums_alone_stays_beside_others_and_varies_where_it_is_chosen():
    seed = kit_seed()
    before = cells_of(seed.barred)
    cells, output = varied(seed, change=0.3)
    assert (cells[0], cells[1]) == (before[0], before[1])
    assert cells[2] != before[2]
    assert output.record["no_choice"] == ["track 0 bass drum", "track 1 snare"]
    cells, _ = varied(seed, change=0.3, tracks=[1])
    assert cells[1] != before[1]


def test_drums_of_a_kept_rhythm_stay_and_it_is_said():
    before = cells_of(loop_seed().barred)
    cells, output = varied(loop_seed(), change=0.9, keep="rhythm")
    assert cells[KIT] == before[KIT]
    assert output.record["no_choice"] == ["track 4 kit"]
    assert [{onset for onset, _ in cell} for cell in cells[RIFF]] == [{onset for onset, _ in c} for c in before[RIFF]]
    with pytest.raises(UsageError, match="nothing of what was chosen may change"):
        vary(loop_seed(), EMBEDDER, VaryRequest(tracks="kit", change=0.9, keep="rhythm"))


@settings(deadline=None, max_examples=4)
@given(change=st.floats(0.2, 1), random_seed=st.integers(0, 99))
def test_parts_stay_in_their_range(change, random_seed):
    seed = band_seed()
    (output,) = vary(seed, EMBEDDER, VaryRequest(change=change, random_seed=random_seed))
    after = cut_again(output.events, seed)
    for part, role in enumerate(seed.barred.roles):
        if role == "drums":
            continue
        old, new = (piece.score.tracks[part].notes.pitch.astype(int) for piece in (seed.barred, after))
        assert old.min() - LEAST_BEYOND <= new.min()
        assert new.max() <= old.max() + LEAST_BEYOND


def test_each_bar_for_itself_is_as_free_as_it_was():
    """The loop's bars become others, each its own; a far range, bass drums and crashes are as free as any."""
    cells, output = varied(loop_seed(), change=0.9, each_bar=True)
    assert len({frozenset(cell) for cell in cells[RIFF]}) == 4
    assert cells[HIGH][0] != moved(cells[RIFF][0], 12)
    assert "patterns" not in output.record
    assert all(one["aimed_at"] == one["asked"] for one in output.record["parts"])
    pitches = [pitch for cell in cells[BASS] for _, pitch in cell]
    assert max(pitches) > 43 + LEAST_BEYOND or min(pitches) < 36 - LEAST_BEYOND


def test_parts_with_amounts_of_their_own_are_asked_for_them_and_unknown_ones_are_named():
    _, output = varied(band_seed(), change="bass=1,tune=.6,0.8")
    asked = {part["track"]: part["asked"] for part in output.record["parts"]}
    assert asked == {0: 0.6, 1: 0.8, 2: 1.0, 3: 0.8}
    assert {(cell["track"], cell["asked"]) for cell in output.record["cells"]} == set(asked.items())
    assert output.record["settings"]["part_change"] == [["bass", 1.0], ["tune", 0.6]]
    with pytest.raises(UsageError, match=r"^`change`: there is no track 'lute'"):
        vary(band_seed(), EMBEDDER, VaryRequest(change="lute=.3"))
