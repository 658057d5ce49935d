"""Which part plays where."""

from symbolic_embed.score import Notes, Track
from symbolic_embed.score.writing.channels import assigned_channels


def parts(*programs_and_channels, notes=1):
    some = Notes.of(range(notes), [1] * notes, [60] * notes, [64] * notes)
    return [Track(some, program=program, channel=channel) for program, channel in programs_and_channels]


def test_parts_keep_the_channel_they_have_if_nobody_else_has_it():
    assert assigned_channels(parts((0, 3), (33, 0), (0, 9))) == [3, 0, 9]


def test_of_two_on_one_channel_the_second_moves_to_a_free_one():
    assert assigned_channels(parts((0, 0), (1, 0), (2, 1))) == [0, 2, 1]


def test_drums_share_their_channel_and_nobody_else_gets_it():
    channels = assigned_channels(parts(*[(0, 0)] * 15, (0, 9), (8, 9)))
    assert channels[15:] == [9, 9]
    assert sorted(channels[:15]) == [*range(9), *range(10, 16)]


def test_beyond_fifteen_the_same_programme_shares_first():
    tracks = parts(*[(40, 0)] * 4, *[(program, 0) for program in range(50, 64)])
    channels = assigned_channels(tracks)
    on_channel = {}
    for track, channel in zip(tracks, channels, strict=True):
        on_channel.setdefault(channel, set()).add(track.program)
    assert all(len(programs) == 1 for programs in on_channel.values())
    assert len(set(channels)) == 15


def test_beyond_fifteen_programmes_families_share():
    tracks = parts(*[(8 * family, 0) for family in range(15)], (41, 0))
    channels = assigned_channels(tracks)
    assert channels[15] == channels[5]


def test_nobody_is_left_without():
    assert len(assigned_channels(parts(*[(program, program % 16) for program in range(100)]))) == 100
    assert assigned_channels([]) == []
