"""`groove`: what moves, what stays, what is said."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from composers import band_seed
from played_music import kit, part, seed, swung

from symbolic_embed.errors import UsageError
from symbolic_embed.outputs.reread import read_again
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import GrooveRequest
from symbolic_embed.score import Score, TimeSignature
from symbolic_embed.score.editing.comparing import untouched_difference
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.verbs.groove import groove

SWING = seed(swung(4), name="swing.mid")


def test_amount_0_is_the_seed():
    band = band_seed()
    output = groove(SWING, band, GrooveRequest(amount=0))
    assert output.events.to_bytes() == band.events.to_bytes()
    assert output.name == "band__swing__groove__amount0.00"


def test_onsets_and_velocities_move_and_all_else_is_proved_to_stay():
    band = band_seed()
    output = groove(SWING, band, GrooveRequest(amount=0.5))
    before, after = band.barred.score, read_again(output.events, band)
    for old, new in zip(before.tracks, after.tracks, strict=True):
        assert sorted(old.notes.pitch) == sorted(new.notes.pitch)
        assert old.name == new.name
    assert (before.tempi, before.markers) == (after.tempi, after.markers)
    assert output.record["diff"]["outside"]["same"]
    assert output.record["checkpoint"] is None
    assert [one["track"] for one in output.record["played"]] == [0, 1, 2, 3]
    assert output.record["groove"]["path"] == "swing.mid"
    assert output.record["tables"][0]["late_quarters"]["hat"][1] == 0.1667


def test_only_chosen_tracks_are_played_otherwise():
    song = seed(part(np.arange(8) / 2, name="a"), part(np.arange(8) / 2, pitch=64, channel=1, name="b"))
    output = groove(SWING, song, GrooveRequest(tracks="b", amount=1))
    score = output.events.score()
    assert score.tracks[0].notes == song.barred.score.tracks[0].notes
    assert score.tracks[1].notes.onset_ticks[:2].tolist() == [0, 320]
    assert output.record["settings"]["tracks"] == [1]
    chunk = song.barred.score.tracks[0].chunk
    assert output.events.chunks[chunk] == song.events.chunks[chunk]
    with pytest.raises(UsageError, match="`tracks`: there is no track 'c'"):
        groove(SWING, song, GrooveRequest(tracks="c"))


def test_two_tracks_of_one_channel_do_not_cut_each_other():
    """Both play one pitch in turn, so that a note of one would be struck while the other's sounds."""
    tracks = (part([0, 1, 2, 3], length=0.5, name="a"), part([0.5, 1.5, 2.5, 3.5], length=0.5, name="b"))
    events = score_to_events(Score(480, tracks), addresses=[0, 0])
    song = Seed.from_bytes(events.to_bytes(), path="song.mid")
    after = groove(SWING, song, GrooveRequest(amount=1, tracks=[0])).events.score()
    sounding = sorted(row[:2] for track in after.tracks for row in track.notes.rows().tolist())
    assert len(sounding) == 8
    assert all(onset + lasts <= other for (onset, lasts), (other, _) in pairwise(sounding))
    assert after.tracks[1].notes == song.barred.score.tracks[1].notes


def test_drums_alone():
    straight = seed(kit(2, hat=[(place / 2, 90) for place in range(8)], kick=[(0, 90), (2.5, 90)]))
    after = groove(SWING, straight, GrooveRequest(amount=1)).events.score().tracks[0].notes
    kicks = after.where(after.pitch == 36)
    assert kicks.onset_ticks.tolist() == [0, 1280, 1920, 3200]


def test_the_end_of_the_file_stays_where_it_need_not_move():
    straight = seed(part(np.arange(8) / 2))
    output = groove(SWING, straight, GrooveRequest(amount=1))
    assert [chunk[-1] for chunk in output.events.chunks] == [chunk[-1] for chunk in straight.events.chunks]
    assert untouched_difference(straight.events, output.events, parts_and_ranges=output.asked) == []


def test_another_metre_is_said():
    waltz = seed(part(np.arange(9)), metres=[TimeSignature(0, 3, 4)], name="waltz.mid")
    with pytest.raises(UsageError, match=r"^swing.mid is in 4/4, waltz.mid in 3/4: .* give a clip in 3/4$"):
        groove(SWING, waltz, GrooveRequest())
    few = seed(part([0, 1]), name="few.mid")
    with pytest.raises(UsageError, match=r"^few.mid: fewer than 4 notes"):
        groove(few, waltz, GrooveRequest())


def test_bars_that_stay_and_a_mechanical_groove_are_warned_of():
    mixed = seed(part(np.arange(11)), metres=[TimeSignature(0, 4, 4), TimeSignature(3840, 3, 4)])
    output = groove(SWING, mixed, GrooveRequest())
    assert output.record["warnings"] == ["1 bars in 3/4 stay as they are: the groove has none"]
    straight = groove(seed(part(np.arange(16))), mixed, GrooveRequest())
    assert straight.record["warnings"][-1].startswith("the groove is on the grid and equally loud throughout")
