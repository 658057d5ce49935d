"""Continuing: legal notes, in the parts of the seed, in the bars asked for, the same for the same seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from composers import band_seed, tiny_composer

from symbolic_embed.bars import cut
from symbolic_embed.composing.continuing import continue_piece
from symbolic_embed.composing.part_writer import RANGE_BEYOND
from symbolic_embed.outputs.alone import new_bars_alone
from symbolic_embed.outputs.expression import expressed
from symbolic_embed.outputs.new_notes import with_notes
from symbolic_embed.outputs.seam import at_the_seam
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import ComposeRequest
from symbolic_embed.score import Event, TimeSignature
from symbolic_embed.score.editing.comparing import Asked, untouched_difference
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.verbs.compose import compose

NOTHING = np.zeros(0, np.int64)


@pytest.fixture(scope="module")
def trained():
    return tiny_composer()


def test_the_same_seed_writes_the_same_notes_and_another_seed_others(trained):
    piece = band_seed().barred
    first, again, other = (
        continue_piece(trained, piece, ComposeRequest(bars=3, random_seed=seed))[0].notes for seed in (1, 1, 2)
    )
    assert np.array_equal(first.onset_steps, again.onset_steps)
    assert np.array_equal(first.pitch, again.pitch)
    assert len(first.onset_steps) != len(other.onset_steps) or not np.array_equal(first.pitch, other.pitch)


def test_variations_written_side_by_side_differ(trained):
    one, two = (
        one.notes
        for one in continue_piece(trained, band_seed().barred, ComposeRequest(bars=2, variations=2, random_seed=3))
    )
    assert [*one.onset_steps, *one.pitch] != [*two.onset_steps, *two.pitch]


def test_every_note_lies_in_the_new_bars_in_the_range_of_its_part(trained):
    piece = band_seed().barred
    start, length = int(piece.grid.bar_steps[-1]), int(piece.grid.bar_length(piece.bars - 1))
    written = continue_piece(trained, piece, ComposeRequest(bars=4, random_seed=5))[0].notes
    assert len(written.onset_steps) > 0
    assert written.onset_steps.min() >= start
    assert (written.onset_steps + written.length_steps).max() <= start + 4 * length
    for number, track in enumerate(piece.score.tracks):
        pitches = written.pitch[written.track == number]
        if track.is_drum:
            assert set(pitches) <= set(track.notes.pitch)
        elif len(pitches):
            assert pitches.min() >= int(track.notes.pitch.min()) - RANGE_BEYOND
            assert pitches.max() <= int(track.notes.pitch.max()) + RANGE_BEYOND


def test_no_part_strikes_a_pitch_that_still_sounds(trained):
    written = continue_piece(trained, band_seed().barred, ComposeRequest(bars=6, random_seed=7))[0].notes
    order = np.lexsort((written.onset_steps, written.pitch, written.track))
    same = np.diff(written.track[order]) + np.abs(np.diff(written.pitch[order])) == 0
    ends = (written.onset_steps + written.length_steps)[order][:-1]
    assert (ends <= written.onset_steps[order][1:])[same].all()


def test_a_part_of_one_voice_stays_one_and_chords_stay_chords(trained):
    """Of the seed's parts only the keys play several notes at once."""
    written = continue_piece(trained, band_seed().barred, ComposeRequest(bars=6, random_seed=7))[0].notes
    for part, single in ((0, True), (1, False), (2, True)):
        here = np.flatnonzero(written.track == part)
        assert len(here) > 1
        overlaps = written.onset_steps[here][1:] < (written.onset_steps + written.length_steps)[here][:-1]
        assert overlaps.any() != single


def test_the_seed_stays_as_it_was_event_for_event(trained):
    seed = band_seed()
    written = continue_piece(trained, seed.barred, ComposeRequest(bars=2, random_seed=1))[0].notes
    after = with_notes(seed, removed=NOTHING, added=expressed(written, seed.barred))
    end = seed.barred.score.end_tick
    asked = [
        Asked(t.chunk, t.channel, int(seed.barred.metre.barline_ticks[-1]), 10**9) for t in seed.barred.score.tracks
    ]
    assert after.score().end_tick > end
    assert untouched_difference(seed.events, after, parts_and_ranges=asked) == []


def test_a_continuation_has_the_bars_asked_for_and_new_bars_alone_begin_at_tick_nought(trained):
    seed = band_seed()
    played = expressed(
        continue_piece(trained, seed.barred, ComposeRequest(bars=5, random_seed=2))[0].notes, seed.barred
    )
    assert cut(with_notes(seed, removed=NOTHING, added=played).score()).bars <= seed.barred.bars + 5
    seam = at_the_seam(seed, bars=5)
    alone = new_bars_alone(seam, with_notes(seam.seed, removed=NOTHING, added=played)).score()
    assert cut(alone).bars <= 5
    assert alone.end_tick <= 5 * 4 * 480
    assert alone.tempi[0].microseconds == seed.barred.score.tempi[0].microseconds  # the end is slower
    assert {track.name for track in alone.tracks} <= {track.name for track in seed.barred.score.tracks}


def test_a_metre_of_seven_four_is_continued_in_two_windows_a_bar(trained):
    seed = band_seed(numerator=7)
    written = continue_piece(trained, seed.barred, ComposeRequest(bars=2, random_seed=1))[0].notes
    assert written.onset_steps.max() >= seed.barred.grid.bar_steps[-1] + 48  # beyond the first window of 48 steps
    assert (written.onset_steps + written.length_steps).max() <= seed.barred.grid.bar_steps[-1] + 2 * 84


def test_the_pedal_comes_up_at_the_seam(trained):
    """So that the new bars do not ring in the last ones."""
    seed = band_seed()
    chunk = seed.barred.score.tracks[1].chunk
    body = seed.events.chunks[chunk]
    down = Event(body[-2].tick, bytes([0xB0 | seed.barred.score.tracks[1].channel, 64, 127]))
    chunks = (*seed.events.chunks[:chunk], (*body[:-1], down, body[-1]), *seed.events.chunks[chunk + 1 :])
    seed = Seed.from_bytes(replace(seed.events, chunks=chunks).to_bytes(), path="pedal.mid")
    output = compose(seed, trained, ComposeRequest(bars=2, random_seed=1))[0]
    seam = int(seed.barred.metre.barline_ticks[-1])
    ups = [
        tick for tick, message in output.events.chunks[chunk] if message[1:] == b"\x40\x00" and message[0] >> 4 == 0xB
    ]
    assert ups == [seam]
    assert output.record["diff"]["outside"]["same"]


def test_a_pedal_held_in_a_chunk_without_notes_of_its_channel_comes_up_too(trained):
    """A file may keep the controllers of a part in a chunk of their own."""
    seed = band_seed()
    tune, bass = (seed.barred.score.tracks[number] for number in (0, 2))
    body = seed.events.chunks[tune.chunk]
    down = Event(body[-1].tick, bytes([0xB0 | bass.channel, 66, 127]))
    chunks = list(seed.events.chunks)
    chunks[tune.chunk] = (*body[:-1], down, body[-1])
    seed = Seed.from_bytes(replace(seed.events, chunks=tuple(chunks)).to_bytes(), path="pedal.mid")
    record = compose(seed, trained, ComposeRequest(bars=2, random_seed=1))[0].record
    assert {"tracks": [2], "what": "sostenuto", "from": 127, "to": 0} in record["seam"]["restored"]
    assert record["diff"]["tracks"][2]["added"]["controllers"] == 1


def test_a_metre_stated_where_the_seed_ends_is_the_one_that_follows(trained):
    score = band_seed().barred.score
    end = 4 * 4 * 480
    signatures = (*score.time_signatures, TimeSignature(end, 3, 4))
    seed = Seed.from_bytes(score_to_events(replace(score, time_signatures=signatures)).to_bytes(), path="then.mid")
    if seed.barred.bars > 4:
        pytest.fail("the signature alone makes no bar")
    output = compose(seed, trained, ComposeRequest(bars=3, random_seed=1))[0]
    after = cut(output.events.score())
    assert after.bars == 7
    assert [str(signature) for signature in after.metre.signatures[4:]] == ["3/4"] * 3
    alone = compose(seed, trained, ComposeRequest(bars=3, random_seed=1, alone=True))[0]
    assert str(alone.events.score().time_signatures[0]) == "3/4"
