"""A piece through the model and back: every cell embedded, decoded with care (`embedding.correcting`), and put where
it was.

What comes out is what the embeddings keep of the piece. It stands on the grid; loudness is no part of an embedding, so
a note takes the velocity of the note that was there, and where there was none the median of its part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ROLES, BarredScore, PlacedNotes, Windows, cell_windows
from symbolic_embed.bars.cutting import notes_in_ticks
from symbolic_embed.embedding.correcting import corrected
from symbolic_embed.embedding.decoding import DecodingRules
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.encodings.note_counts import NoteCounts, count_notes
from symbolic_embed.outputs.changes import placed_notes
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.score import Score


@dataclass(frozen=True, eq=False)
class Reconstruction:
    """A piece and what came back of it: `original` and `written` are the same cell windows before and after."""

    barred: BarredScore
    original: Windows
    written: Windows

    def counts(self) -> dict[str, NoteCounts]:
        """The notes that came back, by the role of their part; only roles that the piece has."""
        roles = np.array([ROLES.index(role) for role in self.barred.roles])[self.original.track]
        chosen = {role: roles == number for number, role in enumerate(ROLES)}
        return {
            role: count_notes(self.original, self.written, chosen=mask) for role, mask in chosen.items() if mask.any()
        }

    def score(self) -> Score:
        """What came back, as a score with the piece's parts, tempo, metre, key and markers."""
        placed = _placed(self.written, self.original, self.barred)
        tracks = tuple(
            replace(track, notes=notes_in_ticks(placed.where(placed.track == number), grid=self.barred.grid))
            for number, track in enumerate(self.barred.score.tracks)
        )
        return replace(self.barred.score, tracks=tracks)


def reconstruct(embedder: Embedder, barred: BarredScore) -> Reconstruction:
    """A piece with at least one note through the model and back."""
    cells = cell_windows(barred)
    vectors = embedder.embed_windows(cells)
    written = corrected(embedder, vectors, DecodingRules(cells.steps, barred.part_is_drum[cells.track]))
    return Reconstruction(barred, cells, written)


def reconstruct_each(
    embedder: Embedder, pieces: Iterable[tuple[str, BarredScore]]
) -> Iterator[tuple[str, Reconstruction]]:
    """`reconstruct` for many pieces (path, score), several at a time, in their order."""
    single = embedder.with_jobs(1)
    running: list[tuple[str, Future[Reconstruction]]] = []
    with ThreadPoolExecutor(embedder.jobs) as threads:
        for path, barred in pieces:
            running.append((path, threads.submit(reconstruct, single, barred)))
            if len(running) > 2 * embedder.jobs:
                path, first = running.pop(0)
                yield path, first.result()
        for path, rest in running:
            yield path, rest.result()


def _placed(written: Windows, cells: Windows, barred: BarredScore) -> PlacedNotes:
    """Notes of cell windows at their places in the piece; the windows' own track and bar are those of `cells`."""
    notes = placed_notes(barred, cells, written)
    zeros = np.zeros(len(notes), np.int64)
    columns = (notes.track, notes.onset_steps, notes.length_steps, notes.pitch, _velocities(notes, barred))
    return PlacedNotes(*columns, zeros, zeros, zeros - 1)


def _velocities(written: WrittenNotes, barred: BarredScore) -> NDArray[np.int64]:
    """For each note the velocity of the piece's note at its place, else the median of its part; int64 (notes,)."""
    notes = barred.notes
    median = np.array([int(np.median(part.notes.velocity)) for part in barred.score.tracks])
    length = int(barred.grid.bar_steps[-1]) + 1
    theirs = (notes.track * length + notes.onset_steps) * 128 + notes.pitch
    order = np.argsort(theirs, kind="stable")
    ours = (written.track * length + written.onset_steps) * 128 + written.pitch
    nearest = order[np.minimum(np.searchsorted(theirs[order], ours), len(order) - 1)]
    return np.where(theirs[nearest] == ours, notes.velocity[nearest], median[written.track])
