"""A seed of which somebody said what its parts do: it goes with the events through every edit, and into no file."""

import pytest
from composers import band_seed
from midi_bytes import midi, track

from symbolic_embed.errors import UsageError
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.score import Notes, Track, parse
from symbolic_embed.score.editing.in_place import append_track, replace_notes
from symbolic_embed.score.writing.normalising import normalised
from symbolic_embed.score.writing.verified import verified_bytes

CLIP = midi(track("00 90 24 40 60 80 24 40 00 90 26 40 60 80 26 40"))


def test_bars_and_parts_are_in_the_roles_that_were_said():
    seed = band_seed().with_roles([("kit", "melody"), (0, "drums")])
    assert seed.barred.roles == ("drums", "chords", "bass", "melody")
    assert seed.barred.part_is_drum.tolist() == [True, False, False, False]
    assert [part.track for part in seed.events.parts()] == list(seed.barred.score.tracks)


def test_saying_nothing_or_the_same_again_changes_nothing():
    seed = band_seed()
    assert seed.with_roles([]) is seed
    said = seed.with_roles([(1, "melody")])
    assert said.with_roles([("keys", "melody")]) is said


def test_a_track_that_is_not_there_is_refused():
    with pytest.raises(UsageError, match=r"^`roles`: there is no track 'oboe'; there are: 0 tune, 1 keys"):
        band_seed().with_roles([("oboe", "melody")])


def test_new_notes_of_a_kit_stay_on_its_channel_and_the_role_stays_with_it():
    seed = Seed.from_bytes(CLIP, path="clip.mid").with_roles([(0, "drums")])
    (part,) = seed.events.parts()
    events = replace_notes(seed.events, part, remove=[0], add=Notes.of([0], [60], [42], [90]))
    events = append_track(events, Track(Notes.of([0], [60], [50], [90]), "Bass", 33))
    assert [(one.channel, one.role, one.is_drum) for one in events.score().tracks] == [
        (0, "drums", True),
        (1, None, False),
    ]
    written = parse(verified_bytes(events)).score()
    assert [(one.channel, one.is_drum) for one in written.tracks] == [(0, False), (1, False)]


def test_in_the_layout_of_every_daw_a_kit_is_on_the_tenth_channel():
    seed = Seed.from_bytes(CLIP, path="clip.mid").with_roles([(0, "drums")])
    (part,) = normalised(seed.events).score().tracks
    assert (part.channel, part.is_drum) == (9, True)
