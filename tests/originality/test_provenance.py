"""Provenance: runs that were planted are found at their length and place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from composers import QUARTER, band_seed, tiny_composer
from songs import SONG, known, played

from symbolic_embed.bars import cut
from symbolic_embed.originality.fingerprint import fingerprint_of, run_hashes, top_lines
from symbolic_embed.originality.kept_bars import KeptBars, signs_of
from symbolic_embed.originality.provenance import SURE, copied, with_provenance
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.requests import VaryRequest
from symbolic_embed.requests.writing import SURE as ASKED_FROM
from symbolic_embed.score import Notes, Score, Track
from symbolic_embed.score.editing.in_place import replace_notes
from symbolic_embed.score.editing.transforming import transposed
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.verbs.vary import vary


@pytest.mark.parametrize("up", [0, 5])
def test_a_copied_song_is_found_at_its_length_in_any_key(up):
    found = copied(played(SONG, up=up), band_seed(), known())
    assert found.longest == len(SONG)
    assert found.bar.tolist() == [0] * 8 + [1] * 8


def test_half_a_song_is_half_as_long_and_another_rhythm_is_another_song():
    assert copied(played([*SONG[:10], 40, 90]), band_seed(), known()).longest == 10
    assert copied(played(SONG), band_seed(), known(length=12)).longest == 0
    assert copied(played(SONG), band_seed(), None).training is None


def test_what_stays_of_the_seed_is_not_called_written():
    seed = band_seed()
    found = copied(Output("s0", seed.events, {"settings": {}}), seed, known())
    assert len(found.bar) == 0
    assert found.longest == 0


def test_what_stays_of_the_seed_in_another_key_is_not_called_written():
    seed = band_seed()
    moved = Output("s0", transposed(seed.events, 3), {"settings": {}, "then": {"transposed": 3}})
    assert len(copied(moved, seed, known()).bar) == 0
    assert len(copied(Output("s0", moved.events, {"settings": {}}), seed, known()).bar) > 0


def test_where_the_first_length_is_sure_enough_to_be_told():
    assert SURE == ASKED_FROM  # what a request may ask for


@pytest.mark.parametrize("beyond", [10, 100])
def test_a_run_is_told_at_its_whole_length_however_far_it_goes_beyond_the_new_note(beyond):
    """A long line without repeats comes again, twice as many notes on, with one new note in the middle of it."""
    random = np.random.default_rng(3)
    line = (60 + random.integers(-20, 20, 2 * beyond + 1)).tolist()
    onsets = [*range(len(line)), *range(2 * len(line), 3 * len(line))]
    seed = piece_of(onsets, line + line)
    gap = 2 * len(line) + beyond
    without = piece_of([at for at in onsets if at != gap], [*line, *line[:beyond], *line[beyond + 1 :]])
    found = copied(Output("s0", seed.events, {"settings": {}}), without, None)
    assert found.bar.tolist() == [gap // 4]
    assert found.seed.tolist() == [len(line)]
    assert found.seed_bar.tolist() == [(len(line) - 1) // 4]


def test_a_copy_of_sixty_notes_with_another_last_note_is_sixty_notes_but_one_long():
    """It comes again at the end of its line, where only the last three notes are new."""
    line = (60 + np.random.default_rng(5).integers(-20, 20, 60)).tolist()
    other = [*line[:59], line[59] + 1]
    onsets = [*range(60), *range(80, 140)]
    after, seed = piece_of(onsets, line + other), piece_of(onsets[:-3], (line + other)[:-3])
    found = copied(Output("s0", after.events, {"settings": {}}), seed, None)
    assert found.seed.tolist()[:2] == [59, 59]


def piece_of(quarters, pitches) -> Seed:
    """One line, a note on each of these quarters."""
    count = len(pitches)
    line = Track(Notes.of([480 * at for at in quarters], [400] * count, pitches, [80] * count))
    return Seed.from_bytes(score_to_events(Score(480, (line,))).to_bytes(), path="line.mid")


def test_runs_of_the_seed_are_found_exactly_and_where_they_are():
    """The tune goes up a fourth each beat, modulo an octave; its first seven notes come again in the last bars."""
    seed = band_seed()
    part = seed.events.parts()[0]
    first = part.track.notes.pitch[:7].astype(int)
    onsets = 16 * QUARTER + QUARTER * np.arange(9)
    new = Notes.of(onsets, [200] * 9, [100, *(first + 2), 101], [70] * 9)
    found = copied(Output("s0", replace_notes(seed.events, part, remove=[], add=new), {"settings": {}}), seed, None)
    assert found.seed.tolist()[1:8] == [7] * 7
    assert found.seed_bar.tolist()[2:7] == [1] * 5


def told(output: Output, *known_of) -> dict:
    """The provenance of one output."""
    (with_its,) = with_provenance([output], *known_of)
    return with_its.record["provenance"]


def test_the_record_names_bars_runs_and_the_seeds_nearest_bar():
    seed, embedder = band_seed(), tiny_composer().embedder
    about = told(played(SONG, at=4 * QUARTER), seed, embedder, known())
    assert about["longest_as_in_training"] == len(SONG)
    assert [bar["bar"] for bar in about["bars"]] == [2, 3]
    assert {bar["notes_as_in_training"] for bar in about["bars"]} == {len(SONG)}
    assert all(1 <= bar["nearest_seed_bar"] <= 4 and bar["distance"] >= 0 for bar in about["bars"])
    short = told(played(SONG[: SURE - 1]), seed, embedder, known())
    assert short["longest_as_in_training"] is None
    assert "longest_as_in_training" not in told(played(SONG), seed, embedder, None)


def test_the_record_names_the_nearest_of_the_training_bars_that_were_kept():
    seed, embedder = band_seed(), tiny_composer().embedder
    output = played(SONG, at=4 * QUARTER)
    vectors = embedder.embed_bars(cut(output.events.score()))
    places = {"piece": np.zeros(4, int), "number": np.arange(4) + 7, "pieces": [("tunes", "a.mid")]}
    bars = KeptBars(signs_of(vectors), **places, of=90, embedder="", dim=16, radius=4.0, error=0.5)
    with_bars = replace(known(), bars=bars)
    about = told(output, seed, embedder, with_bars)
    assert about["training_bars"] == {"kept": 4, "of": 90, "distance_off_by": 0.5}
    found, distances = bars.nearest(vectors[1:3])
    for row, bar, distance in zip(about["bars"], found, distances, strict=True):
        place = {"set": "tunes", "path": "a.mid", "bar": int(bar) + 7}
        assert row["nearest_training_bar"] == {**place, "distance": round(float(distance), 1)}
    assert "training_bars" not in told(output, seed, embedder, known())


def test_outputs_side_by_side_are_told_of_as_each_alone():
    seed, embedder = band_seed(), tiny_composer().embedder
    outputs = [played(SONG, at=4 * QUARTER), played(SONG[: SURE - 1]), played(SONG[:3], at=8 * QUARTER)]
    together = with_provenance(outputs, seed, embedder, known())
    assert [output.record["provenance"] for output in together] == [
        told(output, seed, embedder, known()) for output in outputs
    ]
    assert with_provenance([], seed, embedder, known()) == []


def test_a_variation_of_a_seed_in_the_data_counts_only_runs_with_new_notes():
    seed: Seed = band_seed()
    tune = seed.barred.notes.where(seed.barred.notes.track == 0)
    own = fingerprint_of([run_hashes(top_lines(tune.track, tune.onset_steps, tune.pitch))[0]])
    (output,) = vary(seed, tiny_composer().embedder, VaryRequest(strength=0.5, tracks=[2]))
    assert copied(replace(output), seed, own).longest == 0


def test_each_bar_has_the_longest_run_of_its_own():
    """Bar 5 goes on with four notes of the tune, bar 6 with nothing of it, bar 7 with seven."""
    seed = band_seed()
    part = seed.events.parts()[0]
    first = part.track.notes.pitch.astype(int)
    pitches = [*first[:4], 100, 20, 101, 21, *first[:7], 22]
    beats = [*range(16, 20), *range(20, 24), *range(24, 32)]
    new = Notes.of([QUARTER * beat for beat in beats], [200] * 16, pitches, [70] * 16)
    output = Output("s0", replace_notes(seed.events, part, remove=[], add=new), {"settings": {}})
    bars = told(output, seed, tiny_composer().embedder, None)["bars"]
    assert [bar["bar"] for bar in bars] == [5, 6, 7, 8]
    assert [bar["notes_as_in_seed"] for bar in bars][1] < bars[0]["notes_as_in_seed"] < bars[2]["notes_as_in_seed"]
    assert bars[2]["notes_as_in_seed"] == 7
