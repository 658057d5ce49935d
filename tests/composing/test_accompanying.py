"""Accompanying: legal parts beside those that are there, which stay as they are."""

from __future__ import annotations

import numpy as np
import pytest
from composers import band_seed, quiet_composer, tiny_composer

from symbolic_embed.bars import cut
from symbolic_embed.composing.accompanying import KIT, NEW_PARTS, accompany_piece, roles_of
from symbolic_embed.errors import UsageError
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import AccompanyRequest
from symbolic_embed.score import Notes, Score, TimeSignature, Track
from symbolic_embed.score.writing.layout import score_to_events


@pytest.fixture(scope="module")
def trained():
    return tiny_composer()


def tune_seed():
    """The band's tune alone."""
    score = band_seed().barred.score
    alone = Score(score.division, score.tracks[:1], score.tempi, score.time_signatures)
    return Seed.from_bytes(score_to_events(alone).to_bytes(), path="tune.mid")


def test_by_default_a_tune_gets_what_it_lacks_and_a_whole_band_a_second_tune():
    assert roles_of(None, tune_seed().barred) == ["chords", "bass", "drums"]
    assert roles_of(None, band_seed().barred) == ["melody"]
    assert roles_of(["drums", "chords"], band_seed().barred) == ["chords", "drums"]
    with pytest.raises(UsageError, match="`parts`"):
        AccompanyRequest(parts=["horns"])


def test_where_the_piece_begins_a_note_each_part_writes_its_fewest_and_elsewhere_it_may_rest():
    """The decoder would rather end at once. The tune plays in the first bar and the third."""
    onsets = [0, 480, 960, 1440, 3840, 4320]
    tune = Track(Notes.of(onsets, [400] * 6, [60, 64, 67, 72, 60, 64], [80] * 6), name="tune")
    piece = cut(Score(480, (tune,), (), (TimeSignature(0, 4, 4),)))
    roles = ["chords", "bass", "melody", "drums"]
    (written,) = accompany_piece(quiet_composer(), piece, AccompanyRequest(temperature=0), roles=roles)
    for track, role in enumerate(roles, start=1):
        counts = np.bincount(written.onset_steps[written.track == track] // 48, minlength=3).tolist()
        assert counts == [NEW_PARTS[role].fewest, 0, NEW_PARTS[role].fewest]
    assert [NEW_PARTS[role].fewest for role in roles] == [3, 1, 0, 2]


def test_each_part_plays_in_each_bar_in_its_range_and_in_its_voices(trained):
    piece = tune_seed().barred
    roles = ["chords", "bass", "drums"]
    written = accompany_piece(trained, piece, AccompanyRequest(random_seed=1), roles=roles)[0]
    for track, role in enumerate(roles, start=1):
        part, mine = NEW_PARTS[role], written.track == track
        pitches = written.pitch[mine]
        assert (
            set(pitches) <= set(KIT)
            if role == "drums"
            else part.lowest <= pitches.min() <= pitches.max() <= part.highest
        )
        in_bars = np.bincount(piece.grid.bar_of(written.onset_steps[mine]), minlength=piece.bars)
        assert in_bars.min() >= part.fewest
        if part.single:
            assert ((written.onset_steps + written.length_steps)[mine][:-1] <= written.onset_steps[mine][1:]).all()
    assert (written.onset_steps + written.length_steps).max() <= piece.grid.bar_steps[-1]


def test_given_parts_are_context(trained):
    """Other notes in the tune, other notes beside it."""
    seed, other = tune_seed().barred, band_seed().barred
    one = accompany_piece(trained, seed, AccompanyRequest(random_seed=1), roles=["bass"])[0]
    two = accompany_piece(trained, other, AccompanyRequest(random_seed=1), roles=["bass"])[0]
    assert one.pitch.tolist() != two.pitch.tolist()


def test_in_a_long_rest_of_the_piece_the_new_parts_wait():
    """A bar, a hundred bars of rest, a bar, three bars of rest, a bar: they play in the short rest, not in the long."""
    onsets = [bar * 1920 + beat * 480 for bar in (0, 101, 105) for beat in range(4)]
    tune = Track(Notes.of(onsets, [450] * 12, [60, 64, 67, 72] * 3, [80] * 12), name="tune")
    score = Score(480, (tune,), (), (TimeSignature(0, 4, 4),))
    seed = Seed.from_bytes(score_to_events(score).to_bytes(), path="rests.mid")
    seen = []
    accompany_piece(
        tiny_composer(),
        seed.barred,
        AccompanyRequest(),
        roles=["drums"],
        progress=lambda windows: [seen.append(w) or w for w in windows],
    )
    assert seen == [0, *range(101, 106)]
