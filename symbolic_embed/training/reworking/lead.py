"""The same melody, sung otherwise: ornamented, simplified."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.training.reworking.notes import LEAD, PARTS, PassageNotes, within_range

SHORTEST = 6  # steps: a note that is shorter is not divided
ORNAMENTED, SIMPLIFIED = (0.15, 0.6), (0.3, 0.9)  # between which shares of the notes that can be
BEAT = 12


def ornamented(notes: PassageNotes, chosen: NDArray[np.bool_], random: np.random.Generator) -> PassageNotes:
    """In the chosen passages: some notes of the melody divided in two, the second the same again or a neighbour that
    the passage has too."""
    share = random.uniform(*ORNAMENTED, len(notes.steps))
    can = chosen[notes.passage] & (notes.part == LEAD) & notes.begins & (notes.length >= SHORTEST)
    can &= notes.onset + notes.length <= notes.bar_steps
    divided = np.flatnonzero(can & (random.random(len(notes)) < share[notes.passage]))
    half = notes.length[divided] // 2
    known = np.zeros((len(notes.steps), 12), bool)
    known[notes.passage[notes.is_pitched], notes.pitch[notes.is_pitched] % 12] = True
    up = random.choice([-1, 1], len(divided))
    near, far = (notes.pitch[divided] + up * interval for interval in (1, 2))
    is_near, is_far = (known[notes.passage[divided], pitch % 12] for pitch in (near, far))
    neighbour = np.where(is_near, near, far)
    again = (random.random(len(divided)) < 0.3) | ~(is_near | is_far)
    second = replace(
        notes.where(divided),
        onset=notes.onset[divided] + half,
        pitch=within_range(np.where(again, notes.pitch[divided], neighbour)),
        length=notes.length[divided] - half,
    )
    length = notes.length.copy()
    length[divided] = half
    return replace(notes, length=length).and_also(second)


def simplified(notes: PassageNotes, chosen: NDArray[np.bool_], random: np.random.Generator) -> PassageNotes:
    """In the chosen passages: some notes of the melody that begin off the beat left out, the ones before lasting until
    the next."""
    share = random.uniform(*SIMPLIFIED, len(notes.steps))
    weak = chosen[notes.passage] & (notes.part == LEAD) & notes.begins & (notes.onset % BEAT != 0)
    lost = weak & (random.random(len(notes)) < share[notes.passage])
    there = np.bincount(notes.own_part[~lost], minlength=len(notes.steps) * PARTS)
    lost &= there[notes.own_part] > 0
    longer = np.where(
        chosen[notes.passage] & (notes.part == LEAD) & ~weak, np.maximum(notes.length, BEAT), notes.length
    )
    return replace(notes, length=longer).where(~lost)
