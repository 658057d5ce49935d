"""A whole file in another key, at another tempo: only what says so changes."""

from hypothesis import given
from hypothesis import strategies as st
from midi_bytes import midi, track
from strategies import scores

from symbolic_embed.score import parse
from symbolic_embed.score.editing.transforming import at_tempo_times, transposed
from symbolic_embed.score.writing.layout import score_to_events

SONG = parse(
    midi(
        track("00 ff 59 02 fe 00", "00 ff 51 03 07 a1 20", "60 ff 51 03 0f 42 40"),
        track("00 b0 07 3c", "00 90 3c 40", "00 a0 3c 10", "00 90 7e 40", "60 80 3c 40", "00 80 7e 00"),
        track("00 99 24 40", "60 89 24 40"),
    )
)


def messages(events, chunk):
    return [message.hex(" ") for _, message in events.chunks[chunk]]


def test_notes_their_aftertouch_and_keys_move_and_drums_stay():
    """B flat major up a fourth is E flat major; the F sharp at the top moves an octave down instead."""
    moved = transposed(SONG, 5)
    assert messages(moved, 0)[0] == "ff 59 02 fd 00"
    assert messages(moved, 1)[:4] == ["b0 07 3c", "90 41 40", "a0 41 10", "90 77 40"]
    assert moved.chunks[2] == SONG.chunks[2]
    assert [[tick for tick, _ in chunk] for chunk in moved.chunks] == [[tick for tick, _ in c] for c in SONG.chunks]


def test_every_tempo_changes_by_the_same_factor():
    faster = at_tempo_times(SONG, 2.0)
    assert [tempo.microseconds for tempo in faster.score().tempi] == [250_000, 500_000]
    assert faster.chunks[1:] == SONG.chunks[1:]
    slowest = at_tempo_times(SONG, 0.001)
    assert {tempo.microseconds for tempo in slowest.score().tempi} == {2**24 - 1}


def test_a_file_without_a_tempo_gets_one():
    silent = parse(midi(track("00 90 3c 40", "60 80 3c 40")))
    assert [tempo.microseconds for tempo in at_tempo_times(silent, 0.5).score().tempi] == [1_000_000]


@given(scores(), st.integers(-11, 11))
def test_back_and_forth_is_where_one_was(score, semitones):
    events = score_to_events(score)
    inside = all(11 <= p <= 116 for t in score.tracks for p in t.notes.pitch)
    back = transposed(transposed(events, semitones), -semitones)
    if inside:
        assert [t.notes for t in back.score().tracks] == [t.notes for t in events.score().tracks]
    assert transposed(events, 0) == events
