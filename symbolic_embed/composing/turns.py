"""A part's turn in a window: what must it play, does its cell return, what does it newly write, how likely does it find
what is played?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from symbolic_embed.bars.patterns.measures import Played, played_in
from symbolic_embed.composing.candidates import best_candidate, pitched
from symbolic_embed.composing.controls import Wishes
from symbolic_embed.composing.drum_form import DrumForm
from symbolic_embed.composing.guidance import Guidance, within
from symbolic_embed.composing.hanging import Run, Stay
from symbolic_embed.composing.history import Cell
from symbolic_embed.composing.last_chord import last_chord
from symbolic_embed.composing.memory import DRUMS, FORM_TEMPERATURE, Memory
from symbolic_embed.composing.part_writer import PartWriter
from symbolic_embed.composing.shaping import fewest_of, pace_of, plays, shaped
from symbolic_embed.composing.sheet import NO_NOTES, Sheet, classes_of, rolls_of_cells
from symbolic_embed.composing.surroundings import material_of
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.composing.window import Window
from symbolic_embed.encodings import note_rows
from symbolic_embed.encodings.patterns.material import add_partner, return_features
from symbolic_embed.encodings.patterns.past import NOWHERE, Numbers
from symbolic_embed.networks.following import Beside
from symbolic_embed.networks.grammar import Grammar

NEAR_ENOUGH = 0.1  # doublings from what is asked, within which a cell may return
AS_NEAR = 0.05  # doublings by which one candidate may be farther from what is asked than another, and still be as good
DRUM_CANDIDATES = 2  # drums fit to whatever sounds; they only must not return where they were not to
ANEW_CANDIDATES = 12  # and where they are written anew, some must be as unlike the bar before as they shall be
ANEW_TEMPERATURE = 1.3  # at .9 nearly all are its copies: .74 of the bars then differ from it, and share .87 with it
CANDIDATES = 4  # cells drawn for each that is written: the one that fits best to what is there is taken


class Held(NamedTuple):
    """What a writer is held to: the guidance, the number of its window there, and what it has played so far, in each
    variation."""

    guidance: Guidance
    window: int
    so_far: list[Played]


@dataclass(frozen=True, eq=False)
class Turn:
    """The turn of a writer, the `number`th in its window."""

    trained: TrainedComposer
    memory: Memory
    writer: PartWriter
    number: int
    window: Window
    held: Held

    def demanded(self, sheet: Sheet) -> list[Cell] | None:
        """What the writer must play in this window, in each variation, after what is on the `sheet`; None where it may
        write."""
        guidance, number, variations = self.held.guidance, self.held.window, self.memory.variations
        if self.number in guidance.loops:
            return [guidance.loops[self.number][number]] * variations
        if self.number in guidance.resting:
            return [NO_NOTES] * variations
        if self._form is not None and self._form.holds[number]:
            before = number - int(self._form.back[number])
            return self._form.held([sheet.cell(each, self.number, before) for each in range(variations)], number)
        harmony, tonic, writer = guidance.harmony, guidance.tonic, self.writer
        if harmony is None or harmony.final is None or tonic is None or number < harmony.final:
            return None
        if number > harmony.final:
            return [NO_NOTES] * variations
        bar = self.window.steps * (len(harmony.bass) - harmony.final)
        return [
            last_chord(before, role=writer.role, tonic=tonic, pitches=writer.pitches, bar_steps=bar)
            for before in sheet.last_cells(self.number)
        ]

    def find_partner(self) -> None:
        """Lays beside the writer what that part has written with which it mostly begins its notes."""
        window, has_written = self.window, np.asarray(self.window.cells.any(axis=(2, 3)))
        add_partner(window.seen, self.memory.past, part=self.number, written=window.cells, has_written=has_written)

    def returns(self, hidden: Tensor) -> NDArray[np.bool_]:
        """In which variations the cell of a writer returns from the source as it was; bool (variations,)."""
        past, plan = self.memory.past, self.window.plan
        features = return_features(past, plan.sources, plan.chords, part=self.number, returned=self.window.returned)
        logits = self.trained.composer.return_logits(hidden, torch.from_numpy(features)).numpy()
        two = np.stack([np.zeros_like(logits), logits], axis=1)
        choice = self.held.guidance.choice(self.number, self.window.choice).at_least(FORM_TEMPERATURE)
        drawn = choice.of(two, np.ones(two.shape, bool))
        counts = past.counts[np.arange(len(two)), self.number, plan.sources]
        returns: NDArray[np.bool_] = (drawn > 0) & (plan.sources != NOWHERE) & (counts >= self._fewest())
        return returns & (not self._is_anew)

    def plays(self, planned: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """In which variations the writer plays: as planned, unless a density is asked of it; bool (variations,)."""
        wish = self.held.guidance.wish(self.number)
        if wish.density is None:
            return planned
        return np.array([plays(wish, played, steps=self.window.steps) for played in self.held.so_far], bool)

    def returning(self, cell: Cell, variation: int) -> Cell | None:
        """A cell as it returns, shaped by what the writer is asked for; None where what it is held to forbids it."""
        wish, so_far = self.held.guidance.wish(self.number), self.held.so_far[variation]
        if not wish.asks_for_nothing:
            cell = shaped(cell, wish, so_far, steps=self.window.steps, single=self._is_single())
            played = so_far + played_in([cell], steps=self.window.steps)
            if float(wish.distance(played)[0]) > NEAR_ENOUGH:
                return None
        if self._form is not None:
            cell = self._form.with_crash(cell, self.held.window)
        admitted = self.held.guidance.admits(cell, self._tokens()) and self._stay.admits(
            cell, self._last_run(variation)
        )
        return cell if admitted else None

    def drawn(self, new: Numbers, derived: Tensor) -> list[Cell]:
        """What a writer newly writes in this window, in the variations `new`."""
        if len(new) == 0:
            return []
        writer = self.writer
        others = [pitched(self.window.together[variation]) for variation in new]
        guidance, wish = self.held.guidance, self.held.guidance.wish(self.number)
        choice = guidance.choice(self.number, self.window.choice)
        copies = DRUM_CANDIDATES if writer.role == "drums" and wish.asks_for_nothing else CANDIDATES
        if self._is_anew:
            copies, choice = ANEW_CANDIDATES, choice.at_least(ANEW_TEMPERATURE)
        batch, tokens = len(new) * copies, self._tokens()
        runs = [self._last_run(variation) for variation in new]
        allowed = np.stack([self._stay.moving_on(tokens, run) for run in runs])
        grammar = Grammar.of(
            steps=np.full(batch, self.window.steps),
            pitches=allowed.repeat(copies, axis=0),
            single=np.full(batch, self._is_single()),
            fewest=np.full(batch, self._fewest()),
        )
        so_far = [self.held.so_far[variation] for variation in new]
        if not wish.asks_for_nothing:
            pace = pace_of(wish, so_far, steps=self.window.steps, single=self._is_single())
            fewest = np.maximum(fewest_of(wish, so_far, steps=self.window.steps), self._fewest())
            grammar = replace(grammar, fewest=fewest.repeat(copies), pace=pace.repeated(copies))
        rows, counts = self.trained.writer.write(
            derived[torch.from_numpy(new)],
            grammar=grammar,
            choice=choice,
            copies=copies,
            beside=self._beside(new),
            leaning=guidance.leaning(self.number, so_far),
        )
        cells = np.stack([rows[:, 0], rows[:, 1], note_rows.LENGTHS[rows[:, 2]]], axis=1)
        drawn = np.split(cells, np.cumsum(counts)[:-1])
        of_each = [drawn[first : first + copies] for first in range(0, batch, copies)]
        of_each = [self._unlike_source(cells, variation) for cells, variation in zip(of_each, new, strict=True)]
        if not wish.asks_for_nothing:
            of_each = [self._nearest(cells, wish, played) for cells, played in zip(of_each, so_far, strict=True)]
        if self._form is not None:
            return [self._in_form(self._form, cells, variation) for cells, variation in zip(of_each, new, strict=True)]
        if writer.role == "drums":
            return [cells[0] for cells in of_each]
        of_each = [self._stay.shortest(cells, run) for cells, run in zip(of_each, runs, strict=True)]
        classes = self.window.seen.habits.classes[new]
        return [
            best_candidate(candidates, rows, steps=self.window.steps, classes=habits)
            for candidates, rows, habits in zip(of_each, others, classes, strict=True)
        ]

    def _unlike_source(self, cells: list[Cell], variation: int) -> list[Cell]:
        """The candidates that are not the source over again, which was not to return; all where each is."""
        source = self.window.seen.references[variation, self.number, 0]
        others = [cell for cell, roll in zip(cells, rolls_of_cells(cells), strict=True) if (roll != source).any()]
        return others or cells

    def _last_run(self, variation: int) -> Run:
        """The pitch that the writer stayed on last, and for how many onsets."""
        past = self.memory.past
        return self._stay.last_run(past.rolls[variation, self.number, : past.length])

    @property
    def _stay(self) -> Stay:
        return self.held.guidance.stay(self.number)

    @property
    def _form(self) -> DrumForm | None:
        """Where the drums that the writer plays return and where not, if that is told."""
        return self.held.guidance.drums if self.writer.role == "drums" else None

    @property
    def _is_anew(self) -> bool:
        return self._form is not None and bool(self._form.anew[self.held.window])

    def _in_form(self, form: DrumForm, cells: list[Cell], variation: int) -> Cell:
        """The candidate that drums play in their form."""
        past, window = self.memory.past, self.held.window
        before = past.rolls[variation, self.number, max(past.length - form.back[window], 0)]
        return form.with_crash(form.chosen(cells, window, before=before) if self._is_anew else cells[0], window)

    def _nearest(self, cells: list[Cell], wish: Wishes, so_far: Played) -> list[Cell]:
        """The candidates, shaped, after which the part comes nearest to what is asked of it, with what it has played so
        far: one, or several that are about as near."""
        steps, single = self.window.steps, self._is_single()
        cells = [shaped(cell, wish, so_far, steps=steps, single=single) for cell in cells]
        distances = wish.distance(so_far + played_in(cells, steps=steps))
        return [cells[number] for number in np.flatnonzero(distances <= distances.min() + AS_NEAR)]

    def _is_single(self) -> bool:
        """Whether the writer sounds one note at a time: as it does in its piece, unless more are asked for."""
        return self.writer.single and (self.held.guidance.wish(self.number).polyphony or 0) <= 1

    def _tokens(self) -> NDArray[np.bool_]:
        """Which pitch tokens the writer may begin here, bool (tokens,) or (48, tokens)."""
        guidance, wish = self.held.guidance, self.held.guidance.wish(self.number)
        pitches = within(self.writer.pitches, wish)
        return guidance.tokens(self.held.window, role=self.writer.role, pitches=pitches)

    def nats(self, derived: Tensor, cells: list[Cell]) -> NDArray[np.float64]:
        """How likely a writer finds cells, one a variation, in nats; (variations,)."""
        self.find_partner()
        beside = self._beside(np.arange(self.memory.variations))
        classes = [torch.from_numpy(classes_of(cell)) for cell in cells]
        notes, counts = pad_sequence(classes, batch_first=True), torch.tensor([len(cell) for cell in cells])
        nats: NDArray[np.float64] = self.trained.decoder.nats_of_each(derived, notes, counts, beside).double().numpy()
        return nats

    def _beside(self, variations: Numbers) -> Beside:
        """What lies beside the cells that a writer writes, in some variations."""
        drums = np.full(len(variations), self.memory.roles[self.number] == DRUMS)
        places = (variations, np.full(len(variations), self.number))
        written, chords = self.window.heard().where(variations), self.window.plan.chords[variations]
        material = material_of(self.window.seen, written, cells=places, chords=chords, drums=drums)
        return Beside(self.trained.copying, self.trained.copying.prepared(material))

    def _fewest(self) -> int:
        """How many notes a writer that plays writes at the least."""
        return max(1, self.writer.fewest if self.window.others_begin else 0)
