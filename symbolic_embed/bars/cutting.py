"""Cutting a score into bars, and joining bars to a score again.

A note belongs to the bar in which it begins, on the grid: one played a little before the barline, but nearest to it,
belongs to the bar after. A note held over a barline stays whole, in the bar where it began. What a note deviates from
its step, at its beginning and at its end, is kept in ticks, so that `join(cut(score))` is the score, tick for tick.

Before cutting, the notes are compared with the grid (`alignment.py`): files whose notes all lie beside their own grid
by one constant are cut along the moved grid; performances are cut along estimated beats. Either way a warning says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.bars.alignment import align
from symbolic_embed.bars.beats import UNSAID, Said
from symbolic_embed.bars.grid import Grid
from symbolic_embed.bars.roles import role_of
from symbolic_embed.score.metre import MetreMap
from symbolic_embed.score.score import Chosen, Notes, Score, Track


@dataclass(frozen=True, eq=False)
class PlacedNotes:
    """Notes on the grid, in columns (n,), ordered by part, onset, pitch.

    track: which part. onset_steps: counted through the piece. length_steps: at least 1. pitch, velocity: as in MIDI.
    onset_residue, offset_residue: ticks from the grid to the note's true beginning and end.
    source: which note of the part's `notes` in the score it is, -1 for a newly written one.
    """

    track: NDArray[np.int64]
    onset_steps: NDArray[np.int64]
    length_steps: NDArray[np.int64]
    pitch: NDArray[np.int64]
    velocity: NDArray[np.int64]
    onset_residue: NDArray[np.int64]
    offset_residue: NDArray[np.int64]
    source: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.onset_steps)

    def where(self, chosen: Chosen) -> PlacedNotes:
        """The notes a boolean mask or an index array chooses, in the order it gives."""
        return PlacedNotes(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


@dataclass(frozen=True, eq=False)
class BarredScore:
    """A score and where its notes lie in bars. `score` carries the warnings of reading and of cutting."""

    score: Score
    metre: MetreMap
    grid: Grid
    notes: PlacedNotes

    @property
    def bars(self) -> int:
        return self.grid.bars

    @property
    def follows_beats(self) -> bool:
        """Whether bars were made of the estimated beats of a performance, and not read off a metre."""
        return len(self.grid.segment_ticks) > self.bars

    @property
    def next_bar_steps(self) -> int:
        """How many steps a bar after the last has, in its metre."""
        return self.grid.next_bar_steps

    @cached_property
    def note_bar(self) -> NDArray[np.int64]:
        """The bar (from 0) of each note; int64 (n,)."""
        return self.grid.bar_of(self.notes.onset_steps)

    @cached_property
    def part_is_drum(self) -> NDArray[np.bool_]:
        """Which parts are drums; bool (parts,)."""
        return np.array([track.is_drum for track in self.score.tracks], bool)

    @cached_property
    def note_is_drum(self) -> NDArray[np.bool_]:
        """Which notes are struck on drums; bool (n,)."""
        return self.part_is_drum[self.notes.track]

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """The role of each part, as `roles.role_of` tells it."""
        return tuple(role_of(track) for track in self.score.tracks)

    def cell(self, *, track: int, bar: int) -> PlacedNotes:
        """The notes of one part that begin in one bar (both from 0)."""
        return self.notes.where((self.notes.track == track) & (self.note_bar == bar))


def cut(score: Score, said: Said = UNSAID) -> BarredScore:
    """Cuts a score into bars; `said` is what somebody knows of the beats of a performance. Raises MidiError where it
    has impossibly many bars or steps."""
    metre, grid, warnings = align(score, said)
    return BarredScore(score.with_warnings(*warnings), metre, grid, _placed(score.tracks, grid))


def cut_along(score: Score, barred: BarredScore, *, more_bars: int = 0) -> BarredScore:
    """Cuts a score along the grid of a piece that it was made of, which goes on for `more_bars` bars, so that bars have
    the numbers they have there."""
    grid = barred.grid.continued(more_bars)
    lines = grid.tick_of(grid.bar_steps[barred.bars :])
    barlines = np.concatenate([barred.metre.barline_ticks, barred.metre.barline_ticks[-1] + lines[1:] - lines[0]])
    signatures = (*barred.metre.signatures, *[barred.metre.following] * more_bars)
    return BarredScore(score, MetreMap(barlines, signatures), grid, _placed(score.tracks, grid))


def join(barred: BarredScore) -> Score:
    """The score whose notes lie where `barred` says; everything but the notes comes from `barred.score`."""
    tracks = tuple(
        replace(track, notes=notes_in_ticks(barred.notes.where(barred.notes.track == index), grid=barred.grid))
        for index, track in enumerate(barred.score.tracks)
    )
    return replace(barred.score, tracks=tracks)


def notes_in_ticks(placed: PlacedNotes, *, grid: Grid) -> Notes:
    """Placed notes of one part as notes in ticks; none shorter than one tick or before tick 0."""
    onset = np.maximum(grid.tick_of(placed.onset_steps) + placed.onset_residue, 0)
    offset = grid.tick_of(placed.onset_steps + placed.length_steps) + placed.offset_residue
    return Notes.of(onset, np.maximum(offset - onset, 1), placed.pitch, placed.velocity)


def _placed(tracks: tuple[Track, ...], grid: Grid) -> PlacedNotes:
    """The notes of all parts on the grid."""
    columns = [track.notes.rows() for track in tracks]
    onset, duration, pitch, velocity = np.concatenate([np.zeros((0, 4), np.int64), *columns]).T
    track = ranges.owners(np.array([len(notes) for notes in columns], np.int64))
    step = np.minimum(grid.step_of(onset), grid.bar_steps[-1] - 1)
    steps = np.maximum(grid.step_of(onset + duration) - step, 1)
    placed = PlacedNotes(
        track=track,
        onset_steps=step,
        length_steps=steps,
        pitch=pitch,
        velocity=velocity,
        onset_residue=onset - grid.tick_of(step),
        offset_residue=onset + duration - grid.tick_of(step + steps),
        source=np.concatenate([np.zeros(0, np.int64), *(np.arange(len(notes)) for notes in columns)]),
    )
    order = np.argsort((track * grid.bar_steps[-1] + step) * 128 + pitch, kind="stable")
    return placed.where(order)
