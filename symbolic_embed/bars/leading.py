"""Which part leads: whose notes are the melody, where an accompaniment lies above it as well as where it lies below.

Where somebody has said which parts are melodies (`roles.with_roles`), these lead. Else each part with pitches is given
a score, and the best one leads:

    2      if its role is melody (`roles.role_of`)
    2.5    times the share of its onsets that are one note
    0.7    for each octave that it lies above the mean of the parts
    3.5    times the share of its intervals that are steps, of one or two semitones
    -4     times how many rhythms it has for each bar in which it plays: figuration runs on
    -4     times the share of its bars that have its commonest rhythm: an accompaniment repeats itself

Rests of the leading part of LONG_REST bars or more are filled by what the other parts have there. Two parts of one
instrument are the two hands of a player, and neither leads; nor does a part that is alone.

The weights are those of a logistic choice among parts, rounded; it was fitted to the parts called melody, voice, lead
or solo in 500 pieces of the training splits of five sets (mma_openewld, mma_nottingham, pop909, ruleband,
openscore_lieder). Fitted to four, it found the part of the fifth in .90 to 1.00 of the pieces. Of 618 pieces of their
validation splits the part is found in .92 (ruleband) to 1.00 (mma_nottingham); the highest part it is in .56 (pop909)
to .86.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.bars.cutting import BarredScore
from symbolic_embed.bars.hashing import scattered
from symbolic_embed.bars.lines import Pitched, pitched_notes, struck_highest

LONG_REST = 4  # bars
IS_MELODY, SINGLE, OCTAVE, STEPS, VARIETY, COMMONEST = 2.0, 2.5, 0.7, 3.5, -4.0, -4.0


def melody_notes(barred: BarredScore) -> Pitched:
    """The notes among which the melody is: those of the parts that lead, and of all parts where these rest long or
    where none leads."""
    leading = leading_parts(barred)
    if not leading:
        return pitched_notes(barred)
    leads = np.isin(barred.notes.track, sorted(leading))
    chosen = leads | (_long_rests(barred, barred.note_bar[leads])[barred.note_bar] & ~barred.note_is_drum)
    notes = barred.notes.where(chosen)
    return Pitched(notes.onset_steps, notes.length_steps, notes.pitch)


def leading_parts(barred: BarredScore) -> frozenset[int]:
    """The parts that lead, from 0; none where no part can be told from the others."""
    tracks = barred.score.tracks
    said = frozenset(number for number, track in enumerate(tracks) if track.role == "melody")
    if said:
        return said
    parts = [number for number, track in enumerate(tracks) if not track.is_drum and len(track.notes)]
    are_hands = len(parts) == 2 and len({tracks[number].program for number in parts}) == 1
    if len(parts) < 2 or are_hands:
        return frozenset()
    middles = [float(np.median(tracks[number].notes.pitch)) for number in parts]
    scores = [
        _score(barred, number) + OCTAVE * (middle - float(np.mean(middles))) / 12
        for number, middle in zip(parts, middles, strict=True)
    ]
    return frozenset({parts[int(np.argmax(scores))]})


def _score(barred: BarredScore, part: int) -> float:
    """How much a part by itself is like one that leads."""
    own = barred.notes.track == part
    notes, bar = barred.notes.where(own), barred.note_bar[own]
    highest = struck_highest(notes.onset_steps, notes.pitch)
    bar, steps = bar[highest], np.abs(np.diff(notes.pitch[highest]))
    bars, first = np.unique(bar, return_index=True)
    place = notes.onset_steps[highest] - barred.grid.bar_steps[bar]
    rhythms = np.add.reduceat(scattered(place.astype(np.uint64) + np.uint64(1)), first)
    counts = np.unique(rhythms, return_counts=True)[1]
    return float(
        IS_MELODY * (barred.roles[part] == "melody")
        + SINGLE * len(highest) / len(notes)
        + STEPS * np.count_nonzero((steps == 1) | (steps == 2)) / max(len(steps), 1)
        + VARIETY * len(counts) / len(bars)
        + COMMONEST * counts.max() / len(bars)
    )


def _long_rests(barred: BarredScore, played: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which bars lie in a stretch of LONG_REST bars or more in which none of the bars `played` is; bool (bars,)."""
    edges = np.concatenate([[-1], np.unique(played), [barred.bars]])
    silent = np.diff(edges) - 1
    rests = np.zeros(barred.bars, bool)
    long = silent >= LONG_REST
    rests[ranges.rows(edges[:-1][long] + 1, silent[long])] = True
    return rests
