"""Key signatures: how many sharps a key has, and which letters they raise.

Sharps come in the order F C G D A E B, each a fifth above the last, flats in the reverse order. A major key has one
sharp more than the key a fifth below it, from C, which has none. A mode on the same keynote has fewer: minor three,
Dorian two, Mixolydian one. Flats count as negative sharps.
"""

import re

FIFTHS = "FCGDAEB"
MODES = {"": 0, "m": -3, "dor": -2, "mix": -1}
"""The difference to the sharps of the major key on the same keynote."""
MAJOR_KEYS = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#")
"""From seven flats to seven sharps."""


def sharps(key: str) -> int:
    """The sharps of a key, flats counted negative: 'G' has 1, 'Bb' -2, 'Edor' 2."""
    match = re.fullmatch(r"([A-G])([#b]?)(\w*)", key.strip())
    if match is None or match[3] not in MODES:
        raise ValueError(f"unknown key {key!r}; known modes are {', '.join(filter(None, MODES))} and major")
    return FIFTHS.index(match[1]) - 1 + {"": 0, "#": 7, "b": -7}[match[2]] + MODES[match[3]]


def key_signature(key: str) -> dict[str, int]:
    """How much the key raises each letter: in G major F by 1, the others by 0."""
    count = sharps(key)
    raised, lowered = FIFTHS[: max(count, 0)], FIFTHS[::-1][: max(-count, 0)]
    return {letter: (letter in raised) - (letter in lowered) for letter in FIFTHS}


def midi_key(key: str) -> str:
    """The key as a MIDI file names it. It knows major and minor: other modes become the major key of that signature."""
    return key.strip() if key.strip().endswith("m") else MAJOR_KEYS[sharps(key) + 7]
