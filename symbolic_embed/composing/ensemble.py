"""The ensemble: part writers, what each is conditioned on, and what has been written.

Window by window a plan is made (`memory.py`): which earlier window this one is like, its chord, who plays. Then part by
part the composer says whether the cell of that earlier window returns as it was; else it derives an embedding, and the
decoder draws notes from it, beside what the part may copy from. What was written is embedded again and becomes context:
of the parts that follow in the same window, and of all in the next. Parts that are given, not written, are context
first; a part that doubles another plays what that has written. Several variations are written side by side, as one
batch.

Of each new cell several candidates are drawn, and reranked (`candidates.py`). Only notes come out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symbolic_embed.bars import ROLES, BarredScore, Windows
from symbolic_embed.bars.chords import chord_numbers
from symbolic_embed.bars.patterns.measures import played_in
from symbolic_embed.composing.candidates import pitched
from symbolic_embed.composing.context import ROLL, windows_of
from symbolic_embed.composing.given import Given
from symbolic_embed.composing.guidance import FREE, Guidance, nothing_yet
from symbolic_embed.composing.history import Cell, SeedHistory
from symbolic_embed.composing.memory import REMEMBERED, ROOM, Memory, PlayedWindow, WindowPlan
from symbolic_embed.composing.part_writer import PartWriter, writers_of
from symbolic_embed.composing.seeding import Hearing, heard_by_parts, silent_window
from symbolic_embed.composing.sheet import NO_NOTES, NOTHING, Played, Sheet, rolls_of_cells, transposed_cell
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.composing.turns import Held, Turn
from symbolic_embed.composing.window import Window, begins
from symbolic_embed.encodings.patterns import PLACES
from symbolic_embed.networks.choosing import Choice
from symbolic_embed.networks.composer import ComposerState, Context
from symbolic_embed.outputs.written_notes import WrittenNotes


class Ensemble:
    """Part writers, what they remember of their piece, and what each has written, in every variation."""

    def __init__(
        self,
        trained: TrainedComposer,
        writers: Sequence[PartWriter],
        *,
        memory: Memory,
        states: list[ComposerState],
        history: SeedHistory | None = None,
    ) -> None:
        self.trained, self.writers, self.memory, self.states = trained, list(writers), memory, states
        self.variations, self.guidance, self.windows = memory.variations, FREE, 0
        self.sheet = Sheet(writers, variations=self.variations, history=history)
        self.so_far = [nothing_yet(self.variations) for _ in writers]

    def rows(self, variations: NDArray[np.int64]) -> Ensemble:
        """The ensemble as far as it has come in some of its variations, by their numbers, to go on from there."""
        chosen = torch.from_numpy(variations)
        states = [state.rows(chosen) for state in self.states]
        copy = Ensemble(self.trained, self.writers, memory=self.memory.rows(variations), states=states)
        copy.guidance, copy.windows, copy.sheet = self.guidance, self.windows, self.sheet.rows(variations)
        copy.so_far = [[of_writer[variation] for variation in variations] for of_writer in self.so_far]
        return copy

    def guided(self, guidance: Guidance) -> Ensemble:
        """The same, held to something."""
        self.guidance = guidance
        return self

    @classmethod
    def after(cls, trained: TrainedComposer, barred: BarredScore, *, order: Sequence[int], variations: int) -> Ensemble:
        """The parts of a piece, in `order`, that have just played it."""
        return cls.among(trained, barred, order=order, hearing=Hearing.of_end(barred), variations=variations)

    @classmethod
    def among(
        cls,
        trained: TrainedComposer,
        barred: BarredScore,
        *,
        order: Sequence[int],
        hearing: Hearing,
        variations: int,
        writers: int | None = None,
    ) -> Ensemble:
        """The first `writers` of the parts of a piece, in `order`, that have heard some of its windows; the other parts
        are given."""
        writing = list(order[:writers])
        memory, states = heard_by_parts(trained, barred, order=order, hearing=hearing, writers=len(writing))
        return cls(
            trained,
            writers_of(barred, order=writing),
            memory=memory.rows(np.zeros(variations, np.int64)),
            states=[states.rows(torch.full((variations,), turn)) for turn in range(len(writing))],
            history=SeedHistory(barred, order=writing),
        )

    @classmethod
    def before(
        cls, trained: TrainedComposer, writers: Sequence[PartWriter], *, variations: int, given: Sequence[str] = ()
    ) -> Ensemble:
        """Writers of a piece that has not begun yet, beside parts of the roles `given`."""
        roles = np.array([ROLES.index(role) for role in [*(writer.role for writer in writers), *given]])
        memory = Memory(trained, roles, writers=len(writers), variations=variations)
        memory.remember(silent_window(memory), number=NOTHING, next_place=0)
        states = [trained.composer.initial_state(variations) for _ in writers]
        return cls(trained, writers, memory=memory, states=states)

    def judged_window(
        self, played: Played, *, start: int, steps: int, given: Given | None = None
    ) -> NDArray[np.float64]:
        """All writers play a window, and how unlikely they find its notes, in nats, the end of each cell counted too;
        (variations,)."""
        nats = np.zeros(self.variations)
        self.write_window(start=start, steps=steps, choice=Choice(), given=given, played=played, nats=nats)
        return nats

    def write_window(
        self,
        *,
        start: int,
        steps: int,
        choice: Choice,
        given: Given | None = None,
        played: Played | None = None,
        nats: NDArray[np.float64] | None = None,
    ) -> None:
        """All writers write one window of `steps` steps that begins at step `start` of the piece; `given`, what others
        play in it, is context already. With `played` they play that instead of writing; how unlikely they find it is
        added to `nats`, (variations,)."""
        plan = self._plan(choice, start=start, steps=steps, given=given, played=played)
        window = Window.opened(plan, memory=self.memory, start=start, steps=steps, choice=choice, given=given)
        written = torch.zeros_like(self.memory.bars[:, -1])
        if given is not None:
            alone = self.trained.embedder.embed_few(window.heard().where(np.array([0])))
            written = torch.from_numpy(alone).repeat(self.variations, 1)
        vectors = []
        for turn in range(len(self.writers)):
            derived, hidden = self._derived(turn, window, written)
            derived = self.guidance.perturbed(derived, choice) if played is None else derived
            its_turn = self._turn(turn, window)
            if played is None:
                own = its_turn.demanded(self.sheet) or self._written(its_turn, derived, hidden)
            else:
                own = [of_variation[turn] for of_variation in played]
                if nats is not None:
                    nats += its_turn.nats(derived, own)
            vector, written = self._taken(turn, own, window)
            vectors.append(vector)
        unions = window.unions()
        if len(unions.pitch) > len(window.heard().pitch):
            written = torch.from_numpy(self.trained.embedder.embed_few(unions))
        heard = PlayedWindow(window.cells, steps, chord_numbers(unions), written, torch.stack(vectors))
        self.memory.remember(heard, number=self.sheet.windows - 1, next_place=self.memory.place + 1)
        self.windows += 1

    def finished(self, *, end: int) -> list[WrittenNotes]:
        """What each variation came to, as `Sheet.finished` has it."""
        return self.sheet.finished(end=end)

    def _plan(
        self, choice: Choice, *, start: int, steps: int, given: Given | None, played: Played | None
    ) -> WindowPlan:
        if played is not None:
            return self._known_plan(played, start=start, steps=steps, given=given)
        chords, cells = None, None if given is None else given.cells
        if given is not None and len(pitched(given.rows)):
            chord = chord_numbers(windows_of([given.together()], steps=np.array([steps])))
            chords = np.repeat(chord, self.variations)
        if chords is None and (known := self.guidance.chord(self.windows)) is not None:
            chords = np.full(self.variations, known)
        return self.memory.next_plan(choice, steps=steps, given=cells, chords=chords)

    def _known_plan(self, played: Played, *, start: int, steps: int, given: Given | None) -> WindowPlan:
        """The plan of a window in which all that sounds is known."""
        cells = np.zeros((self.variations, len(self.memory.roles), *ROLL), np.uint8)
        cells[:, : len(self.writers)] = np.stack([rolls_of_cells(of_variation) for of_variation in played])
        beside = np.zeros((0, 4), np.int64)
        if given is not None:
            beside, cells[:, len(self.writers) :] = given.together(), given.cells
        chords = chord_numbers(self.sheet.together(played, beside, start=start, steps=steps))
        return self.memory.known_plan(cells, steps=steps, chords=chords)

    def _derived(self, turn: int, window: Window, written: Tensor) -> tuple[Tensor, Tensor]:
        """What the composer derives for a writer once others have `written`, (variations, dim), and its state."""
        memory, plan = self.memory, window.plan
        place = torch.full((self.variations, 1), memory.place % PLACES)
        source_cell, source_bar = memory.at(plan.sources, writer=turn)
        context = Context(
            memory.cells[turn][:, -1:],
            memory.bars[:, -1:],
            written[:, None],
            source_cell[:, None],
            source_bar[:, None],
            torch.from_numpy(plan.chords)[:, None],
            place,
            torch.from_numpy(memory.roles[[turn]]).expand(self.variations),
        )
        derived, hidden, state = self.trained.composer(context, self.states[turn])
        self.states[turn] = state.last(REMEMBERED) if state.keys.shape[1] > ROOM else state
        return derived[:, 0], hidden[:, 0]

    def _written(self, its_turn: Turn, derived: Tensor, hidden: Tensor) -> list[Cell]:
        """The cell that a writer writes in each variation: a doubling, a rest, a return, or something new."""
        turn, writer, window = its_turn.number, its_turn.writer, its_turn.window
        if writer.doubles is not None and self.guidance.wish(turn).goes_with(self.guidance.wish(writer.doubles.first)):
            leader = self.sheet.beside(turn, writer.doubles.first)
            return [transposed_cell(cell, writer.doubles.interval, allowed=writer.pitches) for cell in leader]
        its_turn.find_partner()
        planned = window.plan.plays[:, turn] | (window.others_begin & (writer.fewest > 0)) | self.guidance.plays
        plays = its_turn.plays(planned)
        returns = plays & its_turn.returns(hidden) & self.guidance.returns
        cells: list[Cell] = [NO_NOTES] * self.variations
        for variation in np.flatnonzero(returns).tolist():
            cell = self.sheet.cell(variation, turn, self.memory.numbers[window.plan.sources[variation]])
            returned = its_turn.returning(cell, variation)
            returns[variation] = returned is not None
            cells[variation] = NO_NOTES if returned is None else returned
        new = np.flatnonzero(plays & ~returns)
        for variation, cell in zip(new.tolist(), its_turn.drawn(new, derived), strict=True):
            cells[variation] = cell
        return cells

    def _taken(self, turn: int, cells: list[Cell], window: Window) -> tuple[Tensor, Tensor]:
        """Cells of a writer, one a variation, become what it has played and what is sounding together; their
        embeddings, and those of what the next writer hears, (variations, dim)."""
        rows = [self.sheet.add(variation, turn, cell, start=window.start) for variation, cell in enumerate(cells)]
        if not self.guidance.wish(turn).asks_for_nothing:
            for variation, cell in enumerate(cells):
                self.so_far[turn][variation] += played_in([cell], steps=window.steps)
        for of_variation, own in zip(window.together, rows, strict=True):
            of_variation.append(own)
        part = slice(turn, turn + 1)
        window.cells[:, turn] = rolls_of_cells(cells)
        window.returned[:, part] = self.memory.past.returned(window.cells, window.plan.sources, parts=part)
        own_rows = [own if begins(own) else own[:0] for own in rows]
        windows = Windows.concatenated([windows_of(own_rows, steps=np.full(len(rows), window.steps)), window.heard()])
        vectors = torch.from_numpy(self.trained.embedder.embed_few(windows))
        return vectors[: self.variations], vectors[self.variations :]

    def _turn(self, turn: int, window: Window) -> Turn:
        """The turn of a writer in a window."""
        held = Held(self.guidance, self.windows, self.so_far[turn])
        return Turn(self.trained, self.memory, self.writers[turn], turn, window, held)
