"""The seam: where new bars begin, what may change there, and how the parts sound there."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import strategies
from composers import QUARTER, band_seed
from hypothesis import given
from hypothesis import strategies as st
from midi_bytes import midi, track

from symbolic_embed.bars import PlacedNotes, cut
from symbolic_embed.outputs.seam import (
    EVER,
    at_the_seam,
    bars_behind,
    first_new_tick,
    first_tick,
    from_the_seam,
    seam_tick,
)
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.score import Event, EventList
from symbolic_embed.score.editing.comparing import untouched_difference
from symbolic_embed.score.sounding.history import histories

END = 16 * QUARTER  # of the band


def shown(events: EventList, chunk: int = 0) -> list[str]:
    return [f"{tick} {message.hex(' ')}" for tick, message in events.chunks[chunk]]


@given(strategies.scores(quarters=12), st.data())
def test_the_first_tick_of_a_bar_is_the_first_that_is_counted_to_it(score, data):
    barred = cut(score)
    bar = data.draw(st.integers(0, barred.bars - 1))
    tick = data.draw(st.integers(0, int(barred.metre.barline_ticks[-1])))
    counted = barred.grid.step_of(np.array([tick]))[0] >= barred.grid.bar_steps[bar]
    assert counted == (tick >= first_tick(barred, bar)) or bar == 0


def test_no_bar_begins_after_the_last():
    barred = band_seed().barred
    assert first_tick(barred, 0) == 0
    assert first_tick(barred, 3) == 12 * QUARTER - 20  # a step has 40 ticks
    assert first_tick(barred, 4) == EVER
    assert seam_tick(barred) == END


@pytest.mark.parametrize(
    ("command", "settings", "tick"),
    [
        ("compose", {"alone": False}, END),
        ("compose", {"alone": True}, 0),
        ("vary", {"bars": [3, 4]}, 8 * QUARTER),
        ("vary", {"bars": None}, 0),
        ("fill", {"bars": [[2, 2], [4, 4]]}, 4 * QUARTER),
        ("accompany", {}, 0),
    ],
)
def test_where_that_begins_which_is_new(command, settings, tick):
    seed = band_seed()
    output = Output("out", seed.events, {"command": command, "settings": settings})
    assert first_new_tick(output, seed) == tick


def test_after_the_seam_notes_may_come_and_controllers_too():
    seed = band_seed()
    asked = at_the_seam(seed, bars=1, mode="keep").asked
    assert [(one.chunk, one.channel) for one in asked] == [
        (track.chunk, track.channel) for track in seed.barred.score.tracks
    ]
    assert {one.start_tick for one in asked} == {END}
    assert all(one.new_controls and one.end_tick == EVER for one in asked)


def test_the_tempo_of_the_body_comes_back_in_the_chunk_that_has_the_tempi():
    """The band plays three bars at 100 and the last at 92.3."""
    seam = at_the_seam(band_seed(), bars=2)
    assert seam.tempo == (650_000, 600_000)
    assert shown(seam.seed.events)[-2:] == [f"{END} ff 51 03 09 27 c0", f"{END} ff 2f 00"]
    assert seam.record()["restored"] == [{"what": "tempo", "from": 92.31, "to": 100.0}]
    assert shown(seam.moved) == shown(band_seed().events)


def bar(*more: str) -> bytes:
    """Middle C seven times in a bar of 384 ticks, with more after the fourth."""
    note = ["00 90 3c 40", "30 80 3c 40"]
    return track("00 b0 07 64", *note * 4, *more, *note * 3)


def seam_of(song: bytes, *, mode="body"):
    return at_the_seam(Seed.from_bytes(song, path="song.mid"), bars=1, mode=mode)


def test_a_part_that_was_turned_down_is_heard_again_and_the_record_says_so():
    """Volume 100 for four notes of seven, 10 for three; soft pedal and bend at the end."""
    song = midi(bar("00 b0 07 0a", "00 b0 43 7f", "00 e0 00 00"), division=96)
    seam = seam_of(song)
    assert shown(seam.seed.events)[-4:] == ["384 e0 00 40", "384 b0 07 64", "384 b0 43 00", "384 ff 2f 00"]
    assert seam.record()["restored"] == [
        {"tracks": [0], "what": "bend", "from": -8192, "to": 0},
        {"tracks": [0], "what": "volume", "from": 10, "to": 100},
        {"tracks": [0], "what": "soft pedal", "from": 127, "to": 0},
    ]
    assert untouched_difference(seam.moved, seam.seed.events, parts_and_ranges=seam.asked) == []
    kept = seam_of(song, mode="keep")
    assert kept.seed.events == kept.moved
    assert kept.record()["restored"] == []


def test_the_bend_and_the_programme_that_come_after_the_music_wait_behind_the_new_bars():
    """A bar of 384 ticks, then a programme, a bend to the centre (where it is), all notes off, a reset."""
    song = midi(
        track(
            "00 c0 08",
            "00 90 3c 40",
            "83 00 80 3c 40",
            "00 c0 00",
            "00 e0 00 40",
            "06 b0 7b 00",
            "00 f0 05 7e 7f 09 01 f7",
        ),
        division=96,
    )
    seam = seam_of(song)
    assert shown(seam.seed.events)[2:] == [
        "384 80 3c 40",
        "384 e0 00 40",
        "768 c0 00",
        "774 b0 7b 00",
        "774 f0 05 7e 7f 09 01 f7",
        "774 ff 2f 00",
    ]
    assert seam.record()["moved_behind"] == {"programme": 1, "all notes off": 1, "system exclusive": 1}
    assert seam.record()["restored"] == []
    behind = shown(seam_of(song, mode="keep").seed.events)
    assert "384 c0 00" in behind
    assert "774 b0 7b 00" in behind


def test_what_the_seed_itself_brings_back_at_the_seam_is_not_brought_back_again():
    """Volume 10 in the last note, 100 again at the barline."""
    song = midi(bar("00 b0 07 0a")[:-4] + bytes.fromhex("30 b0 07 64 00 ff 2f 00"), division=96)
    seam = seam_of(song)
    assert shown(seam.seed.events) == [*shown(seam.moved)]
    assert seam.record()["restored"] == []


def test_two_chunks_of_one_channel_are_both_brought_back():
    song = midi(bar("00 b0 07 0a"), bar("00 b0 07 0a"), division=96)
    seam = seam_of(song)
    assert ["384 b0 07 64" in shown(seam.seed.events, chunk) for chunk in (0, 1)] == [True, True]
    assert [one["what"] for one in seam.record()["restored"]] == ["volume"]


def test_a_note_that_never_ends_ends_at_the_seam():
    song = midi(track("00 90 3c 40", "30 90 40 40", "30 80 40 40"), division=96)
    seam = seam_of(song)
    assert shown(seam.seed.events)[-3:] == ["96 80 3c 40", "96 80 40 40", "96 ff 2f 00"]
    assert untouched_difference(seam.moved, seam.seed.events, parts_and_ranges=seam.asked) == []
    hung = [notes.off_events.min() for notes in seam.seed.events.notes()[0].values()]
    assert min(hung) >= 0


def test_where_no_bars_follow_nothing_is_done():
    seam = at_the_seam(band_seed(), bars=0)
    assert seam.seed.events == band_seed().events
    assert seam.record()["restored"] == []


def test_a_note_at_the_seam_is_not_early():
    barred = band_seed().barred
    early = replace(placed((0, 192, 12, 60), (0, 204, 12, 60)), onset_residue=np.array([-5, -5]))
    assert from_the_seam(early, barred).onset_residue.tolist() == [0, -5]


def test_how_many_bars_notes_reach_behind_the_last():
    barred = band_seed().barred  # 192 steps
    assert [bars_behind(np.array(steps), barred) for steps in ([], [191], [0, 192], [239], [240])] == [0, 0, 1, 1, 2]


def placed(*rows: tuple[int, int, int, int]) -> PlacedNotes:
    columns = np.array(rows, np.int64).T
    zeros = np.zeros(len(rows), np.int64)
    return PlacedNotes(*columns, zeros + 80, zeros, zeros, zeros - 1)


@given(strategies.event_lists(long=False), st.sampled_from(["body", "keep"]))
def test_at_any_seam_nothing_before_it_changes_and_every_dial_stands_as_it_is_to(events, mode):
    """Any file with notes: nothing is lost, and played up to the first new note each dial has its value. (Ports that
    change in mid-chunk are left out: where two name one tick, the proof refuses.)"""
    chunks = [tuple(event for event in chunk if event.message[:2] != b"\xff\x21") for chunk in events.chunks]
    notes = [Event(96 * beat + part, bytes([0x80 if part else 0x90, 60, 64])) for beat in range(3) for part in (0, 90)]
    chunks.append((*notes, Event(400, b"\xff\x2f\x00")))
    seed = Seed.from_bytes(replace(events, chunks=tuple(chunks)).to_bytes(), path="any.mid")
    seam = at_the_seam(seed, bars=2, mode=mode)
    ready = seam.seed.events
    assert untouched_difference(seam.moved, ready, parts_and_ranges=seam.asked) == []
    for old, new in zip(seed.events.chunks, ready.chunks, strict=True):
        assert Counter(message for _, message in old) <= Counter(message for _, message in new)
        moved = Counter(event.message for event in (Counter(old[:-1]) - Counter(new[:-1])))
        assert moved.total() <= len(seam.closing)
    there = {key: held[-1].value for key, held in histories(ready, until=seam.tick + 1).items()}
    assert all(
        there.get((dial.address, dial.parameter), dial.body) == dial.body
        for dial in seam.dials
        if dial.body is not None and dial.parameter.kind != "programme"
    )
