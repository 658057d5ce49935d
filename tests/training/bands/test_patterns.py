"""Patterns, chords and figures: small cases that can be checked in the head."""

from __future__ import annotations

import numpy as np
import pytest

from symbolic_embed.training.bands.basses import bass_bars
from symbolic_embed.training.bands.drumming import CRASH, KICK, SNARE, drawn_groove, with_crash, with_fill
from symbolic_embed.training.bands.harmony import (
    Key,
    chord_of,
    chords_of_bars,
    nearest,
    scale_over,
    voiced,
)
from symbolic_embed.training.bands.instruments import INSTRUMENTS
from symbolic_embed.training.bands.patterns import Hit, Metre, Stroke, decided, strokes
from symbolic_embed.training.bands.sections import Ground, Voice, varied_notes

C_MAJOR, A_MINOR = Key(0, "major"), Key(9, "minor")
FOUR, SEVEN = Metre(4, 4), Metre(7, 8, (2, 2, 3))


def test_a_letter_is_a_step_and_hyphens_hold_it():
    assert strokes("x-.x", units=48) == (Stroke(0, 24, "x"), Stroke(36, 12, "x"))
    assert strokes("..r---", units=36) == (Stroke(12, 24, "r"),)


def test_a_pattern_that_does_not_fill_the_bar_is_refused():
    with pytest.raises(ValueError, match="a bar of 48 twelfths has no 5 equal steps"):
        strokes("x.x.x", units=48)


def test_beats_are_where_a_metre_has_them():
    assert FOUR.beats == ((0, 12), (12, 12), (24, 12), (36, 12))
    assert Metre(6, 8).beats == ((0, 18), (18, 18))
    assert SEVEN.beats == ((0, 12), (12, 12), (24, 18))
    assert (FOUR.units, SEVEN.units, Metre(5, 4).units, Metre(12, 8).units) == (48, 42, 60, 72)


def test_chance_decides_on_optional_strokes_alone():
    random = np.random.default_rng(0)
    drawn = [decided("X?.g", random) for _ in range(400)]
    assert set(drawn) == {"X...", "Xx..", "X..g", "Xx.g"}
    assert np.mean([one[1] == "x" for one in drawn]) == pytest.approx(0.4, abs=0.07)
    assert np.mean([one[3] == "g" for one in drawn]) == pytest.approx(0.6, abs=0.07)


@pytest.mark.parametrize(
    ("symbol", "key", "tones"),
    [
        ("1", C_MAJOR, (0, 4, 7, 11, 2)),
        ("5", C_MAJOR, (7, 11, 2, 5, 9)),
        ("b7", C_MAJOR, (10, 2, 5, 7, 0)),
        ("5", A_MINOR, (4, 7, 11, 2, 5)),
        ("5!", A_MINOR, (4, 8, 11, 2, 5)),
        ("2", Key(4, "phrygian dominant"), (5, 9, 0, 4, 8)),
    ],
)
def test_chords_of_degrees(symbol, key, tones):
    assert chord_of(symbol, key).tones == tones


def test_a_key_signature_counts_sharps():
    assert (C_MAJOR.sharps, A_MINOR.sharps, Key(2, "dorian").sharps, Key(7, "mixolydian").sharps) == (0, 0, 0, 0)
    assert (Key(7, "major").sharps, Key(5, "major").sharps, Key(4, "minor").sharps, Key(0, "minor").sharps) == (
        1,
        -1,
        1,
        -3,
    )


def test_the_scale_gives_way_to_a_chord_from_outside():
    """The G sharp of E7 sends G and A away."""
    assert scale_over(chord_of("1", A_MINOR), A_MINOR) == (0, 2, 4, 5, 7, 9, 11)
    assert scale_over(chord_of("5!", A_MINOR), A_MINOR) == (0, 2, 4, 5, 8, 11)


def test_chords_are_laid_over_bars():
    degrees = ("1", "4", "5")
    one = chords_of_bars(degrees, key=C_MAJOR, chords_a_bar=1, units=48)
    assert [[(at, chord.root) for at, chord in bar] for bar in one] == [[(0, 0)], [(0, 5)], [(0, 7)]]
    two = chords_of_bars(degrees, key=C_MAJOR, chords_a_bar=2, units=48)
    assert [[(at, chord.root) for at, chord in bar] for bar in two] == [
        [(0, 0), (24, 5)],
        [(0, 7), (24, 0)],
        [(0, 5), (24, 7)],
    ]
    half = chords_of_bars(degrees, key=C_MAJOR, chords_a_bar=0.5, units=48)
    assert [bar[0][1].root for bar in half] == [0, 0, 5, 5, 7, 7]


def test_voicings_move_as_little_as_they_can():
    c = voiced(chord_of("1", C_MAJOR), voices=3, low=55, high=76, before=())
    f = voiced(chord_of("4", C_MAJOR), voices=3, low=55, high=76, before=(60, 64, 67))
    assert {pitch % 12 for pitch in c} == {0, 4, 7}
    assert f == (60, 65, 69)
    assert nearest((0,), 65, low=55, high=76) == 60


def test_the_bass_falls_with_the_bass_drum():
    chords = chords_of_bars(("1", "4"), key=C_MAJOR, chords_a_bar=1, units=48)
    ground = Ground(FOUR, C_MAJOR, chords, ((0, 18, 24), (0, 30)))
    voice = Voice(INSTRUMENTS["Bass"])
    bars = bass_bars(np.random.default_rng(0), patterns=("kick",), ground=ground, voice=voice)
    assert [[hit.at for hit in bar] for bar in bars] == [[0, 18, 24], [0, 30]]
    assert [bar[0].pitch % 12 for bar in bars] == [0, 5]


def test_fills_take_the_end_of_the_bar_and_crashes_its_beginning():
    groove = drawn_groove(np.random.default_rng(0), text="k:X...X... s:..X...X. h:xxxxxxxx", metre=FOUR)
    bar = groove.bars[0]
    for seed in range(20):
        filled = with_fill(np.random.default_rng(seed), bar, keys=(SNARE, 48, 45), metre=FOUR)
        end = [hit for hit in filled if hit.at >= 36]
        assert {hit.pitch for hit in end} <= {SNARE, 48, 45, KICK}
        assert end
    crashed = with_crash(bar)
    assert {hit.pitch for hit in crashed if hit.at == 0} == {CRASH, KICK}
    assert [hit for hit in crashed if hit.at] == [hit for hit in bar if hit.at]


def test_a_variation_changes_one_place_and_keeps_the_first():
    bar = tuple(Hit(at, 12, 60 + at, 90) for at in (0, 12, 24, 36))
    voice = Voice(INSTRUMENTS["Piano"])
    for seed in range(30):
        other = varied_notes(np.random.default_rng(seed), bar, voice=voice)
        assert other[0] == bar[0]
        assert other != bar
        assert len(set(bar) - set(other)) == 1
