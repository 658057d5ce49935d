"""Who plays: names, General MIDI programmes (counted from 0) and the range in which each sounds as it should."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Instrument:
    """A name as it stands on a track, the programme, the lowest and the highest pitch."""

    name: str
    program: int
    low: int
    high: int


_RANGES: Mapping[str, tuple[int, int, int]] = {
    "Piano": (0, 45, 84),
    "Bright Piano": (1, 45, 86),
    "Honky Tonk": (3, 45, 84),
    "E-Piano": (4, 45, 82),
    "FM Piano": (5, 45, 82),
    "Harpsichord": (6, 48, 84),
    "Clav": (7, 43, 76),
    "Celesta": (8, 60, 96),
    "Bells": (9, 67, 98),
    "Music Box": (10, 60, 93),
    "Vibes": (11, 53, 86),
    "Marimba": (12, 48, 88),
    "Xylophone": (13, 65, 96),
    "Organ": (16, 45, 84),
    "Perc Organ": (17, 45, 84),
    "Rock Organ": (18, 45, 84),
    "Church Organ": (19, 43, 84),
    "Accordion": (21, 53, 86),
    "Harmonica": (22, 60, 88),
    "Nylon Guitar": (24, 43, 79),
    "Steel Guitar": (25, 43, 79),
    "Jazz Guitar": (26, 43, 79),
    "Clean Guitar": (27, 43, 81),
    "Muted Guitar": (28, 43, 76),
    "Overdrive": (29, 40, 79),
    "Distortion": (30, 40, 81),
    "Upright Bass": (32, 28, 52),
    "Bass": (33, 28, 52),
    "Pick Bass": (34, 28, 52),
    "Fretless": (35, 28, 53),
    "Slap Bass": (36, 28, 53),
    "Synth Bass": (38, 26, 55),
    "Sub Bass": (39, 24, 50),
    "Violin": (40, 55, 93),
    "Viola": (41, 48, 81),
    "Cello": (42, 36, 69),
    "Contrabass": (43, 28, 52),
    "Pizzicato": (45, 48, 84),
    "Harp": (46, 43, 91),
    "Strings": (48, 43, 88),
    "Slow Strings": (49, 43, 84),
    "Synth Strings": (50, 43, 86),
    "Choir": (52, 48, 79),
    "Voice": (53, 55, 79),
    "Trumpet": (56, 55, 82),
    "Trombone": (57, 40, 70),
    "Tuba": (58, 28, 53),
    "Muted Trumpet": (59, 55, 81),
    "Horn": (60, 45, 74),
    "Brass": (61, 46, 79),
    "Synth Brass": (62, 46, 82),
    "Soprano Sax": (64, 57, 86),
    "Alto Sax": (65, 52, 80),
    "Tenor Sax": (66, 46, 75),
    "Baritone Sax": (67, 38, 67),
    "Oboe": (68, 58, 88),
    "Bassoon": (70, 36, 69),
    "Clarinet": (71, 52, 88),
    "Piccolo": (72, 74, 103),
    "Flute": (73, 60, 93),
    "Pan Flute": (75, 60, 88),
    "Whistle": (78, 67, 96),
    "Square": (80, 48, 96),
    "Saw": (81, 48, 91),
    "Calliope": (82, 53, 91),
    "Charang": (84, 48, 86),
    "New Age": (88, 45, 84),
    "Warm Pad": (89, 43, 82),
    "Polysynth": (90, 45, 86),
    "Choir Pad": (91, 45, 82),
    "Halo Pad": (94, 45, 82),
    "Sweep Pad": (95, 43, 82),
    "Atmosphere": (99, 45, 84),
    "Banjo": (105, 48, 81),
    "Kalimba": (108, 55, 86),
    "Fiddle": (110, 55, 91),
    "Steel Drums": (114, 55, 86),
    "Square Bass": (80, 30, 55),
}
INSTRUMENTS: Mapping[str, Instrument] = {name: Instrument(name, *row) for name, row in _RANGES.items()}

KEYS = ("Piano", "E-Piano", "FM Piano", "Organ", "Bright Piano")
GUITARS = ("Clean Guitar", "Steel Guitar", "Muted Guitar", "Jazz Guitar")
SINGERS = ("Voice", "Flute", "Alto Sax", "Saw", "Violin", "Clarinet", "Square", "Harmonica", "Trumpet", "Oboe")
PADS = ("Strings", "Slow Strings", "Warm Pad", "Choir", "Synth Strings", "Organ")
BASSES = ("Bass", "Pick Bass", "Fretless")
HORNS = ("Brass", "Trumpet", "Tenor Sax", "Alto Sax", "Trombone")
SYNTHS = ("Saw", "Polysynth", "Square", "Charang", "Synth Brass")
MACHINE_PADS = ("Warm Pad", "Sweep Pad", "Halo Pad", "Synth Strings", "Choir Pad")
WINDS = ("Flute", "Clarinet", "Oboe", "Horn")
BOWED = ("Violin", "Viola", "Cello", "Strings")
