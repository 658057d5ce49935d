"""Accompaniments that somebody has played: borrowed, window by window, from the user's own music.

What is to be accompanied is compared, window by window, with what the other parts do in every piece of a folder; where
they are alike, the part that played there fits here. Single windows that fit well make no music if each comes from
somewhere else. So the whole path is chosen at once, as in concatenative synthesis (Schwarz 2006, "Concatenative Sound
Synthesis: The Early Years"): the sum of the distances in all windows, and of a price for every jump that does not go on
where the last window left off, is the least (Viterbi 1967). Later parts are chosen to fit the earlier ones as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, Windows, bar_windows
from symbolic_embed.bars.keys import best_transposition, pitch_class_durations
from symbolic_embed.bars.merging import merge
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import UsageError
from symbolic_embed.library import excerpts
from symbolic_embed.library.building import Pieces, featured
from symbolic_embed.library.excerpts import Excerpt, Excerpts, Origin
from symbolic_embed.library.features import Features, Needs, known
from symbolic_embed.outputs.changes import placed_notes
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.similarity.likeness import squares

JUMP = 4.0  # the price of a jump, as a distance
CHANCE = 1.5  # how much a distance may be made up by chance, so that other seeds choose other paths


@dataclass(frozen=True, eq=False)
class Loans:
    """Everything that can be borrowed for one role: cells as excerpts, embedded as what sounds beside each; and whether
    the next row goes on where this one ends, bool (cells,)."""

    cells: Excerpts
    goes_on: NDArray[np.bool_]


def gathered(embedder: Embedder, pieces: Pieces, *, seed: BarredScore, roles: Sequence[str]) -> dict[str, Loans]:
    """What can be borrowed for each of `roles` from `pieces`, (path, piece) or a store, all in the key of the seed.
    Raises UsageError for a role that no piece has beside other parts."""
    goes_on: dict[str, list[NDArray[np.bool_]]] = {role: [] for role in roles}

    def music() -> Iterator[tuple[str, Excerpt]]:
        key = pitch_class_durations(seed.score)
        for piece in featured(pieces, embedder, Needs.of("outline", "bar_notes", "cell_notes")):
            semitones = best_transposition(key, known(piece.outline).pitch_classes)
            for role in roles:
                lent = _lent_by(piece, role=role, semitones=semitones)
                if lent is not None:
                    goes_on[role].append(lent[1])
                    yield role, lent[0]

    cells = excerpts.gathered(embedder, music())
    for role in roles:
        if role not in cells:
            raise UsageError(f"`source` has no piece with {role} beside other parts; add one that has", field="source")
    return {role: Loans(cells[role], np.concatenate(goes_on[role])) for role in roles}


def borrow(
    embedder: Embedder, barred: BarredScore, loans: dict[str, Loans], *, roles: Sequence[str], seed: int
) -> tuple[WrittenNotes, dict[str, list[tuple[str, int]]]]:
    """New parts of `roles` for a piece, tracks numbered on from its own, and whence every window of each was taken:
    path and bar (from 0). The same seed gives the same notes."""
    random = np.random.default_rng(seed)
    bars = bar_windows(barred)
    beside, parts, origins = bars, [], {}
    for track, role in enumerate(roles, start=len(barred.score.tracks)):
        here = embedder.embed_windows(beside)
        taken = loans[role].cells.where(_cheapest_path(here, loans[role], steps=bars.steps, random=random))
        fitting = (taken.notes.onset < bars.steps[taken.notes.note_window]) & taken.notes.begins
        cells = _in_place_of(bars, taken.notes.keeping(fitting), track=track)
        parts.append(_within(placed_notes(barred, cells, cells), end=int(barred.grid.bar_steps[-1])))
        origins[role] = [(origin.path, origin.bar) for origin in taken.origins]
        both = Windows.concatenated([beside, cells])
        beside = merge(both, groups=np.tile(np.arange(len(bars)), 2), steps=bars.steps)
    return WrittenNotes.concatenated(*parts), origins


def _lent_by(piece: Features, *, role: str, semitones: int) -> tuple[Excerpt, NDArray[np.bool_]] | None:
    """What one piece can lend: its first part of the role, window by window, where parts of other roles sound; each
    window embedded as these together. And whether the next one goes on where it ends."""
    own = [track for track, part in enumerate(known(piece.outline).parts) if part.role == role]
    if not own:
        return None
    bars, cells = known(piece.bar_notes), known(piece.cell_notes).transposed(semitones)
    first_window = np.flatnonzero(bars.part_of_bar == 0)
    window = first_window[np.searchsorted(bars.bar[first_window], cells.bar)] + cells.part_of_bar
    mine, others = (np.flatnonzero(rows) for rows in (cells.track == own[0], ~np.isin(cells.track, own)))
    played = merge(cells.where(mine), groups=window[mine], steps=bars.steps)
    beside = merge(cells.where(others), groups=window[others], steps=bars.steps)
    lending = np.flatnonzero(beside.note_counts > 0)
    if not len(lending):
        return None
    origins = [Origin(piece.path, own[0], int(bar), semitones) for bar in bars.bar[lending]]
    goes_on = (np.diff(lending) == 1) & (np.diff(bars.bar[lending]) <= 1)  # silent bars are not among the windows
    return Excerpt(played.where(lending), beside.where(lending), origins), np.append(goes_on, False)


def _cheapest_path(
    here: NDArray[np.float32], loans: Loans, *, steps: NDArray[np.int64], random: np.random.Generator
) -> NDArray[np.int64]:
    """For each window (windows, dim) the row of `loans` to take: the cheapest path through all of them."""
    distances = np.sqrt(np.maximum(squares(here, loans.cells.vectors), 0.0))  # (windows, rows)
    distances += random.random(distances.shape) * CHANCE
    distances[loans.cells.notes.steps != steps[:, None]] += 100.0  # another metre only where there is nothing else
    costs, before = distances[0], np.zeros(distances.shape, np.int64)
    previous = np.flatnonzero(loans.goes_on)
    for window in range(1, len(here)):
        cheapest = int(np.argmin(costs))
        reached, came = np.full(len(costs), costs[cheapest] + JUMP), np.full(len(costs), cheapest)
        flowing = costs[previous] <= reached[previous + 1]
        reached[previous[flowing] + 1] = costs[previous[flowing]]
        came[previous[flowing] + 1] = previous[flowing]
        costs, before[window] = reached + distances[window], came
    path = [int(np.argmin(costs))]
    for window in range(len(here) - 1, 0, -1):
        path.append(int(before[window, path[-1]]))
    return np.array(path[::-1])


def _in_place_of(bars: Windows, notes: Windows, *, track: int) -> Windows:
    """The notes of as many windows, as those of one part in the windows of some bars."""
    return replace(notes, track=np.full(len(bars), track), bar=bars.bar, part_of_bar=bars.part_of_bar, steps=bars.steps)


def _within(notes: WrittenNotes, *, end: int) -> WrittenNotes:
    """The notes with none that sounds past step `end`."""
    return WrittenNotes(
        notes.track,
        notes.onset_steps,
        np.maximum(np.minimum(notes.length_steps, end - notes.onset_steps), 1),
        notes.pitch,
    )
