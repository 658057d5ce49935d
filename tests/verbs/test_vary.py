"""Varying from a request: many at once are those that are made one at a time, no two are the same, records say how."""

from __future__ import annotations

import numpy as np
import pytest
from composers import band_seed, tiny_composer, variation
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.composing import searching
from symbolic_embed.composing.scope import EVERYTHING, Scope
from symbolic_embed.composing.varying import Theme
from symbolic_embed.errors import NothingNewError, UsageError
from symbolic_embed.outputs.new_notes import with_notes
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.requests import VaryRequest
from symbolic_embed.score import Notes, Score, Track, parse
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.verbs.vary import _different, variation_settings, vary

DIALS = ({"change": 0.9}, {"strength": 0.5}, {"change": 0.6, "scope": Scope(bars=frozenset({1}))})


@pytest.fixture(scope="module")
def embedder():
    return tiny_composer().embedder


def theme(embedder, barred, *, scope=EVERYTHING, **dial):
    return Theme.of(embedder, barred, VaryRequest(**dial), scope=scope)


@pytest.mark.parametrize("dial", DIALS)
def test_variations_do_not_depend_on_each_other(embedder, dial):
    barred, random_seeds = band_seed().barred, [3, 1, 4]
    together = theme(embedder, barred, **dial).variations(random_seeds)
    for random_seed, one in zip(random_seeds, together, strict=True):
        alone = variation(embedder, barred, random_seed=random_seed, **dial)
        assert len(alone.added.onset_steps)
        for name in ("track", "onset_steps", "length_steps", "pitch"):
            np.testing.assert_array_equal(getattr(one.added, name), getattr(alone.added, name))
        for name in ("removed", "measured", "distances", "strengths"):
            np.testing.assert_array_equal(getattr(one, name), getattr(alone, name))
        assert one.redrawn == alone.redrawn


@pytest.mark.parametrize("dial", DIALS)
def test_the_length_of_a_stretch_makes_no_difference(embedder, dial, monkeypatch):
    band = theme(embedder, band_seed().barred, **dial)
    whole = band.variations([5, 6])
    monkeypatch.setattr(searching, "AT_ONCE", 3)
    for one, other in zip(whole, band.variations([5, 6]), strict=True):
        np.testing.assert_array_equal(one.measured, other.measured)
        np.testing.assert_array_equal(one.added.pitch, other.added.pitch)


def test_the_first_of_many_are_those_of_few(embedder):
    few, many = (vary(band_seed(), embedder, VaryRequest(change=0.9, count=count, random_seed=2)) for count in (2, 5))
    assert [one.events for one in many[:2]] == [one.events for one in few]
    assert [one.record for one in many[:2]] == [one.record for one in few]


def test_progress_is_told_how_many_steps_there_are_and_takes_them(embedder):
    taken = []

    def progress(steps):
        for step in steps:
            yield step
            taken.append((step, len(steps)))

    vary(band_seed(), embedder, VaryRequest(change=0.9), progress=progress)
    assert [step for step, _ in taken] == list(range(taken[0][1]))


def test_a_record_says_what_was_asked_for_and_what_was_measured(embedder):
    request = VaryRequest(strength=0.5, count=2, random_seed=3, tracks="bass", bars="2-3", keep="rhythm,chords")
    _, second = vary(band_seed(), embedder, request)
    assert second.record["settings"] == {
        "strength": 0.5,
        "change": None,
        "random_seed": 3,
        "each_bar": False,
        "keep": ["chords", "rhythm"],
        "tracks": [2],
        "bars": [2, 3],
        "own_scale": [],
        "own_cells": False,
        "variation": 2,
    }
    assert second.record["settings"] | variation_settings(band_seed(), request) == second.record["settings"]
    assert [(cell["track"], cell["bar"]) for cell in second.record["cells"]] == [(2, 2), (2, 3)]
    measured = np.mean([cell["measured"] for cell in second.record["cells"]])
    assert second.record["measured_distance"] == pytest.approx(measured, abs=1e-3)
    assert second.name == f"band__var02__strength{second.record['measured_strength']:.2f}__s3"
    assert "measured_change" not in second.record
    assert second.record["diff"]["asked"] == ["track 2 bass, bars 2-3"]


def test_without_a_dial_three_notes_in_ten_are_to_change(embedder):
    (output,) = vary(band_seed(), embedder, VaryRequest(tracks=[0], bars=[0]))
    assert (output.record["settings"]["strength"], output.record["settings"]["change"]) == (None, 0.3)
    assert [cell["asked"] for cell in output.record["cells"]] == [0.3]
    assert output.name == f"band__var01__change{output.record['measured_change']:.2f}__s0"


def test_where_nothing_may_change_it_is_said_unless_nothing_is_asked_for(embedder):
    with pytest.raises(UsageError, match="nothing of what was chosen may change"):
        vary(band_seed(), embedder, VaryRequest(change=0.5, tracks=[0], keep=["melody"]))
    (same,) = vary(band_seed(), embedder, VaryRequest(strength=0.0, tracks=[0], keep=["melody"]))
    assert same.events == band_seed().events


def test_cells_of_a_source_need_a_strength(embedder):
    with pytest.raises(UsageError, match="`source` takes cells at a distance") as refusal:
        vary(band_seed(), embedder, VaryRequest(change=0.5), source=object())
    assert refusal.value.field == "strength"


def one_after_the_other(table: dict[tuple[int, int], int], *, count: int, tries: int) -> list[int]:
    """What `_different` finds, slowly: each number's draws one by one, until one is new; 0 is the seed."""
    kept = [0]
    for number in range(1, count + 1):
        for attempt in range(tries):
            letter = table[number, attempt]
            if letter not in kept:
                break
        kept.append(letter)
    return kept[1:]


@given(letters=st.lists(st.integers(0, 4), min_size=18, max_size=18))
def test_what_came_before_is_drawn_again_as_if_one_after_the_other(letters):
    places = [(number, attempt) for number in range(1, 7) for attempt in range(3)]
    table, drawn = dict(zip(places, letters, strict=True)), []

    def draw(wanted):
        drawn.extend(wanted)
        return [Output("", table[one], {}) for one in wanted]

    found = [output.events for output in _different(draw, 0, count=6, tries=3)]
    assert found == one_after_the_other(table, count=6, tries=3)
    assert len(drawn) == len(set(drawn))


def kit(*, length):
    """A kit spread over tracks of one drum each, whose hits last `length` ticks."""
    tracks = [
        Track(
            Notes.of(*zip(*((t, length, key, 90) for t in range(start, 7680, apart)), strict=True)), str(key), channel=9
        )
        for key, start, apart in ((36, 0, 960), (38, 480, 960), (42, 0, 240))
    ]
    return Seed.from_bytes(score_to_events(Score(480, tuple(tracks))).to_bytes(), path="kit.mid")


@pytest.mark.parametrize("length", [30, 1200])
@pytest.mark.parametrize("lost", [False, True])
def test_a_record_measures_the_file(embedder, length, lost, monkeypatch):
    """Also where every second note that was meant is lost on the way."""
    if lost:
        monkeypatch.setattr(
            "symbolic_embed.verbs.vary.with_notes",
            lambda seed, *, removed, added: with_notes(
                seed, removed=removed, added=added.where(np.arange(0, len(added), 2))
            ),
        )
    seed = kit(length=length)
    (output,) = vary(seed, embedder, VaryRequest(change=0.6, random_seed=2))
    score = parse(output.events.to_bytes()).score()
    shares = []
    for before, after in zip(seed.barred.score.tracks, score.tracks, strict=True):
        assert set(after.notes.pitch.tolist()) == set(before.notes.pitch.tolist())
        old, new = (set(np.round(track.notes.onset_ticks / 40).astype(int).tolist()) for track in (before, after))
        for bar in range(4):
            both = [{onset for onset in hits if onset // 48 == bar} for hits in (old, new)]
            shares.append(1 - 2 * len(both[0] & both[1]) / (len(both[0]) + len(both[1])))
    assert output.record["measured_change"] == pytest.approx(np.mean(shares), abs=1e-3)
    assert output.name.split("__")[2] == f"change{np.mean(shares):.2f}"


def test_a_share_that_is_less_than_a_note_is_a_note_at_last(embedder):
    """Of one note a bar .3 is none."""
    seed = kit(length=100)
    (output,) = vary(seed, embedder, VaryRequest(change=0.1, tracks=[0], bars="1"))
    assert output.events != seed.events
    assert [cell["asked"] for cell in output.record["cells"]] == [0.1]
    assert output.record["cells"][0]["measured"] >= 0.1


def test_what_finds_no_room_is_not_called_changed(embedder, monkeypatch):
    """All that is new is lost on the way into the file."""
    monkeypatch.setattr("symbolic_embed.verbs.vary.with_notes", lambda seed, **changes: seed.events)
    with pytest.raises(NothingNewError, match=r"a larger `change` or `strength` goes further"):
        vary(band_seed(), embedder, VaryRequest(strength=0.5, bars="1"))
