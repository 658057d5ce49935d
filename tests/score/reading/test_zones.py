"""A zone is one part: a master channel and its members, as registered parameter 6 makes them."""

import pytest
from midi_bytes import NOTE, meta, midi, track

from symbolic_embed.score import parse, read_bytes
from symbolic_embed.score.reading.walking import walk
from symbolic_embed.score.reading.zones import Zone, may_have_zones, zones_of

PADDING = meta(1, b"x" * 200)  # a chunk this long is worth the short cut


def configured(members, *, master=0):
    """The messages that give the zone of a master so many members."""
    return f"00 b{master:x} 65 00 00 b{master:x} 64 06 00 b{master:x} 06 {members:02x}"


def struck(*channels):
    """A middle C on each of these channels, one after another."""
    return "".join(f"00 9{channel:x} 3c 40 10 8{channel:x} 3c 40" for channel in channels)


def zones(*events):
    return zones_of(walk(track(*events)).events)


def parts(data, **more):
    """Channel, members and number of notes of each part; the two ways of reading agree on it."""
    tracks = read_bytes(data, **more).tracks
    events = parse(data, **more)
    assert tracks == events.score().tracks == tuple(part.track for part in events.parts())
    return [(t.channel, t.members, len(t.notes)) for t in tracks]


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([configured(2)], [Zone(0, (1, 2))]),
        ([configured(3, master=15)], [Zone(15, (14, 13, 12))]),
        ([configured(4), configured(2, master=15)], [Zone(0, (1, 2, 3, 4)), Zone(15, (14, 13))]),
        (
            [configured(4, master=15), configured(13)],
            [Zone(0, tuple(range(1, 14))), Zone(15, (14,))],
        ),
        ([configured(4, master=15), configured(15)], [Zone(0, tuple(range(1, 16)))]),
        ([configured(4), configured(0)], []),
        (["00 b0 65 00 00 64 06 00 06 02"], [Zone(0, (1, 2))]),  # running status
        (["00 b0 64 06 00 65 00 00 06 02"], [Zone(0, (1, 2))]),
        (["00 b0 65 00 00 64 06 00 62 01 00 06 02"], []),  # data of a parameter that nobody registered
        (["00 b0 65 00 00 64 00 00 06 02"], []),  # the bend range
        (["00 b3 65 00 00 64 06 00 06 02"], []),  # no master
        ([configured(2), NOTE, configured(0)], [Zone(0, (1, 2))]),
        ([NOTE, configured(2), configured(3)], [Zone(0, (1, 2))]),
        ([meta(0x21, b"\1"), configured(1)], [Zone(16, (17,))]),
    ],
)
def test_zones_of_a_chunk(events, found):
    assert list(zones(*events)) == found
    assert may_have_zones(track(*events)) or not found


@pytest.mark.parametrize("padding", ["", PADDING])
def test_a_zone_is_one_part(padding):
    lead = track(padding, configured(15), "00 c0 51", struck(1, 9, 15, 0))
    bass = track(padding, "00 c1 21", struck(1))
    data = midi(lead, bass)
    assert parts(data) == [(0, tuple(range(1, 16)), 4), (1, (), 1)]
    assert [part.program for part in read_bytes(data).tracks] == [0x51, 0x21]


def test_both_zones_and_a_channel_between_them():
    data = midi(track(configured(2), configured(1, master=15), struck(1, 2, 5, 14)), format=0)
    assert parts(data) == [(0, (1, 2), 2), (5, (), 1), (15, (14,), 1)]


def test_a_zone_that_no_member_plays_in_is_no_part_of_its_own():
    assert parts(midi(track(configured(0), struck(0, 1)))) == [(0, (), 1), (1, (), 1)]
    assert parts(midi(track(configured(5), struck(0, 9)))) == [(0, (), 1), (9, (), 1)]


def test_a_chunk_without_notes_makes_zones_for_the_others():
    setup = track(PADDING, configured(3), "00 c0 51")
    data = midi(setup, track(PADDING, struck(1, 2, 3)))
    assert parts(data) == [(0, (1, 2, 3), 3)]
    assert read_bytes(data).tracks[0].program == 0x51


def test_the_programme_of_a_member_counts_where_the_master_has_none():
    assert read_bytes(midi(track(configured(2), "00 c1 05", struck(1, 2)))).tracks[0].program == 5


def test_channels_of_one_programme_are_joined_for_those_who_ask():
    guitar = track(PADDING, "00 c0 19 00 c1 19 00 c2 19 00 c3 20", struck(0, 1, 2, 3, 9))
    data = midi(guitar, track(PADDING, "00 c4 19", struck(4)))
    assert len(parts(data)) == 6
    assert parts(data, join_channels=True) == [(0, (1, 2), 3), (3, (), 1), (9, (), 1), (4, (), 1)]


def test_channels_that_may_be_strings_are_named_once():
    (warning,) = read_bytes(midi(track("00 c0 19 00 c1 19 00 c2 19", struck(0, 1, 2)))).warnings
    assert str(warning) == (
        "chunk 0: channels 1, 2, 3 have one programme and one voice each; if they are the strings of one instrument, "
        "`join_channels` takes them for one part"
    )
    chord = "00 92 3c 40 00 92 40 40 10 82 3c 40 00 82 40 40"
    for other in (struck(0, 1), struck(0, 1) + chord, "00 c1 05" + struck(0, 1, 2), configured(2) + struck(0, 1, 2)):
        assert read_bytes(midi(track(other))).warnings == ()
    assert read_bytes(midi(track(struck(0, 1, 2))), join_channels=True).warnings == ()
