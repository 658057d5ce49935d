"""Loops without a band: voices, an orchestra, what has no beat; drums alone, a melody alone, one bar alone."""

from __future__ import annotations

from loops.bands import FLUTE, PAD, PIANO, SYNTH_BASS
from loops.notation import EIGHTH, Loop, kit, line, tune

VIOLIN, VIOLA, CELLO, CHOIR, HORN, OBOE, TIMPANI = 40, 41, 42, 52, 60, 68, 47


def ambient() -> Loop:
    """Chords of two bars, a bell now and then; held over the barlines."""
    chords = "c3+g3+b3+e4/32 | | a2+e3+g3+c4/32 | | f2+c3+e3+a3/32 | | g2+d3+f3+b3/32 | |"
    bells = "r/8 b5/24 | | r/12 e5/20 | | r/8 a5/24 | | r/12 d5/20 | |"
    parts = (
        tune("Pad", PAD, chords, bar=16),
        tune("Bell", 14, bells, bar=16),
        line("Sub bass", SYNTH_BASS, "C C A A F F G G", "1---------------", low=24),
    )
    return Loop("ambient", parts, tempo=66)


def satb() -> Loop:
    """Four voices, a hymn in G: two phrases, a half and a full close."""
    voices = {
        "Soprano": "b4/2 a4/2 g4/2 a4/2 | b4/2 c5/2 d5/4 | c5/2 b4/2 a4/2 g4/2 | a4/8 |"
        " b4/2 a4/2 g4/2 a4/2 | b4/2 c5/2 d5/4 | e5/2 d5/2 c5/2 a4/2 | g4/8 |",
        "Alto": "g4/2 f#4/2 g4/2 f#4/2 | g4/2 g4/2 g4/4 | e4/2 g4/2 f#4/2 g4/2 | f#4/8 |"
        " g4/2 f#4/2 g4/2 f#4/2 | g4/2 g4/2 g4/4 | g4/2 g4/2 g4/2 f#4/2 | d4/8 |",
        "Tenor": "d4/2 d4/2 b3/2 d4/2 | d4/2 e4/2 b3/4 | c4/2 d4/2 d4/2 b3/2 | d4/8 |"
        " d4/2 d4/2 b3/2 d4/2 | d4/2 e4/2 b3/4 | c4/2 b3/2 e4/2 c4/2 | b3/8 |",
        "Bass": "g3/2 d3/2 e3/2 d3/2 | g3/2 c3/2 g3/4 | a3/2 g3/2 d3/2 e3/2 | d3/8 |"
        " g3/2 d3/2 e3/2 d3/2 | g3/2 c3/2 g3/4 | c3/2 g3/2 c3/2 d3/2 | g2/8 |",
    }
    parts = tuple(tune(name, CHOIR, words, bar=8, slot=EIGHTH) for name, words in voices.items())
    return Loop("satb", parts, tempo=88)


def orchestra() -> Loop:
    """Strings with the tune in octaves, horns with the chords, cellos and basses in octaves, timpani."""
    chords = "Dm Dm Gm Dm Bb F Gm A"
    theme = (
        "d5/4 e5/2 f5/2 | a5/6 f5/2 | g5/4 f5/2 e5/2 | d5/8 |"
        " f5/4 g5/2 a5/2 | c6/6 a5/2 | bb5/4 a5/2 g5/2 | e5/4 c#5/4 |"
    )
    first = tune("Violins I", VIOLIN, theme, bar=8, slot=EIGHTH)
    cellos = line("Cellos", CELLO, chords, "1-3-5-3-", low=38, slot=EIGHTH)
    parts = (
        first,
        first.doubled("Violins II", VIOLIN, semitones=-12),
        line("Violas", VIOLA, chords, "xxxxxxxx", low=53, slot=EIGHTH),
        cellos,
        cellos.doubled("Double basses", 43, semitones=-12),
        line("Horns", HORN, chords, "x-------", low=50, slot=EIGHTH),
        first.doubled("Flute", FLUTE, semitones=12),
        line("Timpani", TIMPANI, chords, "1...1...", low=38, slot=EIGHTH),
    )
    return Loop("orchestra", parts, tempo=100, doubled=((0, 1), (0, 6), (1, 6), (3, 4)))


def nocturne() -> Loop:
    """A piano: a tune over broken chords."""
    chords = "Eb Cm Fm Bb7 Eb Cm Fm Bb7"
    first = "g5/8 f5/4 eb5/4 | g5/12 bb5/4 | ab5/8 g5/4 f5/4 | d5/12 r/4 |"
    second = "g5/8 f5/4 eb5/4 | eb5/12 g5/4 | f5/8 eb5/4 c5/4 | bb4/16 |"
    parts = (
        tune("Right hand", PIANO, first, second, bar=16),
        line("Left hand", PIANO, chords, "1-5-8-5-3-5-8-5-", low=39),
    )
    return Loop("nocturne", parts, tempo=72)


def drums_alone() -> Loop:
    """A groove, and a fill in every fourth bar."""
    groove = "bd x..x..x.x..x.... | sn ....X..o....X... | hh x.x.x.x.x.x.x.x."
    fill = "bd x..x..x......... | sn ....X...X.XX.... | ht ............xx.. | lt ..............xx"
    opening = "bd x..x..x.x..x.... | sn ....X..o....X... | hh ..x.x.x.x.x.x.x. | cr x..............."
    return Loop("drums_alone", (kit(opening, groove, groove, fill, times=2),), tempo=108)


def one_bar() -> Loop:
    """A bar of a groove, as it comes out of a sampler."""
    parts = (
        line("Keys", 4, "Am7", "x..x..x...x.x...", low=57),
        line("Bass", SYNTH_BASS, "Am7", "1..1..8.7.5.3...", low=33),
        kit("bd x..x....x.x..... | sn ....x.......x... | hh x.x.x.x.x.x.x.xx"),
    )
    return Loop("one_bar", parts, bars=1, tempo=112)


def melody_alone() -> Loop:
    """A tune in D dorian, in two halves that begin alike."""
    first = "d5/4 f5/2 e5/2 d5/4 a4/4 | c5/4 e5/2 d5/2 c5/8 | d5/4 f5/2 g5/2 a5/4 f5/4 |"
    return Loop("melody_alone", (tune("Flute", FLUTE, first, "e5/12 r/4 |", first, "d5/12 r/4 |", bar=16),), tempo=92)
