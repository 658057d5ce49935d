"""Blending from a request: steps, names, records; tempo and key on their way; what was not asked for stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from composers import band_seed, duo_seed, tiny_composer

from symbolic_embed.bars import cut
from symbolic_embed.composing.pairing import transposition
from symbolic_embed.errors import UsageError
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import BlendRequest
from symbolic_embed.score import Tempo
from symbolic_embed.score.editing.in_place import add_conductor
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.verbs.blend import blend


@pytest.fixture(scope="module")
def embedder():
    return tiny_composer(seed=4).embedder


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


def test_a_record_says_what_was_asked_for_and_what_lies_between(embedder):
    request = BlendRequest(steps=3, random_seed=2, tracks="tune,1", bars="2-3", keep="rhythm", to_key=True)
    first, second, third = blend(band_seed(), duo_seed(), embedder, request)
    assert second.name == "band__duo__blend02__m0.50__s2"
    assert second.record["settings"] == {
        "steps": 3,
        "seam": "body",
        "random_seed": 2,
        "keep": ["rhythm"],
        "tracks": [0, 1],
        "to_tempo": False,
        "to_key": True,
        "bars": [2, 3],
        "step": 2,
    }
    assert [output.record["asked_share"] for output in (first, second, third)] == [0.25, 0.5, 0.75]
    assert second.record["target"] == {"path": "duo.mid", "sha256": duo_seed().sha256, "bars": 6}
    assert second.record["parts"] == [
        {"seed": 0, "target": 1, "became": "blended"},
        {"seed": 1, "target": 0, "became": "blended"},
        {"seed": 2, "target": None, "became": "stays"},
        {"seed": 3, "target": None, "became": "stays"},
    ]


def test_the_record_says_what_becomes_of_each_part_and_none_is_missing_on_the_way(embedder):
    for output in blend(band_seed(), duo_seed(bars=4), embedder, BlendRequest(steps=3)):
        became = [part["became"] for part in output.record["parts"]]
        assert became == ["blended", "blended", "fades", "fades"]
        assert all(len(track.notes) for track in output.events.score().tracks)
    for output in blend(duo_seed(bars=4), band_seed(), embedder, BlendRequest(steps=3)):
        assert [part["became"] for part in output.record["parts"]] == ["blended", "blended", "enters", "enters"]
        assert [len(track.notes) > 0 for track in output.events.score().tracks] == [True] * 4
    (only,) = blend(duo_seed(), band_seed(), embedder, BlendRequest(steps=1, tracks=[0]))
    assert [part["became"] for part in only.record["parts"]] == ["blended", "stays", "left out", "left out"]


def test_the_longer_piece_gives_the_length_and_parts_that_only_the_second_has_get_tracks_of_their_own(embedder):
    (longer,) = blend(band_seed(), duo_seed(bars=6), embedder, BlendRequest(steps=1, random_seed=1))
    assert cut(longer.events.score()).bars == 6
    (more,) = blend(duo_seed(), band_seed(), embedder, BlendRequest(steps=1, random_seed=3))
    names = [track.name for track in more.events.score().tracks]
    assert names[:2] == ["bells", "flute"]
    assert set(names[2:]) <= {"bass", "kit"}


def test_what_was_not_chosen_stays_event_for_event(embedder):
    seed = band_seed()
    for output in blend(seed, duo_seed(bars=4), embedder, BlendRequest(steps=2, random_seed=2, tracks=[1, 3])):
        after = output.events.score().tracks
        assert (after[0], after[2]) == (seed.barred.score.tracks[0], seed.barred.score.tracks[2])
        assert after[1] != seed.barred.score.tracks[1]
    for output in blend(seed, duo_seed(bars=4), embedder, BlendRequest(steps=2, random_seed=2, keep=["melody"])):
        assert output.events.score().tracks[0] == seed.barred.score.tracks[0]


def test_a_track_that_only_the_second_has_cannot_be_chosen(embedder):
    with pytest.raises(UsageError, match="no track 'kit'"):
        blend(duo_seed(), band_seed(), embedder, BlendRequest(tracks=["kit"]))


def test_tempo_and_key_arrive_with_the_last_step(embedder):
    first, second = band_seed(), duo_seed(semitones=3)
    outputs = blend(first, second, embedder, BlendRequest(steps=2, to_tempo=True, to_key=True))
    begins = first.barred.score.tempi[0].microseconds
    assert [round(begins / output.events.score().tempi[0].microseconds, 2) for output in outputs] == [
        round((begins / 400_000) ** 0.5, 2),
        round(begins / 400_000, 2),
    ]
    shift = transposition(first.barred, second.barred)
    assert [output.record["then"]["transposed"] for output in outputs] == [round(-shift / 2), -shift]
    body, slower, *then = [tempo.microseconds for tempo in outputs[1].events.score().tempi]
    assert round(slower / body, 2) == 1.08  # as in the band
    assert then == [body]  # the bars behind its last


def test_the_tempo_to_arrive_at_is_the_one_the_first_note_sounds_in(embedder):
    """The second piece begins without a word on tempo, so at 120, and has one of 30 late; the first one sets 60 in the
    rest before its first note."""
    second = retimed(duo_seed(), [Tempo(96 * 8, 2_000_000)])
    first = retimed(duo_seed(), [Tempo(0, 250_000), Tempo(96, 1_000_000)], rest=96)
    (output,) = blend(first, second, embedder, BlendRequest(steps=1, to_tempo=True))
    assert output.record["then"]["tempo_times"] == 2.0
    assert [tempo.microseconds for tempo in output.events.score().tempi] == [125_000, 500_000]


def test_the_same_seed_the_same_bytes(embedder):
    one, two = (blend(band_seed(), duo_seed(), embedder, BlendRequest(steps=2, random_seed=5)) for _ in range(2))
    assert [output.events.to_bytes() for output in one] == [output.events.to_bytes() for output in two]
    assert one[0].name == "band__duo__blend01__m0.33__s5"
    assert one[0].record == two[0].record


def test_the_share_that_is_recorded_is_measured_on_the_file(embedder, monkeypatch):
    """Where nothing that was meant arrives there, the first piece lies at 0."""
    request = BlendRequest(steps=1, random_seed=2)
    (meant,) = blend(band_seed(), duo_seed(), embedder, request)
    assert meant.record["measured_share"] > 0
    monkeypatch.setattr("symbolic_embed.verbs.blend.with_notes", lambda seed, **changes: seed.events)
    (lost,) = blend(band_seed(), duo_seed(), embedder, request)
    assert lost.record["measured_share"] == 0
