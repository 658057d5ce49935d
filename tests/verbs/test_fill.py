"""Filling from a request: what stays, what the record says, what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from composers import band_seed, deciding, quiet_composer, tiny_composer

from symbolic_embed.composing import gaps
from symbolic_embed.errors import NothingNewError, UsageError
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import FillRequest
from symbolic_embed.score import Notes, Score, TimeSignature, Track
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.verbs.fill import fill

TUNE, KEYS, BASS, KIT = range(4)
BAR = 4 * 480


@pytest.fixture(scope="module")
def trained():
    return deciding(tiny_composer(), returns=False, plays=True)


def seed_of(*tracks: Track, metres=((0, 4, 4),)) -> Seed:
    score = Score(480, tracks, (), tuple(TimeSignature(*metre) for metre in metres))
    return Seed.from_bytes(score_to_events(score).to_bytes(), path="song.mid")


def part(rows, *, channel: int = 0, name: str = "part") -> Track:
    """Notes of (onset, length) in quarters and pitch."""
    onset, length, pitch = zip(*rows, strict=True)
    ticks = [[round(480 * quarters) for quarters in column] for column in (onset, length)]
    return Track(Notes.of(*ticks, pitch, [80] * len(pitch)), name=name, channel=channel)


def steady(quarters: int, *, low: int = 60, start: float = 0, **track) -> Track:
    return part([(start + beat, 0.9, low + beat * 5 % 12) for beat in range(quarters)], **track)


def kept_notes(seed: Seed, output, *, bars, tracks) -> None:
    """Outside of some bars and tracks an output has the notes of its seed, and inside some others."""
    edges = seed.barred.metre.barline_ticks
    for number, (old, new) in enumerate(zip(seed.barred.score.tracks, output.events.score().tracks, strict=True)):
        columns = []
        for notes in (old.notes, new.notes):
            bar = np.searchsorted(edges, notes.onset_ticks, side="right") - 1
            inside = np.isin(bar, bars) & (number in tracks)
            rows = np.stack([notes.onset_ticks, notes.pitch, notes.duration_ticks, notes.velocity], axis=1)
            columns.append((rows[~inside].tolist(), rows[inside].tolist()))
        (outside, before), (still, after) = columns
        assert still == outside
        assert before != after or number not in tracks


@pytest.mark.parametrize(
    ("bars", "tracks"), [([1, 2], None), ([0], None), ([3], None), ([0, 2], None), ([1, 2], [KIT]), ([2], [TUNE, BASS])]
)
def test_only_the_chosen_bars_of_the_chosen_tracks_change(trained, bars, tracks):
    seed = band_seed()
    (output,) = fill(seed, trained, FillRequest(bars=bars, tracks=tracks, takes=1))
    kept_notes(seed, output, bars=bars, tracks=range(4) if tracks is None else tracks)
    assert output.record["diff"]["outside"]["same"]


def held() -> Seed:
    """A chord that is held into the second bar and one that is held out of it, over a bass."""
    chords = part([(0, 6, 60), (0, 6, 64), (6, 8, 62), (14, 2, 60)])
    return seed_of(chords, steady(16, low=36, channel=1))


def two_metres() -> Seed:
    """Two bars of 4/4, two of 3/4."""
    return seed_of(steady(14), steady(14, low=36, channel=1), metres=((0, 4, 4), (2 * BAR, 3, 4)))


def on_one_channel() -> Seed:
    """Two tracks on one channel, in the same register."""
    return seed_of(steady(16, low=60), part([(beat + 0.5, 1.2, 60 + beat % 7) for beat in range(15)], name="other"))


def with_pickup() -> Seed:
    """A pickup of a quarter in a first bar of 1/4."""
    metres = ((0, 1, 4), (480, 4, 4))
    return seed_of(steady(13), steady(12, low=40, start=1, channel=1), metres=metres)


def played_freely() -> Seed:
    """A performance without barlines."""
    random = np.random.default_rng(5)
    onsets = np.round(480 * (np.arange(40) * 0.57 + random.normal(0, 0.04, 40) + 1)).astype(int)
    tune = Track(Notes.of(onsets, [200] * 40, 60 + random.integers(0, 12, 40), [80] * 40), name="tune")
    return Seed.from_bytes(score_to_events(Score(480, (tune,))).to_bytes(), path="played.mid")


def once() -> Seed:
    """A part that plays in the second bar alone."""
    return seed_of(steady(16), part([(4, 1, 72), (6, 1, 74)], channel=1))


@pytest.mark.parametrize("make", [held, two_metres, on_one_channel, with_pickup, played_freely, once])
def test_odd_seeds_are_filled_and_nothing_else_is_touched(trained, make):
    seed = make()
    first, again = (fill(seed, trained, FillRequest(bars="2", takes=1))[0] for _ in range(2))
    assert first.record["diff"]["outside"]["same"]
    assert first.record["stretches"][0]["notes"]
    assert first.events == again.events != seed.events


def test_drums_alone_are_filled_with_drums(trained):
    seed = seed_of(part([(beat / 2, 0.2, 36 + beat % 2 * 2) for beat in range(32)], channel=9))
    (output,) = fill(seed, trained, FillRequest(bars="2-3", takes=1))
    assert set(output.events.score().tracks[0].notes.pitch) <= {36, 38}


def test_a_record_says_what_was_filled_and_which_take_it_is(trained):
    request = FillRequest(bars="1,3-4", tracks="bass,kit", variations=2, temperature=0.8, top_p=0.9, random_seed=4)
    first, second = fill(band_seed(), trained, request)
    assert [first.name, second.name] == ["band__fill01__s4", "band__fill02__s4"]
    assert first.events != second.events
    assert second.record["settings"] == {
        "bars": [[1, 1], [3, 4]],
        "tracks": [BASS, KIT],
        "temperature": 0.8,
        "top_p": 0.9,
        "takes": None,
        "random_seed": 4,
        "variation": 2,
    }
    stretches = second.record["stretches"]
    assert [stretch["bars"] for stretch in stretches] == [[1, 1], [3, 4]]
    assert [stretch["take"]["of"] for stretch in stretches] == [8, 8]
    assert stretches[0]["take"]["nats_behind"] > 0
    assert stretches[1]["take"]["nats_behind"] is None
    assert first.record["diff"]["asked"] == [
        "track 2 bass, bar 1, bars 3-4",
        "track 3 kit, bar 1, bars 3-4",
    ]


def test_the_takes_of_each_stretch_are_told_and_of_a_single_one_above_all(trained):
    (single,) = fill(band_seed(), trained, FillRequest(bars="2", takes=3))
    (stretch,) = single.record["stretches"]
    assert single.record["take"] == stretch["take"]
    assert stretch["take"]["of"] == 3
    assert stretch["take"]["failures"] == [name for name, check in stretch["take"]["checks"].items() if check["fails"]]
    (several,) = fill(band_seed(), trained, FillRequest(bars="1,3", takes=3))
    assert [stretch["bars"] for stretch in several.record["stretches"]] == [[1, 1], [3, 3]]
    assert "take" not in several.record


@pytest.mark.parametrize(
    ("asked", "field", "message"),
    [
        ({"bars": "1-4"}, "bars", "all of the seed; leave some before or behind"),
        ({"bars": "9"}, "bars", "there is no bar 9; the seed has bars 1-4"),
        ({"bars": "2", "tracks": "horn"}, "tracks", "horn"),
        ({}, "bars", "nothing to fill; say which, such as 5-8"),
    ],
)
def test_what_cannot_be_filled_is_said(trained, asked, field, message):
    with pytest.raises(UsageError, match=message) as refusal:
        fill(band_seed(), trained, FillRequest(**asked))
    assert refusal.value.field == field


def test_a_stretch_is_never_emptied():
    """Where all that is drawn is a rest it is said, and nothing is written."""
    with pytest.raises(NothingNewError, match="a higher `temperature` or another `random_seed` may find more"):
        fill(band_seed(), quiet_composer(), FillRequest(bars="2", takes=1))


def test_what_stood_there_over_again_is_drawn_again(trained, monkeypatch):
    answers = iter([True, True, False])
    monkeypatch.setattr(gaps.Gap, "is_as_before", lambda gap, added: next(answers))
    counted = []
    request = FillRequest(bars="2", tracks=[BASS], takes=1)
    (output,) = fill(band_seed(), trained, request, progress=lambda work: counted.append(len(work)) or work)
    assert counted == [1, 1, 1]
    assert not output.record["stretches"][0]["take"]["as_before"]


def test_an_empty_stretch_is_filled(trained):
    """The bass has no notes in the second bar, which is the file of a gap."""
    seed = band_seed()
    tracks = list(seed.barred.score.tracks)
    notes = tracks[BASS].notes
    tracks[BASS] = replace(tracks[BASS], notes=notes.where((notes.onset_ticks < BAR) | (notes.onset_ticks >= 2 * BAR)))
    score = replace(seed.barred.score, tracks=tuple(tracks))
    gap = Seed.from_bytes(score_to_events(score).to_bytes(), path="gap.mid")
    (output,) = fill(gap, trained, FillRequest(bars="2", tracks="bass", takes=1))
    changed = {track["track"]: track["added"].get("notes", 0) for track in output.record["diff"]["tracks"]}
    assert changed == {TUNE: 0, KEYS: 0, BASS: output.record["stretches"][0]["notes"], KIT: 0}
    assert changed[BASS]


def test_what_fills_is_played_as_people_play_and_laid_out_plainly_if_that_is_asked_for(trained):
    (output,) = fill(band_seed(), trained, FillRequest(bars="2-3", takes=1, humanise=1.0, normalise=True))
    assert output.record["humanised"]["notes"] > 0
    (marker,) = [marker for marker in output.events.score().markers if "fill" in marker.text]
    assert marker.tick == BAR
