"""From chord symbols to what a guitarist plays under a tune: bass note and chord in turn.

In 4/4 and 2/4 the bass falls on the odd beats and the chord on the even ones; in 3/4 the bass has the first beat and
the chord the others; in 6/8 each half of the bar has a bass note and, on its third eighth, a chord. The second bass
note under the same chord is the fifth. The last bar is one chord held to the end.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from abc_notation import SEMITONES_ABOVE_C, Voice
from metres import Bar
from midi_file import Note, Part

GUITAR = 24
CHORD_TONES = {"": (0, 4, 7), "m": (0, 3, 7), "7": (0, 4, 7, 10)}
FIFTH = 7
LOWEST_BASS, LOWEST_CHORD_TONE = 40, 52
"""The open low string of the guitar, and the E above it: each bass note and chord tone is the first one from there."""
BASS_VELOCITY, CHORD_VELOCITY = 68, 56


def strum(voice: Voice) -> Part:
    """The guitar under a voice with chord symbols; silent before the first of them."""
    last = voice.bars[-1]
    notes = [note for bar in voice.bars[:-1] for note in strum_bar(bar, symbols=voice.symbols)]
    notes += strike(chord_at(last.onset, symbols=voice.symbols), onset=last.onset, length=last.length)
    return Part(name="Guitar", programme=GUITAR, notes=tuple(notes))


def strum_bar(bar: Bar, *, symbols: tuple[tuple[Fraction, str], ...]) -> Iterator[Note]:
    """The bass notes and chords of one bar."""
    bass_before = None
    for onset, length, is_bass in pulses(bar):
        chord = chord_at(onset, symbols=symbols)
        if chord is None:
            continue
        if is_bass:
            bass = root(chord) + (FIFTH if chord == bass_before else 0)
            yield Note(onset, length, lift(bass, lowest=LOWEST_BASS), BASS_VELOCITY)
            bass_before = chord
        else:
            yield from (Note(onset, length, pitch, CHORD_VELOCITY) for pitch in chord_pitches(chord))


def pulses(bar: Bar) -> Iterator[tuple[Fraction, Fraction, bool]]:
    """Onset, length, and whether it is a bass note, for each stroke of a bar."""
    for number in range(int(bar.length / bar.beat)):
        onset = bar.onset + number * bar.beat
        if bar.beat == Fraction(3, 2):
            yield onset, Fraction(1), True
            yield onset + 1, Fraction(1, 2), False
        else:
            is_bass = number == 0 if bar.metre[0] == 3 else number % 2 == 0
            yield onset, bar.beat, is_bass


def strike(chord: str | None, *, onset: Fraction, length: Fraction) -> Iterator[Note]:
    """Bass and chord together."""
    if chord is not None:
        yield Note(onset, length, lift(root(chord), lowest=LOWEST_BASS), BASS_VELOCITY)
        yield from (Note(onset, length, pitch, CHORD_VELOCITY) for pitch in chord_pitches(chord))


def chord_at(onset: Fraction, *, symbols: tuple[tuple[Fraction, str], ...]) -> str | None:
    """The chord in force at a time, None before the first."""
    return next((symbol for start, symbol in reversed(symbols) if start <= onset), None)


def root(chord: str) -> int:
    """The pitch class of the chord's root: 0 for C, 10 for Bb."""
    return (SEMITONES_ABOVE_C[chord[0]] - chord[1:].startswith("b") + chord[1:].startswith("#")) % 12


def chord_pitches(chord: str) -> list[int]:
    """The chord in close position above the guitar's second octave, lowest tone first."""
    quality = re.sub(r"^[A-G][#b]?", "", chord)
    return sorted(lift(root(chord) + interval, lowest=LOWEST_CHORD_TONE) for interval in CHORD_TONES[quality])


def lift(pitch: int, *, lowest: int) -> int:
    """The lowest pitch of that class which is not below `lowest`."""
    return lowest + (pitch - lowest) % 12
