"""Drums by their names and keys, where the file does not say so."""

import numpy as np
import pytest

from symbolic_embed.score import Notes, Score, Track, read_bytes
from symbolic_embed.score.reading.kits import could_be_kit, is_named_as_drums, is_surely_kit
from symbolic_embed.score.writing.layout import part_events, score_to_events

QUARTER = 480
BAR = [(0, 36), (0, 42), (240, 42), (480, 38), (480, 42), (720, 42), (960, 36), (960, 42), (1200, 42), (1440, 38),
       (1440, 42), (1680, 46)]  # fmt: skip


def struck(bar, *, bars=4, length=60):
    rows = [(tick + number * 1920, length, key, 90) for number in range(bars) for tick, key in bar]
    return Notes.of(*zip(*rows, strict=True))


BEAT = struck(BAR)
TUNE = struck([(0, 60), (480, 62), (960, 64), (1440, 67)], length=400)


def file_of(track):
    """A file with one part on its own channel, and no channel given up for drums."""
    events = score_to_events(Score(QUARTER))
    chunk = part_events(track, track.channel, number=1)
    chunks = (*events.chunks, tuple(e for e in chunk if e.message[0] & 0xF0 != 0xC0 or track.program))
    return type(events)(QUARTER, chunks).to_bytes()


def as_read(name, notes, *, program=0, channel=2):
    score = read_bytes(file_of(Track(notes, name, program, channel)))
    return score.tracks[0].is_drum, [warning.kind for warning in score.warnings]


@pytest.mark.parametrize(
    "name",
    ["Drums", "drum kit", "DrumKit", "Kit 2", "drums_01", "Perc.", "Hi-Hat", "Closed HH", "Snare", "Kick", "Bass Drum",
     "Schlagzeug", "Batterie", "Batería", "Slagverk", "Ударные", "ドラム", "ﾄﾞﾗﾑ", "Ｄｒｕｍｓ", "架子鼓", "Beat"],
)  # fmt: skip
def test_names_of_drums_in_several_languages(name):
    assert is_named_as_drums(name)


@pytest.mark.parametrize(
    "name",
    ["", "Piano", "Kitty", "Beatrice", "Drumheller's air on the harp", "Steel Drums", "Drum & Bass", "Perc. Organ",
     "Tom Keane's reel", "Bells", "Percival", "Timpani and Snare", "Chant"],
)  # fmt: skip
def test_names_of_others(name):
    assert not is_named_as_drums(name)


def test_a_clip_that_is_called_drums_and_looks_like_drums_is_taken_for_drums():
    assert as_read("Drums", BEAT) == (True, ["drums-by-name"])
    assert as_read("Drums", BEAT, channel=0) == (True, ["drums-by-name"])


def test_the_warning_names_the_part_and_the_way_out():
    (warning,) = read_bytes(file_of(Track(BEAT, "Drum Kit", 0, 2))).warnings
    assert str(warning) == (
        "track 0 'Drum Kit' on channel 3 is taken for drums, by its name and its keys; `roles` says otherwise"
    )


def test_a_programme_says_what_plays():
    assert as_read("Drums", BEAT, program=14) == (False, [])


def test_a_name_alone_is_not_enough():
    assert as_read("Drums", TUNE) == (False, [])


def test_keys_alone_are_worth_a_warning():
    assert as_read("Track 3", BEAT) == (False, ["drums-by-keys"])
    assert as_read("Lead", TUNE) == (False, [])


def test_on_the_tenth_channel_there_is_nothing_to_say():
    assert as_read("Track 3", BEAT, channel=9) == (True, [])


def test_one_drum_on_whichever_key():
    kick = struck([(0, 60), (960, 60)], length=900)
    assert could_be_kit(kick, division=QUARTER)
    assert not could_be_kit(struck([(0, 60)], bars=2, length=900), division=QUARTER)


@pytest.mark.parametrize(
    ("notes", "why"),
    [
        (Notes.of(BEAT.onset_ticks, BEAT.duration_ticks * 10, BEAT.pitch, BEAT.velocity), "held"),
        (Notes.of(BEAT.onset_ticks, BEAT.duration_ticks, BEAT.pitch + np.uint8(50), BEAT.velocity), "beyond the keys"),
        (struck([(60 * n, 35 + n) for n in range(30)], bars=2), "too many keys"),
        (struck([(60 * n, 35 + n) for n in range(20)], bars=1), "each key once"),
        (TUNE, "a tune above the drums"),
    ],
)
def test_what_could_not_be_a_kit(notes, why):
    assert not could_be_kit(notes, division=QUARTER), why


def test_low_chords_on_keys_of_drums_are_none():
    chords = struck(
        [(0, 36), (0, 40), (0, 43), (480, 38), (480, 42), (480, 45), (960, 36), (960, 40), (960, 42)], bars=8
    )
    assert could_be_kit(chords, division=QUARTER)
    assert not is_surely_kit(chords, division=QUARTER)


def test_a_walking_bass_on_keys_of_drums_is_none():
    bass = struck([(0, 36), (480, 38), (960, 42), (1440, 40)], bars=16, length=400)
    assert could_be_kit(bass, division=QUARTER)
    assert not is_surely_kit(bass, division=QUARTER)
