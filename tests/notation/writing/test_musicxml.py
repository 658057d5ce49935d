"""MusicXML: what is written can be read again, and means the same."""

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sheets
from hypothesis import given
from hypothesis import strategies as st
from strategies import performances, scores, tune

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.notation import musicxml
from symbolic_embed.notation.reading.formats import sheet_of
from symbolic_embed.notation.reading.performing import performed
from symbolic_embed.notation.writing.values import UNITS
from symbolic_embed.score import KeySignature, Marker, Notes, Score, Tempo, TimeSignature, Track, read
from symbolic_embed.score.events import EventList
from symbolic_embed.score.metre import metre_map
from symbolic_embed.score.writing.layout import score_to_events

SAMPLES = sorted((Path(__file__).resolve().parents[3] / "datasets" / "samples" / "midi").glob("*.mid"))


def read_back(data: bytes) -> Score:
    return performed(sheet_of(data, kind="musicxml", source="written"))


def on_grid(barred: BarredScore) -> list[set[tuple[int, int]]]:
    """Of each part the notes as (unit, pitch)."""
    notes = barred.notes
    return [
        {(2 * onset, pitch) for onset, pitch in zip(notes.onset_steps[mine].tolist(), notes.pitch[mine].tolist(), strict=True)}
        for mine in (notes.track == number for number in range(len(barred.score.tracks)))
    ]


def written(score: Score) -> list[set[tuple[int, int]]]:
    return [
        {(round(onset * UNITS / score.division), pitch) for onset, _, pitch, _ in track.notes.rows().tolist()}
        for track in score.tracks
    ]


def lost(one: set[tuple[int, int]], other: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """The notes of `one` that have none of their pitch in `other`, a step away at most."""
    return sorted(note for note in one if not any((note[0] + by, note[1]) in other for by in range(-2, 3)))


@given(scores(quarters=12) | performances())
def test_every_note_is_written_within_a_step_of_the_grid(score):
    barred = cut(score)
    back = read_back(musicxml(score))
    ours, theirs = on_grid(barred), written(back)
    assert len(back.tracks) == max(len(score.tracks), 1)
    for one, other in zip(ours, theirs, strict=False):
        assert lost(one, other) == []
        assert lost(other, one) == []
