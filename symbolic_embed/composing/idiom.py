"""What a part can be expected to play in a bar: its instrument, its voices, the harmony around.

A decoder that is asked for another bar knows nothing of who plays it. So that a bass does not leap into the flute's
octave and a kit does not grow drums, other notes are looked for in the range the part has in the piece and a little
beyond, among its own drums, and among the pitch classes that sound within two bars in any part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, Windows
from symbolic_embed.bars.voices import is_single_voice
from symbolic_embed.composing.part_writer import RANGE_BEYOND, pitches_of
from symbolic_embed.encodings import note_rows

BARS_AROUND = 2


@dataclass(frozen=True, eq=False)
class Idiom:
    """For some windows: pitches, bool (windows, pitch tokens), and single, bool (windows,), one voice."""

    pitches: NDArray[np.bool_]
    single: NDArray[np.bool_]

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Idiom:
        """The windows of a mask or an index array."""
        return Idiom(self.pitches[chosen], self.single[chosen])

    def or_that_of(self, other: Idiom) -> Idiom:
        """What either allows."""
        return Idiom(self.pitches | other.pitches, self.single & other.single)


def idiom_of(cells: Windows, barred: BarredScore, *, semitones: int = 0, beyond: int = RANGE_BEYOND) -> Idiom:
    """The idiom of cell windows of a piece that is transposed by `semitones` (so are `cells`). Windows of no part
    (track -1) allow nothing. Every note of a window is always in its idiom. `beyond`: how many semitones a part may go
    beyond its range."""
    parts = range(len(barred.roles))
    of_part = np.stack(
        [*(pitches_of(barred, part, beyond=beyond) for part in parts), np.zeros(note_rows.PITCH_TOKENS, bool)]
    )
    pitched = np.arange(note_rows.PITCH_TOKENS) < note_rows.FIRST_DRUM
    of_part[:, pitched] = np.stack([_transposed(row, semitones) for row in of_part[:, pitched]])
    around = np.roll(_classes_around(barred), semitones, axis=1)[cells.bar]  # (windows, 12)
    in_harmony = around[:, np.arange(note_rows.PITCH_TOKENS) % note_rows.FIRST_DRUM % 12] | ~pitched
    pitches = of_part[cells.track] & in_harmony
    pitches[cells.note_window, note_rows.pitch_tokens(cells)] = True
    one_voice = np.array([*(is_single_voice(barred, part) for part in parts), True])
    return Idiom(pitches, one_voice[cells.track] & ~_has_chord(cells))


def _transposed(row: NDArray[np.bool_], semitones: int) -> NDArray[np.bool_]:
    """A row of pitches, bool (128,), as many semitones higher."""
    transposed = np.roll(row, semitones)
    if semitones > 0:
        transposed[:semitones] = False
    elif semitones < 0:
        transposed[semitones:] = False
    return transposed


def _classes_around(barred: BarredScore) -> NDArray[np.bool_]:
    """The pitch classes that begin within BARS_AROUND bars of each, in any part; bool (bars, 12). All where none do."""
    drums = barred.note_is_drum
    in_bar = np.zeros((barred.bars, 12), bool)
    in_bar[barred.note_bar[~drums], barred.notes.pitch[~drums] % 12] = True
    around = in_bar.copy()
    for distance in range(1, min(BARS_AROUND, barred.bars - 1) + 1):
        around[distance:] |= in_bar[:-distance]
        around[:-distance] |= in_bar[distance:]
    return around | ~around.any(axis=1, keepdims=True)


def _has_chord(cells: Windows) -> NDArray[np.bool_]:
    """In which windows two notes begin at once; bool (windows,)."""
    begins = cells.begins
    struck = cells.note_window[begins] * 256 + cells.onset[begins]
    values, counts = np.unique(struck, return_counts=True)
    has_chord = np.zeros(len(cells), bool)
    has_chord[values[counts > 1] // 256] = True
    return has_chord
