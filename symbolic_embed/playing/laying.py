"""Timing and loudness laid on the notes of a piece.

Notes of a part that have one place in the bar move together, as a chord or a flam does, and keep what lies between
them; on drums each key for itself. What they move to is the place that they are meant for, late by as much as is asked,
so that what the part did with time itself is gone as far as the amount goes. Ends of notes go with the notes: an end
between two onsets moves by as much as it is near to each, so that what was joined stays joined and what was short stays
short; the last barline stays. Drums are struck: there an end keeps its distance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.playing.groove import ALL, Groove
from symbolic_embed.playing.kit import pieces_of
from symbolic_embed.playing.places import BarPlaces, subdivision
from symbolic_embed.score import Track
from symbolic_embed.score.editing.moving import Played


class Way(NamedTuple):
    """How far notes are to go: quarters later, and velocity more; float64 (n,) each; nan where they stay."""

    later: NDArray[np.float64]
    louder: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Meant:
    """The notes of a part as they are meant. Of each, (n,): its bar, its row (piece of the kit, else ALL), int64; the
    place that it is meant for, in quarters of its bar, and how late it is, float64; its group, int64: which notes move
    together."""

    bar: NDArray[np.int64]
    row: NDArray[np.int64]
    place: NDArray[np.float64]
    late: NDArray[np.float64]
    group: NDArray[np.int64]

    @classmethod
    def of(cls, track: Track, places: BarPlaces) -> Meant:
        """Those of a part of the piece of `places`."""
        bar, position = places.positions(track.notes.onset_ticks)
        is_drum, pitch = track.is_drum, track.notes.pitch.astype(np.int64)
        struck = pitch if is_drum else np.zeros(len(bar), np.int64)
        place = np.zeros(len(bar))
        for metre in dict.fromkeys(np.array(places.metre)[bar].tolist()):
            here = np.array(places.metre)[bar] == metre
            quarters = float(places.quarters[bar[here][0]])
            along = np.unique(np.stack([bar[here] * quarters + position[here], struck[here]]), axis=1)
            division = subdivision(along[0], along[1].astype(np.int64), quarters=quarters)
            place[here] = np.rint(position[here] * division) / division
        _, group = np.unique(np.stack([bar, np.rint(place * 48), struck]), axis=1, return_inverse=True)
        row = pieces_of(pitch) if is_drum else np.full(len(bar), ALL)
        return cls(bar, row, place, position - place, group.ravel())

    def early(self) -> NDArray[np.float64]:
        """How late each group as a whole is, by its middle; float64 (n,)."""
        order = np.lexsort((self.late, self.group))
        counts = np.bincount(self.group)
        first = np.cumsum(counts) - counts
        low, high = order[first + (counts - 1) // 2], order[first + counts // 2]
        middle: NDArray[np.float64] = (self.late[low] + self.late[high]) / 2
        return middle[self.group]


def groove_way(track: Track, places: BarPlaces, grooves: Mapping[str, Groove], *, amount: float) -> Way:
    """How far the notes of a part go for a groove, as far as `amount` (0 to 1) goes; those in bars of a metre that has
    none stay."""
    meant = Meant.of(track, places)
    later, louder = np.full(len(meant.bar), np.nan), np.full(len(meant.bar), np.nan)
    velocity = track.notes.velocity.astype(np.float64)
    level = own_loudness(meant, velocity)
    metre = np.array(places.metre)[meant.bar]
    for name, groove in grooves.items():
        here = metre == name
        late, loud = groove.at(places.number[meant.bar[here]], meant.place[here], meant.row[here])
        later[here] = amount * (late - meant.early()[here])
        louder[here] = amount * (level[here] * loud - velocity[here])
    return Way(later, louder)


def own_loudness(meant: Meant, velocity: NDArray[np.float64]) -> NDArray[np.float64]:
    """How loud a part is where each note stands: the mean of its notes (of its piece of the kit) in the bar; float64
    (n,)."""
    _, cell = np.unique(meant.bar * (ALL + 1) + meant.row, return_inverse=True)
    mean: NDArray[np.float64] = (np.bincount(cell, velocity) / np.bincount(cell))[cell]
    return mean


def played(track: Track, places: BarPlaces, way: Way) -> Played:
    """How the notes of a part are played when they have gone their way."""
    notes = track.notes
    quarter = places.quarter_ticks[places.segment(notes.onset_ticks)]
    shift = np.where(np.isnan(way.later), 0.0, way.later) * quarter
    onset = np.maximum(np.floor(notes.onset_ticks + shift + 0.5).astype(np.int64), 0)
    moved = (onset - notes.onset_ticks).astype(np.float64)
    if track.is_drum:
        offset = notes.offset_ticks + moved.astype(np.int64)
    else:
        at, first = np.unique(notes.onset_ticks, return_index=True)
        end = max(int(places.barred.metre.barline_ticks[-1]), int(at[-1]) + 1)
        late = np.interp(notes.offset_ticks, [*at, end], [*moved[first], 0.0])
        offset = notes.offset_ticks + np.rint(late).astype(np.int64)
    velocity = notes.velocity + np.where(np.isnan(way.louder), 0.0, way.louder)
    changes = ~(np.isnan(way.later) & np.isnan(way.louder))
    return Played(onset, offset, np.clip(np.floor(velocity + 0.5), 1, 127).astype(np.int64), changes)
