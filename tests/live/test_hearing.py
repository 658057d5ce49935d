"""What is heard of a player, and what the answers make of it: key and density are followed."""

from __future__ import annotations

import numpy as np
import pytest

from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.live.answering import Answering
from symbolic_embed.live.hearing import Hearing
from symbolic_embed.live.notes import HeardBar, Metre, Note
from symbolic_embed.live.rehearsing import Rehearsal
from symbolic_embed.requests.live import LiveRequest

BEAT = 0.5  # seconds
MAJOR = np.array([0, 2, 4, 5, 7, 9, 11])
ONE, FOUR, FIVE, FLAT_SIX = (0, 4, 7), (5, 9, 12), (7, 11, 14), (8, 12, 15)
D, E_FLAT = 2, 3
METRE = Metre(4, 4)


def bar(number: int, triad: tuple[int, ...], *, tonic: int) -> HeardBar:
    return HeardBar(number, tuple(Note(0, 0, 48, 60 + tonic + tone, 80) for tone in triad))


def heard(*bars: HeardBar) -> Hearing:
    hearing = Hearing(METRE)
    for one in bars:
        hearing = hearing.after(one)
    return hearing


def scale(tonic: int) -> set[int]:
    return set(((MAJOR + tonic) % 12).tolist())


def allowed(hearing: Hearing) -> set[int]:
    assert hearing.scale is not None
    return set(np.flatnonzero(hearing.scale).tolist())


IN_D = [bar(number, (ONE, FOUR, FIVE, ONE)[number % 4], tonic=D) for number in range(8)]


def test_a_player_in_one_key_is_heard_in_it() -> None:
    hearing = heard(*IN_D)
    assert hearing.key == "D major"
    assert allowed(hearing) == scale(D)
    assert heard(*IN_D[:3]).scale is None  # too few bars to be sure


def test_a_bar_that_leaves_the_key_allows_what_fits_either_way() -> None:
    hearing = heard(*IN_D, bar(8, ONE, tonic=E_FLAT))
    assert hearing.key == "D major"
    assert {3, 7, 10} <= allowed(hearing)  # the chord of E flat
    assert allowed(hearing) - {3, 7, 10} <= scale(D) & scale(E_FLAT)


def test_after_two_bars_the_key_is_the_new_one_and_after_a_borrowed_chord_the_old_one() -> None:
    moved = heard(*IN_D, *(bar(8 + number, triad, tonic=E_FLAT) for number, triad in enumerate((ONE, FOUR, FIVE))))
    assert moved.key == "Eb major"
    assert allowed(moved) == scale(E_FLAT)
    borrowed = heard(*IN_D, bar(8, FLAT_SIX, tonic=D), bar(9, FIVE, tonic=D))
    assert borrowed.key == "D major"
    assert borrowed.scale is None  # it no longer keeps to one
    assert len(borrowed.bars) == 8


def test_rests_and_drums_leave_no_key() -> None:
    hit = HeardBar(8, (Note(9, 0, 3, 38, 80),))
    assert heard(*IN_D, hit, HeardBar(9), HeardBar(10)).key == "D major"


@pytest.fixture(scope="module")
def trained() -> TrainedComposer:
    """The bundled composer: what follows is about music."""
    return TrainedComposer.load()


def played(trained: TrainedComposer, *passages: tuple[int, int, int], parts: tuple[str, ...]) -> Rehearsal:
    """A session with somebody who plays I, IV, V, I: in each passage (bars, tonic, chords a bar)."""
    messages, begin = [], 0
    for bars, tonic, count in passages:
        for number in range(bars * count):
            at, length = (begin + number / count) * 4 * BEAT, 4 * BEAT / count
            for tone in (ONE, FOUR, FIVE, ONE)[number // count % 4]:
                pitch = 60 + tonic + tone
                messages += [(at, bytes((0x90, pitch, 80))), (at + 0.9 * length, bytes((0x80, pitch, 64)))]
        begin += bars
    request = LiveRequest(parts=parts, end_after=begin + 1)
    answering = Answering(trained, request, parts=parts)
    rehearsal = Rehearsal(request, answering, parts=parts, lead=0.4, seconds_for=lambda _: 0.1)
    rehearsal.hear(sorted(messages))
    rehearsal.run(until=1e3)
    return rehearsal


def test_answers_go_with_the_player_from_d_major_to_e_flat_major(trained: TrainedComposer) -> None:
    rehearsal = played(trained, (8, D, 2), (7, E_FLAT, 2), parts=("bass", "melody"))
    shares = {
        one.answer.bar: [
            np.mean([note.pitch % 12 in scale(tonic) for note in one.answer.notes]) for tonic in (D, E_FLAT)
        ]
        for one in rehearsal.decided
        if one.answer.notes
    }
    assert [shares[number][0] for number in range(4, 9)] == [1.0] * 5
    assert [shares[number][1] for number in range(9, 15)] == [1.0] * 6  # the first bar that can know it is the tenth


def test_answers_are_denser_with_a_denser_player_and_calmer_with_a_calmer_one(trained: TrainedComposer) -> None:
    for before, after in ((1, 8), (8, 1)):
        rehearsal = played(trained, (8, D, before), (5, D, after), parts=("bass", "drums"))
        counts = [len(one.answer.notes) for one in rehearsal.decided]
        usual, other = np.mean(counts[3:8]), np.mean(counts[8:12])
        assert other > 1.15 * usual if after > before else other < usual / 1.15, counts
