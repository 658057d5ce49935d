"""Late Ferry: sixteen bars for a small band, our own composition, made to be continued and varied.

The form is A A' B A, four bars each, in C major. A moves from the second degree through the dominant to rest (Dm9,
G13, Cmaj9, Am7); A' turns instead to A9; B lifts to the fourth degree and its minor (Fmaj9, Fm6) and leads back through
Em7 and A7b9; the last A closes in C while the tempo broadens. A flute has the tune, an electric piano the chords, a
finger bass answers with the kick drum, strings enter at A', and the drummer marks the beginning of each section with a
crash and its end with a fill.

Flute, strings and bass stand below in ABC notation, the chords as a chart, the drums as a grid: a sign is a sixteenth,
`.` silence, `o` a soft stroke, `x` a stroke, `X` an accent. Velocities sway a little from note to note, always alike.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import cycle

from abc_notation import Tune, Voice, read_tune
from metres import Bar
from midi_file import EXPRESSION, PAN, SUSTAIN_PEDAL, VOLUME, Control, Note, Part, Piece

TUNE = """
X:1
T:Late Ferry
C:symbolic_embed (own composition)
G:seed_band
M:4/4
L:1/8
Q:1/4=104
K:C
V:1 name="Flute"
%%MIDI program 73
P:A
!mf!zAcd f2ed|e3d B4|zGBc e2dc|d3c A4|
P:A'
zAcd f2ed|g3f e2d2|zBde g2ag|!f!a3g a2b2|
P:B
c'3b a2f2|_a4 f2d2|!mf!g3a g2e2|^c2e2 g2_b2|
P:A
aAcd f2ed|e3d B2d2|zAce d2Bd|!mp!c6z2|]
V:2 name="Strings"
%%MIDI program 48
z8|z8|z8|z8|
!p![A,F]8|[B,F]8|[B,G]8|[^CG]8|
!mp![CA]8|[C_A]8|[B,G]8|[^CG]8|
!p![A,F]8|[B,F]8|[A,E]4[B,D]4|[CE]8|]
V:3 name="Bass"
%%MIDI program 33
!mf!D,,3D,, zD,,A,,C,|G,,3G,, zG,,F,,D,,|C,,3C,, zC,,G,,^G,,|A,,3A,, zA,,G,,E,,|
D,,3D,, zD,,A,,C,|G,,3G,, zG,,G,,F,,|E,,3E,, zE,,B,,D,|A,,3A,, zA,,G,,E,,|
F,,3F,, zF,,C,E,|F,,3F,, zF,,_A,,C,|E,,3E,, zE,,G,,B,,|A,,2G,,2 E,,2^C,,2|
D,,3D,, zD,,A,,C,|G,,3G,, zG,,B,,G,,|F,,3F,, G,,3G,,|C,,3C,, C,,4|]
"""

CHART = (
    *("Dm9", "G13", "Cmaj9", "Am7"),
    *("Dm9", "G13", "Em7", "A9"),
    *("Fmaj9", "Fm6", "Em7", "A7b9"),
    *("Dm9", "G13", "Fmaj9 G13", "C69"),
)
VOICINGS = {
    "Dm9": (53, 57, 60, 64),
    "G13": (53, 57, 59, 64),
    "Cmaj9": (52, 55, 59, 62),
    "Am7": (52, 55, 57, 60),
    "Em7": (55, 59, 62, 64),
    "A9": (55, 59, 61, 64),
    "A7b9": (55, 58, 61, 64),
    "Fmaj9": (57, 60, 64, 67),
    "Fm6": (56, 60, 62, 67),
    "C69": (52, 55, 57, 62),
}
"""Four tones around middle C; the root is left to the bass."""
ELECTRIC_PIANO = 4
COMPING = {
    "A": ((0, Fraction(3, 2)), (Fraction(3, 2), 2)),
    "A'": ((0, Fraction(3, 2)), (Fraction(3, 2), Fraction(3, 2)), (3, 1)),
    "B": ((0, 1), (1, 1), (2, 1), (3, 1)),
}
"""Where in the bar the chords of a section are struck and how long they are held, in quarters."""
HELD = ((0, 4),)
"""The last chord."""
COMPING_VELOCITY = 64

KICK, SNARE, CLOSED_HAT, OPEN_HAT, CRASH, RIDE = 36, 38, 42, 46, 49, 51
LOW_TOM, MID_TOM, HIGH_TOM = 45, 47, 50
VERSE = {KICK: "X.....x...x.....", SNARE: "....X..o....X..o", CLOSED_HAT: "x.o.x.o.x.o.x.o."}
VERSE_TURN = {
    KICK: "X.....x...x.....",
    SNARE: "....X..o....X.xx",
    CLOSED_HAT: "x.o.x.o.x.o.....",
    OPEN_HAT: "............x...",
}
BRIDGE = {KICK: "X.....x.x.....x.", SNARE: "....X.......X...", RIDE: "x.xox.xox.xox.xo"}
FILL = {
    KICK: "X.....x.........",
    SNARE: "....X..oxx......",
    HIGH_TOM: "..........xx....",
    MID_TOM: "............xx..",
    LOW_TOM: "..............XX",
    CLOSED_HAT: "x.o.x.o.........",
}
CLOSE = {KICK: "X.....x.X.......", SNARE: "....X...........", CLOSED_HAT: "..o.x..........."}
CRASHING = {CRASH: "X..............."}
DRUM_BARS = (
    *(VERSE | CRASHING, VERSE, VERSE, VERSE_TURN),
    *(VERSE | CRASHING, VERSE, VERSE, FILL),
    *(BRIDGE | CRASHING, BRIDGE, BRIDGE, FILL),
    *(VERSE | CRASHING, VERSE, VERSE_TURN, CLOSE | CRASHING),
)
STROKES = {"o": 44, "x": 80, "X": 104}
STROKE_LENGTH = Fraction(1, 4)

RITARDANDO = ((58, 100), (60, 94), (62, 86))
"""(quarters since the start, quarters a minute): from the middle of the last bar but one."""
VOLUME_AND_PAN = {
    "Flute": (104, 64),
    "Electric piano": (88, 48),
    "Strings": (80, 84),
    "Bass": (100, 64),
    "Drums": (96, 64),
}
PEDAL_DELAY = Fraction(1, 8)
"""The pedal goes down this long after a new chord, when the old one has been released."""
SWELL = ((16, 50), (20, 70), (24, 84), (28, 96), (32, 110), (40, 98), (44, 84), (48, 74), (56, 66), (62, 48))
"""The strings' expression: (quarters since the start, level)."""
SWAY = (0, 3, -2, 4, -3, 1, -4, 2, 5, -1, 0, -5, 3)
"""Velocity added to one note after another. Thirteen, so that no bar sways like the one before it."""


def band() -> Piece:
    """The whole piece."""
    tune = read_tune(TUNE)
    flute, strings, bass = (pitched_part(voice) for voice in tune.voices)
    end = tune.bars[-1].onset + tune.bars[-1].length
    parts = (flute, electric_piano(tune), strings, bass, drum_kit(tune.bars))
    tempi = (
        (Fraction(0), tune.quarters_a_minute),
        *((Fraction(onset), Fraction(tempo)) for onset, tempo in RITARDANDO),
    )
    return Piece(
        title=tune.title,
        key=tune.key,
        tempi=tempi,
        metres=((Fraction(0), 4, 4),),
        markers=tune.sections,
        parts=tuple(mixed(part) for part in parts),
        length=end,
    )


def pitched_part(voice: Voice) -> Part:
    """A voice of the tune as it is played; the strings swell."""
    controls = tuple(Control(Fraction(onset), EXPRESSION, level) for onset, level in SWELL)
    return Part(
        name=voice.name,
        programme=voice.programme,
        notes=tuple(swaying(voice.notes)),
        controls=controls if voice.name == "Strings" else (),
    )


def electric_piano(tune: Tune) -> Part:
    """The chart, comped, with a pedal for each chord."""
    notes, controls = [], []
    for onset, length, chord, section in chords(tune):
        rhythm = HELD if chord == CHART[-1] else COMPING[section]
        for place, duration in rhythm:
            if place < length:
                shortened = min(Fraction(duration), length - place)
                notes += [Note(onset + place, shortened, pitch, COMPING_VELOCITY) for pitch in VOICINGS[chord]]
        controls += pedal(onset, length=length)
    return Part(name="Electric piano", programme=ELECTRIC_PIANO, notes=tuple(swaying(notes)), controls=tuple(controls))


def chords(tune: Tune) -> Iterator[tuple[Fraction, Fraction, str, str]]:
    """Onset, length, chord and section of everything in the chart; two chords in a bar have a half each."""
    for bar, entry in zip(tune.bars, CHART, strict=True):
        section = [name for start, name in tune.sections if start <= bar.onset][-1]
        in_bar = entry.split()
        length = bar.length / len(in_bar)
        for number, chord in enumerate(in_bar):
            yield bar.onset + number * length, length, chord, section


def pedal(onset: Fraction, *, length: Fraction) -> tuple[Control, Control]:
    """Pedal down just after a chord begins and up when it ends."""
    return Control(onset + PEDAL_DELAY, SUSTAIN_PEDAL, 127), Control(onset + length, SUSTAIN_PEDAL, 0)


def drum_kit(bars: tuple[Bar, ...]) -> Part:
    """The grids as strokes."""
    notes = [note for bar, grid in zip(bars, DRUM_BARS, strict=True) for note in strokes(grid, onset=bar.onset)]
    notes.sort(key=lambda note: (note.onset, note.pitch))
    return Part(name="Drums", programme=0, notes=tuple(swaying(notes)), drums=True)


def strokes(grid: dict[int, str], *, onset: Fraction) -> Iterator[Note]:
    """The strokes of one bar of drums."""
    for drum, row in grid.items():
        for step, sign in enumerate(row):
            if sign != ".":
                yield Note(onset + step * STROKE_LENGTH, STROKE_LENGTH, drum, STROKES[sign])


def swaying(notes: list[Note] | tuple[Note, ...]) -> Iterator[Note]:
    """The notes with slightly varied velocities."""
    return (replace(note, velocity=note.velocity + sway) for note, sway in zip(notes, cycle(SWAY), strict=False))


def mixed(part: Part) -> Part:
    """The part with its volume and its place between left and right set at the start."""
    volume, pan = VOLUME_AND_PAN[part.name]
    start = (Control(Fraction(0), VOLUME, volume), Control(Fraction(0), PAN, pan))
    return replace(part, controls=start + part.controls)
