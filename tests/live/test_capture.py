"""Bars as they are captured while somebody plays."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.live.capture import MOST_NOTES, Capture, snapped
from symbolic_embed.live.notes import Metre, Note

FOUR = Metre(4, 4)
STEP = 1 / 12  # quarters


def played(*notes: tuple[float, float, int], metre: Metre = FOUR) -> Capture:
    """A capture that has heard notes: onset and end in quarters, pitch."""
    capture = Capture(metre)
    events = [(on, bytes((0x90, pitch, 80))) for on, _, pitch in notes]
    events += [(off, bytes((0x80, pitch, 0))) for _, off, pitch in notes]
    for beat, message in sorted(events):
        capture.hear(message, beat=beat)
    return capture


def test_a_note_is_brought_to_its_sixteenth() -> None:
    assert played((1.03, 1.5, 60)).bar(0).notes == (Note(0, 12, 6, 60, 80),)


def test_what_is_played_just_before_a_barline_belongs_to_the_bar_behind_it() -> None:
    capture = played((4 - 0.1, 4.5, 60), (4 - 0.2, 4.5, 62))
    assert [note.pitch for note in capture.bar(0).notes] == [62]
    assert capture.bar(1).notes == (Note(0, 0, 6, 60, 80),)


def test_a_note_over_the_barline_is_held_in_the_next_bar() -> None:
    capture = played((3, 6, 60))
    assert capture.bar(0).notes == (Note(0, 36, 36, 60, 80),)
    assert capture.bar(1).notes == ()
    assert capture.bar(1).held == (Note(0, 0, 24, 60, 80),)


def test_a_key_that_is_down_sounds_to_the_end_of_the_bar() -> None:
    capture = Capture(FOUR)
    capture.hear(b"\x90\x3c\x50", beat=1.0)
    assert capture.bar(0).notes == (Note(0, 12, 36, 60, 80),)


def test_the_pedal_holds_what_was_released() -> None:
    capture = Capture(FOUR)
    for beat, message in ((0, b"\xb0\x40\x7f"), (0, b"\x90\x3c\x50"), (1, b"\x80\x3c\x00"), (2, b"\xb0\x40\x00")):
        capture.hear(message, beat=beat)
    assert capture.bar(0).notes == (Note(0, 0, 24, 60, 80),)


def test_velocity_zero_ends_a_note() -> None:
    capture = Capture(FOUR)
    capture.hear(b"\x90\x3c\x50", beat=0.0)
    capture.hear(b"\x90\x3c\x00", beat=1.0)
    assert capture.bar(0).notes[0].length == 12


def test_triplets_are_triplets_and_sixteenths_with_noise_are_sixteenths() -> None:
    assert snapped([0.2, 3.9, 8.2], steps=48) == [0, 4, 8]
    assert snapped([0.4, 2.6, 6.5, 9.3], steps=48) == [0, 3, 6, 9]


def test_a_bar_of_seven_eighths_has_42_steps() -> None:
    capture = played((3.25, 3.4, 60), (3.45, 3.6, 62), metre=Metre(7, 8))
    assert [note.step for note in capture.bar(0).notes] == [39]
    assert [note.pitch for note in capture.bar(1).notes] == [62]


messages = st.one_of(
    st.binary(max_size=5),
    st.tuples(st.sampled_from([0x80, 0x90, 0x95, 0xB0]), st.integers(60, 64), st.integers(0, 127)).map(bytes),
    st.tuples(st.sampled_from([0xB0, 0xB5]), st.sampled_from([64, 120, 121, 123]), st.integers(0, 127)).map(bytes),
)


@given(st.lists(st.tuples(st.floats(0, 0.5), messages), max_size=60))
def test_whatever_comes_in_every_note_is_in_one_bar_and_legal(heard: list[tuple[float, bytes]]) -> None:
    capture, beat = Capture(FOUR), 0.0
    for later, message in heard:
        beat += later
        capture.hear(message, beat=beat)
    capture.release_all(beat=beat)
    bars = [capture.bar(number) for number in range(9)]
    begun = [note for bar in bars for note in bar.notes]
    assert all(0 <= note.step < 48 and note.length >= 1 and 1 <= note.velocity <= 127 for note in begun)
    struck = sum(len(m) == 3 and m[0] & 0xF0 == 0x90 and m[2] > 0 and max(m[1:]) < 128 for _, m in heard)
    assert len(begun) <= struck
    sounding = {(note.part, note.pitch) for bar in bars for note in (*bar.notes, *bar.held)}
    assert all(key in {(m[0] & 15, m[1]) for _, m in heard if len(m) == 3} for key in sounding)


def test_a_flood_takes_no_more_memory() -> None:
    capture = Capture(FOUR)
    for number in range(3 * MOST_NOTES):
        capture.hear(bytes((0x90 | number % 16, number % 128, 80)), beat=number / 1e6)
        capture.hear(bytes((0xB0 | number % 16, 1, number % 128)), beat=number / 1e6)
    assert len(capture._ended) <= MOST_NOTES
    assert len(capture._keys) <= 16 * 128


@given(st.lists(st.tuples(st.floats(0, 15.5), st.floats(0.05, 6)), min_size=1, max_size=20))
def test_forgetting_changes_no_later_bar(notes: list[tuple[float, float]]) -> None:
    one, other = (played(*[(on, on + long, 40 + n) for n, (on, long) in enumerate(notes)]) for _ in range(2))
    other.forget_before(2)
    assert [one.bar(number) for number in (2, 3, 4)] == [other.bar(number) for number in (2, 3, 4)]
