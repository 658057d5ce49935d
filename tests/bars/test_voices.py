"""One voice or several, by tunes whose notes overlap a little, and now and then."""

import numpy as np
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.bars.voices import SECOND_VOICE, is_single_voice
from symbolic_embed.score import Notes, Score, Track

QUARTER = 480


def part(durations, *, channel=0):
    """A note on every quarter, each as long as said."""
    count = len(durations)
    notes = Notes.of(QUARTER * np.arange(count), durations, 60 + np.arange(count) % 5, np.full(count, 80))
    return Track(notes, channel=channel)


def is_single(*tracks, of=0):
    return is_single_voice(cut(Score(QUARTER, tracks)), of)


@pytest.mark.parametrize(("duration", "single"), [(240, True), (480, True), (540, True), (541, False), (960, False)])
def test_a_note_may_sound_into_the_next_by_half_an_eighth(duration, single):
    """That is legato; longer is a second voice."""
    assert is_single(part([duration] * 40)) is single


@pytest.mark.parametrize(("overlaps", "single"), [(0, True), (4, True), (5, False)])
def test_one_overlap_in_twenty_is_a_second_voice_fewer_are_not(overlaps, single):
    """Of a hundred places where a note follows another."""
    assert SECOND_VOICE == 0.05
    assert is_single(part([960] * overlaps + [480] * (101 - overlaps))) is single


def test_chords_are_several_voices_one_note_is_one_and_drums_are_none():
    chord = Notes.of([0, 0, 0], [480, 480, 480], [60, 64, 67], [80, 80, 80])
    assert not is_single(Track(chord))
    assert is_single(part([480]))
    assert not is_single(part([480] * 8, channel=9))


def test_the_part_that_is_asked_for_is_looked_at():
    tracks = (part([480] * 8), part([960] * 8))
    assert (is_single(*tracks, of=0), is_single(*tracks, of=1)) == (True, False)


def test_half_an_eighth_is_so_in_any_division():
    notes = Notes.of(24 * np.arange(10), np.full(10, 27), np.full(10, 60), np.full(10, 80))
    assert is_single_voice(cut(Score(24, (Track(notes),))), 0)
    longer = Notes.of(24 * np.arange(10), np.full(10, 28), np.full(10, 60), np.full(10, 80))
    assert not is_single_voice(cut(Score(24, (Track(longer),))), 0)
