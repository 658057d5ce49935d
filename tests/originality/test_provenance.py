"""Provenance: runs that were planted are found at their length and place, and a limit redraws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from composers import QUARTER, band_seed, tiny_composer

from symbolic_embed.bars import cut
from symbolic_embed.errors import UsageError
from symbolic_embed.originality.fingerprint import fingerprint_of, run_hashes, top_lines
from symbolic_embed.originality.kept_bars import KeptBars, signs_of
from symbolic_embed.originality.provenance import SURE, copied, with_provenance, within_limit
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.requests import VaryRequest
from symbolic_embed.score import Notes
from symbolic_embed.score.editing.in_place import replace_notes
from symbolic_embed.score.editing.transforming import transposed
from symbolic_embed.verbs.vary import vary

SONG = [72, 76, 74, 77, 76, 79, 77, 81, 79, 83, 81, 84, 83, 86, 84, 88]  # above all that the band plays


def known(pitches=SONG, *, length=6):
    steps = length * np.arange(len(pitches))
    runs = run_hashes(top_lines(np.zeros(len(steps)), steps, np.array(pitches)))[0]
    return fingerprint_of([runs, np.arange(1000, dtype=np.uint64)])  # and others, so that chance is as in earnest


def played(pitches, *, at: int = 0, track: int = 0, up: int = 0, random_seed: int = 0) -> Output:
    """The band with eighths of these pitches, from a tick on, in place of all that a part plays."""
    seed = band_seed()
    part = seed.events.parts()[track]
    onsets = at + QUARTER // 2 * np.arange(len(pitches))
    new = Notes.of(onsets, [200] * len(pitches), np.array(pitches) + up, [70] * len(pitches))
    events = replace_notes(seed.events, part, remove=range(len(part.track.notes)), add=new)
    return Output(f"s{random_seed}", events, {"settings": {"variation": 1}})


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


def test_the_record_names_bars_runs_and_the_seeds_nearest_bar():
    seed, embedder = band_seed(), tiny_composer().embedder
    about = with_provenance(played(SONG, at=4 * QUARTER), seed, embedder, known()).record["provenance"]
    assert about["longest_as_in_training"] == len(SONG)
    assert [bar["bar"] for bar in about["bars"]] == [2, 3]
    assert {bar["notes_as_in_training"] for bar in about["bars"]} == {len(SONG)}
    assert all(1 <= bar["nearest_seed_bar"] <= 4 and bar["distance"] >= 0 for bar in about["bars"])
    short = with_provenance(played(SONG[: SURE - 1]), seed, embedder, known()).record["provenance"]
    assert short["longest_as_in_training"] is None
    assert "longest_as_in_training" not in with_provenance(played(SONG), seed, embedder, None).record["provenance"]


def test_the_record_names_the_nearest_of_the_training_bars_that_were_kept():
    seed, embedder = band_seed(), tiny_composer().embedder
    output = played(SONG, at=4 * QUARTER)
    vectors = embedder.embed_bars(cut(output.events.score()))
    places = {"piece": np.zeros(4, int), "number": np.arange(4) + 7, "pieces": [("tunes", "a.mid")]}
    bars = KeptBars(signs_of(vectors), **places, of=90, embedder="", dim=16, radius=4.0, error=0.5)
    with_bars = replace(known(), bars=bars)
    about = with_provenance(output, seed, embedder, with_bars).record["provenance"]
    assert about["training_bars"] == {"kept": 4, "of": 90, "distance_off_by": 0.5}
    found, distances = bars.nearest(vectors[1:3])
    for row, bar, distance in zip(about["bars"], found, distances, strict=True):
        place = {"set": "tunes", "path": "a.mid", "bar": int(bar) + 7}
        assert row["nearest_training_bar"] == {**place, "distance": round(float(distance), 1)}
    assert "training_bars" not in with_provenance(output, seed, embedder, known()).record["provenance"]


def test_a_limit_draws_again_until_it_is_kept():
    drawn = []

    def write(random_seed: int) -> list[Output]:
        drawn.append(random_seed)
        shares = {1: 16, 2: 14, 3: 11}[len(drawn)]
        return [played([*SONG[:shares], 40, 90, 41], random_seed=random_seed)]

    (output,) = within_limit(write, band_seed(), known(), most=11, random_seed=5)
    assert len(drawn) == 3
    assert drawn[0] == 5
    assert output.name == f"s{drawn[2]}"
    assert output.record["max_copied"] == 11


def test_where_no_draw_keeps_the_limit_the_one_that_shares_least_is_kept():
    turns = iter([16, 15, 13, 14, 16, 16, 16, 16, 16])
    outputs = within_limit(
        lambda drawn: [played([*SONG[: next(turns)], 40, 90])], band_seed(), known(), most=12, random_seed=0
    )
    assert copied(outputs[0], band_seed(), known()).longest == 13


def test_a_limit_needs_a_fingerprint_and_room_for_chance():
    with pytest.raises(UsageError, match=r"no fingerprint of its data; `train fingerprint` adds one"):
        within_limit(lambda drawn: [], band_seed(), None, most=12, random_seed=0)
    with pytest.raises(UsageError, match="`max_copied`"):
        VaryRequest(max_copied=SURE - 2)
    VaryRequest(max_copied=SURE - 1)


def test_a_variation_of_a_seed_in_the_data_counts_only_runs_with_new_notes():
    seed: Seed = band_seed()
    tune = seed.barred.notes.where(seed.barred.notes.track == 0)
    own = fingerprint_of([run_hashes(top_lines(tune.track, tune.onset_steps, tune.pitch))[0]])
    (output,) = vary(seed, tiny_composer().embedder, VaryRequest(strength=0.5, tracks=[2]))
    assert copied(replace(output), seed, own).longest == 0
