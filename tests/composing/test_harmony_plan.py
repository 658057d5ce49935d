"""The harmony of new bars: chords step by step, scales, endings, and what they allow each part."""

from __future__ import annotations

import numpy as np
import pytest
from looping_music import part, piece, pop, repeated, triads

from symbolic_embed.composing.harmony_plan import closing, harmony_of, scale_classes
from symbolic_embed.requests.chord_symbols import Chord, chord_of
from symbolic_embed.requests.harmony import HarmonyRequest

C_MAJOR = {0, 2, 4, 5, 7, 9, 11}


def classes(row) -> set[int]:
    return set(np.flatnonzero(row).tolist())


def test_the_seeds_own_chords_are_preferred_and_those_that_were_named_demanded():
    own = harmony_of(pop(turns=2), HarmonyRequest(), bars=5)
    assert own.chord.shape == (5, 48, 12)
    assert [classes(own.chord[window, 0]) for window in (0, 1, 4)] == [{9, 0, 4}, {5, 9, 0}, {9, 0, 4}]
    assert own.bass[:, 0].tolist() == [9, 5, 0, 7, 9]
    assert not own.strict.any()
    assert classes(own.scale) == C_MAJOR
    assert not own.scale_strict
    named = harmony_of(pop(turns=2), HarmonyRequest(chords="Dm7 G7 | C/E", scale="C lydian"), bars=3)
    assert named.bass[:, [0, 23, 24, 47]].tolist() == [[2, 2, 7, 7], [4] * 4, [2, 2, 7, 7]]
    assert np.flatnonzero(named.begins.ravel()).tolist() == [0, 24, 48, 96, 120]
    assert named.strict.all()
    assert named.scale_strict
    assert classes(named.scale) == {0, 2, 4, 6, 7, 9, 11}


def test_free_is_free():
    free = harmony_of(pop(turns=2), HarmonyRequest(chords="free", scale="free"), bars=2)
    assert (free.chord, free.scale, free.final) == (None, None, None)
    assert (free.bass == -1).all()
    assert free.tokens(0, "chords").all()


def test_chords_share_a_bar_of_any_metre_and_long_bars_are_two_windows():
    five = piece(part(repeated([(0, 5, 60), (0, 5, 64), (0, 5, 67)], times=2, quarters=5)), metre=(5, 4))
    plan = harmony_of(five, HarmonyRequest(chords="C F | Am Bdim G"), bars=2)
    assert plan.chord.shape == (4, 48, 12)
    steps = plan.bass.reshape(2, 96)
    assert steps[0].tolist() == [0] * 36 + [5] * 24 + [-1] * 36
    assert steps[1].tolist() == [9] * 24 + [11] * 12 + [7] * 24 + [-1] * 36


def test_an_ending_is_dominant_and_tonic():
    plan = harmony_of(pop(turns=2), HarmonyRequest(ending=True), bars=4)
    assert [classes(plan.chord[window, 0]) for window in (2, 3)] == [{0, 4, 7}, {0, 4, 7}]
    assert classes(plan.chord[2, 24]) == {7, 11, 2, 5}
    assert plan.bass[3].tolist() == [0] * 48
    assert (plan.final, plan.strict.tolist()) == (3, [False, False, True, True])
    minor = HarmonyRequest(ending=True, chords="free", scale="A harmonic minor")
    plan = harmony_of(pop(turns=2), minor, bars=2)
    assert [classes(plan.chord[window, 0]) for window in (0, 1)] == [{4, 8, 11, 2}, {9, 0, 4}]
    assert plan.strict.all()
    assert harmony_of(pop(turns=2), HarmonyRequest(ending=True), bars=1).bass[0, 0] == 0


def test_a_cadence_keeps_the_chord_before_the_dominant():
    closed = closing([(chord_of("F"),), (chord_of("Am"), chord_of("F")), (chord_of("G"),)], Chord.of(0, ""))
    assert [[chord.name for chord in bar] for bar in closed] == [["F"], ["Am", "G7"], ["C"]]


@pytest.mark.parametrize(
    ("asked", "expected", "is_named"),
    [
        ({}, C_MAJOR, False),
        ({"scale": "dorian"}, {0, 2, 3, 5, 7, 9, 10}, True),
        ({"scale": "D dorian"}, C_MAJOR, True),
    ],
)
def test_a_scale_is_named_or_the_seeds_own(asked, expected, is_named):
    scale, named = scale_classes(pop(turns=2), HarmonyRequest(**asked))
    assert (classes(scale), named) == (expected, is_named)


def test_a_seed_in_phrygian_dominant_stays_in_it_and_one_of_all_tones_has_no_scale():
    hijaz = [60, 61, 64, 65, 67, 68, 70, 72]
    tune = [(beat, 1, pitch) for beat, pitch in enumerate([60, *hijaz, *hijaz[::-1], 60, 67, 60, 64, 60])]
    scale, _ = scale_classes(piece(part(tune)), HarmonyRequest())
    assert classes(scale) == {pitch % 12 for pitch in hijaz}
    chromatic = piece(part([(beat, 1, 60 + beat) for beat in range(12)] + [(12, 4, 60)]))
    assert scale_classes(chromatic, HarmonyRequest()) == (None, False)


def test_what_strict_chords_allow_each_part():
    """Over Am F C G: F begins in window 1."""
    plan = harmony_of(pop(turns=2), HarmonyRequest(), bars=4)

    def allowed(role: str, step: int) -> set[int]:
        return classes(plan.tokens(1, role)[step, 60:72])

    assert allowed("chords", 0) == allowed("chords", 13) == {0, 5, 9}
    assert (allowed("bass", 0), allowed("bass", 6)) == ({5}, {0, 5, 9})
    assert (allowed("melody", 12), allowed("melody", 18)) == ({0, 5, 9}, C_MAJOR)
    assert plan.tokens(1, "drums").all()
    assert plan.tokens(1, "bass")[:, 128:].all()


def test_where_no_chord_is_named_the_scale_holds():
    plan = harmony_of(piece(part(triads([0]))), HarmonyRequest(chords="N.C. | F", scale="C pentatonic"), bars=2)
    assert classes(plan.tokens(0, "chords")[0, 60:72]) == {0, 2, 4, 7, 9}
    assert classes(plan.tokens(0, "bass")[0, 60:72]) == {0, 2, 4, 7, 9}
    assert classes(plan.tokens(1, "chords")[0, 60:72]) == {5, 9, 0}
