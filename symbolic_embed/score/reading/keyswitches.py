"""Keyswitches: keys that choose how a sampled instrument plays and sound themselves no note.

Libraries of samples put them where the instrument has no notes: a row of keys far below its range or above it. A player
strikes one a little before the music that it is meant for, or holds it. They are no music, and whoever takes them for a
part's lowest notes finds a violin in the octave of the double bass.

A part is taken to have keyswitches where its notes leave a gap of an octave and a half, and on the far side of it lie

* few keys, within two octaves, one struck at a time, no more often than the music's own notes; and
* keys that no instrument has (below the lowest A of a piano, above its highest C); or keys that the part's instrument
  has not, be it high (a violin below the C of a double bass) or low; or, in the octaves where a bass could play, keys
  that are struck so briefly that they are no bass: a sixteenth at most. One alone may be a slip there.

Of 12,866 pitched parts of 4,013 files of many collections 47 leave such a gap, as far as was seen with music on either
side; by these rules none of them has keyswitches. (`benchmarks/keyswitches.py FOLDER... --files 200`)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score.reading.pairing import NoteColumns

GAP = 18  # semitones
FEW_KEYS, KEYS_WITHIN = 12, 24
LEAST_MUSIC = 12  # notes on the other side of the gap
BELOW_A_PIANO, ABOVE_A_PIANO = 20, 109
BASS_REACHES, HIGH_REACHES = 35, 96  # the highest key that counts as a bass note's; the lowest that no bass part has
BRIEF = 0.25  # of a quarter
HIGH_INSTRUMENTS = frozenset({40, 41, 56, 59, 64, 65, 68, 69, 71, *range(72, 80)})  # none plays below BASS_REACHES
LOW_INSTRUMENTS = frozenset({*range(32, 40), 42, 43, 57, 58, 67, 70})  # none plays from HIGH_REACHES on


def keyswitches(notes: NoteColumns, *, program: int, division: int) -> NDArray[np.bool_] | None:
    """Which notes of a part are keyswitches, bool (n,); None where none are."""
    pitch = notes.pitch
    if len(pitch) <= LEAST_MUSIC:
        return None
    lowest, highest = int(np.minimum.reduce(pitch)), int(np.maximum.reduce(pitch))
    if highest - lowest < GAP or BASS_REACHES < lowest <= highest < HIGH_REACHES:
        return None
    keys = np.unique(pitch).astype(np.int64)
    wide = np.flatnonzero(np.diff(keys) >= GAP)
    if not len(wide):
        return None
    lower: NDArray[np.bool_] = pitch <= keys[wide[0]]
    upper: NDArray[np.bool_] = pitch > keys[wide[-1]]
    if _are_few(notes, lower) and _is_low(notes, lower, program=program, division=division):
        return lower
    if _are_few(notes, upper) and _is_high(notes, upper, program=program):
        return upper
    return None


def _are_few(notes: NoteColumns, chosen: NDArray[np.bool_]) -> bool:
    """Few keys close together, struck one at a time and no more often than the rest."""
    count = int(np.count_nonzero(chosen))
    if len(chosen) - count < max(LEAST_MUSIC, count):
        return False
    keys = np.unique(notes.pitch[chosen]).astype(np.int64)
    alone = len(np.unique(notes.onset_ticks[chosen])) == count
    return alone and len(keys) <= FEW_KEYS and int(keys[-1] - keys[0]) <= KEYS_WITHIN


def _is_low(notes: NoteColumns, chosen: NDArray[np.bool_], *, program: int, division: int) -> bool:
    """Whether these keys, below the music, can be no notes of the part."""
    lowest, highest = int(notes.pitch[chosen].min()), int(notes.pitch[chosen].max())
    if highest > BASS_REACHES:
        return False
    if lowest <= BELOW_A_PIANO:
        return True
    brief = bool((notes.duration_ticks[chosen] <= BRIEF * division).all())
    return int(np.count_nonzero(chosen)) > 1 and (program in HIGH_INSTRUMENTS or brief)


def _is_high(notes: NoteColumns, chosen: NDArray[np.bool_], *, program: int) -> bool:
    """Whether these keys, above the music, can be no notes of the part."""
    lowest, highest = int(notes.pitch[chosen].min()), int(notes.pitch[chosen].max())
    return highest >= ABOVE_A_PIANO or (lowest >= HIGH_REACHES and program in LOW_INSTRUMENTS)
