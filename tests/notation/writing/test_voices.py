"""Which notes make a voice, and where notes end that were let go early."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.notation.writing.quantising import WrittenNote, WrittenPart
from symbolic_embed.notation.writing.values import Metre
from symbolic_embed.notation.writing.voices import MOST_VOICES, Bar, Chord, chords_of, closed, voices_of

BARS = [Bar(96 * bar, 96 * (bar + 1), Metre.of(4, 4)) for bar in range(4)]
STARTS = list(range(0, 384, 24))


def note(onset, end, pitch=60, *, exact=True):
    return WrittenNote(onset, end, pitch, 80, exact)


def chord(onset, end, *pitches, exact=True):
    return Chord(onset, end, pitches, (80,) * len(pitches), exact)


def ends(*notes):
    return [one.end for one in closed(WrittenPart(list(notes), STARTS, [6] * len(STARTS)), BARS)]


@pytest.mark.parametrize(
    ("played", "next_onset", "written"),
    [
        ((0, 21), 24, 24),  # let go early: up to the next
        ((0, 13), 24, 12),  # an eighth, and a rest
        ((0, 27), 24, 24),  # held over
        ((0, 43), 48, 48),
        ((0, 88), 200, 96),  # the whole bar is simpler than what was played
        ((0, 3), 48, 6),  # no rest too short to play after a very short note
        ((0, 70), 24, 72),  # held while another plays
    ],
)
def test_ends_that_are_only_near(played, next_onset, written):
    assert ends(note(*played, exact=False), note(next_onset, next_onset + 24, 64))[0] == written


def test_ends_that_are_exact_stay():
    assert ends(note(0, 21), note(24, 48)) == [21, 48]


def test_notes_that_begin_and_end_together_are_a_chord():
    chords = chords_of([note(0, 24, 64), note(0, 24, 60), note(0, 48, 67), note(24, 48, 62)])
    assert [(one.onset, one.end, one.pitches) for one in chords] == [(0, 48, (67,)), (0, 24, (60, 64)), (24, 48, (62,))]


def test_one_line_is_one_voice():
    line = [chord(0, 24, 60), chord(24, 48, 62), chord(72, 96, 64)]
    assert voices_of(line) == [line]


def test_the_upper_line_is_the_first_voice():
    bass = [chord(0, 48, 48), chord(48, 96, 50)]
    tune = [chord(0, 24, 67), chord(24, 60, 65), chord(60, 96, 64)]
    assert voices_of(sorted([*bass, *tune], key=lambda one: (one.onset, -one.pitches[-1]))) == [tune, bass]


def test_a_line_goes_on_where_it_lay():
    """The tune rests while the bass moves: the bass stays the lower voice."""
    chords = [chord(0, 24, 72), chord(0, 36, 48), chord(36, 96, 50), chord(48, 96, 74)]
    assert voices_of(chords) == [[chords[0], chords[3]], [chords[1], chords[2]]]


def test_what_was_only_let_ring_is_cut_at_the_second_voice():
    rung = [chord(12 * n, 96, 60 + 4 * n, exact=False) for n in range(4)]
    assert sorted((one.onset, one.end) for voice in voices_of(rung) for one in voice) == [(0, 24), (12, 36), (24, 96), (36, 96)]  # fmt: skip
    assert len(voices_of([chord(12 * n, 96, 60 + 4 * n) for n in range(4)])) == 4


def test_more_notes_at_once_than_voices_make_chords():
    together = [chord(0, 12 * (n + 1), 60 + n) for n in range(6)]
    voices = voices_of(sorted(together, key=lambda one: -one.pitches[-1]))
    assert len(voices) == MOST_VOICES
    assert sorted(pitch for voice in voices for one in voice for pitch in one.pitches) == [60, 61, 62, 63, 64, 65]


chords = st.builds(
    lambda onset, length, pitch, exact: chord(onset, onset + length, pitch, exact=exact),
    st.integers(0, 96), st.integers(1, 96), st.integers(40, 80), st.booleans(),
)  # fmt: skip


@given(st.lists(chords, max_size=15))
def test_each_note_is_in_one_voice_and_none_overlaps_another_there(played):
    played = sorted(played, key=lambda one: (one.onset, -one.pitches[-1]))
    voices = voices_of(played)
    assert len(voices) <= MOST_VOICES
    found = sorted((one.onset, pitch) for voice in voices for one in voice for pitch in one.pitches)
    assert found == sorted((one.onset, pitch) for one in played for pitch in one.pitches)
    for voice in voices:
        assert all(one.end <= other.onset for one, other in pairwise(voice))
        assert all(one.onset < one.end for one in voice)
