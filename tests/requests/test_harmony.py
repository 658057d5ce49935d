"""Chords as musicians write them, scales by their names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.errors import SettingsError
from symbolic_embed.requests.chord_symbols import KINDS, SPELLINGS, Chord, chord_of, chords_of
from symbolic_embed.requests.harmony import MODES, HarmonyRequest, Scale, scale_of

C, D, E, F, G, A, B = 0, 2, 4, 5, 7, 9, 11


def names(text: str) -> list[str]:
    """The bars of a text, chords by their names."""
    return [" ".join(chord.name for chord in bar) for bar in chords_of(text)]


@pytest.mark.parametrize(
    ("word", "root", "bass", "tones"),
    [
        ("C", C, C, {C, E, G}),
        ("Am", A, A, {A, C, E}),
        ("Bb7", 10, 10, {10, D, F, 8}),
        ("F#m7b5", 6, 6, {6, A, C, E}),
        ("Gmaj7", G, G, {G, B, D, 6}),
        ("E+", E, E, {E, 8, C}),
        ("Bdim", B, B, {B, D, F}),
        ("Dsus", D, D, {D, G, A}),
        ("A5", A, A, {A, E}),
        ("Am/G", A, G, {A, C, E, G}),
        ("C/Bb", C, 10, {C, E, G, 10}),
        ("C6/9", C, C, {C, D, E, G, A}),
        ("C6/9/G", C, G, {C, D, E, G, A}),
        ("Cb", 11, 11, {11, 3, 6}),
    ],
)
def test_a_chord_is_its_root_its_kind_and_its_bass(word, root, bass, tones):
    assert chord_of(word) == Chord(root, bass, tuple(sorted(tones)))


@given(st.integers(0, 11), st.sampled_from(sorted(SPELLINGS)))
def test_what_a_chord_is_called_is_read_as_that_chord(root, kind):
    chord = Chord.of(root, kind)
    assert chord_of(chord.name) == chord


def test_a_chord_over_a_foreign_bass_keeps_it_in_its_name():
    for name in ("C/Bb", "F/G", "C/E", "Am/G", "Dm7/C"):
        assert chord_of(chord_of(name).name) == chord_of(name)
    assert [chord_of(name).name for name in ("C/Bb", "F/G", "C/E")] == ["C/Bb", "F/G", "C/E"]
    assert Chord.none().name == "N.C."


def test_no_two_kinds_are_spelt_or_sound_alike():
    assert len(SPELLINGS) == sum(map(len, KINDS))
    assert len(set(KINDS.values())) == len(KINDS)


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("Am F C G", ["Am", "F", "C", "G"]),
        ("Am G | F | C", ["Am G", "F", "C"]),
        ("| Dm7 G7 | Cmaj7 |", ["Dm7 G7", "Cmaj7"]),
        ("Am F x2", ["Am", "F", "Am", "F"]),
        ("| Am F | x2 | C", ["Am F", "Am F", "C"]),
        ("Am %\nG | % |", ["Am", "Am", "G", "G"]),
        ("A\n\nB x2\nC D x2", ["A", "B", "B", "C", "D", "C", "D"]),
        ("C N.C.", ["C", "N.C."]),
    ],
)
def test_bars_of_chords(text, bars):
    assert names(text) == bars


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Am Hm", "`chords` Hm: a chord begins with its root, A to G, as Am or F#7 does"),
        ("Cmaj8", "`chords` Cmaj8: maj8 is no kind of chord; did you mean Cmaj?"),
        ("C/H", "`chords` C/H: behind / stands the bass, a note such as G or Bb"),
        ("%", "`chords` %: there is no bar before that could return"),
        ("||", "`chords` holds no chord; write them as in Am F C G"),
        ("C x999 x999", "`chords` comes to more than 1,000 bars"),
        ("kep", "`chords` kep: a chord begins with its root, A to G, as Am or F#7 does"),
    ],
)
def test_what_is_no_chord_is_answered_with_a_way_out(text, words):
    with pytest.raises(SettingsError) as refusal:
        HarmonyRequest(chords=text)
    assert str(refusal.value) == words
    assert refusal.value.field == "chords"


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("D dorian", Scale(D, "dorian")),
        ("Am", Scale(A, "minor")),
        ("Eb", Scale(3, "major")),
        ("f# Harmonic Minor", Scale(6, "harmonic minor")),
        ("A aeolian", Scale(A, "minor")),
        ("phrygian dominant", Scale(None, "phrygian dominant")),
        ("pentatonic", Scale(None, "major pentatonic")),
    ],
)
def test_scales_by_their_names(text, scale):
    assert scale_of(text) == scale
    assert HarmonyRequest(scale=text).mode == scale


def test_a_scale_that_is_not_known_is_answered_with_the_nearest():
    with pytest.raises(SettingsError, match=r"^`scale` is no scale such as D dorian; did you mean dorian\?$"):
        HarmonyRequest(scale="D dorain")
    with pytest.raises(SettingsError, match=r"modes are major, minor,"):
        HarmonyRequest(scale="x")
    assert all(tones == tuple(sorted(set(tones))) and tones[0] == 0 for tones in MODES.values())


def test_keep_free_and_named():
    assert (HarmonyRequest().keeps_chords, HarmonyRequest().bars_of_chords) == (True, None)
    assert (HarmonyRequest(chords="Free").keeps_chords, HarmonyRequest(chords="free").bars_of_chords) == (False, None)
    assert HarmonyRequest(chords="Am F").bars_of_chords == chords_of("Am F")
    assert not HarmonyRequest(chords="Am F").keeps_chords
    assert (HarmonyRequest(scale="free").mode, HarmonyRequest(scale="free").is_free_of_scales) == (None, True)
