"""The four roles, one example on either side of each line between them."""

import numpy as np
import pytest

from symbolic_embed.bars import ROLES, class_name, role_of
from symbolic_embed.score import Notes, Track


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
