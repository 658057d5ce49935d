"""The parts at work: who writes, what each remembers, and what comes out.

Window by window and part by part the composer derives an embedding, the decoder draws notes from it, and what was
written is embedded again and heard at the next turn: by the parts that follow in the same window, and by all in the
next. Parts that are given, not written, are heard first. Several variations are written side by side, as one batch.

The composer hears the harmony of the others, but a single draw may miss it: several cells are drawn, and the one that
makes chords with what sounds already is taken. Among them are cells that the part has played before: the composer says
how likely each of them is to return note for note.

Only notes come out. Lengths are cut where a part strikes the same pitch again, and at the end of the last window.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from symbolic_embed.bars import ROLES, BarredScore
from symbolic_embed.bars.windows import DRUM, HELD, LONGEST
from symbolic_embed.composing.candidates import fitting, old_or_new, pitched
from symbolic_embed.composing.context import Rows, hear_piece, silence, windows_of, without_doubles
from symbolic_embed.composing.history import Cell, SeedPast
from symbolic_embed.composing.part_writer import Player
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.encodings import note_rows
from symbolic_embed.networks.composer import ComposerState, Context
from symbolic_embed.networks.grammar import Grammar
from symbolic_embed.networks.writing import Choice
from symbolic_embed.outputs.written_notes import WrittenNotes

Played = list[list[Cell]]  # the cells of all players in one window, in every variation

DRAFTS = 6  # cells drawn for each that is written: the one that fits best to what is there is taken


class Band:
    """Players, what each remembers, and what each has written, in every variation."""

    def __init__(
        self,
        trained: TrainedComposer,
        players: Sequence[Player],
        *,
        memories: list[ComposerState],
        last_cells: torch.Tensor,
        last_bar: torch.Tensor,
        seed: SeedPast | None = None,
    ) -> None:
        self.trained, self.players = trained, list(players)
        self.roles = torch.tensor([ROLES.index(player.role) for player in players])
        self.memories, self.last_cells, self.last_bar = memories, last_cells, last_bar
        self.variations = len(last_bar)
        self.cells: list[list[Cell]] = [[] for _ in range(self.variations)]
        self.notes: list[list[np.ndarray]] = [[] for _ in range(self.variations)]
        self.seed = seed
        self.lengths: list[int] = [] if seed is None else list(seed.lengths)  # of all windows so far, in steps

    @classmethod
    def after(cls, trained: TrainedComposer, barred: BarredScore, *, order: Sequence[int], variations: int) -> Band:
        """The parts of a piece, in `order`, that have just played it."""
        heard, cells, bar = hear_piece(trained.embedder, barred, order=order)
        _, memory = trained.composer.advance(heard, trained.composer.initial_state(len(order)))
        return cls(
            trained,
            [Player.of(barred, part) for part in order],
            memories=[_of_one_part(memory, part, copies=variations) for part in range(len(order))],
            last_cells=torch.from_numpy(cells)[:, None].repeat(1, variations, 1),  # (parts, variations, dim)
            last_bar=torch.from_numpy(bar).repeat(variations, 1),  # (variations, dim)
            seed=SeedPast(barred, order=order),
        )

    @classmethod
    def before(cls, trained: TrainedComposer, players: Sequence[Player], *, variations: int) -> Band:
        """Players that have heard nothing yet."""
        silent = torch.from_numpy(silence(trained.embedder))
        return cls(
            trained,
            players,
            memories=[trained.composer.initial_state(variations) for _ in players],
            last_cells=silent.repeat(len(players), variations, 1),
            last_bar=silent.repeat(variations, 1),
        )

    def write_window(
        self, *, start: int, steps: int, choice: Choice, given: Rows | None = None, played: Played | None = None
    ) -> None:
        """All players write one window of `steps` steps that begins at step `start` of the piece; `given`, what others
        play in it, can already be heard. With `played` they play that instead of writing."""
        together: list[list[Rows]] = [[] if given is None else [given] for _ in range(self.variations)]
        written = torch.zeros_like(self.last_bar)
        if given is not None:
            vector = self.trained.embedder.embed_few(windows_of([given], steps=np.array([steps])))
            written = torch.from_numpy(vector).repeat(self.variations, 1)
        for turn in range(len(self.players)):
            fewest = self.players[turn].fewest if given is not None and (given[:, 3] & HELD == 0).any() else 0
            derived, scores = self._derived(turn, written)
            if played is None:
                others = [pitched(of_variation) for of_variation in together]
                count = DRAFTS if any(map(len, others)) and self.players[turn].role != "drums" else 1
                asked = {"count": count, "steps": steps, "fewest": fewest, "choice": choice}
                returned, drafts = self._returned(turn, scores, **asked), self._drafts(turn, derived, **asked)
                drafts = [list(map(old_or_new, *pair)) for pair in zip(returned, drafts, strict=True)]
                cells = [fitting(*pair, steps=steps) for pair in zip(drafts, others, strict=True)]
            else:
                cells = [of_variation[turn] for of_variation in played]
            rows = [self._seen(variation, turn, cell, start=start) for variation, cell in enumerate(cells)]
            for variation, cell in enumerate(cells):
                self.cells[variation].append(cell)
                self.notes[variation].append(_placed(cell, self.players[turn].track, start=start))
            for variation, of_cell in enumerate(rows):
                together[variation].append(of_cell)
            unions = [without_doubles(np.concatenate(of_variation)) for of_variation in together]
            vectors = self.trained.embedder.embed_few(
                windows_of([*rows, *unions], steps=np.full(2 * self.variations, steps))
            )
            self.last_cells[turn] = torch.from_numpy(vectors[: self.variations])
            written = torch.from_numpy(vectors[self.variations :])
        self.last_bar = written
        self.lengths.append(steps)

    def finished(self, *, end: int) -> list[WrittenNotes]:
        """What each variation came to: no note sounds past step `end` or into the next of its pitch; in a part of one
        voice, none into the next at all."""
        single = {player.track for player in self.players if player.single}
        return [_finished(cells, end=end, single=single) for cells in self.notes]

    def played_in(self, window: int) -> Played:
        """What was played in a window that this band has written or played, counted from 0."""
        first = window * len(self.players)
        return [of_variation[first : first + len(self.players)] for of_variation in self.cells]

    def _derived(self, turn: int, written: torch.Tensor) -> tuple[torch.Tensor, np.ndarray]:
        """What the composer derives for a player that has heard what is `written`, (variations, dim), and its scores of
        what returns, (variations, windows so far + 1), the last: something new."""
        heard = Context(
            self.last_cells[turn][:, None],
            self.last_bar[:, None],
            written[:, None],
            self.roles[turn].expand(self.variations),
        )
        derived, scores, self.memories[turn] = self.trained.composer(heard, self.memories[turn])
        return derived[:, 0], scores[:, 0].numpy()

    def _returned(
        self, turn: int, scores: np.ndarray, *, count: int, steps: int, fewest: int, choice: Choice
    ) -> list[list[Cell | None]]:
        """For each variation `count` times the earlier cell that a player brings back in a window of `steps` steps,
        drawn by the composer's scores; None for something new, or where the cell has too few notes."""
        fits = np.append(np.array(self.lengths, np.int64) == steps, True)
        scores = np.repeat(scores, count, axis=0)
        windows = choice.of(scores, np.broadcast_to(fits, scores.shape)).reshape(-1, count)
        cells = [
            [None if w == len(self.lengths) else self._played_before(variation, turn, w) for w in row]
            for variation, row in enumerate(windows.tolist())
        ]
        return [[None if cell is None or len(cell) < fewest else cell for cell in row] for row in cells]

    def _played_before(self, variation: int, turn: int, window: int) -> Cell:
        """What a player played in a window, counted from the seed's first."""
        heard = 0 if self.seed is None else len(self.seed.lengths)
        if self.seed is not None and window < heard:
            return self.seed.cell(turn, window)
        return self.cells[variation][(window - heard) * len(self.players) + turn]

    def _drafts(
        self, turn: int, derived: torch.Tensor, *, count: int, steps: int, fewest: int, choice: Choice
    ) -> list[list[Cell]]:
        """What a player could write in this window: `count` cells a variation."""
        player, batch = self.players[turn], self.variations * count
        grammar = Grammar.of(
            steps=np.full(batch, steps),
            pitches=np.broadcast_to(player.pitches, (batch, len(player.pitches))),
            single=np.full(batch, player.single),
            fewest=np.full(batch, fewest),
        )
        rows, counts = self.trained.writer.write(derived, grammar=grammar, choice=choice, copies=count)
        cells = np.stack([rows[:, 0], rows[:, 1], note_rows.LENGTHS[rows[:, 2]]], axis=1)
        drawn = np.split(cells, np.cumsum(counts)[:-1])
        return [drawn[first : first + count] for first in range(0, batch, count)]

    def _seen(self, variation: int, turn: int, cell: Cell, *, start: int) -> Rows:
        """A cell as it is seen in its window, with what the player holds over from earlier ones."""
        drum = cell[:, 1] >= note_rows.FIRST_DRUM
        columns = (cell[:, 0], cell[:, 1] % note_rows.FIRST_DRUM, np.minimum(cell[:, 2], LONGEST))
        rows = np.stack([*columns, np.where(drum, DRUM, 0)], axis=1)
        return np.concatenate([self._held_over(variation, turn, start=start), rows])

    def _held_over(self, variation: int, turn: int, *, start: int) -> Rows:
        """What this player wrote in earlier windows that still sounds."""
        earlier = self.notes[variation][turn :: len(self.players)][-8:]
        table = np.concatenate([np.zeros((0, 4), np.int64), *earlier])
        sounding = table[(table[:, 1] + table[:, 2] > start) & (table[:, 3] < note_rows.FIRST_DRUM)]
        left = np.minimum(sounding[:, 1] + sounding[:, 2] - start, LONGEST)
        zeros = np.zeros(len(sounding), np.int64)
        return without_doubles(np.stack([zeros, sounding[:, 3], left, zeros + HELD], axis=1))


def _of_one_part(memory: ComposerState, part: int, *, copies: int) -> ComposerState:
    """What one part remembers, as often as there are variations."""
    lstm = tuple(state[:, part : part + 1].repeat(1, copies, 1) for state in memory.lstm)
    return ComposerState(lstm, *(told[part].repeat(copies, 1, 1) for told in memory[1:]))


def _placed(cell: Cell, track: int, *, start: int) -> np.ndarray:
    """A cell as int64 (notes, 4): track, step in the piece, length, pitch token."""
    return np.stack([np.full(len(cell), track), start + cell[:, 0], cell[:, 2], cell[:, 1]], axis=1)


def _finished(cells: list[np.ndarray], *, end: int, single: set[int]) -> WrittenNotes:
    """The notes of one variation, cut as `Band.finished` says."""
    table = np.concatenate([np.zeros((0, 4), np.int64), *cells])
    table[:, 3] %= note_rows.FIRST_DRUM
    voice = np.where(np.isin(table[:, 0], sorted(single)), 0, table[:, 3])
    places = np.stack([table[:, 0], voice, table[:, 1]], axis=1)
    onsets, place = np.unique(places, axis=0, return_inverse=True)  # notes struck together may end together
    following = np.append(onsets[1:], [[-1, -1, -1]], axis=0)[place.ravel()]
    goes_on = (following[:, :2] == places[:, :2]).all(axis=1)
    limit = np.where(goes_on, following[:, 2], end)
    table[:, 2] = np.maximum(np.minimum(table[:, 1] + table[:, 2], limit) - table[:, 1], 1)
    return WrittenNotes(*table[np.lexsort((table[:, 3], table[:, 1], table[:, 0]))].T)
