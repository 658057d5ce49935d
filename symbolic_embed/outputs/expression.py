"""Velocity and micro-timing for new notes, from the seed.

The model writes steps; a player gives them weight and place. Each new note takes both from a note of the same part in
the seed: for drums from the same drum, then from the same place in the bar (else of the beat), then from the nearest
pitch. Where several fit equally, successive bars take different ones, so accents vary as they do in the seed. A part
that the seed does not have (`expressed_beside`) follows the others.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from symbolic_embed.bars import STEPS_PER_QUARTER, BarredScore, PlacedNotes
from symbolic_embed.bars.grid import Grid
from symbolic_embed.outputs.written_notes import WrittenNotes

BELOW_THE_SEED = {"drums": 0, "bass": 0, "chords": 14, "melody": 6}  # how much softer a new part is
ON_BAR, ON_BEAT = 8, 4  # and how much louder at the beginning of a bar, of a beat
OTHER_DRUM, OTHER_BEAT_PLACE, OTHER_BAR_PLACE = 10_000.0, 100.0, 10.0  # how little a note of the seed fits
PITCH_DISTANCE = 0.5


def expressed(written: WrittenNotes, barred: BarredScore) -> PlacedNotes:
    """The new notes as the seed's player would play them; `source` is -1. Steps beyond the last bar count on."""
    columns = {
        name: np.zeros(len(written.onset_steps), np.int64) for name in ("velocity", "onset_residue", "offset_residue")
    }
    steps = written.length_steps.copy()
    for track in np.unique(written.track):
        new = np.flatnonzero(written.track == track)
        model = barred.notes.where(barred.notes.track == track)
        drums = barred.score.tracks[track].is_drum
        like = _most_alike(written, new, model, grid=barred.grid, drums=drums)
        columns["velocity"][new] = model.velocity[like]
        on_place = (model.onset_steps[like] - written.onset_steps[new]) % (STEPS_PER_QUARTER // 4) == 0
        columns["onset_residue"][new] = np.where(on_place, model.onset_residue[like], 0)
        usual = min(int(np.median(model.offset_residue)), 0)  # no further than was written
        same_length = model.length_steps[like] == written.length_steps[new]
        columns["offset_residue"][new] = np.where(same_length | drums, model.offset_residue[like], usual)
        if drums:
            steps[new] = model.length_steps[like]
    steps, columns["offset_residue"] = _inside(written, steps, columns["offset_residue"])
    source = np.full(len(steps), -1)
    return PlacedNotes(written.track, written.onset_steps, steps, written.pitch, **columns, source=source)


def expressed_as_in(
    written: WrittenNotes, barred: BarredScore, other: BarredScore, *, tracks: Mapping[int, int]
) -> PlacedNotes:
    """The notes of new parts as parts of another piece would play them (`tracks`: new part to part of the other), on
    the grid of the piece they are written for; `source` is -1."""
    place, bar = _place_in_bar(written.onset_steps, barred.grid)
    there = bar % other.bars
    step = other.grid.bar_steps[there] + np.minimum(place, other.grid.bar_length(there) - 1)
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
    place, _ = _place_in_bar(written.onset_steps, barred.grid)
    stress = np.where(place == 0, ON_BAR, np.where(place % STEPS_PER_QUARTER == 0, ON_BEAT, 0))
    velocity = np.clip(int(np.median(seed.velocity)) - softer + stress, 1, 127)
    order = np.argsort(seed.onset_steps, kind="stable")
    steps, residues = seed.onset_steps[order], seed.onset_residue[order]
    begin, end = (np.searchsorted(steps, written.onset_steps, side=side) for side in ("left", "right"))
    late = [int(np.median(residues[a:b])) if b > a else 0 for a, b in zip(begin, end, strict=True)]
    onset_residue = np.array(late, np.int64)
    source = np.full(len(written.onset_steps), -1)
    columns = (written.track, written.onset_steps, written.length_steps, written.pitch, velocity, onset_residue)
    return PlacedNotes(*columns, np.minimum(onset_residue, 0), source)


def _inside(written: WrittenNotes, steps: np.ndarray, residue: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lengths and offset residues such that no note ends after the last of them was written to end."""
    end = int((written.onset_steps + written.length_steps).max(initial=0))
    steps = np.maximum(np.minimum(steps, end - written.onset_steps), 1)
    return steps, np.where(written.onset_steps + steps >= end, np.minimum(residue, 0), residue)


def _most_alike(written: WrittenNotes, new: np.ndarray, model: PlacedNotes, *, grid: Grid, drums: bool) -> np.ndarray:
    """For each new note the index of the seed's note to take after; int64 (new,)."""
    place, bar = _place_in_bar(written.onset_steps[new], grid)
    model_place, model_bar = _place_in_bar(model.onset_steps, grid)
    chosen = np.empty(len(new), np.int64)
    found: dict[tuple[int, int], np.ndarray] = {}  # equally good ones for a pitch at a place; the same come often
    for index, (pitch, at, in_bar) in enumerate(zip(written.pitch[new].tolist(), place.tolist(), bar, strict=True)):
        if (pitch, at) not in found:
            unlike = OTHER_BEAT_PLACE * ((model_place - at) % STEPS_PER_QUARTER != 0)
            unlike += OTHER_BAR_PLACE * (model_place != at)
            difference = np.abs(model.pitch - pitch)
            unlike += OTHER_DRUM * (difference != 0) if drums else PITCH_DISTANCE * np.minimum(difference, 12)
            found[pitch, at] = np.flatnonzero(unlike == unlike.min())
        fitting = found[pitch, at]
        chosen[index] = fitting[int(in_bar + model_bar[fitting[0]]) % len(fitting)]
    return chosen


def _place_in_bar(step: np.ndarray, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """How many steps into its bar each step lies, and which bar; bars as long as the last one follow the last."""
    end, length = int(grid.bar_steps[-1]), int(grid.bar_length(grid.bars - 1))
    bar = np.where(step < end, grid.bar_of(step), grid.bars + (step - end) // length)
    start = np.where(step < end, grid.bar_steps[np.minimum(bar, grid.bars - 1)], end + (step - end) // length * length)
    return step - start, bar
