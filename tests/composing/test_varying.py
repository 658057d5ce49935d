"""Varying: the dial, the band around what it asks for, and what must not move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from composers import band_seed, tiny_composer, variation

from symbolic_embed.composing.locks import Locks
from symbolic_embed.composing.scope import Scope
from symbolic_embed.composing.searching import TOLERANCE
from symbolic_embed.composing.varying import Theme
from symbolic_embed.outputs.expression import expressed
from symbolic_embed.outputs.new_notes import with_notes
from symbolic_embed.requests import VaryRequest
from symbolic_embed.score.editing.comparing import Asked, untouched_difference
from symbolic_embed.verbs.vary import vary


@pytest.fixture(scope="module")
def embedder():
    return tiny_composer().embedder


def test_strength_nought_changes_nothing(embedder):
    seed = band_seed()
    change = variation(embedder, seed.barred, strength=0.0, random_seed=1)
    after = with_notes(seed, removed=change.removed, added=expressed(change.added, seed.barred))
    assert after == seed.events


def test_only_the_chosen_track_and_bars_change(embedder):
    seed = band_seed()
    change = variation(
        embedder, seed.barred, strength=0.5, random_seed=4, scope=Scope(tracks=frozenset({1}), bars=frozenset({1, 2}))
    )
    assert len(change.removed) + len(change.added.onset_steps) > 0
    after = with_notes(seed, removed=change.removed, added=expressed(change.added, seed.barred))
    barlines, keys = seed.barred.metre.barline_ticks, seed.barred.score.tracks[1]
    asked = [Asked(keys.chunk, keys.channel, int(barlines[1]), int(barlines[3]))]
    assert untouched_difference(seed.events, after, parts_and_ranges=asked) == []


def test_what_is_measured_is_the_distance_of_the_written_cells(embedder):
    """Embedding the variation again, from its events, gives the distances that were reported."""
    from symbolic_embed.bars import cut

    seed = band_seed()
    change = variation(embedder, seed.barred, strength=0.4, random_seed=2, scope=Scope(tracks=frozenset({3})))
    after = cut(with_notes(seed, removed=change.removed, added=expressed(change.added, seed.barred)).score())
    old, new = embedder.embed_cells(seed.barred), embedder.embed_cells(after)
    for bar, measured in zip(change.bar, change.measured, strict=True):
        before = old.vectors[(old.track == 3) & (old.bar == bar)][0]
        now = new.vectors[(new.track == 3) & (new.bar == bar)][0]
        assert np.linalg.norm(now - before) == pytest.approx(measured, abs=1e-3)


def test_cells_inside_the_band_are_not_searched_further(embedder):
    change = variation(embedder, band_seed().barred, strength=0.5, random_seed=2, each_bar=True)
    inside = np.abs(change.measured - change.asked) <= TOLERANCE * change.asked
    assert inside.any()
    assert change.redrawn >= 5 * np.count_nonzero(~inside) or inside.all()


def test_a_note_written_again_where_it_was_stays_the_note_it_is(embedder):
    seed = band_seed()
    change = variation(embedder, seed.barred, strength=0.3, random_seed=6)
    notes = seed.barred.notes
    gone = {
        (int(notes.track[i]), int(notes.onset_steps[i]), int(notes.pitch[i]), int(notes.length_steps[i]))
        for i in change.removed
    }
    added = change.added
    come = set(
        zip(
            added.track.tolist(),
            added.onset_steps.tolist(),
            added.pitch.tolist(),
            added.length_steps.tolist(),
            strict=True,
        )
    )
    assert not gone & come


def test_new_notes_take_velocity_from_the_same_drum_of_the_seed(embedder):
    seed = band_seed()
    change = variation(embedder, seed.barred, strength=0.6, random_seed=3, scope=Scope(tracks=frozenset({3})))
    played = expressed(change.added, seed.barred)
    old = seed.barred.notes.where(seed.barred.notes.track == 3)
    for pitch, velocity in zip(played.pitch, played.velocity, strict=True):
        if pitch in old.pitch:
            assert velocity in old.velocity[old.pitch == pitch]


def test_several_variations_by_the_share_of_notes_differ(embedder):
    """A network with random weights writes nothing that is near, so nearly all notes are asked to change."""
    outputs = vary(band_seed(), embedder, VaryRequest(change=0.9, count=3, random_seed=1))
    assert len({output.events.to_bytes() for output in outputs}) == 3
    for output in outputs:
        assert output.record["measured_change"] > 0.5
        assert output.record["settings"]["change"] == 0.9


def test_roles_that_the_locks_leave_no_choice_are_named_and_all_others_vary(embedder):
    """Of the tune nothing may change, of the kit alone something is chosen."""
    theme = Theme.of(embedder, band_seed().barred, VaryRequest(change=1.0), scope=Scope(locks=Locks(melody=True)))
    assert set(theme.ground.cells.track.tolist()) == {1, 2, 3}
    assert theme.no_choice == ()
    assert not theme.is_still


def test_how_far_each_cell_shall_go_is_the_dials_and_of_strength_its_roles(embedder):
    tables = {"cell_distance_quantiles": {"drums": [0, 1], "bass": [0, 2], "melody": [0, 3], "chords": [0, 4]}}
    scaled = replace(embedder, card=tables)
    theme = Theme.of(scaled, band_seed().barred, VaryRequest(strength=0.5))
    assert sorted(set(zip(theme.ground.cells.track.tolist(), theme.ground.asked.tolist(), strict=True))) == [
        (0, 1.5),
        (1, 2.0),
        (2, 1.0),
        (3, 0.5),
    ]
    by_own_scale = Theme.of(scaled, band_seed().barred, VaryRequest(strength=0.5), own={"bass": [0, 8]})
    assert set(by_own_scale.ground.asked[by_own_scale.ground.cells.track == 2].tolist()) == {4.0}
    by_notes = Theme.of(scaled, band_seed().barred, VaryRequest(change=0.25))
    assert set(by_notes.ground.asked.tolist()) == {0.25}
    assert by_notes.ground.by_notes


@pytest.mark.parametrize("scope", [Scope(bars=frozenset()), Scope(tracks=frozenset({0}), locks=Locks(melody=True))])
def test_a_theme_of_nothing_stands_still(embedder, scope):
    theme = Theme.of(embedder, band_seed().barred, VaryRequest(change=1.0), scope=scope)
    assert theme.is_still
    (same,) = theme.variations([1])
    assert len(same.removed) == len(same.added) == len(same.measured) == 0
