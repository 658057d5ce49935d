"""Accompaniments that somebody has played: borrowed, window by window, from the user's own music.

What is to be accompanied is compared, window by window, with what the other parts do in every piece of a folder; where
they are alike, the part that played there fits here. Single windows that fit well make no music if each comes from
somewhere else. So the whole way is chosen at once, as in concatenative synthesis (Schwarz 2006, "Concatenative Sound
Synthesis: The Early Years"): the sum of the distances in all windows, and of a price for every jump that does not go on
where the last window left off, is the least (Viterbi 1967). Later parts are chosen to fit the earlier ones as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from symbolic_embed.bars import BarredScore, Windows, bar_windows, cell_windows
from symbolic_embed.bars.merging import merge
from symbolic_embed.composing.pairing import transposition
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import UsageError
from symbolic_embed.outputs.changes import placed_notes
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.similarity.likeness import squares

JUMP = 4.0  # the price of a jump, as a distance
CHANCE = 1.5  # how much a distance may be made up by chance, so that other seeds choose other ways


@dataclass(frozen=True, eq=False)
class Loans:
    """Everything that can be borrowed for one role: cells, and what sounds beside each, embedded (cells, dim); whether
    the next row goes on where this one ends, bool (cells,); path and bar (from 0) of each."""

    cells: Windows
    beside: np.ndarray
    goes_on: np.ndarray
    origins: list[tuple[str, int]]


def gathered(
    embedder: Embedder, pieces: Iterable[tuple[str, BarredScore]], *, seed: BarredScore, roles: Sequence[str]
) -> dict[str, Loans]:
    """What can be borrowed for each of `roles` from `pieces` (path, piece), all in the key of the seed. Raises
    UsageError for a role that no piece has beside other parts."""
    found: dict[str, list[Loans]] = {role: [] for role in roles}
    for path, barred in pieces:
        semitones = transposition(seed, barred)
        for role in roles:
            loans = _loans(embedder, path, barred, role=role, semitones=semitones)
            found[role] += [loans] if loans else []
    for role, several in found.items():
        if not several:
            raise UsageError(f"no piece of the folder has {role} beside other parts; --from needs one that has")
    return {role: _joined(several) for role, several in found.items()}


def borrow(
    embedder: Embedder, barred: BarredScore, loans: dict[str, Loans], *, roles: Sequence[str], seed: int
) -> tuple[WrittenNotes, dict[str, list[tuple[str, int]]]]:
    """New parts of `roles` for a piece, tracks numbered on from its own, and whence every window of each was taken. The
    same seed gives the same notes."""
    random = np.random.default_rng(seed)
    bars = bar_windows(barred)
    beside, parts, origins = bars, [], {}
    for track, role in enumerate(roles, start=len(barred.score.tracks)):
        here = embedder.embed_windows(beside)
        way = _way(here, loans[role], steps=bars.steps, random=random)
        taken = loans[role].cells.where(way)
        fitting = (taken.onset < bars.steps[taken.note_window]) & taken.begins
        taken = taken.keeping(fitting)
        cells = Windows(**{**vars(bars), **_notes_of(taken), "track": np.full(len(bars), track)})
        parts.append(_within(placed_notes(barred, cells, cells), end=int(barred.grid.bar_steps[-1])))
        origins[role] = [loans[role].origins[number] for number in way]
        both = Windows.concatenated([beside, cells])
        beside = merge(both, groups=np.tile(np.arange(len(bars)), 2), steps=bars.steps)
    return WrittenNotes.concatenated(*parts), origins


def _loans(embedder: Embedder, path: str, barred: BarredScore, *, role: str, semitones: int) -> Loans | None:
    """What one piece can lend: its first part of the role, window by window, beside all parts of other roles."""
    own = [part for part, of_part in enumerate(barred.roles) if of_part == role]
    if not own or len(own) == len(barred.roles):
        return None
    bars, cells = bar_windows(barred), cell_windows(barred).transposed(semitones)
    first_window = np.flatnonzero(bars.part_of_bar == 0)
    place = first_window[cells.bar] + cells.part_of_bar
    mine, others = (np.flatnonzero(mask) for mask in (cells.track == own[0], ~np.isin(cells.track, own)))
    played = merge(cells.where(mine), groups=place[mine], steps=bars.steps)
    beside = merge(cells.where(others), groups=place[others], steps=bars.steps)
    lending = np.flatnonzero(np.diff(beside.offsets) > 0)
    if len(lending) == 0:
        return None
    goes_on = np.append(np.diff(lending) == 1, False)
    origins = [(path, int(bars.bar[window])) for window in lending]
    return Loans(played.where(lending), embedder.embed_windows(beside.where(lending)), goes_on, origins)


def _joined(several: Sequence[Loans]) -> Loans:
    return Loans(
        Windows.concatenated([loans.cells for loans in several]),
        np.concatenate([loans.beside for loans in several]),
        np.concatenate([loans.goes_on for loans in several]),
        [origin for loans in several for origin in loans.origins],
    )


def _way(here: np.ndarray, loans: Loans, *, steps: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """For each window (windows, dim) the row of `loans` to take: the cheapest way through all of them."""
    distances = np.sqrt(np.maximum(squares(here, loans.beside), 0.0))  # (windows, rows)
    distances += random.random(distances.shape) * CHANCE
    distances[loans.cells.steps != steps[:, None]] += 100.0  # another metre only where there is nothing else
    costs, before = distances[0], np.zeros(distances.shape, np.int64)
    previous = np.flatnonzero(loans.goes_on)
    for window in range(1, len(here)):
        cheapest = int(np.argmin(costs))
        reached, came = np.full(len(costs), costs[cheapest] + JUMP), np.full(len(costs), cheapest)
        flowing = costs[previous] <= reached[previous + 1]
        reached[previous[flowing] + 1] = costs[previous[flowing]]
        came[previous[flowing] + 1] = previous[flowing]
        costs, before[window] = reached + distances[window], came
    way = [int(np.argmin(costs))]
    for window in range(len(here) - 1, 0, -1):
        way.append(int(before[window, way[-1]]))
    return np.array(way[::-1])


def _notes_of(windows: Windows) -> dict[str, np.ndarray]:
    return {name: getattr(windows, name) for name in ("onset", "pitch", "length", "flags", "offsets")}


def _within(notes: WrittenNotes, *, end: int) -> WrittenNotes:
    """The notes with none that sounds past step `end`."""
    return WrittenNotes(
        notes.track,
        notes.onset_steps,
        np.maximum(np.minimum(notes.length_steps, end - notes.onset_steps), 1),
        notes.pitch,
    )
