"""How the proof reads: notes, places, differences."""

from __future__ import annotations

import pytest
from composers import QUARTER, band_seed

from symbolic_embed.outputs.proof import asked_cells, asked_new_parts, proved
from symbolic_embed.outputs.proof_words import NoteTicks, asked_in_words, bars_and_beats, diff_text, notes_in_words
from symbolic_embed.outputs.seam import EVER, at_the_seam
from symbolic_embed.outputs.seed_file import Output
from symbolic_embed.score import Notes, Track
from symbolic_embed.score.editing.comparing import Asked
from symbolic_embed.score.editing.in_place import append_track, replace_notes

BASS = 2


def test_beats_are_the_unit_of_the_metre_and_bars_go_on_after_the_last():
    barred = band_seed(numerator=3).barred
    ticks = [0, 3 * QUARTER - 1, 12 * QUARTER + 160, 16 * QUARTER]
    assert bars_and_beats(barred, ticks) == [(1, 1.0), (2, 1.0), (5, 1.33), (6, 2.0)]


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ((0, 480, 60, 64), "1:1 C4 v64 1"),
        ((4 * QUARTER + 720, 240, 37, 91), "2:2.5 C#2 v91 0.5"),
        ((15 * QUARTER, 900, 41, 90), "4:4 F2 v90 1.88"),
        ((16 * QUARTER, 10, 41, 1), "5:1 F2 v1 0.02"),
    ],
)
def test_a_note_reads_bar_beat_pitch_velocity_and_length_in_quarters(note, words):
    assert notes_in_words([NoteTicks(*note)], band_seed().barred) == [words]


def test_what_was_asked_for_reads_by_track():
    seed = band_seed()
    assert asked_in_words(seed, asked_cells(seed, tracks=[2, 3], bars=[1, 2, 0, 3])) == [
        "track 2 bass, bars 1-4",
        "track 3 kit, bars 1-4",
    ]
    assert asked_in_words(seed, asked_cells(seed, tracks=[0], bars=[1, 3])) == ["track 0 tune, bar 2, bar 4"]
    assert asked_in_words(seed, at_the_seam(seed, bars=1).asked[1:2]) == ["track 1 keys, from bar 5 on"]
    new = append_track(seed.events, Track(Notes.of([0], [480], [50], [64]), name="Pad"))
    assert asked_in_words(seed, asked_new_parts(seed, new)) == ["a new track (chunk 5), bars 1-4"]
    assert asked_in_words(seed, [Asked(0, None, 0, EVER)]) == ["tempo, metre, key and markers, bars 1-4"]
    assert asked_in_words(seed, [Asked(1, 5, 16 * QUARTER, EVER)]) == ["channel 6 in chunk 1, from bar 5 on"]


def test_the_text_reads_like_a_diff_in_the_order_of_time():
    seed = band_seed()
    rows = [(0, 240, 38, 91), (4 * QUARTER + 720, 240, 37, 91)]
    events = replace_notes(seed.events, seed.events.parts()[BASS], remove=[1], add=Notes.of(*zip(*rows, strict=True)))
    diff = proved(Output("out", events, {}), seed, asked=asked_cells(seed, tracks=[BASS])).record["diff"]
    lines = diff_text(diff, seed="band.mid", output="out.mid").splitlines()
    assert lines[:2] == ["--- band.mid", "+++ out.mid"]
    assert "@@ track 2 bass @@ kept: 3 notes, 1 programmes; removed: 1 notes; added: 2 notes" in lines
    assert [line for line in lines if line[0] in "+-"][2:] == [
        "+ 1:1 D2 v91 0.5",
        "- 2:1 F2 v90 1.88",
        "+ 2:2.5 C#2 v91 0.5",
    ]
    assert "= asked for: track 2 bass, bars 1-4" in lines
    assert f"= outside of that all {diff['outside']['events']} events are the same" in lines[-2]


def test_where_nothing_was_asked_for_it_says_so():
    seed = band_seed()
    diff = proved(Output("out", seed.events, {}), seed, asked=[]).record["diff"]
    assert "= asked for: nothing" in diff_text(diff, seed="a", output="b")
