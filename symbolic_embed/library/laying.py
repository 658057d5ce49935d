"""Where along one piece a fragment fits best, laid along it in all the ways of `find`; and about how well it may, for
less."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.library.features import Features, known
from symbolic_embed.similarity.calibration import NOTHING_ALIKE, Word
from symbolic_embed.similarity.placement import Lines, first_bar, placement_costs
from symbolic_embed.similarity.rough_placement import RoughLines, principal_axes
from symbolic_embed.similarity.transposing import TRANSPOSITIONS


@dataclass(frozen=True)
class Place:
    """Where a fragment fits best in the piece at `path`.

    distance: 0 for the same music, 1 for music that has nothing to do with it. transposition: by how many semitones (-5
    to 6) the fragment is to be moved. track: the part it lies beside, from 0, None where all parts matched together.
    bar, last_bar: the bars it lies beside, from 1. likeness: "same music", "related" or "nothing alike", and
    probability: how probable the first is (`similarity.calibration`); both follow from the distance and the fragment.
    """

    path: str
    distance: float
    transposition: int
    track: int | None
    bar: int
    last_bar: int
    likeness: Word = field(default=NOTHING_ALIKE, compare=False)
    probability: float = field(default=0.0, compare=False)

    @property
    def is_far(self) -> bool:
        """Whether it is no nearer than music that has nothing to do with the fragment."""
        return self.likeness == NOTHING_ALIKE


@dataclass(frozen=True, eq=False)
class Ways:
    """A fragment as it is laid along a piece, from the first bar that sounds to the last: all together, one line; and
    beside single parts, where the first line is all together again (bars in which a note begins, as cells are), and
    the others are its parts, where there are several."""

    together: Lines
    beside_parts: Lines

    @cached_property
    def rough(self) -> tuple[RoughLines, RoughLines]:
        """Both along few axes, those of the bars and cells of single parts too."""
        axes = principal_axes(self.beside_parts if self.beside_parts.count else self.together)
        return RoughLines.of(self.together, axes), RoughLines.of(self.beside_parts, axes)

    @classmethod
    def of(cls, fragment: Features) -> Ways:
        bars, cells, notes = known(fragment.bars), known(fragment.cells), known(fragment.bar_notes)
        first, length = int(bars.number[0]), int(np.ptp(bars.number)) + 1
        together = Lines(np.zeros_like(bars.number), bars.number - first, bars.versions, length)
        begins = np.isin(bars.number, notes.bar[notes.counted(notes.begins) > 0])
        track, line = np.unique(cells.track, return_inverse=True)
        several = np.full(len(line), len(track) > 1)
        return cls(
            together,
            Lines(
                np.concatenate([together.line[begins], 1 + line[several]]),
                np.concatenate([together.bar[begins], cells.bar[several] - first]),
                np.concatenate([bars.versions[:, begins], cells.versions[:, several]], axis=1),
                length,
            ),
        )


def about_least(fragment: Ways, piece: Features) -> float:
    """About the least that a fragment costs along a piece, for a fraction of the time: which pieces are worth laying
    it along."""
    together, beside_parts = fragment.rough
    least = together.costs(known(piece.bars).vectors, np.zeros(1, np.int64)).min()
    cells = known(piece.cells)
    tracks, begins = np.unique(cells.track, return_index=True)
    if len(tracks) > 1 and fragment.beside_parts.count:
        costs = beside_parts.costs(cells.vectors, begins)
        least = min(least, costs[:, 0].min())
        if fragment.beside_parts.count > 1:
            least = min(least, costs[:, 1:].min(axis=2).mean(axis=1).min())
    return float(least)


def best_place(fragment: Ways, piece: Features) -> Place:
    """Where along a piece a fragment costs least: of equal places the least transposed, then the earliest; rather
    together than by parts, and by parts than as one."""
    bars, cells = known(piece.bars), known(piece.cells)
    length = int(bars.number[-1]) + 1
    together = Lines(np.zeros_like(bars.number), bars.number, bars.versions, length)
    ways: list[tuple[int | None, NDArray[np.float32]]]  # (keys, places) each
    ways = [(None, placement_costs(fragment.together, together)[:, 0, 0])]
    tracks, line = np.unique(cells.track, return_inverse=True)
    if len(tracks) > 1 and fragment.beside_parts.count:
        costs = placement_costs(fragment.beside_parts, Lines(line, cells.bar, cells.versions, length))
        if fragment.beside_parts.count > 1:
            ways.append((None, costs[:, 1:].min(axis=2).mean(axis=1)))
        ways += [(int(track), costs[:, 0, number]) for number, track in enumerate(tracks)]
    track, best = ways[int(np.argmin([of_way.min() for _, of_way in ways]))]
    key, place = np.unravel_index(int(np.argmin(best)), best.shape)
    first = first_bar(int(place), fragment.together)
    return Place(
        path=piece.path,
        distance=float(str(best[key, place])),
        transposition=TRANSPOSITIONS[key],
        track=track,
        bar=max(first, 0) + 1,
        last_bar=min(first + fragment.together.bars, length),
    )
