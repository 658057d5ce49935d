"""The four roles, one example on either side of each line between them."""

from dataclasses import replace

import numpy as np
import pytest

from symbolic_embed.bars import ROLES, class_name, role_of, with_roles
from symbolic_embed.score import Notes, Score, ScoreWarning, Track
from symbolic_embed.score.reading.kits import kit_warning


def part(*, program=0, channel=0, pitch=60, notes=100, doubled=0):
    """`notes` onsets of one pitch, of which the first `doubled` carry a second note."""
    onsets = [*range(notes), *range(doubled)]
    pitches = [pitch] * notes + [pitch + 4] * doubled
    count = len(onsets)
    return Track(Notes.of(onsets, np.ones(count), pitches, np.ones(count)), program=program, channel=channel)


@pytest.mark.parametrize(
    ("track", "role"),
    [
        (part(), "melody"),
        (part(channel=9), "drums"),
        (part(channel=9, program=33), "drums"),
        (part(program=31), "melody"),
        (part(program=32), "bass"),
        (part(program=39, pitch=90), "bass"),
        (part(program=40), "melody"),
        (part(program=33, doubled=100), "bass"),
        (part(pitch=47), "bass"),
        (part(pitch=48), "melody"),
        (part(doubled=5), "melody"),
        (part(doubled=6), "chords"),
        (part(pitch=30, doubled=6), "chords"),
    ],
)
def test_roles(track, role):
    assert role_of(track) == role
    assert role in ROLES


def test_the_order_of_roles_is_that_of_trained_networks_and_the_names_of_classes_are_those_that_programs_read():
    assert ROLES == ("drums", "bass", "melody", "chords")
    assert [class_name(role) for role in ROLES] == ["drums", "bass", "melody", "piano"]


def test_what_somebody_says_counts():
    score = Score(480, (replace(part(), name="Tune"), part(channel=9)))
    said = with_roles(score, [("tune", "drums"), (1, "bass")])
    assert [role_of(track) for track in said.tracks] == ["drums", "bass"]
    assert [track.is_drum for track in said.tracks] == [True, False]
    assert [track.notes for track in said.tracks] == [track.notes for track in score.tracks]
    assert with_roles(score, []) is score


def test_of_several_roles_for_a_track_the_last_counts():
    score = Score(480, (part(),))
    assert role_of(with_roles(score, [(0, "drums"), (0, "chords")]).tracks[0]) == "chords"


def test_a_warning_that_was_answered_is_gone():
    """A kit that is called drums is warned of, until somebody says what it does."""
    notes = Notes.of(range(0, 480 * 16, 240), [60] * 32, [36, 42, 38, 42] * 8, [90] * 32)
    track = Track(notes, "Drums", is_drum=True)
    (warning,) = kit_warning(track, 0, division=480)
    score = Score(480, (track,)).with_warnings(warning, ScoreWarning("odd", "something is odd"))
    assert [one.kind for one in with_roles(score, [(0, "bass")]).warnings] == ["odd"]
