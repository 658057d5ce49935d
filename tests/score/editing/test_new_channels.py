"""Where a new part can play: drums beside a tune on the tenth channel."""

import pytest
from midi_bytes import midi, track

from symbolic_embed.score import Notes, Track, parse, read_bytes
from symbolic_embed.score.editing.in_place import append_track
from symbolic_embed.score.editing.transforming import transposed

GS, GS_TUNE = "00 f0 0a 41 10 42 12 40 00 7f 00 41 f7", "0a f0 0a 41 10 42 12 40 10 15 00 1b f7"
XG, XG_TUNE = "00 f0 08 43 10 4c 00 00 7e 00 f7", "0a f0 08 43 10 4c 08 09 07 00 f7"
TUNE = "00 c9 49 00 99 3c 40 83 60 89 3c 40"
BEAT = Track(Notes.of([0, 480], [60, 60], [36, 38], [90, 90]), "Part", channel=9)


def places(events):
    assert read_bytes(events.to_bytes()) == events.score()
    return [(part.channel, part.is_drum) for part in events.score().tracks]


@pytest.mark.parametrize("tune", [(GS, GS_TUNE, TUNE), (XG, XG_TUNE, TUNE), ("00 b9 00 79", TUNE)])
def test_a_free_channel_is_made_a_kit_in_the_way_of_the_file(tune):
    assert places(append_track(parse(midi(track(*tune))), BEAT)) == [(9, False), (15, True)]


def test_drums_join_a_kit_that_plays_elsewhere():
    kit = track("00 f0 0a 41 10 42 12 40 1a 15 01 10 f7", "00 9a 33 40 60 8a 33 40")
    events = append_track(parse(midi(track(GS, GS_TUNE, TUNE), kit)), BEAT)
    assert places(events) == [(9, False), (10, True), (10, True)]


def test_elsewhere_drums_are_on_the_tenth_channel_and_nothing_is_said():
    events = append_track(parse(midi(track("00 90 3c 40 60 80 3c 40"))), BEAT)
    assert places(events) == [(0, False), (9, True)]
    assert all(message[0] < 0xF0 or message[0] == 0xFF for _, message in events.chunks[-1])


def test_drums_on_any_channel_stay_when_the_piece_is_transposed():
    kit = "00 b4 00 78 00 c4 00 00 94 24 40 60 84 24 40"
    moved = transposed(parse(midi(track("00 b9 00 79", TUNE), track(kit))), 2).score()
    assert [track.notes.pitch.tolist() for track in moved.tracks] == [[62], [36]]
