"""The seam: where new bars begin, what may change there, and what is done to pedals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import strategies
from composers import QUARTER, band_seed
from hypothesis import given
from hypothesis import strategies as st
from midi_bytes import NOTE, midi, track

from symbolic_embed.bars import PlacedNotes, cut
from symbolic_embed.outputs.seam import (
    EVER,
    asked_after,
    dry,
    first_new_tick,
    first_tick,
    in_their_bars,
    new_bars_alone,
    pedals_to_release,
    release_pedals,
    seam_tick,
)
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.score import EventList, KeySignature, Notes, TimeSignature, parse
from symbolic_embed.score.editing.comparing import Asked, untouched_difference
from symbolic_embed.score.writing.layout import score_to_events

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
        ("accompany", {}, 0),
    ],
)
def test_where_that_begins_which_is_new(command, settings, tick):
    seed = band_seed()
    output = Output("out", seed.events, {"command": command, "settings": settings})
    assert first_new_tick(output, seed) == tick


def test_after_the_seam_notes_may_come_and_controllers_too():
    seed = band_seed()
    asked = asked_after(seed)
    assert [(one.chunk, one.channel) for one in asked] == [
        (track.chunk, track.channel) for track in seed.barred.score.tracks
    ]
    assert {one.start_tick for one in asked} == {END - 20}
    assert all(one.new_controls and one.end_tick == EVER for one in asked)


def test_a_chunk_without_notes_that_holds_a_parts_pedal_may_let_it_up():
    """A file may keep the controllers of a part in a chunk of their own."""
    song = midi(track(NOTE), track("00 b0 40 7f"))
    seed = Seed.from_bytes(song, path="apart.mid")
    assert [(one.chunk, one.channel) for one in asked_after(seed)] == [(0, 0), (1, 0)]


def test_pedals_that_are_down_are_let_up_where_they_were_pressed():
    """Channel 1 holds its sustain pedal, presses it again late, and its sostenuto; channel 2 has let go; channel 3 is
    pressed in one chunk and let up in another."""
    first = track("00 b0 40 7f", "00 b1 40 7f", "00 b2 40 7f", NOTE, "00 b1 40 00", "00 b0 42 50")
    song = parse(midi(track("60 b2 40 00"), first))
    released = release_pedals(song, 96)
    assert released.chunks[0] == song.chunks[0]
    assert shown(released, 1)[-3:] == ["96 b0 40 00", "96 b0 42 00", "96 ff 2f 00"]
    asked = [Asked(1, 0, 96, 97, new_controls=True)]
    assert untouched_difference(song, released, parts_and_ranges=asked) == []
    assert release_pedals(released, 96) == released


def test_a_pedal_pressed_after_the_seam_is_let_up_at_once():
    """The pedal goes down at 96, up at 100, and down for good at 110; what stands there stays."""
    song = parse(midi(track(NOTE, "00 b0 40 7f", "04 b0 40 00", "0a b0 40 7f")))
    released = release_pedals(song, 95)
    pedals = ["96 b0 40 7f", "96 b0 40 00", "100 b0 40 00", "110 b0 40 7f", "110 b0 40 00"]
    assert shown(released, 0)[-6:-1] == pedals
    assert untouched_difference(song, released, parts_and_ranges=[Asked(0, 0, 96, 111, new_controls=True)]) == []


@pytest.mark.parametrize(("value", "is_down"), [(63, False), (64, True)])
def test_a_pedal_is_down_from_the_middle_of_its_way(value, is_down):
    song = parse(midi(track(f"00 b0 40 {value:02x}", NOTE)))
    assert bool(pedals_to_release(song, 96)) == is_down


pedal_moves = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 1), st.sampled_from([64, 66, 67]), st.booleans()))


@given(pedal_moves, st.integers(0, 200))
def test_after_a_release_no_pedal_is_down_from_the_seam_on(moves, seam):
    """Two channels, the pedals and one that is none of ours (67, soft), moved at any time: played through, event by
    event."""
    body = bytearray()
    before = 0
    for tick, channel, controller, is_down in sorted(moves):
        delta, before = tick - before, tick
        body += bytes([0x80 | delta >> 7, delta & 127] if delta > 127 else [delta])
        body += bytes([0xB0 | channel, controller, 127 if is_down else 0])
    song = parse(midi(track(NOTE), track(bytes(body))))
    released = release_pedals(song, seam)
    down: dict[tuple[int, int], bool] = {}
    by_tick: dict[int, list[bytes]] = {}
    for chunk in released.chunks:
        for tick, message in chunk:
            by_tick.setdefault(tick, []).append(message)
    for tick in sorted({*by_tick, seam}):
        for message in by_tick.get(tick, []):
            if message[0] & 0xF0 == 0xB0 and message[1] in (64, 66):
                down[message[0] & 15, message[1]] = message[2] >= 64
        assert tick < seam or not any(down.values())
    kept = [event for chunk in song.chunks for event in chunk]
    assert all(event in [one for chunk in released.chunks for one in chunk] for event in kept[:-1])


def test_a_seed_is_dry_at_its_seam_and_nothing_else_of_it_changes():
    seed = Seed.from_bytes(midi(track("00 b0 40 7f", NOTE), division=96), path="wet.mid")
    dried = dry(seed)
    assert shown(dried.events)[-2:] == ["384 b0 40 00", "384 ff 2f 00"]  # a bar of 4/4
    assert (dried.barred, dried.path, dried.sha256) == (seed.barred, seed.path, seed.sha256)
    assert dry(band_seed()).events == band_seed().events


def test_notes_that_wait_into_another_bar_are_told_from_those_that_wait_in_their_own():
    """Of each new note where it was written and where it found room; a step has 40 ticks, a bar 1920."""
    grid = band_seed().barred.grid
    new = Notes.of([0, 1800, 1840, 7600], [10] * 4, [60, 60, 62, 64], [80] * 4)
    waiting = Notes.of([40, 1920, 1840, 9000], [10] * 4, [60, 60, 62, 64], [80] * 4)
    assert in_their_bars(waiting, new, grid=grid).tolist() == [True, True, False, True]
    # as rows are sorted: C in bar 1, D in bar 1, C that waited into bar 2, E behind the end
    assert waiting.onset_ticks.tolist() == [40, 1840, 1920, 9000]


def placed(*rows: tuple[int, int, int, int]) -> PlacedNotes:
    columns = np.array(rows, np.int64).T
    zeros = np.zeros(len(rows), np.int64)
    return PlacedNotes(*columns, zeros + 80, zeros, zeros, zeros - 1)


def test_new_bars_alone_begin_at_tick_nought_in_the_tempo_metre_and_key_of_the_end():
    score = band_seed().barred.score
    keys = (KeySignature(0, 2, minor=False), KeySignature(8 * QUARTER, -3, minor=True))
    seed = Seed.from_bytes(score_to_events(replace(score, key_signatures=keys)).to_bytes(), path="band.mid")
    alone = new_bars_alone(seed, placed((0, 192, 12, 60), (3, 204, 3, 36))).score()
    assert alone.tracks[0].notes.onset_ticks.tolist() == [0]
    assert alone.tracks[1].notes.onset_ticks.tolist() == [QUARTER]
    assert [track.name for track in alone.tracks] == ["tune", "kit"]
    assert [tempo.microseconds for tempo in alone.tempi] == [650_000]
    assert alone.time_signatures == (TimeSignature(0, 4, 4),)
    assert alone.key_signatures == (KeySignature(0, -3, minor=True),)
    assert alone.division == score.division


def test_a_metre_stated_at_the_seam_is_that_of_the_new_bars():
    score = band_seed().barred.score
    stated = (*score.time_signatures, TimeSignature(END, 3, 4))
    seed = Seed.from_bytes(score_to_events(replace(score, time_signatures=stated)).to_bytes(), path="then.mid")
    assert new_bars_alone(seed, placed((0, 192, 12, 60))).score().time_signatures == (TimeSignature(0, 3, 4),)
