"""Findings: how they name a place, how they are grouped, and in which order they come."""

from fractions import Fraction

import numpy as np
import strategies
from hypothesis import given
from hypothesis import strategies as st
from midi_bytes import NOTE, meta, midi, track
from tidy import BAR, SETUP, part

from symbolic_embed.score import parse
from symbolic_embed.score.checks import findings
from symbolic_embed.score.checks.finding import FAULT, REMARK, Examined, Finding, Position, grouped, in_time
from symbolic_embed.score.metre import metre_map
from symbolic_embed.score.writing.layout import score_to_events


def examined(*parts, conductor=SETUP):
    return Examined.of(parse(midi(track(*conductor), *parts)))


def test_a_place_is_a_bar_and_a_beat_and_a_track_or_a_chunk():
    assert Finding(FAULT, "x", "text", "way").place == "whole file"
    assert Finding(FAULT, "x", "text", "way", bar=5, beat=2.5, chunk=3).place == "bar 5 beat 2.5, chunk 3"
    assert Finding(FAULT, "x", "text", "way", bar=5, beat=1.0, chunk=3, track=2, name="bass").place == (
        "bar 5 beat 1, track 2 bass"
    )
    assert str(Finding(REMARK, "x", "it is odd", "mend it", count=3)) == "whole file: it is odd (3 times); mend it"


def test_a_part_is_called_by_its_number_and_name_and_a_chunk_by_its_number():
    """Tracks are numbered among those with notes: the conductor's chunk is 0, the part in chunk 1 is track 0."""
    file = examined(part(NOTE))
    of_part = file.finding(FAULT, "x", "text", "way", Position(1920, 1, 0))
    assert (of_part.bar, of_part.beat, of_part.chunk, of_part.track, of_part.name) == (2, 1.0, 1, 0, "Flute")
    for position in (Position(0, 1), Position(0, 1, 5)):  # no channel, or one on which nothing plays
        of_chunk = file.finding(FAULT, "x", "text", "way", position)
        assert (of_chunk.chunk, of_chunk.track, of_chunk.name) == (1, None, "")


def test_beats_are_of_the_metres_unit_and_bars_go_on_after_the_last():
    file = examined(part(NOTE), conductor=(SETUP[0], meta(0x58, b"\x06\x03\x18\x08")))  # 6/8, a beat 240 ticks
    assert file.bar_and_beat(0) == (1, 1.0)
    assert file.bar_and_beat(600) == (1, 3.5)
    assert file.bar_and_beat(1440) == (2, 1.0)
    assert file.bar_and_beat(10 * 1440 + 240) == (11, 2.0)


@given(strategies.scores(quarters=12), st.integers(0, 40_000))
def test_a_tick_lies_in_its_bar_so_many_beats_after_its_barline(score, tick):
    if not score.note_count:
        return
    file = Examined.of(score_to_events(score))
    lines = metre_map(file.score).barline_ticks
    bar, beat = file.bar_and_beat(tick)
    if tick < lines[-1]:
        assert lines[bar - 1] <= tick < lines[bar]
        signature = file.metre.signatures[bar - 1]
        exact = 1 + Fraction(int(tick - lines[bar - 1])) * signature.denominator / (4 * score.division)
        assert abs(beat - exact) <= 0.01
    else:
        assert bar > len(lines) - 1
    assert beat >= 1


def test_grouping_counts_and_keeps_the_first_place():
    events = parse(midi(track(*SETUP), part("00 90 3c 40", BAR + "90 40 40")))
    assert [(one.kind, one.count, one.bar) for one in findings(events)] == [
        ("hanging-note", 1, 1),
        ("hanging-note", 1, 2),
    ]
    (both,) = grouped(findings(events))
    assert str(both).startswith("bar 1 beat 1, track 0 Flute: C4 never ends (2 times); ")


several = st.lists(
    st.builds(
        Finding,
        level=st.sampled_from([FAULT, REMARK]),
        kind=st.sampled_from(["a", "b"]),
        text=st.text(max_size=3),
        way_out=st.just("way"),
        tick=st.integers(0, 3),
        beat=st.just(1.0),
        bar=st.none() | st.integers(1, 3),
        chunk=st.none() | st.integers(0, 1),
        track=st.none() | st.integers(0, 1),
        count=st.integers(1, 3),
    ),
    max_size=8,
)


@given(several)
def test_groups_are_of_one_kind_at_one_track_and_nothing_is_lost(found):
    groups = grouped(found)
    keys = [(one.level, one.kind, one.chunk, one.track) for one in groups]
    assert len(keys) == len(set(keys))
    assert sum(one.count for one in groups) == sum(one.count for one in found)
    assert grouped(groups) == groups
    for one, key in zip(groups, keys, strict=True):
        (first, *_) = [f for f in in_time(found) if (f.level, f.kind, f.chunk, f.track) == key]
        assert (one.text, one.tick, one.bar) == (first.text, first.tick, first.bar)


@given(several)
def test_findings_come_in_the_order_of_the_piece_those_of_the_whole_file_first(found):
    ordered = list(in_time(found))
    assert sorted(map(str, ordered)) == sorted(map(str, found))
    whole = [one.bar is None for one in ordered]
    assert whole == sorted(whole, reverse=True)
    ticks = [one.tick for one in ordered if one.bar is not None]
    assert (np.diff(ticks) >= 0).all()
