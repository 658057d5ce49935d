"""Names that General MIDI (level 1, 1991) gives to programmes and to the keys of the drum channel, and names of notes.

Programmes count from 0 here, as in the file; the standard's own list counts from 1. They come in sixteen families of
eight.
"""

from __future__ import annotations

PROGRAMS = tuple(
    name
    for family in (
        "Acoustic Grand Piano|Bright Acoustic Piano|Electric Grand Piano|Honky-tonk Piano|Electric Piano 1|"
        "Electric Piano 2|Harpsichord|Clavinet",
        "Celesta|Glockenspiel|Music Box|Vibraphone|Marimba|Xylophone|Tubular Bells|Dulcimer",
        "Drawbar Organ|Percussive Organ|Rock Organ|Church Organ|Reed Organ|Accordion|Harmonica|Tango Accordion",
        "Nylon Guitar|Steel Guitar|Jazz Guitar|Clean Electric Guitar|Muted Electric Guitar|Overdriven Guitar|"
        "Distortion Guitar|Guitar Harmonics",
        "Acoustic Bass|Fingered Bass|Picked Bass|Fretless Bass|Slap Bass 1|Slap Bass 2|Synth Bass 1|Synth Bass 2",
        "Violin|Viola|Cello|Contrabass|Tremolo Strings|Pizzicato Strings|Orchestral Harp|Timpani",
        "String Ensemble 1|String Ensemble 2|Synth Strings 1|Synth Strings 2|Choir Aahs|Voice Oohs|Synth Voice|"
        "Orchestra Hit",
        "Trumpet|Trombone|Tuba|Muted Trumpet|French Horn|Brass Section|Synth Brass 1|Synth Brass 2",
        "Soprano Sax|Alto Sax|Tenor Sax|Baritone Sax|Oboe|English Horn|Bassoon|Clarinet",
        "Piccolo|Flute|Recorder|Pan Flute|Blown Bottle|Shakuhachi|Whistle|Ocarina",
        "Lead 1 (square)|Lead 2 (sawtooth)|Lead 3 (calliope)|Lead 4 (chiff)|Lead 5 (charang)|Lead 6 (voice)|"
        "Lead 7 (fifths)|Lead 8 (bass and lead)",
        "Pad 1 (new age)|Pad 2 (warm)|Pad 3 (polysynth)|Pad 4 (choir)|Pad 5 (bowed)|Pad 6 (metallic)|Pad 7 (halo)|"
        "Pad 8 (sweep)",
        "FX 1 (rain)|FX 2 (soundtrack)|FX 3 (crystal)|FX 4 (atmosphere)|FX 5 (brightness)|FX 6 (goblins)|"
        "FX 7 (echoes)|FX 8 (sci-fi)",
        "Sitar|Banjo|Shamisen|Koto|Kalimba|Bagpipe|Fiddle|Shanai",
        "Tinkle Bell|Agogo|Steel Drums|Woodblock|Taiko Drum|Melodic Tom|Synth Drum|Reverse Cymbal",
        "Guitar Fret Noise|Breath Noise|Seashore|Bird Tweet|Telephone Ring|Helicopter|Applause|Gunshot",
    )
    for name in family.split("|")
)
FIRST_DRUM = 35
DRUMS = tuple(
    name
    for group in (
        "low kick|kick|side stick|snare|clap|snare 2|low floor tom|closed hat|floor tom|pedal hat|low tom|open hat",
        "low mid tom|high mid tom|crash|high tom|ride|china|ride bell|tambourine|splash|cowbell|crash 2|vibraslap",
        "ride 2|high bongo|low bongo|mute conga|high conga|low conga|high timbale|low timbale|high agogo|low agogo",
        "cabasa|maracas|short whistle|long whistle|short guiro|long guiro|claves|high block|low block|mute cuica",
        "open cuica|mute triangle|triangle",
    )
    for name in group.split("|")
)
PITCH_CLASSES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


def instrument_name(program: int, *, is_drum: bool) -> str:
    """What plays: the General MIDI name of a programme, or Drums."""
    return "Drums" if is_drum else PROGRAMS[program]


def drum_name(pitch: int) -> str:
    """What is struck: the name of a key of the drum channel, its number where it has none."""
    key = pitch - FIRST_DRUM
    return DRUMS[key] if 0 <= key < len(DRUMS) else str(pitch)


def pitch_name(pitch: int) -> str:
    """The name of a note; middle C, 60, is C4."""
    return f"{PITCH_CLASSES[pitch % 12]}{pitch // 12 - 1}"
