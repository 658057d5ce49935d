"""Music as somebody plays it without a click, in a tempo that is known.

performance(beats)      chords, bass and a tune in bars of four (`per_bar`), at these moments: a score whose grid means
                        nothing
slowing(32)             the moments of so many beats in a tempo that goes from 100 a minute to 80
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.score import Notes, Score, Tempo, Track
from symbolic_embed.score.writing.layout import score_to_events

TICKS_A_SECOND = 960
ROOTS = (48, 53, 55, 45, 50, 43)  # one a bar
TUNE = (0, 4, 7, 12, 9, 7, 4, 2)


def slowing(beats: int, *, start: float = 0.5, first: float = 100.0, last: float = 80.0) -> NDArray[np.float64]:
    """When so many beats are, in seconds, in a tempo that goes evenly from `first` to `last` beats a minute."""
    return start + np.concatenate([[0.0], np.cumsum(60 / np.linspace(first, last, beats - 1))])


def performance(beats: NDArray[np.float64], *, per_bar: int = 4, thirds: bool = False, seed: int = 0) -> Score:
    """A bass note on each first beat and a chord that lasts the bar (in three, it is struck on the others too), a tune
    in halves (or `thirds`) of beats; each 12 ms beside its moment, as a player is; louder on first beats."""
    random = np.random.default_rng(seed)
    rows = []
    parts = 3 if thirds else 2
    for beat in range(len(beats) - 1):
        length = beats[beat + 1] - beats[beat]
        root = ROOTS[beat // per_bar % len(ROOTS)]
        if beat % per_bar == 0:
            rows += [(beats[beat], length * (per_bar - 0.2), root + more, 90) for more in (-12, 0, 4, 7)]
        elif per_bar == 3:
            rows += [(beats[beat], length * 0.5, root + more, 60) for more in (4, 7)]
        for part in range(parts):
            pitch = root + 24 + TUNE[(beat * parts + part) % len(TUNE)]
            rows.append((beats[beat] + part * length / parts, length / parts * 0.8, pitch, 70 - 10 * (part > 0)))
    onset, length, pitch, velocity = np.array(rows).T
    onset = np.maximum(onset + random.normal(0, 0.012, len(onset)), 0)
    ticks = [np.rint(column * TICKS_A_SECOND) for column in (onset, length)]
    return Score(480, (Track(Notes.of(*ticks, pitch, velocity), name="piano"),), (Tempo(0, 500_000),))


def performed_seed(beats: NDArray[np.float64], **how: int) -> Seed:
    """The same as a seed."""
    return Seed.from_bytes(score_to_events(performance(beats, **how)).to_bytes(), path="played.mid")
