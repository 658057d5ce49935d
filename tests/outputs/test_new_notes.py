"""New notes into the seed's own file."""

from __future__ import annotations

import numpy as np
import pytest
import strategies
from composers import QUARTER, band_seed
from hypothesis import given
from hypothesis import strategies as st
from midi_bytes import midi, track

from symbolic_embed.bars import STEPS_PER_QUARTER, PlacedNotes, cut
from symbolic_embed.outputs.new_notes import in_their_bars, struck_between, with_notes, with_parts
from symbolic_embed.outputs.proof import asked_cells, asked_new_parts
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.score import EventList, Notes, Score, TimeSignature, Track
from symbolic_embed.score.checks import FAULT, findings
from symbolic_embed.score.editing.comparing import untouched_difference
from symbolic_embed.score.writing.layout import part_events, score_to_events

NOTHING = np.zeros(0, np.int64)
TUNE, KEYS, BASS, KIT = range(4)


def placed(*rows: tuple[int, int, int, int]) -> PlacedNotes:
    """Notes of (track, onset, length, pitch) in steps, velocity 80, on the grid."""
    columns = np.array(rows, np.int64).reshape(-1, 4).T
    zeros = np.zeros(len(rows), np.int64)
    return PlacedNotes(*columns, zeros + 80, zeros, zeros, zeros - 1)


def test_notes_go_and_come_in_their_own_parts_and_nothing_else_moves():
    seed = band_seed()
    bass = np.flatnonzero(seed.barred.notes.track == BASS)
    after = with_notes(seed, removed=bass[1:2], added=placed((BASS, 60, 12, 40), (KEYS, 3, 3, 90)))
    tracks, before = after.score().tracks, seed.barred.score.tracks
    assert tracks[BASS].notes.onset_ticks.tolist() == [0, 5 * QUARTER, 8 * QUARTER, 12 * QUARTER]
    assert tracks[BASS].notes.pitch.tolist() == [36, 40, 43, 36]
    assert len(tracks[KEYS].notes) == len(before[KEYS].notes) + 1
    assert (tracks[TUNE], tracks[KIT]) == (before[TUNE], before[KIT])
    asked = asked_cells(seed, tracks=[KEYS, BASS])
    assert untouched_difference(seed.events, after, parts_and_ranges=asked) == []


def test_two_hands_on_one_channel_do_not_strike_the_same_key():
    """Each hand has a chunk; what is new in either keeps clear of what stays, and of what is new, in the other."""
    hands = midi(track("00 90 48 40", "60 80 48 40"), track("00 90 30 40", "60 80 30 40"), format=1, division=96)
    seed = Seed.from_bytes(hands, path="hands.mid")
    new = placed((0, 12, 12, 48), (0, 24, 12, 60), (1, 24, 6, 60), (1, 36, 12, 62))
    events = with_notes(seed, removed=NOTHING, added=new)
    right, left = (part.track.notes.rows()[:, :3].tolist() for part in events.parts())
    assert right == [[0, 96, 72], [96, 96, 48], [192, 96, 60]]
    assert left == [[0, 96, 48], [288, 96, 62]]
    assert not [one for one in findings(events) if one.level == FAULT]


def kits(*hits: tuple[list[int], int]) -> Seed:
    """A kit spread over chunks of channel 10, with one key each: its hits, in sixteenths, last until the next."""
    parts = []
    for onsets, key in hits:
        columns = [120 * np.array(onsets), 120 * np.diff([*onsets, 16]), [key] * len(onsets), [90] * len(onsets)]
        parts.append(Track(Notes.of(*columns), str(key), channel=9))
    # as several programs write it, which our own layout would not: no hit is cut where another chunk has one
    chunks = [part_events(part, 9, number=number) for number, part in enumerate(parts)]
    return Seed.from_bytes(EventList(480, tuple(chunks)).to_bytes(), path="kits.mid")


def test_the_chunks_of_a_kit_do_not_keep_each_other_from_striking():
    """But where one has a hit already, the other has none."""
    seed = kits(([0, 8], 36), ([4], 36))
    events = with_notes(seed, removed=NOTHING, added=placed((1, 6, 3, 36), (1, 24, 3, 36), (0, 12, 3, 36)))
    first, second = (part.track.notes.onset_ticks.tolist() for part in events.parts())
    assert first == [0, 960]
    assert second == [240, 480]


@pytest.mark.parametrize("free", [True, False])
def test_a_hit_that_is_said_to_last_makes_way_where_it_may(free):
    seed = kits(([0, 8], 36), ([4], 38))
    may = np.full(len(seed.barred.notes), free)
    new = placed((0, 6, 3, 36), (0, 27, 3, 36), (1, 12, 3, 38), (1, 18, 3, 38))
    removed, added = struck_between(seed.barred, NOTHING, new, free=may)
    events = with_notes(seed, removed=removed, added=added)
    kick, snare = (part.track.notes.rows()[:, :2].tolist() for part in events.parts())
    assert kick == ([[0, 240], [240, 120], [960, 120], [1080, 120]] if free else [[0, 960], [960, 960]])
    assert snare == ([[480, 240], [720, 120]] if free else [[480, 1440]])


def test_of_what_is_held_and_not_struck_nothing_makes_way():
    seed = band_seed()
    bass = np.flatnonzero(seed.barred.notes.track == BASS)[0]
    pitch = int(seed.barred.notes.pitch[bass])
    every = np.ones(len(seed.barred.notes), bool)
    removed, added = struck_between(seed.barred, NOTHING, placed((BASS, 12, 3, pitch)), free=every)
    assert (len(removed), len(added)) == (0, 1)


def test_two_parts_in_one_chunk_are_edited_one_after_the_other():
    """In the second the places of all events have moved."""
    both = midi(track("00 90 3c 40", "00 91 40 40", "60 80 3c 40", "00 81 40 40"), format=0, division=96)
    seed = Seed.from_bytes(both, path="both.mid")
    removed = np.arange(2)
    events = with_notes(seed, removed=removed, added=placed((0, 0, 12, 70), (0, 12, 12, 71), (1, 0, 12, 50)))
    first, second = (part.track.notes.rows()[:, :3].tolist() for part in events.parts())
    assert first == [[0, 96, 70], [96, 96, 71]]
    assert second == [[0, 96, 50]]


def test_a_note_that_would_have_to_wait_into_the_next_bar_is_left_out():
    """The seed's own C sounds until the barline; a new C shortly before it finds room only behind it."""
    part = Track(Notes.of([0, 1800, 1920], [400, 120, 480], [64, 60, 64], [80] * 3))
    score = Score(480, (part,), time_signatures=(TimeSignature(0, 4, 4),))
    seed = Seed.from_bytes(score_to_events(score).to_bytes(), path="wait.mid")
    assert with_notes(seed, removed=NOTHING, added=placed((0, 46, 4, 60))) == seed.events
    later = with_notes(seed, removed=NOTHING, added=placed((0, 47, 12, 62)))
    assert later.score().note_count == 4


def test_new_parts_are_tracks_behind_the_seeds_own_and_empty_ones_are_none():
    seed = band_seed()
    new = [Track(Notes.none(), name=name, program=89) for name in ("Pad", "Silence", "Bells")]
    events = with_parts(seed, new, added=placed((4, 0, 48, 50), (6, 12, 12, 90)))
    after = events.score().tracks
    assert [track.name for track in after[4:]] == ["Pad", "Bells"]
    assert after[:4] == seed.barred.score.tracks
    assert after[5].notes.onset_ticks.tolist() == [QUARTER]
    assert untouched_difference(seed.events, events, parts_and_ranges=asked_new_parts(seed, events)) == []


@st.composite
def edits(draw: st.DrawFn) -> tuple[Seed, np.ndarray, PlacedNotes, int, int]:
    """A seed, a part and a bar of it, which of its notes there go, and some that come."""
    # Where a tick is longer than a step of the grid, a bar may have no tick of its own: what would be written there is
    # refused by the proof, and nothing is.
    scores = strategies.scores(quarters=12, most_tracks=2).filter(lambda score: score.division >= STEPS_PER_QUARTER)
    score = draw(scores)
    seed = Seed.from_bytes(score_to_events(score).to_bytes(), path="some.mid") if score.note_count else band_seed()
    barred = seed.barred
    part = draw(st.integers(0, len(barred.score.tracks) - 1))
    bar = draw(st.integers(0, barred.bars - 1))
    own = np.flatnonzero((barred.notes.track == part) & (barred.note_bar == bar))
    removed = own[np.array([draw(st.booleans()) for _ in own], bool)]
    start, length = int(barred.grid.bar_steps[bar]), int(barred.grid.bar_length(bar))
    rows = draw(
        st.lists(
            st.tuples(st.just(part), st.integers(start, start + length - 1), st.integers(1, 60), st.integers(58, 62))
        )
    )
    return seed, removed, placed(*rows), part, bar


@given(edits())
def test_whatever_comes_and_goes_in_a_bar_of_a_part_nothing_else_is_touched(edit):
    seed, removed, added, part, bar = edit
    after = with_notes(seed, removed=removed, added=added)
    asked = asked_cells(seed, tracks=[part], bars=[bar])
    assert untouched_difference(seed.events, after, parts_and_ranges=asked) == []


@pytest.mark.parametrize("bars", [3, 5])
def test_nothing_added_and_nothing_removed_is_the_seed(bars):
    seed = band_seed(bars=bars)
    assert with_notes(seed, removed=NOTHING, added=placed()) == seed.events
    assert cut(with_notes(seed, removed=NOTHING, added=placed()).score()).bars == bars


def test_notes_that_wait_into_another_bar_are_told_from_those_that_wait_in_their_own():
    """Of each new note where it was written and where it found room; a step has 40 ticks, a bar 1920."""
    grid = band_seed().barred.grid
    new = Notes.of([0, 1800, 1840, 7600], [10] * 4, [60, 60, 62, 64], [80] * 4)
    waiting = Notes.of([40, 1920, 1840, 9000], [10] * 4, [60, 60, 62, 64], [80] * 4)
    assert in_their_bars(waiting, new, grid=grid).tolist() == [True, True, False, True]
    # as rows are sorted: C in bar 1, D in bar 1, C that waited into bar 2, E behind the end
    assert waiting.onset_ticks.tolist() == [40, 1840, 1920, 9000]
