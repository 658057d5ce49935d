"""Who plays: the lead told from what accompanies it, parts joined, parts left out.

A part in which notes are held over and none begins does not play: it has no cell.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.training.reworking.notes import (
    ACCOMPANIMENT,
    CHORDS,
    DRUMS,
    LEAD,
    MELODY,
    PARTS,
    PassageNotes,
    some,
)

LEFT_OUT = 0.4  # of the parts, where parts are left out


def with_lead(notes: PassageNotes, chosen: NDArray[np.bool_]) -> PassageNotes:
    """In the chosen passages: the melody given to a part of its own, LEAD, with the role of melody. It is the highest
    part in that role that plays in most of the bars; where there is none, the highest of what begins together, and what
    is held over from it."""
    count = len(notes.steps)
    here = chosen[notes.passage] & notes.is_pitched
    own = notes.own_part[here]
    played = np.bincount(own, minlength=count * PARTS).reshape(count, PARTS)
    heard = np.zeros((count, PARTS, notes.bars), bool)
    heard[notes.passage[here], notes.part[here], notes.bar[here]] = True
    height = np.bincount(own, notes.pitch[here], minlength=count * PARTS).reshape(count, PARTS) / np.maximum(played, 1)
    sings = (notes.roles == MELODY) & (heard.sum(axis=2) > notes.bars / 2)
    singer = np.where(sings.any(axis=1), np.where(sings, height, -1).argmax(axis=1), -1)
    is_lead = here & (notes.part == singer[notes.passage])
    is_unsung = here & (singer[notes.passage] < 0)
    unsung = np.flatnonzero(is_unsung & notes.begins)
    time = notes.passage[unsung] * (1 << 24) + notes.time[unsung]
    order = np.lexsort((notes.pitch[unsung], time))
    highest = np.append(time[order][1:] != time[order][:-1], True) if len(order) else np.zeros(0, bool)
    is_lead[unsung[order[highest]]] = True
    same = notes.own_part * 128 + notes.pitch
    is_lead |= is_unsung & ~notes.begins & np.isin(same, same[is_lead])
    roles = notes.roles.copy()
    roles[chosen, LEAD], roles[chosen, ACCOMPANIMENT] = MELODY, CHORDS
    return replace(notes, part=np.where(is_lead, LEAD, notes.part), roles=roles)


def joined(notes: PassageNotes, chosen: NDArray[np.bool_]) -> PassageNotes:
    """In the chosen passages: all that has pitches in one part, as in a piano reduction."""
    together = chosen[notes.passage] & notes.is_pitched
    roles = notes.roles.copy()
    roles[chosen, ACCOMPANIMENT] = CHORDS
    return replace(notes, part=np.where(together, ACCOMPANIMENT, notes.part), roles=roles)


def left_out(notes: PassageNotes, chosen: NDArray[np.bool_], random: np.random.Generator) -> PassageNotes:
    """In the chosen passages: without drums or some of the parts; one that has pitches stays, where there is one."""
    count = len(notes.steps)
    out = (random.random((count, PARTS)) < np.where(notes.roles == DRUMS, 0.7, LEFT_OUT)) & chosen[:, None]
    out &= notes.roles >= 0
    there = np.zeros((count, PARTS), bool)
    there[notes.passage[notes.begins], notes.part[notes.begins]] = True
    pitched = there & (notes.roles != DRUMS)
    silent = ~(pitched & ~out).any(axis=1)  # then one of them stays after all
    stays = np.where(pitched, random.random((count, PARTS)), -1).argmax(axis=1)
    rows = np.flatnonzero(silent)
    out[rows, np.where(pitched[rows].any(axis=1), stays[rows], there[rows].argmax(axis=1))] = False
    return notes.where(~out[notes.passage, notes.part])


def only(notes: PassageNotes, part: int, chosen: NDArray[np.bool_]) -> PassageNotes:
    """In the chosen passages, where that part plays: it alone."""
    plays = np.zeros(len(notes.steps), bool)
    plays[notes.passage[(notes.part == part) & notes.begins]] = True
    return notes.where(~(chosen & plays)[notes.passage] | (notes.part == part))


def without(notes: PassageNotes, part: int, chosen: NDArray[np.bool_]) -> PassageNotes:
    """In the chosen passages, where others play too: without that part."""
    others = np.zeros(len(notes.steps), bool)
    others[notes.passage[(notes.part != part) & notes.is_pitched & notes.begins]] = True
    return notes.where(~(chosen & others)[notes.passage] | (notes.part != part))


def one_of_each(notes: PassageNotes, chosen: NDArray[np.bool_], random: np.random.Generator) -> NDArray[np.int64]:
    """A part of each of the chosen passages, drawn among those in which most notes begin, and -1 elsewhere; int64
    (passages,)."""
    count = len(notes.steps)
    played = np.bincount(notes.own_part[notes.begins], minlength=count * PARTS).reshape(count, PARTS)
    weight = np.minimum(played, notes.bars) * random.random((count, PARTS))
    return np.where(chosen & (weight > 0).any(axis=1), weight.argmax(axis=1), -1)


def chance(notes: PassageNotes, share: float, random: np.random.Generator) -> NDArray[np.bool_]:
    """As `some`, of the passages of `notes`."""
    return some(len(notes.steps), share, random)
