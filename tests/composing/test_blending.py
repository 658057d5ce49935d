"""Blending: from one piece to another, the first one's file and everything unasked kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from composers import band_seed, tiny_composer

from symbolic_embed.bars import cut
from symbolic_embed.composing.blending import blend_pieces, paired_parts, transposition
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import BlendRequest
from symbolic_embed.score import Notes, Score, Tempo, TimeSignature, Track
from symbolic_embed.score.editing.in_place import add_conductor
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.verbs.blend import blend


@pytest.fixture(scope="module")
def embedder():
    return tiny_composer(seed=4).embedder


def duo(*, bars=6, semitones=0):
    """A high tune and a bell part, no bass and no drums; at 150 beats a minute, in another division."""
    tune = [(beat * 96, 90, 67 + semitones + (beat * 4) % 7, 70) for beat in range(4 * bars)]
    bells = [(bar * 384, 300, pitch + semitones, 50) for bar in range(bars) for pitch in (84, 88)]
    tracks = (
        Track(Notes.of(*zip(*bells, strict=True)), name="bells", program=14, channel=1),
        Track(Notes.of(*zip(*tune, strict=True)), name="flute", program=73, channel=0),
    )
    score = Score(96, tracks, (Tempo(0, 400_000),), (TimeSignature(0, 4, 4),))
    return Seed.from_bytes(score_to_events(score).to_bytes(), path="duo.mid")


def retimed(seed, tempi, *, rest=0):
    """The seed with other tempi, and a rest of some ticks before it. What a new file says at tick 0 without being asked
    is left out again."""
    score = seed.events.score()
    tracks = [
        replace(track, notes=replace(track.notes, onset_ticks=track.notes.onset_ticks + rest)) for track in score.tracks
    ]
    bare = replace(score, tracks=tuple(tracks), tempi=())
    events = score_to_events(bare)
    silent = tuple(event for event in events.chunks[0] if event.message[:2] != b"\xff\x51")
    events = add_conductor(replace(events, chunks=(silent, *events.chunks[1:])), tempi)
    return Seed.from_bytes(events.to_bytes(), path=seed.path)


def test_parts_are_paired_by_what_they_do():
    """Tune with tune, chords with chords; drums and bass are left over, each way round."""
    band, other = band_seed().barred, duo().barred
    assert band.roles == ("melody", "chords", "bass", "drums")
    assert other.roles == ("melody", "chords") or other.roles == ("chords", "melody")
    flute, bells = other.roles.index("melody"), other.roles.index("chords")
    assert paired_parts(band, other) == [(0, flute), (1, bells), (2, None), (3, None)]
    assert sorted(paired_parts(other, band), key=str) == sorted([(flute, 0), (bells, 1), (None, 2), (None, 3)], key=str)


def test_drums_are_never_paired_with_pitches():
    band = band_seed().barred
    drums = Score(480, band.score.tracks[3:], band.score.tempi, band.score.time_signatures)
    tune = Score(480, band.score.tracks[:1], band.score.tempi, band.score.time_signatures)
    assert paired_parts(cut(drums), cut(tune)) == [(0, None), (None, 0)]


@pytest.mark.parametrize("semitones", [-5, -2, 0, 1, 6])
def test_the_second_piece_is_heard_in_the_key_of_the_first(semitones):
    assert transposition(duo(semitones=semitones).barred, duo().barred) == semitones


def test_a_piece_blended_with_itself_stays(embedder):
    band = band_seed().barred
    for found in blend_pieces(embedder, band, band, shares=[0.3, 0.9], seed=0):
        assert len(found.removed) == len(found.added.onset_steps) == 0


def test_the_longer_piece_gives_the_length_and_parts_come_and_go(embedder):
    """At the end of the way the bass and the drums, which only the first has, are silent in its own bars."""
    band, other = band_seed(), duo(bars=6)
    end = blend(band, other, embedder, BlendRequest(steps=1, random_seed=1))[0]
    assert cut(end.events.score()).bars == 6
    last = blend_pieces(embedder, band.barred, other.barred, shares=[0.999], seed=1)[0]
    bass_and_drums = np.flatnonzero(band.barred.notes.track >= 2)
    assert set(bass_and_drums) <= set(last.removed)
    assert set(last.added.track) == {0, 1}


def test_parts_that_only_the_second_has_get_tracks_of_their_own(embedder):
    found = blend(duo(), band_seed(), embedder, BlendRequest(steps=1, random_seed=3))[0]
    last = blend_pieces(embedder, duo().barred, band_seed().barred, shares=[0.999], seed=3)[0]
    assert set(last.added.track) == {0, 1, 2, 3}
    names = [track.name for track in found.events.score().tracks]
    assert names[:2] == ["bells", "flute"]
    assert set(names[2:]) <= {"bass", "drums"}


def test_no_new_note_of_one_voice_sounds_into_the_next_or_past_the_end(embedder):
    band, other = band_seed().barred, duo(bars=6).barred
    for found in blend_pieces(embedder, band, other, shares=[0.5], seed=2):
        assert (found.added.onset_steps + found.added.length_steps).max() <= 6 * 48
        tune = found.added.where(found.added.track == 0)
        order = np.argsort(tune.onset_steps, kind="stable")
        step, end = tune.onset_steps[order], (tune.onset_steps + tune.length_steps)[order]
        later = step[1:] > step[:-1]
        assert (end[:-1] <= step[1:])[later].all()


def test_tracks_bars_and_locks_hold(embedder):
    band, other = band_seed().barred, duo(bars=4).barred
    found = blend_pieces(embedder, band, other, shares=[0.6], seed=2, tracks=frozenset({0}), bars=frozenset({1}))[0]
    touched = [*band.notes.where(found.removed).onset_steps, *found.added.onset_steps]
    assert touched
    assert all(48 <= step < 96 for step in touched)
    assert set(found.added.track) <= {0}
    settings = {"steps": 2, "random_seed": 2, "keep": ["melody"]}
    for output in blend(band_seed(), duo(bars=4), embedder, BlendRequest(**settings)):
        assert output.events.score().tracks[0] == band.score.tracks[0]


def test_tempo_and_key_arrive_with_the_last_step(embedder):
    first, second = band_seed(), duo(semitones=3)
    outputs = blend(first, second, embedder, BlendRequest(steps=2, to_tempo=True, to_key=True))
    begins = first.barred.score.tempi[0].microseconds
    assert [round(begins / output.events.score().tempi[0].microseconds, 2) for output in outputs] == [
        round((begins / 400_000) ** 0.5, 2),
        round(begins / 400_000, 2),
    ]
    shift = transposition(first.barred, second.barred)
    assert [output.record["then"]["transposed"] for output in outputs] == [round(-shift / 2), -shift]
    assert len(outputs[1].events.score().tempi) == len(first.barred.score.tempi)


def test_the_tempo_to_arrive_at_is_the_one_the_first_note_is_heard_in(embedder):
    """The second piece begins without a word on tempo, so at 120, and has one of 30 late; the first one sets 60 in the
    rest before its first note."""
    second = retimed(duo(), [Tempo(96 * 8, 2_000_000)])
    first = retimed(duo(), [Tempo(0, 250_000), Tempo(96, 1_000_000)], rest=96)
    (output,) = blend(first, second, embedder, BlendRequest(steps=1, to_tempo=True))
    assert output.record["then"]["tempo_times"] == 2.0
    assert [tempo.microseconds for tempo in output.events.score().tempi] == [125_000, 500_000]


def test_the_same_seed_the_same_bytes(embedder):
    one, two = (blend(band_seed(), duo(), embedder, BlendRequest(steps=2, random_seed=5)) for _ in range(2))
    assert [output.events.to_bytes() for output in one] == [output.events.to_bytes() for output in two]
    assert one[0].name == "band__duo__blend01__m0.33__s5"
    assert one[0].record == two[0].record
