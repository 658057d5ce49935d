"""New bars after a piece.

The composer first hears the whole seed. Then, window by window and part by part, it derives an embedding, the decoder
draws notes from it, and what was written is embedded again and heard at the next turn: by the parts that follow in the
same window, and by all in the next. Several continuations are written side by side, as one batch.

Only notes come out. Lengths are cut where the same part strikes the same pitch again, and at the end of the last bar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import torch

from symbolic_embed.bars import WINDOW_STEPS, BarredScore
from symbolic_embed.bars.windows import DRUM, HELD, LONGEST
from symbolic_embed.composing.hearing import Rows, hear_piece, windows_of, writing_order
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.encodings import note_rows
from symbolic_embed.networks.composer import Heard, Memory
from symbolic_embed.networks.grammar import Grammar
from symbolic_embed.networks.writing import Choice, write_notes

SECOND_VOICE = 0.05  # of a part's notes may overlap the next before it counts as several voices
RANGE_BEYOND = 7  # semitones that a part may go beyond the range it has in the seed


@dataclass(frozen=True, eq=False)
class WrittenNotes:
    """New notes of one continuation: int64 (n,) each. `step` counts through the piece, on from the seed's last bar."""

    track: np.ndarray
    step: np.ndarray
    steps: np.ndarray
    pitch: np.ndarray


@torch.no_grad()
def continue_piece(
    trained: TrainedComposer,
    barred: BarredScore,
    *,
    bars: int,
    variations: int = 1,
    temperature: float = 1.0,
    top_p: float = 0.95,
    seed: int = 0,
    progress: Callable[[Iterable[int]], Iterable[int]] = iter,
) -> list[WrittenNotes]:
    """`variations` different continuations of `bars` bars, in the metre of the seed's last bar, for each of its parts.

    The same seed gives the same notes. `progress` wraps the iteration over the new windows.
    """
    torch.set_num_threads(1)
    order = writing_order(barred.roles)
    choice = Choice(temperature, top_p, torch.Generator().manual_seed(seed))
    band = _Band.after(trained, barred, order=order, variations=variations)
    start = int(barred.grid.bar_steps[-1])
    length = int(barred.grid.bar_length(barred.bars - 1))
    lengths = [min(WINDOW_STEPS, length - first) for first in range(0, length, WINDOW_STEPS)] * bars
    for window in progress(range(len(lengths))):
        band.write_window(start=start, steps=lengths[window], choice=choice)
        start += lengths[window]
    voices = np.array([_is_single_voice(barred, part) for part in range(len(order))])
    return [_finished(of_one, end=start, single=voices) for of_one in band.notes]


class _Band:
    """The parts at work: what each remembers, and what it has written, in every variation."""

    def __init__(
        self,
        trained: TrainedComposer,
        *,
        order: list[int],
        roles: torch.Tensor,
        pitches: torch.Tensor,
        single: torch.Tensor,
        memories: list[Memory],
        last_cells: torch.Tensor,
        last_bar: torch.Tensor,
    ) -> None:
        self.trained, self.order, self.roles = trained, order, roles
        self.pitches, self.single = pitches, single
        self.memories, self.last_cells, self.last_bar = memories, last_cells, last_bar
        self.variations = len(last_bar)
        self.notes: list[list[np.ndarray]] = [[] for _ in range(self.variations)]

    @classmethod
    def after(cls, trained: TrainedComposer, barred: BarredScore, *, order: list[int], variations: int) -> _Band:
        """The band that has heard the whole piece."""
        heard, cells, bar = hear_piece(trained.embedder, barred, order=order)
        _, memory = trained.composer(heard, trained.composer.no_memory(len(order)))
        memories = [_of_one_part(memory, part, copies=variations) for part in range(len(order))]
        pitches = np.stack([_pitches_of(barred, part) for part in order])
        last_cells = torch.from_numpy(cells)[:, None].repeat(1, variations, 1)  # (parts, variations, dim)
        last_bar = torch.from_numpy(bar).repeat(variations, 1)  # (variations, dim)
        return cls(
            trained,
            order=order,
            roles=heard.roles,
            pitches=torch.from_numpy(pitches),
            single=torch.tensor([_is_single_voice(barred, part) for part in order]),
            memories=memories,
            last_cells=last_cells,
            last_bar=last_bar,
        )

    def write_window(self, *, start: int, steps: int, choice: Choice) -> None:
        """All parts write one window of `steps` steps that begins at step `start` of the piece."""
        together: list[list[Rows]] = [[] for _ in range(self.variations)]
        written = torch.zeros_like(self.last_bar)
        for turn in range(len(self.order)):
            rows = self._write_cell(turn, written, start=start, steps=steps, choice=choice)
            for variation, of_cell in enumerate(rows):
                together[variation].append(of_cell)
            unions = [_without_doubles(np.concatenate(of_variation)) for of_variation in together]
            vectors = self.trained.embedder.embed_windows(
                windows_of([*rows, *unions], steps=np.full(2 * self.variations, steps))
            )
            self.last_cells[turn] = torch.from_numpy(vectors[: self.variations])
            written = torch.from_numpy(vectors[self.variations :])
        self.last_bar = written

    def _write_cell(self, turn: int, written: torch.Tensor, *, start: int, steps: int, choice: Choice) -> list[Rows]:
        """One part's notes in this window, kept, and given back as seen in the window with what is held over."""
        composer, count = self.trained.composer, self.variations
        heard = Heard(
            self.last_cells[turn][:, None], self.last_bar[:, None], written[:, None], self.roles[turn].expand(count)
        )
        derived, self.memories[turn] = composer(heard, self.memories[turn])
        grammar = Grammar.of(
            steps=torch.full((count,), steps),
            pitches=self.pitches[turn].expand(count, -1),
            single=self.single[turn].expand(count),
        )
        rows, counts = write_notes(self.trained.decoder, derived[:, 0], grammar=grammar, choice=choice)
        seen = []
        for variation, of_window in enumerate(torch.split(rows, counts.tolist())):
            notes = of_window.numpy()
            held = self._held_over(variation, turn, start=start)
            seen.append(np.concatenate([held, _seen(notes)]))
            self.notes[variation].append(_kept(notes, track=self.order[turn], start=start))
        return seen

    def _held_over(self, variation: int, turn: int, *, start: int) -> Rows:
        """What this part wrote in earlier windows that still sounds."""
        earlier = self.notes[variation][turn :: len(self.order)][-8:]
        table = np.concatenate([np.zeros((0, 4), np.int64), *earlier])
        sounding = table[(table[:, 1] + table[:, 2] > start) & (table[:, 3] < note_rows.FIRST_DRUM)]
        left = np.minimum(sounding[:, 1] + sounding[:, 2] - start, LONGEST)
        zeros = np.zeros(len(sounding), np.int64)
        return _without_doubles(np.stack([zeros, sounding[:, 3], left, zeros + HELD], axis=1))


def _of_one_part(memory: Memory, part: int, *, copies: int) -> Memory:
    """What one part remembers, as often as there are variations."""
    lstm = tuple(state[:, part : part + 1].repeat(1, copies, 1) for state in memory.lstm)
    return Memory(lstm, memory.keys[part].repeat(copies, 1, 1), memory.cells[part].repeat(copies, 1, 1))


def _pitches_of(barred: BarredScore, part: int) -> np.ndarray:
    """Which pitch classes a part may use: a drum part the drums it has, another its range and a little beyond."""
    pitches = barred.score.tracks[part].notes.pitch.astype(np.int64)
    allowed = np.zeros(note_rows.PITCH_CLASSES, bool)
    if barred.roles[part] == "drums":
        allowed[note_rows.FIRST_DRUM + pitches] = True
    else:
        allowed[max(pitches.min() - RANGE_BEYOND, 0) : min(pitches.max() + RANGE_BEYOND, 127) + 1] = True
    return allowed


def _is_single_voice(barred: BarredScore, part: int) -> bool:
    """Whether a part sounds one note at a time in the seed: it then does so in what follows."""
    notes = barred.score.tracks[part].notes
    overlap = notes.onset_ticks[1:] < notes.offset_ticks[:-1] - barred.score.division // 8  # legato is no second voice
    return not barred.score.tracks[part].is_drum and bool(overlap.mean() < SECOND_VOICE if len(overlap) else True)


def _seen(notes: np.ndarray) -> Rows:
    """Decoder rows as rows of a window."""
    drum = notes[:, 1] >= note_rows.FIRST_DRUM
    length = np.minimum(note_rows.LENGTHS[notes[:, 2]], LONGEST)
    return np.stack([notes[:, 0], notes[:, 1] % note_rows.FIRST_DRUM, length, np.where(drum, DRUM, 0)], axis=1)


def _kept(notes: np.ndarray, *, track: int, start: int) -> np.ndarray:
    """Decoder rows as int64 (notes, 4): track, step in the piece, length, pitch class."""
    lengths = note_rows.LENGTHS[notes[:, 2]]
    return np.stack([np.full(len(notes), track), start + notes[:, 0], lengths, notes[:, 1]], axis=1)


def _without_doubles(rows: Rows) -> Rows:
    """Rows of a window in which no pitch begins twice at one step; the longest stays."""
    order = np.lexsort((-rows[:, 2], rows[:, 1], rows[:, 3], rows[:, 0]))
    rows = rows[order]
    same = (rows[1:, [0, 1, 3]] == rows[:-1, [0, 1, 3]]).all(axis=1)
    return rows[np.append(True, ~same)[: len(rows)]]


def _finished(cells: list[np.ndarray], *, end: int, single: np.ndarray) -> WrittenNotes:
    """All notes of one variation: none sounds past the end or into the next of its pitch; in a part of one voice, none
    into the next at all."""
    table = np.concatenate([np.zeros((0, 4), np.int64), *cells])
    table[:, 3] %= note_rows.FIRST_DRUM
    voice = np.where(single[table[:, 0]], 0, table[:, 3])
    order = np.lexsort((table[:, 1], voice, table[:, 0]))
    table, voice = table[order], voice[order]
    goes_on = (table[1:, 0] == table[:-1, 0]) & (voice[1:] == voice[:-1])
    limit = np.full(len(table), end)
    limit[:-1][goes_on] = table[1:, 1][goes_on]
    table[:, 2] = np.maximum(np.minimum(table[:, 1] + table[:, 2], limit) - table[:, 1], 1)
    return WrittenNotes(*table[np.lexsort((table[:, 3], table[:, 1], table[:, 0]))].T)
