"""Which notes count as the same."""

from __future__ import annotations

from symbolic_embed.presenting.differences import not_among, note_keys
from symbolic_embed.score import Notes, Track


def keys(*notes: tuple[int, int, int], division: int = 480, channel: int = 0):
    onset, length, pitch = zip(*notes, strict=True)
    track = Track(Notes.of(onset, length, pitch, [80] * len(notes)), channel=channel)
    return note_keys(track, division=division)


def test_the_division_does_not_matter_nor_what_nobody_hears():
    assert keys((480, 480, 60)) == keys((96, 96, 60), division=96) == keys((481, 478, 60))
    assert keys((480, 480, 60)) != keys((490, 470, 60))


def test_a_length_counts_but_on_drums():
    assert keys((0, 480, 36)) != keys((0, 240, 36))
    assert keys((0, 480, 36), channel=9) == keys((0, 240, 36), channel=9)


def test_a_note_that_others_have_less_often_is_lacking():
    twice = keys((0, 480, 60), (0, 480, 60), (0, 480, 64))
    assert not_among(twice, keys((0, 480, 60))).tolist() == [0, 1, 1]
    assert not_among(twice, twice).tolist() == [0, 0, 0]
    assert not_among([], twice).tolist() == []
