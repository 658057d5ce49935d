"""The proof beside each output: what it lists, and that it fails where something else was touched."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from composers import QUARTER, band_seed, tiny_composer

from symbolic_embed.errors import OutputError
from symbolic_embed.outputs.proof import asked_cells, asked_new_parts, proved
from symbolic_embed.outputs.seam import at_the_seam
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.requests import ComposeRequest, VaryRequest
from symbolic_embed.score import Event, Notes, Track
from symbolic_embed.score.editing.in_place import append_track, replace_notes
from symbolic_embed.verbs.compose import compose
from symbolic_embed.verbs.vary import vary

TUNE, KEYS, BASS, KIT = range(4)


def edited(seed: Seed, *, track: int, remove: list[int], add: list[tuple[int, int, int, int]]) -> Output:
    """An output in which some notes of a part are others."""
    rows = np.array(add, np.int64).reshape(-1, 4)
    return Output(
        "out", replace_notes(seed.events, seed.events.parts()[track], remove=remove, add=Notes.of(*rows.T)), {}
    )


def test_the_diff_lists_what_was_kept_removed_and_added_with_bar_and_beat():
    seed = band_seed()
    output = edited(seed, track=BASS, remove=[1], add=[(4 * QUARTER + 720, 240, 37, 91)])
    diff = proved(output, seed, asked=asked_cells(seed, tracks=[BASS], bars=[1])).record["diff"]
    bass = diff["tracks"][BASS]
    assert (bass["name"], bass["kept"]) == ("bass", {"notes": 3, "programmes": 1})
    assert bass["notes_removed"] == ["2:1 F2 v90 1.88"]
    assert bass["notes_added"] == ["2:2.5 C#2 v91 0.5"]
    assert [track["removed"] for track in diff["tracks"]] == [{}, {}, {"notes": 1}, {}]
    assert diff["asked"] == ["track 2 bass, bar 2"]
    events = sum(len(chunk) - 1 for chunk in seed.events.chunks)
    assert diff["outside"] == {"events": events - 2, "same": True}
    assert diff["rest"]["kept"] == {"markers": 1, "metres": 1, "names": 4, "tempi": 2}


@pytest.mark.parametrize("bars", [[0], [2, 3]])
def test_a_note_changed_outside_what_was_asked_for_is_refused(bars):
    seed = band_seed()
    output = edited(seed, track=BASS, remove=[1], add=[])
    with pytest.raises(OutputError, match=r"^out: 2 events changed that nobody asked to change, the first: chunk 3"):
        proved(output, seed, asked=asked_cells(seed, tracks=[BASS], bars=bars))


def test_a_lost_pedal_is_refused_even_where_notes_were_asked_for():
    seed = band_seed()
    chunk = seed.events.chunks[2]
    pedal = (chunk[0], Event(0, b"\xb1\x40\x7f"), *chunk[1:])
    seed = replace(seed, events=replace(seed.events, chunks=(*seed.events.chunks[:2], pedal, *seed.events.chunks[3:])))
    lost = replace(seed.events, chunks=(*seed.events.chunks[:2], chunk, *seed.events.chunks[3:]))
    with pytest.raises(OutputError, match="b1 40 7f removed"):
        proved(Output("out", lost, {}), seed, asked=asked_cells(seed))


def test_at_the_seam_a_pedal_may_come_up_and_none_may_go():
    seed = band_seed()
    end = 16 * QUARTER
    chunk = seed.events.chunks[2]
    up = (*chunk[:-1], Event(end, b"\xb1\x40\x00"), replace_end(chunk[-1], end))
    released = replace(seed.events, chunks=(*seed.events.chunks[:2], up, *seed.events.chunks[3:]))
    diff = proved(Output("out", released, {}), seed, asked=at_the_seam(seed, bars=1).asked).record["diff"]
    assert diff["tracks"][KEYS]["added"] == {"controllers": 1}
    before = Seed(seed.path, seed.sha256, released, seed.barred)
    with pytest.raises(OutputError, match="b1 40 00 removed"):
        proved(Output("out", seed.events, {}), before, asked=at_the_seam(before, bars=1).asked)


def replace_end(end: Event, tick: int) -> Event:
    return Event(max(end.tick, tick), end.message)


def test_new_parts_are_listed_as_new():
    seed = band_seed()
    events = append_track(seed.events, Track(Notes.of([0], [480], [50], [64]), name="Pad", program=89))
    diff = proved(Output("out", events, {}), seed, asked=asked_new_parts(seed, events)).record["diff"]
    assert [(track["track"], track["name"]) for track in diff["tracks"]][-1] == (None, "Pad")
    assert diff["tracks"][-1]["notes_added"] == ["1:1 D3 v64 1"]
    with pytest.raises(OutputError, match="chunk 5"):
        proved(Output("out", events, {}), seed, asked=[])


def test_compose_and_vary_carry_their_proof():
    seed, trained = band_seed(), tiny_composer()
    varied = vary(seed, trained.embedder, VaryRequest(strength=0.5, tracks=[KIT], bars=[1]))[0].record["diff"]
    assert varied["asked"] == ["track 3 kit, bar 2"]
    assert all(
        note.startswith("2:") for side in ("notes_removed", "notes_added") for note in varied["tracks"][KIT][side]
    )
    composed = compose(seed, trained, ComposeRequest(bars=2))[0].record["diff"]
    assert not any(track["removed"] for track in composed["tracks"])
    assert all(note[0] in "56" for track in composed["tracks"] for note in track["notes_added"])
    parts = [f"track {n} {name}, from bar 5 on" for n, name in enumerate(("tune", "keys", "bass", "kit"))]
    assert composed["asked"] == [*parts, "tempo and master volume, from bar 5 on"]
