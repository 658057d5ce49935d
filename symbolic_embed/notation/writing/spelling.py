"""Which letter a pitch is written with: C sharp or D flat.

Letters and accidentals lie in a line of fifths: ... B flat, F, C, G, D, A, E, B, F sharp, C sharp ... A key takes seven
neighbours of it for its scale; of what is not in the scale the nearest on the line is written: in C major F sharp, C
sharp, G sharp, but B flat and E flat; in A minor, which raises its sixth and seventh degrees and leads to its fifth
from below, D sharp rather than E flat. The window of twelve is moved with the key.
"""

from __future__ import annotations

from typing import NamedTuple

from symbolic_embed.bars.keys import MAJOR_NAMES, MINOR_NAMES, estimate_key
from symbolic_embed.score.score import KeySignature, Score

LETTERS = "FCGDAEB"
FLATTEST = {False: -3, True: -2}
"""The first of the twelve on the line, counted from the keynote of the major key with the same signature: E flat for C
major, B flat for A minor."""
SHARPS = {name: (7 * pitch + 5) % 12 - 5 for pitch, name in enumerate(MAJOR_NAMES)}


class Spelling(NamedTuple):
    """A letter, by how many semitones it is raised, and its octave (middle C begins octave 4)."""

    step: str
    alter: int
    octave: int


def spelled(pitch: int, *, sharps: int, is_minor: bool) -> Spelling:
    """How a MIDI pitch is written in a key."""
    flattest = sharps + FLATTEST[is_minor]
    place = flattest + (7 * pitch - flattest) % 12  # fifths above C
    step, alter = LETTERS[(place + 1) % 7], (place + 1) // 7
    octave = (pitch - alter) // 12 - 1
    return Spelling(step, alter, octave)


def keys_of(score: Score) -> tuple[KeySignature, ...]:
    """The keys of a piece: those it names, else one told from its notes (`bars.keys`), from its beginning on."""
    if score.key_signatures:
        first = score.key_signatures[0]
        return score.key_signatures if first.tick == 0 else (KeySignature(0, 0, False), *score.key_signatures)
    estimate = estimate_key(score)
    if estimate is None:
        return (KeySignature(0, 0, False),)
    tonic, mode = estimate.name.split()
    if mode == "major":
        return (KeySignature(0, SHARPS[tonic], False),)
    relative = MAJOR_NAMES[(MINOR_NAMES.index(tonic) + 3) % 12]
    return (KeySignature(0, SHARPS[relative], True),)
