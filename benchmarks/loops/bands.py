"""Loops of bands: a kit, a bass, what comps, and mostly a tune; in two, three, four, five, seven and twelve.

All of them are written for this benchmark, over grooves and cycles of chords that belong to nobody.
"""

from __future__ import annotations

from loops.notation import EIGHTH, TRIPLET, Loop, kit, line, tune

PIANO, RHODES, ORGAN, CLEAN, MUTED, DRIVE = 0, 4, 16, 27, 28, 30
UPRIGHT, FINGERED, SYNTH_BASS = 32, 33, 38
STRINGS, TRUMPET, BRASS, ALTO, TENOR, FLUTE, SAW, PAD = 48, 56, 61, 65, 66, 73, 81, 89


def pop() -> Loop:
    """Four chords twice; the strings double the tune an octave below."""
    chords = "Am F C G " * 2
    theme = "e5/4 d5/4 c5/6 r/2 | a4/4 c5/4 d5/6 r/2 | e5/4 d5/4 c5/4 g4/4 | d5/12 r/4 |"
    song = tune("Voice", 53, theme * 2, bar=16)
    beat = "bd x.......x.x..... | sn ....x.......x... | hh x.x.x.x.x.x.x.x."
    parts = (
        song,
        song.doubled("Strings", STRINGS, semitones=-12),
        line("Piano", PIANO, chords, "x-----x-x---x---", low=55),
        line("Bass", FINGERED, chords, "1---1-1-1---5-1-", low=33),
        kit(*[beat] * 3, "bd x.......x.x..... | sn ....x.......x.xx | hh x.x.x.x.x.x.x...", times=2),
    )
    return Loop("pop", parts, tempo=104, doubled=((0, 1),))


def rock() -> Loop:
    """Power chords in eighths; the bass is the guitar an octave down."""
    chords = "E5 G5 D5 A5 " * 2
    bass = line("Bass", FINGERED, chords, "1-1-1-1-1-1-1-1-", low=28)
    beat = "bd x.....x.x.x..... | sn ....X.......X... | hh x.x.x.x.x.x.x.x."
    parts = (
        line("Guitar", DRIVE, chords, "x-x-x-x-x-x-x-x-", low=40),
        bass,
        bass.doubled("Second guitar", DRIVE, semitones=12),
        kit(beat, beat, beat, "bd x.....x.x.x..... | sn ....X.......XXXX | hh x.x.x.x.x.x.....", times=2),
    )
    return Loop("rock", parts, tempo=132, doubled=((1, 2),))


def funk() -> Loop:
    """One chord, sixteenths on the guitar, a bass that leaves room, brass stabs doubled in octaves."""
    chords = "E9 E9 E9 A7 " * 2
    stabs = tune("Trumpet", TRUMPET, "r/16 | r/10 d5/1 r/1 e5/2 r/2 | r/16 | r/4 g5/1 r/3 e5/2 r/6 | " * 2, bar=16)
    parts = (
        line("Guitar", MUTED, chords, "x.xx..xx.x.x..x.", low=59),
        line("Bass", FINGERED, chords, "1..1..8.7.1...5a", "1..1......7.8.5.", low=28),
        stabs,
        stabs.doubled("Tenor sax", TENOR, semitones=-12),
        kit("bd x.x.......x..x.. | sn ....X..o.o..X..o | hh xxxxxxxxxxxxxxx.| ho ...............x", times=8),
    )
    return Loop("funk", parts, tempo=102, doubled=((2, 3),))


def disco() -> Loop:
    """Four on the floor, a bass in octaves, strings."""
    chords = "Dm7 G7 Cmaj7 Am7 " * 2
    parts = (
        line("Strings", STRINGS, chords, "x---------------", low=60),
        line("Guitar", CLEAN, chords, "..xx..x...xx..x.", low=57),
        line("Bass", FINGERED, chords, "1.8.1.8.1.8.1.8.", low=33),
        kit("bd x...x...x...x... | sn ....x.......x... | ho ..x...x...x...x. | hh x...x...x...x...", times=8),
    )
    return Loop("disco", parts, tempo=118)


def house() -> Loop:
    """Four bars: stabs off the beat and a bass below them."""
    chords = "Fm7 Fm7 Abmaj7 Eb"
    parts = (
        line("Stabs", RHODES, chords, "x..x..x...x..x..", low=56),
        line("Bass", SYNTH_BASS, chords, "..1...1...1...5.", low=29),
        line("Pad", PAD, chords, "x---------------", low=60),
        kit("bd x...x...x...x... | cl ....x.......x... | ho ..x...x...x...x. | sh xxxxxxxxxxxxxxxx", times=4),
    )
    return Loop("house", parts, bars=4, tempo=124)


def techno() -> Loop:
    """A bar of a sequence over and over, doubled an octave above; one note off the beat below."""
    riff = tune("Sequence", SAW, "a3/2 a3/1 c4/1 a3/2 e4/2 a3/2 g3/1 a3/1 d4/2 c4/2 | " * 8, bar=16)
    parts = (
        riff,
        riff.doubled("Upper sequence", 80, semitones=12),
        line("Bass", SYNTH_BASS, "Am " * 8, "..1...1...1...1.", low=33),
        kit("bd X...X...X...X... | hh ..x...x...x...x. | cl ....x.......x..o | rs ...x..x....x....", times=8),
    )
    return Loop("techno", parts, tempo=130, doubled=((0, 1),))


def hip_hop() -> Loop:
    """Two chords and a lazy beat."""
    beat = "bd x......x..x..... | sn ....x.......x... | hh x.x.x.xxx.x.x.x."
    parts = (
        line("Electric piano", RHODES, "Cm7 Fm7 " * 4, "x-----....x-----", low=55),
        line("Bass", SYNTH_BASS, "Cm7 Fm7 " * 4, "1------1--5-....", low=31),
        kit(beat, "bd x......x.xx..... | sn ....x.......x..o | hh x.x.x.xxx.x.x.x.", times=4),
    )
    return Loop("hip_hop", parts, tempo=88)


def reggae() -> Loop:
    """One drop: bass drum and rim on three, the organ off the beat."""
    chords = "Gm Gm Cm Dm " * 2
    parts = (
        line("Organ", ORGAN, chords, "..x...x...x...x.", low=58),
        line("Bass", FINGERED, chords, "1---..3-5---..3-", "1---..5-8---..5-", low=31),
        kit("bd ........X....... | rs ........X....... | hh x.x.x.x.x.x.x.x.", times=8),
    )
    return Loop("reggae", parts, tempo=74)


def swing() -> Loop:
    """A ride in triplets, a walking bass, a turnaround; two saxes in thirds do not double each other."""
    chords = "Dm7 G7 Cmaj7 A7 Dm7 G7 Cmaj7 Cmaj7"
    theme = "a4/2 c5/1 d5/3 f5/2 e5/1 d5/3 | b4/3 g4/3 r/6 | g4/2 b4/1 c5/3 e5/2 d5/1 c5/3 | c#5/3 a4/3 r/6 | "
    last = "a4/2 c5/1 d5/3 f5/2 e5/1 d5/3 | b4/3 g4/3 r/6 | c5/9 r/3 | r/12 |"
    parts = (
        tune("Alto sax", ALTO, theme, last, bar=12, slot=TRIPLET),
        line("Piano", PIANO, chords, "..x...x--...", "x--..x......", low=52, slot=TRIPLET),
        line("Bass", UPRIGHT, chords, "1--3--5--a--", "1--8--5--a--", low=31, slot=TRIPLET),
        kit("rd x..x.xx..x.x | ph ...x.....x.. | bd o.....o.....", times=8, slot=TRIPLET),
    )
    return Loop("swing", parts, tempo=152)


def bossa() -> Loop:
    """The clave on the rim over two bars."""
    chords = "Dm7 G7 Cmaj7 Cmaj7 Dm7 G7 Em7 A7"
    theme = "a4/6 g4/2 a4/8 | b4/6 a4/2 f4/8 | e4/12 g4/4 | e4/14 r/2 | "
    parts = (
        tune("Flute", FLUTE, theme, "a4/6 g4/2 a4/8 | b4/6 a4/2 f4/8 | g4/12 f4/4 | e4/8 c#4/8 |", bar=16),
        line("Guitar", 24, chords, "x--x--x-..x--x..", "..x--x--x--x--x-", low=52),
        line("Bass", UPRIGHT, chords, "1-----5-1-----5-", low=36),
        kit(
            "rs x.....x.....x... | bd x.....x.x.....x. | hh x.x.x.x.x.x.x.x.",
            "rs ....x.....x..... | bd x.....x.x.....x. | hh x.x.x.x.x.x.x.x.",
            times=4,
        ),
    )
    return Loop("bossa", parts, tempo=132)


def montuno() -> Loop:
    """A piano in octaves over two chords, a tumbao, the son clave."""
    riff = "g4/2 c5/2 e5/1 r/1 c5/2 r/1 e5/1 r/1 c5/3 g4/2 | r/1 g4/1 b4/1 r/1 d5/2 b4/1 r/1 g4/1 d5/2 b4/3 g4/2 | "
    right = tune("Piano, right hand", PIANO, riff * 4, bar=16)
    parts = (
        right,
        right.doubled("Piano, left hand", PIANO, semitones=-12),
        line("Bass", FINGERED, "C G " * 4, "......5---....8-", "......5---....1-", low=31),
        kit(
            "cv x..x..x......... | cg ..x...x...x...xx | cb x...x...x...x...",
            "cv ..x.x........... | cg ..x...x...x...xx | cb x...x...x...x...",
            times=4,
        ),
    )
    return Loop("montuno", parts, tempo=96, doubled=((0, 1),))


def blues() -> Loop:
    """Twelve bars of 12/8."""
    chords = "A7 D7 A7 A7 D7 D7 A7 A7 E7 D7 A7 E7"
    lick = "r/3 c5/2 d5/1 e5/3 d5/1 c5/1 a4/1 | a4/6 r/6 | "
    parts = (
        tune("Guitar", CLEAN, lick * 6, bar=12, slot=EIGHTH),
        line("Organ", ORGAN, chords, "x-----x-----", low=55, slot=EIGHTH),
        line("Bass", FINGERED, chords, "1-13-35-56-5", low=33, slot=EIGHTH),
        kit("bd x.....x..x.. | sn ...x.....x.. | hh xxxxxxxxxxxx", times=12, slot=EIGHTH),
    )
    return Loop("blues", parts, bars=12, metre=(12, 8), tempo=96)


def waltz() -> Loop:
    """Bass on one, chords on two and three."""
    chords = "D A7 A7 D D G A7 D"
    theme = "f#5/4 a5/2 | g5/4 e5/2 | c#5/4 e5/2 | d5/6 | f#5/2 g5/2 a5/2 | b5/4 g5/2 | e5/2 f#5/2 g5/2 | d5/4 r/2 |"
    tune_part = tune("Violin", 40, theme, bar=6, slot=EIGHTH)
    parts = (
        tune_part,
        tune_part.doubled("Clarinet", 71, semitones=-12),
        line("Accordion", 21, chords, "..x.x.", low=57, slot=EIGHTH),
        line("Bass", UPRIGHT, chords, "1-....", "5-....", low=33, slot=EIGHTH),
    )
    return Loop("waltz", parts, metre=(3, 4), tempo=168, doubled=((0, 1),))


def in_five() -> Loop:
    """Three and two."""
    chords = "Ebm7 Bbm7 " * 4
    theme = "bb4/2 eb5/2 f5/2 gb5/2 f5/2 | eb5/6 r/4 | bb4/2 eb5/2 f5/2 ab5/2 gb5/2 | f5/6 r/4 | "
    parts = (
        tune("Alto sax", ALTO, theme * 2, bar=10, slot=EIGHTH),
        line("Piano", PIANO, chords, "x..x..x...", low=54, slot=EIGHTH),
        line("Bass", UPRIGHT, chords, "1-....5-5-", low=34, slot=EIGHTH),
        kit("rd x.xx.xx.x. | ph ..x...x... | sn .....o..o. | bd x.....x...", times=8, slot=EIGHTH),
    )
    return Loop("in_five", parts, metre=(5, 4), tempo=160)


def in_seven() -> Loop:
    """Two, two and three eighths, in the phrygian dominant of E; the lute and the clarinet in octaves."""
    theme = "e5/2 f5/2 g#5/3 | a5/2 g#5/2 f5/3 | e5/2 d5/2 f5/3 | e5/4 r/3 | "
    lead = tune("Clarinet", 71, theme * 2, bar=7, slot=EIGHTH)
    parts = (
        lead,
        lead.doubled("Lute", 24, semitones=-12),
        line("Bass", FINGERED, "E E Dm E " * 2, "1-5-1-5", low=28, slot=EIGHTH),
        kit("bd x...x.. | sn ..x...x | tb xxxxxxx", times=8, slot=EIGHTH),
    )
    return Loop("in_seven", parts, metre=(7, 8), tempo=132, doubled=((0, 1),))


def jig() -> Loop:
    """6/8: a tune, and chords under it."""
    first = "g4/1 a4/1 b4/1 d5/2 b4/1 | c5/1 b4/1 a4/1 g4/2 e4/1 | g4/1 a4/1 b4/1 d5/1 e5/1 d5/1 |"
    parts = (
        tune("Fiddle", 40, first, "b4/1 a4/1 g4/1 a4/3 |", first, "b4/1 a4/1 f#4/1 g4/3 |", bar=6, slot=EIGHTH),
        line("Guitar", 25, "G C G D G C G D,G", "x-.x-.", low=50, slot=EIGHTH),
        kit("bd x..x.. | tb x.xx.x", times=8, slot=EIGHTH),
    )
    return Loop("jig", parts, metre=(6, 8), tempo=168)


def march() -> Loop:
    """2/4: tuba and chords by turns, the trumpets in octaves."""
    theme = "g4/4 c5/4 | e5/4 c5/4 | d5/2 c5/2 b4/2 a4/2 | g4/8 | g4/4 b4/4 | d5/4 f5/4 | e5/2 d5/2 c5/2 b4/2 | c5/8 |"
    lead = tune("Trumpet", TRUMPET, theme, bar=8)
    parts = (
        lead,
        lead.doubled("Trombone", 57, semitones=-12),
        line("Horns", 60, "C C G7 C G7 G7 G7 C", "..x...x.", low=55),
        line("Tuba", 58, "C C G7 C G7 G7 G7 C", "1-..5-..", low=31),
        kit("bd x...x... | sn ..x...xx", times=8),
    )
    return Loop("march", parts, metre=(2, 4), tempo=112, doubled=((0, 1),))


def country() -> Loop:
    """A train beat, root and fifth."""
    chords = "G G C G D D G G"
    parts = (
        line("Steel guitar", 25, chords, "..x...x...x...x.", low=55),
        line("Banjo", 105, chords, "1.5.8.5.3.5.8.5.", low=55),
        line("Bass", UPRIGHT, chords, "1---....5---....", low=31),
        kit("bd x.......x....... | sn ooxooooxooxooxox", times=8),
    )
    return Loop("country", parts, tempo=116)
