"""The same melody, sung otherwise: ornamented, simplified, with other notes in passing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.training.reworking.notes import LEAD, PARTS, PassageNotes, within_range

SHORTEST = 6  # steps: a note that is shorter is not divided
ORNAMENTED, SIMPLIFIED = (0.15, 0.6), (0.3, 0.9)  # between which shares of the notes that can be
PASSING = (0.1, 0.6)
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
    """In the chosen passages: some notes of the melody that begin off the beat left out, the ones before lasting to the
    end of these."""
    share = random.uniform(*SIMPLIFIED, len(notes.steps))
    sung = chosen[notes.passage] & (notes.part == LEAD) & notes.begins
    lost = sung & (notes.onset % BEAT != 0) & (random.random(len(notes)) < share[notes.passage])
    there = np.bincount(notes.own_part[~lost & notes.begins], minlength=len(notes.steps) * PARTS)
    lost &= there[notes.own_part] > 0
    time = notes.time
    order = np.flatnonzero(sung)
    order = order[np.lexsort((time[order], notes.passage[order]))]
    before = np.maximum.accumulate(np.where(lost[order], -1, np.arange(len(order))))  # the last one that stays
    gone = np.flatnonzero(lost[order] & (before >= 0))
    ones_before, gone = order[before[gone]], order[gone]
    same = notes.passage[ones_before] == notes.passage[gone]
    length = notes.length.copy()
    np.maximum.at(length, ones_before[same], (time[gone] + notes.length[gone] - time[ones_before])[same])
    return replace(notes, length=length).where(~lost)


def with_other_passing_notes(
    notes: PassageNotes, chosen: NDArray[np.bool_], random: np.random.Generator
) -> PassageNotes:
    """In the chosen passages: some notes of the melody that begin off the beat at another pitch, up to a third away,
    that the passage has too; what it has not stays."""
    share = random.uniform(*PASSING, len(notes.steps))
    known = np.zeros((len(notes.steps), 12), bool)
    known[notes.passage[notes.is_pitched], notes.pitch[notes.is_pitched] % 12] = True
    pitch = within_range(notes.pitch + random.choice([-4, -3, -2, -1, 1, 2, 3, 4], len(notes)))
    weak = chosen[notes.passage] & (notes.part == LEAD) & notes.begins & (notes.onset % BEAT != 0)
    other = weak & (random.random(len(notes)) < share[notes.passage]) & known[notes.passage, pitch % 12]
    return replace(notes, pitch=np.where(other, pitch, notes.pitch))
