"""All of a passage at once: another key, other octaves, twice as slow, dotted, other barlines, wrong notes, shorter
notes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.windows import HELD
from symbolic_embed.training.reworking.notes import PARTS, PassageNotes, within_range

WRONG = (0.02, 0.2)  # between which shares of the notes
BEAT = 12  # steps
INTERVALS = np.array([-4, -3, -2, -1, 1, 2, 3, 4])


def transposed(notes: PassageNotes, semitones: NDArray[np.int64]) -> PassageNotes:
    """Each passage moved by its own interval; drums stay."""
    moved = within_range(notes.pitch + semitones[notes.passage])
    return replace(notes, pitch=np.where(notes.is_pitched, moved, notes.pitch))


def in_other_octaves(notes: PassageNotes, chosen: NDArray[np.bool_], random: np.random.Generator) -> PassageNotes:
    """In the chosen passages: each part moved by an octave up or down, or not."""
    octaves = random.integers(-1, 2, (len(notes.steps), PARTS)) * chosen[:, None]
    pitch = notes.pitch + 12 * octaves[notes.passage, notes.part]
    inside = notes.is_pitched & (pitch >= 12) & (pitch < 120)
    return replace(notes, pitch=np.where(inside, pitch, notes.pitch))


def with_wrong_notes(notes: PassageNotes, chosen: NDArray[np.bool_], random: np.random.Generator) -> PassageNotes:
    """In the chosen passages: some notes at another pitch, or left out."""
    share = random.uniform(*WRONG, len(notes.steps)) * chosen
    hit = random.random(len(notes)) < share[notes.passage]
    lost = hit & (random.random(len(notes)) < 0.4) & ~_alone(notes)
    pitch = within_range(notes.pitch + random.choice(INTERVALS, len(notes)))
    return replace(notes, pitch=np.where(hit & notes.is_pitched, pitch, notes.pitch)).where(~lost)


def shortened(notes: PassageNotes, chosen: NDArray[np.bool_], random: np.random.Generator) -> PassageNotes:
    """In the chosen passages: all notes played shorter, or longer."""
    factor = np.where(chosen, random.choice([0.25, 0.5, 1.5, 2.0], len(notes.steps)), 1.0)
    return replace(notes, length=np.maximum(np.rint(notes.length * factor[notes.passage]), 1).astype(np.int64))


def doubled(notes: PassageNotes, chosen: NDArray[np.bool_]) -> PassageNotes:
    """In the chosen passages: the first half of the bars twice as slow, each bar become two of its length."""
    doubles = chosen[notes.passage]
    stays = ~doubles | (notes.bar < notes.bars // 2)
    notes, doubles = notes.where(stays), doubles[stays]
    span = notes.bar_steps
    onset, length = notes.onset * 2, notes.length * 2
    later = onset >= span
    steps = notes.steps.copy()
    steps[chosen] = np.repeat(steps[chosen, : notes.bars // 2], 2, axis=1)
    held_over = doubles & ~later & (onset + length > span) & notes.is_pitched
    slower = replace(
        notes,
        bar=np.where(doubles, notes.bar * 2 + later, notes.bar),
        onset=np.where(doubles, onset - span * later, notes.onset),
        length=np.where(doubles, length, notes.length),
        steps=steps,
    )
    tail = slower.where(held_over)
    tail = replace(
        tail,
        bar=tail.bar + 1,
        length=tail.onset + tail.length - span[held_over],
        onset=np.zeros_like(tail.onset),
        flags=tail.flags | HELD,
    )
    return slower.and_also(tail)


def dotted(notes: PassageNotes, chosen: NDArray[np.bool_], random: np.random.Generator) -> PassageNotes:
    """In the chosen passages: what begins half-way between two beats begins later, at two thirds or three quarters."""
    late = np.where(random.random(len(notes.steps)) < 0.5, 2, 3)[notes.passage]
    swung = chosen[notes.passage] & (notes.onset % BEAT == BEAT // 2)
    moved = np.where(swung, notes.onset + late, notes.onset)
    return replace(notes, onset=np.where(moved < notes.bar_steps, moved, notes.onset))


def with_other_barlines(notes: PassageNotes, chosen: NDArray[np.bool_], random: np.random.Generator) -> PassageNotes:
    """In the chosen passages, where all bars are of one length: everything later by half a bar or by one beat; what
    would begin after the end is left out, and nothing is held over a barline any more."""
    alike = chosen & (notes.steps == notes.steps[:, :1]).all(axis=1)
    span = notes.steps[:, 0]
    by = np.where(random.random(len(span)) < 0.6, span // 2, np.minimum(BEAT, span // 2)) * alike
    time = notes.bar * span[notes.passage] + notes.onset + by[notes.passage]
    bar, onset = np.divmod(time, span[notes.passage])
    moved = alike[notes.passage]
    bar, onset = np.where(moved, bar, notes.bar), np.where(moved, onset, notes.onset)
    inside = (bar < notes.bars) & ~(moved & ~notes.begins)
    return replace(notes, bar=bar, onset=onset).where(inside)


def _alone(notes: PassageNotes) -> NDArray[np.bool_]:
    """Which notes are the first of their part that begins; bool (notes,)."""
    alone = np.zeros(len(notes), bool)
    begins = np.flatnonzero(notes.begins)
    alone[begins[np.unique(notes.own_part[begins], return_index=True)[1]]] = True
    return alone
