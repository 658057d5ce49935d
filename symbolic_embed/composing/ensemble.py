"""The ensemble: part writers, what each is conditioned on, and what has been written.

Window by window and part by part the composer derives an embedding, the decoder draws notes from it, and what was
written is embedded again and becomes context: of the parts that follow in the same window, and of all in the next.
Parts that are given, not written, are context first. Several variations are written side by side, as one batch.

Of each cell several candidates are drawn, and reranked (`candidates.py`). Among them are cells that the part has played
before: the composer says how likely each of them is to return note for note.

Only notes come out. Lengths are cut where a part strikes the same pitch again, and at the end of the last window.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symbolic_embed.bars import ROLES, BarredScore
from symbolic_embed.bars.windows import DRUM, HELD, LONGEST
from symbolic_embed.composing.candidates import best_candidate, pitched, returned_or_new
from symbolic_embed.composing.context import Rows, piece_context, silence, windows_of, without_doubles
from symbolic_embed.composing.history import Cell, SeedHistory
from symbolic_embed.composing.part_writer import PartWriter
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.encodings import note_rows
from symbolic_embed.networks.composer import ComposerState, Context
from symbolic_embed.networks.grammar import Grammar
from symbolic_embed.networks.writing import Choice
from symbolic_embed.outputs.written_notes import WrittenNotes

Played = list[list[Cell]]  # the cells of all writers in one window, in every variation
Placed = NDArray[np.int64]  # notes of one part, (notes, 4): track, step in the piece, length, pitch token

CANDIDATES = 6  # cells drawn for each that is written: the one that fits best to what is there is taken
WINDOWS_HELD = 8  # a note sounds on in so many windows after its own


class Wanted(NamedTuple):
    """What a writer is to write: how many candidates, in a window of how many steps, with how many notes at the least,
    and how each note is chosen."""

    candidates: int
    steps: int
    fewest: int
    choice: Choice


class Ensemble:
    """Part writers, the state of each, and what each has written, in every variation."""

    def __init__(
        self,
        trained: TrainedComposer,
        writers: Sequence[PartWriter],
        *,
        states: list[ComposerState],
        last_cells: Tensor,
        last_bar: Tensor,
        history: SeedHistory | None = None,
    ) -> None:
        self.trained, self.writers = trained, list(writers)
        self.roles = torch.tensor([ROLES.index(writer.role) for writer in writers])
        self.states, self.last_cells, self.last_bar = states, last_cells, last_bar
        self.variations = len(last_bar)
        self.cells: list[list[Cell]] = [[] for _ in range(self.variations)]
        self.notes: list[list[Placed]] = [[] for _ in range(self.variations)]
        self.history = history
        self.lengths: list[int] = [] if history is None else list(history.lengths)  # of all windows so far, in steps

    @classmethod
    def after(cls, trained: TrainedComposer, barred: BarredScore, *, order: Sequence[int], variations: int) -> Ensemble:
        """The parts of a piece, in `order`, that have just played it."""
        context, cells, bar = piece_context(trained.embedder, barred, order=order)
        _, state = trained.composer.advance(context, trained.composer.initial_state(len(order)))
        return cls(
            trained,
            [PartWriter.of(barred, part) for part in order],
            states=[_of_one_part(state, part, copies=variations) for part in range(len(order))],
            last_cells=torch.from_numpy(cells)[:, None].repeat(1, variations, 1),  # (parts, variations, dim)
            last_bar=torch.from_numpy(bar).repeat(variations, 1),  # (variations, dim)
            history=SeedHistory(barred, order=order),
        )

    @classmethod
    def before(cls, trained: TrainedComposer, writers: Sequence[PartWriter], *, variations: int) -> Ensemble:
        """Writers of a piece that has not begun yet."""
        silent = torch.from_numpy(silence(trained.embedder))
        return cls(
            trained,
            writers,
            states=[trained.composer.initial_state(variations) for _ in writers],
            last_cells=silent.repeat(len(writers), variations, 1),
            last_bar=silent.repeat(variations, 1),
        )

    def write_window(
        self, *, start: int, steps: int, choice: Choice, given: Rows | None = None, played: Played | None = None
    ) -> None:
        """All writers write one window of `steps` steps that begins at step `start` of the piece; `given`, what others
        play in it, is context already. With `played` they play that instead of writing."""
        together: list[list[Rows]] = [[] if given is None else [given] for _ in range(self.variations)]
        written = torch.zeros_like(self.last_bar)
        if given is not None:
            vector = self.trained.embedder.embed_few(windows_of([given], steps=np.array([steps])))
            written = torch.from_numpy(vector).repeat(self.variations, 1)
        others_begin = given is not None and bool((given[:, 3] & HELD == 0).any())
        for turn, writer in enumerate(self.writers):
            derived, scores = self._derived(turn, written)
            if played is None:
                others = [pitched(of_variation) for of_variation in together]
                several = any(map(len, others)) and writer.role != "drums"
                wanted = Wanted(CANDIDATES if several else 1, steps, writer.fewest if others_begin else 0, choice)
                cells = self._written(turn, derived, scores, others, wanted)
            else:
                cells = [of_variation[turn] for of_variation in played]
            written = self._taken(turn, cells, together, start=start, steps=steps)
        self.last_bar = written
        self.lengths.append(steps)

    def finished(self, *, end: int) -> list[WrittenNotes]:
        """What each variation came to: no note sounds past step `end` or into the next of its pitch; in a part of one
        voice, none into the next at all."""
        single = {writer.track for writer in self.writers if writer.single}
        return [_finished(cells, end=end, single=single) for cells in self.notes]

    def played_in(self, window: int) -> Played:
        """What was played in a window that this ensemble has written or played, counted from 0."""
        first = window * len(self.writers)
        return [of_variation[first : first + len(self.writers)] for of_variation in self.cells]

    def _derived(self, turn: int, written: Tensor) -> tuple[Tensor, NDArray[np.float32]]:
        """What the composer derives for a writer once others have `written`, (variations, dim), and its scores of what
        returns, (variations, windows so far + 1), the last: something new."""
        context = Context(
            self.last_cells[turn][:, None],
            self.last_bar[:, None],
            written[:, None],
            self.roles[turn].expand(self.variations),
        )
        derived, scores, self.states[turn] = self.trained.composer(context, self.states[turn])
        return derived[:, 0], scores[:, 0].numpy()

    def _written(
        self, turn: int, derived: Tensor, scores: NDArray[np.float32], others: list[Rows], wanted: Wanted
    ) -> list[Cell]:
        """The cell that a writer writes, in each variation, beside what `others` sound there."""
        returned, drawn = self._returned(turn, scores, wanted), self._drawn(turn, derived, wanted)
        candidates = [list(map(returned_or_new, *pair)) for pair in zip(returned, drawn, strict=True)]
        return [best_candidate(*pair, steps=wanted.steps) for pair in zip(candidates, others, strict=True)]

    def _taken(self, turn: int, cells: list[Cell], together: list[list[Rows]], *, start: int, steps: int) -> Tensor:
        """Cells of a writer, one a variation, become what it has played and what is sounding `together`; the embedding
        of all that sounds now, (variations, dim)."""
        rows = [self._sounding(variation, turn, cell, start=start) for variation, cell in enumerate(cells)]
        for variation, cell in enumerate(cells):
            self.cells[variation].append(cell)
            self.notes[variation].append(_placed(cell, self.writers[turn].track, start=start))
            together[variation].append(rows[variation])
        unions = [without_doubles(np.concatenate(of_variation)) for of_variation in together]
        windows = windows_of([*rows, *unions], steps=np.full(2 * self.variations, steps))
        vectors = self.trained.embedder.embed_few(windows)
        self.last_cells[turn] = torch.from_numpy(vectors[: self.variations])
        return torch.from_numpy(vectors[self.variations :])

    def _returned(self, turn: int, scores: NDArray[np.float32], wanted: Wanted) -> list[list[Cell | None]]:
        """For each variation the earlier cells that a writer brings back, drawn by the composer's scores, one for each
        candidate; None for something new, or where the cell has too few notes."""
        fits = np.append(np.array(self.lengths, np.int64) == wanted.steps, True)
        scores = np.repeat(scores, wanted.candidates, axis=0)
        windows = wanted.choice.of(scores, np.broadcast_to(fits, scores.shape)).reshape(-1, wanted.candidates)
        cells = [
            [None if window == len(self.lengths) else self._played_before(variation, turn, window) for window in row]
            for variation, row in enumerate(windows.tolist())
        ]
        return [[None if cell is None or len(cell) < wanted.fewest else cell for cell in row] for row in cells]

    def _played_before(self, variation: int, turn: int, window: int) -> Cell:
        """What a part played in a window, counted from the seed's first."""
        before = 0 if self.history is None else len(self.history.lengths)
        if self.history is not None and window < before:
            return self.history.cell(turn, window)
        return self.cells[variation][(window - before) * len(self.writers) + turn]

    def _drawn(self, turn: int, derived: Tensor, wanted: Wanted) -> list[list[Cell]]:
        """What a writer could write in this window: the candidates of each variation."""
        writer, batch = self.writers[turn], self.variations * wanted.candidates
        grammar = Grammar.of(
            steps=np.full(batch, wanted.steps),
            pitches=np.broadcast_to(writer.pitches, (batch, len(writer.pitches))),
            single=np.full(batch, writer.single),
            fewest=np.full(batch, wanted.fewest),
        )
        rows, counts = self.trained.writer.write(
            derived, grammar=grammar, choice=wanted.choice, copies=wanted.candidates
        )
        cells = np.stack([rows[:, 0], rows[:, 1], note_rows.LENGTHS[rows[:, 2]]], axis=1)
        drawn = np.split(cells, np.cumsum(counts)[:-1])
        return [drawn[first : first + wanted.candidates] for first in range(0, batch, wanted.candidates)]

    def _sounding(self, variation: int, turn: int, cell: Cell, *, start: int) -> Rows:
        """What a part sounds in a window: a cell, and what the part holds over from earlier windows."""
        drum = cell[:, 1] >= note_rows.FIRST_DRUM
        columns = (cell[:, 0], cell[:, 1] % note_rows.FIRST_DRUM, np.minimum(cell[:, 2], LONGEST))
        rows = np.stack([*columns, np.where(drum, DRUM, 0)], axis=1)
        return np.concatenate([self._held_over(variation, turn, start=start), rows])

    def _held_over(self, variation: int, turn: int, *, start: int) -> Rows:
        """What this writer wrote in earlier windows that still sounds at step `start`."""
        earlier = self.notes[variation][turn :: len(self.writers)][-WINDOWS_HELD:]
        table = np.concatenate([np.zeros((0, 4), np.int64), *earlier])
        sounding = table[(table[:, 1] + table[:, 2] > start) & (table[:, 3] < note_rows.FIRST_DRUM)]
        left = np.minimum(sounding[:, 1] + sounding[:, 2] - start, LONGEST)
        zeros = np.zeros(len(sounding), np.int64)
        return without_doubles(np.stack([zeros, sounding[:, 3], left, zeros + HELD], axis=1))


def _of_one_part(state: ComposerState, part: int, *, copies: int) -> ComposerState:
    """The state of one part, as often as there are variations."""
    assert state.lstm is not None, "a piece has a window at least"
    hidden, cell = (of_all[:, part : part + 1].repeat(1, copies, 1) for of_all in state.lstm)
    keys, return_keys, values = (of_all[part].repeat(copies, 1, 1) for of_all in state[1:])
    return ComposerState((hidden, cell), keys, return_keys, values)


def _placed(cell: Cell, track: int, *, start: int) -> Placed:
    """A cell where it lies in the piece."""
    return np.stack([np.full(len(cell), track), start + cell[:, 0], cell[:, 2], cell[:, 1]], axis=1)


def _finished(cells: list[Placed], *, end: int, single: set[int]) -> WrittenNotes:
    """The notes of one variation, cut as `Ensemble.finished` says."""
    table = np.concatenate([np.zeros((0, 4), np.int64), *cells])
    table[:, 3] %= note_rows.FIRST_DRUM
    voice = np.where(np.isin(table[:, 0], sorted(single)), 0, table[:, 3])
    struck = np.stack([table[:, 0], voice, table[:, 1]], axis=1)
    onsets, number = np.unique(struck, axis=0, return_inverse=True)  # notes struck together may end together
    following = np.append(onsets[1:], [[-1, -1, -1]], axis=0)[number.ravel()]
    goes_on = (following[:, :2] == struck[:, :2]).all(axis=1)
    limit = np.where(goes_on, following[:, 2], end)
    table[:, 2] = np.maximum(np.minimum(table[:, 1] + table[:, 2], limit) - table[:, 1], 1)
    return WrittenNotes(*table[np.lexsort((table[:, 3], table[:, 1], table[:, 0]))].T)
