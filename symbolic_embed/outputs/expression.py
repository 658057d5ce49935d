"""Velocity and micro-timing for new notes, from the seed.

The model writes steps; a player gives them weight and place. Each new note takes both from a note of the same part in
the seed: for drums from the same drum, then from the same place in the bar (else of the beat), then from the nearest
pitch. Where several fit equally, successive bars take different ones, so accents vary as they do in the seed. A part
that the seed does not have (`expressed_beside`) follows the others.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import STEPS_PER_QUARTER, BarredScore, Grid, PlacedNotes
from symbolic_embed.outputs.written_notes import WrittenNotes

BELOW_THE_SEED = {"drums": 0, "bass": 0, "chords": 14, "melody": 6}  # how much softer a new part is
ON_BAR, ON_BEAT = 8, 4  # and how much louder at the beginning of a bar, of a beat
OTHER_DRUM, OTHER_BEAT_PLACE, OTHER_BAR_PLACE = 10_000.0, 100.0, 10.0  # how little a note of the seed fits
PITCH_DISTANCE = 0.5


def expressed(written: WrittenNotes, barred: BarredScore) -> PlacedNotes:
    """The new notes as the seed's player would play them; `source` is -1. Steps beyond the last bar count on."""
    velocity, onset_residue, offset_residue = (np.zeros(len(written), np.int64) for _ in range(3))
    steps = written.length_steps.copy()
    for track in np.unique(written.track):
        new = np.flatnonzero(written.track == track)
        part = barred.notes.where(barred.notes.track == track)
        drums = barred.score.tracks[track].is_drum
        model = part.where(_most_alike(written.where(new), part, grid=barred.grid, drums=drums))
        velocity[new] = model.velocity
        on_place = (model.onset_steps - written.onset_steps[new]) % (STEPS_PER_QUARTER // 4) == 0
        onset_residue[new] = np.where(on_place, model.onset_residue, 0)
        usual = min(int(np.median(part.offset_residue)), 0)  # no further than was written
        same_length = model.length_steps == written.length_steps[new]
        offset_residue[new] = np.where(same_length | drums, model.offset_residue, usual)
        if drums:
            steps[new] = model.length_steps
    steps, offset_residue = _inside(written, steps, offset_residue)
    source = np.full(len(steps), -1)
    columns = (written.track, written.onset_steps, steps, written.pitch, velocity, onset_residue, offset_residue)
    return PlacedNotes(*columns, source)


def expressed_as_in(
    written: WrittenNotes, barred: BarredScore, other: BarredScore, *, tracks: Mapping[int, int]
) -> PlacedNotes:
    """The notes of new parts as parts of another piece would play them (`tracks`: new part to part of the other), on
    the grid of the piece they are written for; `source` is -1."""
    in_bar, bar = _place_in_bar(written.onset_steps, barred.grid)
    other_bar = bar % other.bars
    step = other.grid.bar_steps[other_bar] + np.minimum(in_bar, other.grid.bar_length(other_bar) - 1)
    track = np.array([tracks[number] for number in written.track.tolist()], np.int64)
    velocity = expressed(WrittenNotes(track, step, written.length_steps, written.pitch), other).velocity
    zeros = np.zeros(len(step), np.int64)
    columns = (written.track, written.onset_steps, written.length_steps, written.pitch, velocity)
    return PlacedNotes(*columns, zeros, zeros, zeros - 1)


def expressed_beside(written: WrittenNotes, barred: BarredScore, *, roles: Mapping[int, str]) -> PlacedNotes:
    """The notes of new parts (track to role): as loud as the seed's, stressed where bars and beats begin, and as early
    or late as the seed's own notes of the same step; `source` is -1."""
    seed = barred.notes
    softer = np.array([BELOW_THE_SEED[roles[track]] for track in written.track.tolist()], np.int64)
    in_bar, _ = _place_in_bar(written.onset_steps, barred.grid)
    stress = np.where(in_bar == 0, ON_BAR, np.where(in_bar % STEPS_PER_QUARTER == 0, ON_BEAT, 0))
    velocity = np.clip(int(np.median(seed.velocity)) - softer + stress, 1, 127)
    order = np.argsort(seed.onset_steps, kind="stable")
    steps, residues = seed.onset_steps[order], seed.onset_residue[order]
    begin, end = np.searchsorted(steps, written.onset_steps), np.searchsorted(steps, written.onset_steps, side="right")
    late = [int(np.median(residues[a:b])) if b > a else 0 for a, b in zip(begin, end, strict=True)]
    onset_residue = np.array(late, np.int64)
    source = np.full(len(written), -1)
    columns = (written.track, written.onset_steps, written.length_steps, written.pitch, velocity, onset_residue)
    return PlacedNotes(*columns, np.minimum(onset_residue, 0), source)


def _inside(
    written: WrittenNotes, steps: NDArray[np.int64], residue: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Lengths and offset residues such that no note ends after the last of them was written to end."""
    end = int((written.onset_steps + written.length_steps).max(initial=0))
    steps = np.maximum(np.minimum(steps, end - written.onset_steps), 1)
    return steps, np.where(written.onset_steps + steps >= end, np.minimum(residue, 0), residue)


def _most_alike(new: WrittenNotes, part: PlacedNotes, *, grid: Grid, drums: bool) -> NDArray[np.int64]:
    """For each new note the index of the part's note to take after; int64 (new,)."""
    in_bar, bar = _place_in_bar(new.onset_steps, grid)
    part_in_bar, part_bar = _place_in_bar(part.onset_steps, grid)
    chosen = np.empty(len(new), np.int64)
    best: dict[tuple[int, int], NDArray[np.int64]] = {}  # equally good ones for a pitch at a place; the same come often
    for index, (pitch, at, number) in enumerate(zip(new.pitch.tolist(), in_bar.tolist(), bar, strict=True)):
        if (pitch, at) not in best:
            unlike = OTHER_BEAT_PLACE * ((part_in_bar - at) % STEPS_PER_QUARTER != 0)
            unlike += OTHER_BAR_PLACE * (part_in_bar != at)
            difference = np.abs(part.pitch - pitch)
            unlike += OTHER_DRUM * (difference != 0) if drums else PITCH_DISTANCE * np.minimum(difference, 12)
            best[pitch, at] = np.flatnonzero(unlike == unlike.min())
        equals = best[pitch, at]
        chosen[index] = equals[int(number + part_bar[equals[0]]) % len(equals)]
    return chosen


def _place_in_bar(steps: NDArray[np.int64], grid: Grid) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many steps into its bar each step lies, and which bar, also after the last."""
    end, length = int(grid.bar_steps[-1]), grid.next_bar_steps
    bar = np.where(steps < end, grid.bar_of(steps), grid.bars + (steps - end) // length)
    within = grid.bar_steps[np.minimum(bar, grid.bars - 1)]
    start = np.where(steps < end, within, end + (steps - end) // length * length)
    return steps - start, bar
