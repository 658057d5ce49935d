"""Composing from a request: what the files are called, what their records say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from composers import band_seed, deciding, quiet_composer, tiny_composer

from symbolic_embed.bars import cut
from symbolic_embed.composing import continuing
from symbolic_embed.errors import NothingNewError
from symbolic_embed.library.laying import Place
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import ComposeRequest
from symbolic_embed.score import Notes, Score, Track
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.verbs.compose import compose
from symbolic_embed.verbs.fragment import Fragment


@pytest.fixture(scope="module")
def trained():
    return tiny_composer()


def test_a_record_says_what_was_asked_for_and_by_which_program_it_was_made(trained, monkeypatch):
    monkeypatch.setattr("symbolic_embed.outputs.names.installed_version", lambda: "9.8.7")
    request = ComposeRequest(bars=2, form="BA", variations=2, temperature=0.5, top_p=0.7, random_seed=3)
    first, second = compose(band_seed(), trained, request)
    assert [first.name, second.name] == ["band__next01__s3", "band__next02__s3"]
    assert second.record["program"] == "symbolic_embed 9.8.7"
    assert second.record["settings"] == {
        "bars": 2,
        "form": "BA",
        "takes": None,
        "temperature": 0.5,
        "top_p": 0.7,
        "random_seed": 3,
        "alone": False,
        "seam": "body",
        "variation": 2,
    }
    assert "like" not in second.record


def test_every_written_bar_has_its_nearest_of_the_seed(trained):
    """The first new bar is the seed's last, which is so far from itself as nothing."""
    (output,) = compose(band_seed(), trained, ComposeRequest(bars=2, form="AB", random_seed=3))
    first, second = output.record["written_bars"]
    assert (first["bar"], second["bar"]) == (5, 6)
    vectors = trained.embedder.embed_bars(cut(output.events.score()))
    for row in (first, second):
        distances = ((vectors[row["bar"] - 1] - vectors[:4]) ** 2).sum(axis=1) ** 0.5
        assert row["nearest_seed_bar"] == distances.argmin() + 1
        assert row["distance"] == pytest.approx(distances.min(), abs=1e-3)
    assert first["distance"] == 0


def test_new_bars_alone_have_no_proof_and_another_name(trained):
    (output,) = compose(band_seed(), trained, ComposeRequest(bars=2, alone=True))
    assert output.name == "band__new01__s0"
    assert "diff" not in output.record
    assert output.record["settings"]["alone"]


@pytest.mark.parametrize(("distance", "warnings"), [(0.1, 0), (0.97, 1)])
def test_the_fragment_that_led_to_the_seed_is_recorded_and_told_where_it_is_far(trained, distance, warnings):
    like = Fragment("played.mid", "ab" * 32, Place("band.mid", distance, 5, None, 3, 4))
    (output,) = compose(band_seed(), trained, ComposeRequest(bars=1), like=like)
    assert output.record["like"] == like.record()
    assert len(output.record["warnings"]) == warnings


@pytest.mark.parametrize("alone", [True, False])
def test_where_all_new_bars_rest_nothing_is_called_done(alone):
    with pytest.raises(NothingNewError, match="nothing was written"):
        compose(band_seed(), quiet_composer(), ComposeRequest(bars=1, alone=alone, temperature=0.1))


def test_every_new_bar_is_recorded_also_a_rest_at_the_end(trained, monkeypatch):
    """Of six new bars only the first has notes."""

    def continue_piece(trained_, barred, *arguments, **options):
        end = int(barred.grid.bar_steps[-1])
        written = piece(trained_, barred, *arguments, **options)
        return [replace(one, notes=one.notes.where(one.notes.onset_steps < end + 48)) for one in written]

    piece = continuing.continue_piece
    monkeypatch.setattr("symbolic_embed.verbs.compose.continue_piece", continue_piece)
    (output,) = compose(band_seed(), trained, ComposeRequest(bars=6))
    assert [bar["bar"] for bar in output.record["written_bars"]] == [5, 6, 7, 8, 9, 10]


def test_after_a_performance_the_music_goes_on_within_a_beat(monkeypatch):
    """Two draws begin with a rest, the third does not. The new bars have the numbers that follow the seed's."""
    random = np.random.default_rng(5)
    onsets = np.round(480 * (np.arange(72) * 0.57 + random.normal(0, 0.04, 72) + 1)).astype(int)
    tune = Track(Notes.of(onsets, [200] * 72, 60 + random.integers(0, 12, 72), [80] * 72), name="tune")
    seed = Seed.from_bytes(score_to_events(Score(480, (tune,))).to_bytes(), path="played.mid")
    assert seed.barred.follows_beats
    bars, end = seed.barred.bars, int(seed.barred.grid.bar_steps[-1])
    rests = iter([12, 50, 0])

    def continue_piece(*arguments, **options):
        rest = next(rests)
        written = piece(*arguments, **options)
        notes = [one.notes for one in written]
        starts = [of_one.onset_steps - of_one.onset_steps.min() + end + rest for of_one in notes]
        moved = [replace(of_one, onset_steps=start) for of_one, start in zip(notes, starts, strict=True)]
        return [replace(one, notes=of_one) for one, of_one in zip(written, moved, strict=True)]

    piece = continuing.continue_piece
    monkeypatch.setattr("symbolic_embed.verbs.compose.continue_piece", continue_piece)
    (output,) = compose(seed, deciding(tiny_composer(), plays=True), ComposeRequest(bars=2))
    assert next(rests, None) is None
    (track,) = output.events.score().tracks
    new = track.notes.onset_ticks[len(onsets)]
    assert abs(new - seed.barred.score.end_tick) < 1.5 * 12 * seed.barred.grid.ticks_per_step[-1]
    assert [bar["bar"] for bar in output.record["written_bars"]] == [bars + 1, bars + 2]
    assert output.record["diff"]["tracks"][0]["notes_added"][0].startswith(f"{bars + 1}:1")
