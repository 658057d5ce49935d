"""`humanise`: what moves, what stays, what is said; and new notes of other verbs."""

from __future__ import annotations

import numpy as np
import pytest
from composers import band_seed, tiny_composer
from played_music import kit, part, seed

from symbolic_embed.errors import UsageError
from symbolic_embed.outputs.reread import cut_again, read_again
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.requests import AccompanyRequest, ComposeRequest, HumaniseRequest, VaryRequest
from symbolic_embed.score import TimeSignature
from symbolic_embed.verbs.accompany import accompany
from symbolic_embed.verbs.compose import compose
from symbolic_embed.verbs.humanise import humanise
from symbolic_embed.verbs.vary import vary

BEAT = kit(4, hat=[(place / 2, 90) for place in range(8)], kick=[(0, 90), (2, 90)], snare=[(1, 90), (3, 90)])


def all_notes(output: Output, song: Seed) -> list[list[int]]:
    return [row for track in read_again(output.events, song).tracks for row in track.notes.rows().tolist()]


def test_every_stroke_stays_and_moves():
    song = seed(BEAT, part(np.arange(16), pitch=40))
    output = humanise(song, HumaniseRequest(amount=1))
    for old, new in zip(song.barred.score.tracks, read_again(output.events, song).tracks, strict=True):
        assert sorted(old.notes.pitch) == sorted(new.notes.pitch)
        assert len(set(new.notes.velocity.tolist())) > 5
    assert output.name == "song__human__amount1.00__s0"
    assert output.record["diff"]["outside"]["same"]
    assert output.record["settings"]["style"] is None
    assert humanise(song, HumaniseRequest(amount=0)).events == song.events


def test_the_same_request_is_the_same_bytes():
    song = seed(BEAT)
    one, again, other = (humanise(song, HumaniseRequest(random_seed=number)) for number in (3, 3, 4))
    assert one.events.to_bytes() == again.events.to_bytes()
    assert one.events != other.events


def test_a_style_is_named_and_unknown_ones_are_refused():
    song = seed(BEAT)
    funk = humanise(song, HumaniseRequest(style="funk"))
    assert funk.name == "song__human-funk__amount0.70__s0"
    assert funk.events != humanise(song, HumaniseRequest(style="jazz")).events
    assert HumaniseRequest(style="mix") == HumaniseRequest()
    with pytest.raises(UsageError, match="`style`: nobody played 'polka'; there are afrobeat"):
        humanise(song, HumaniseRequest(style="polka"))
    with pytest.raises(UsageError, match="`style` must be a word"):
        HumaniseRequest(style="../funk")


def test_what_is_played_is_said_and_left():
    once = humanise(seed(BEAT, part(np.arange(16), pitch=40)), HumaniseRequest(amount=1, tracks=[0]))
    song = Seed.from_bytes(once.events.to_bytes(), path="song.mid")
    output = humanise(song, HumaniseRequest())
    assert output.record["warnings"] == ["track 0 kit is played already, and keeps its time and loudness"]
    assert output.events.score().tracks[0].notes == song.barred.score.tracks[0].notes
    assert output.events.score().tracks[1].notes != song.barred.score.tracks[1].notes
    with pytest.raises(UsageError, match="keeps its time and loudness; nothing was written; `played` plays it anew"):
        humanise(song, HumaniseRequest(tracks=[0]))
    anew = humanise(song, HumaniseRequest(tracks=[0], played=True))
    assert anew.events.score().tracks[0].notes != song.barred.score.tracks[0].notes
    assert anew.record["warnings"] == []


def test_other_metres_are_played_as_well():
    for numerator, denominator in ((7, 8), (6, 8), (5, 4), (2, 4)):
        quarters = 4 * numerator / denominator
        hat = [(place / 2, 90) for place in range(int(2 * quarters))]
        song = seed(kit(4, quarters=quarters, hat=hat), metres=[TimeSignature(0, numerator, denominator)])
        after = humanise(song, HumaniseRequest()).events.score().tracks[0].notes
        assert len(np.unique(after.velocity)) > 5


TRAINED = tiny_composer()


def written(verb: str, song: Seed, humane: float | None) -> Output:
    if verb == "vary":
        return vary(song, TRAINED.embedder, VaryRequest(change=0.5, humanise=humane, bars="2-3"))[0]
    if verb == "compose":
        return compose(song, TRAINED, ComposeRequest(bars=2, humanise=humane))[0]
    if verb == "alone":
        return compose(song, TRAINED, ComposeRequest(bars=2, alone=True, humanise=humane))[0]
    return accompany(song, TRAINED, AccompanyRequest(parts=["melody"], humanise=humane))[0]


@pytest.mark.parametrize("verb", ["vary", "compose", "alone", "accompany"])
def test_new_notes_alone_are_played_and_stay_on_their_steps(verb):
    band = band_seed()
    flat, played = (written(verb, band, humane) for humane in (None, 1.0))
    assert played.events != flat.events
    assert "humanised" not in flat.record
    assert played.record["settings"]["humanise"] == 1.0
    assert played.record["humanised"]["notes"] > 0
    if verb == "alone":
        return
    old = {tuple(row) for track in band.barred.score.tracks for row in track.notes.rows().tolist()}
    flat_rows, played_rows = (set(map(tuple, all_notes(one, band))) for one in (flat, played))
    assert flat_rows & old <= played_rows
    assert played.record["diff"]["outside"] == flat.record["diff"]["outside"]
    steps = [
        sorted(zip(one.notes.track, one.notes.onset_steps, one.notes.pitch, strict=True))
        for one in (cut_again(output.events, band, more_bars=2) for output in (flat, played))
    ]
    assert steps[0] == steps[1]
