"""What an ensemble remembers of its piece, and the plan it makes of the next window.

A bounded past: of the last windows what each part played, how like they are to each other, and their embeddings. From
it the plan is drawn: which earlier window the next one is like, its chord, and which parts play. Before its first
window a piece is silent for one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symbolic_embed.bars import ROLES
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.encodings.cell_rolls import Rolls
from symbolic_embed.encodings.patterns import PLACES
from symbolic_embed.encodings.patterns.material import class_habits
from symbolic_embed.encodings.patterns.past import NOWHERE, Numbers, Past
from symbolic_embed.encodings.patterns.sources import candidate_features, playing_features
from symbolic_embed.networks.choosing import Choice

REMEMBERED = 64  # windows, from the last one back
FORM_TEMPERATURE = 0.9  # what returns, chords, and who plays are drawn no colder: the likeliest is one bar for ever
OTHER_CHORD = 2.0  # by how much less likely (its logarithm) a source is that has another chord than the window
ROOM = 2 * REMEMBERED  # where there are so many, all but the last ones are forgotten
DRUMS = ROLES.index("drums")


@dataclass(frozen=True, eq=False)
class WindowPlan:
    """What was drawn for a window, in each variation: the earlier window it is like, as the past counts them, or
    NOWHERE, and its chord, int64 (variations,); which of the writers play, bool (variations, writers)."""

    sources: Numbers
    chords: Numbers
    plays: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class PlayedWindow:
    """A window that was played, in each variation: cells uint8 (variations, parts, 48, 128); its length; its chord,
    int64 (variations,); embeddings of all of it (variations, dim), and of the writers' cells (writers, variations,
    dim)."""

    cells: Rolls
    steps: int
    chords: Numbers
    bars: Tensor
    of_cells: Tensor


class Memory:
    """The past of a piece in every variation. Its parts are the writers, in writing order, and then those that are
    given; `roles`, numbers in ROLES, int64 (parts,), are of all of them.

    bars: embeddings of whole windows, (variations, windows, dim); cells: of each writer's, (writers, variations,
    windows, dim), in the order of the past. numbers: what each window of the past is called outside. place: of the
    next window, counted from the beginning of the piece.
    """

    def __init__(self, trained: TrainedComposer, roles: NDArray[np.int64], *, writers: int, variations: int) -> None:
        dim = trained.composer.dim
        self.trained, self.roles, self.writers, self.variations = trained, roles, writers, variations
        self.past = Past(np.tile(roles == DRUMS, (variations, 1)), room=ROOM)
        self.bars = torch.zeros(variations, 0, dim)
        self.cells = torch.zeros(writers, variations, 0, dim)
        self.plan_state = trained.plan.initial_state(variations)
        self.planned = torch.zeros(variations, trained.plan.size.hidden)
        self.numbers: list[int] = []
        self.place = 0

    def remember(self, played: PlayedWindow, *, number: int, next_place: int) -> None:
        """Keeps a window under a number; `next_place`: the place of the one that will follow it."""
        past, steps = self.past, np.full(self.variations, played.steps)
        coming = past.coming(played.cells)
        _, sources = past.likest(coming, steps=steps)
        past.append(played.cells, coming, steps=steps, chords=played.chords, sources=sources)
        self.numbers.append(number)
        self.place = next_place
        self.bars = torch.cat([self.bars, played.bars[:, None]], dim=1)
        self.cells = torch.cat([self.cells, played.of_cells[:, :, None]], dim=2)
        place = torch.full((self.variations, 1), next_place % PLACES)
        chords = torch.from_numpy(played.chords)[:, None]
        hidden, self.plan_state = self.trained.plan(played.bars[:, None], chords, place, self.plan_state)
        self.planned = hidden[:, -1]
        if past.length == ROOM:
            self._forget()

    def next_plan(
        self, choice: Choice, *, steps: int, given: Rolls | None = None, chords: Numbers | None = None
    ) -> WindowPlan:
        """The plan of a window of `steps` steps. Where parts are `given`, uint8 (given, 48, 128), and have played
        something like it before, that is the source; `chords` (variations,): where they are known."""
        choice = choice.at_least(FORM_TEMPERATURE)
        lengths = np.full(self.variations, steps)
        sources = self._drawn_sources(choice, lengths, chords)
        if given is not None and given.any():
            likest = self._likest_to(given, lengths)
            sources = np.where(likest == NOWHERE, sources, likest)
        if chords is None:
            chords = self._drawn_chords(choice, sources)
        features = torch.from_numpy(playing_features(self.past, sources)[:, : self.writers])
        states = self.planned[:, None].expand(-1, self.writers, -1)
        roles = torch.from_numpy(self.roles[: self.writers]).expand(self.variations, -1)
        logits = self.trained.plan.playing_logits(states, roles, features).numpy()
        return WindowPlan(sources, chords, _drawn_players(logits, choice))

    def known_plan(self, cells: Rolls, *, steps: int, chords: Numbers) -> WindowPlan:
        """The plan of a window whose cells, uint8 (variations, parts, 48, 128), and chord are known."""
        coming = self.past.coming(cells)
        _, sources = self.past.likest(coming, steps=np.full(self.variations, steps))
        return WindowPlan(sources, chords, np.asarray(cells[:, : self.writers].any(axis=(2, 3))))

    def at(self, sources: Numbers, *, writer: int) -> tuple[Tensor, Tensor]:
        """The embeddings of a writer's cell and of the whole window, at the sources; zeros for NOWHERE."""
        row, number = torch.arange(self.variations), torch.from_numpy(np.maximum(sources, 0))
        nowhere = torch.from_numpy(sources == NOWHERE)[:, None]
        vectors = (self.cells[writer, row, number], self.bars[row, number])
        cell, bar = (vector.masked_fill(nowhere, 0.0) for vector in vectors)
        return cell, bar

    def rows(self, variations: Numbers) -> Memory:
        """The past of some of the variations, by their numbers."""
        copy = Memory(self.trained, self.roles, writers=self.writers, variations=len(variations))
        chosen = torch.from_numpy(variations)
        copy.past = self.past.of(variations)
        copy.bars, copy.cells = self.bars[chosen], self.cells[:, chosen]
        copy.plan_state, copy.planned = self.plan_state.rows(chosen), self.planned[chosen]
        copy.numbers, copy.place = list(self.numbers), self.place
        return copy

    def _drawn_sources(self, choice: Choice, steps: Numbers, chords: Numbers | None) -> Numbers:
        now = self.past.length
        keys = torch.nn.functional.pad(self.plan_state.keys[:, -now:], (0, 0, 1, 0))[:, :-1]
        features = torch.from_numpy(candidate_features(self.past))
        fits = self.past.fitting(steps)
        scores = self.trained.plan.source_scores(self.planned, keys, features, torch.from_numpy(fits)).numpy()
        if chords is not None:
            scores[:, :now] -= OTHER_CHORD * (self.past.chords[:, :now] != chords[:, None])
        drawn = choice.of(scores, np.append(fits, np.ones((len(fits), 1), bool), axis=1))
        return np.where(drawn == now, NOWHERE, drawn)

    def _likest_to(self, given: Rolls, steps: Numbers) -> Numbers:
        """The earlier window in which the given parts, which lie behind the writers, played what is likest to this."""
        cells = np.zeros((self.variations, len(self.roles), *given.shape[1:]), np.uint8)
        cells[:, self.writers :] = given
        coming = self.past.coming(cells, parts=slice(self.writers, None))
        return self.past.likest(coming, steps=steps)[1]

    def _drawn_chords(self, choice: Choice, sources: Numbers) -> Numbers:
        past, row = self.past, np.arange(self.variations)
        of_source = np.where(sources == NOWHERE, 0, past.chords[row, sources])
        last, classes = past.chords[:, past.length - 1], class_habits(past)
        numbers = (torch.from_numpy(of_source), torch.from_numpy(last), torch.from_numpy(classes))
        logits = self.trained.plan.chord_logits(self.planned, *numbers).numpy()
        return choice.of(logits, np.ones(logits.shape, bool))

    def _forget(self) -> None:
        """Leaves only the last windows."""
        self.past, self.numbers = self.past.last(REMEMBERED), self.numbers[-REMEMBERED:]
        self.bars, self.cells = self.bars[:, -REMEMBERED:], self.cells[:, :, -REMEMBERED:]
        self.plan_state = self.plan_state._replace(keys=self.plan_state.keys[:, -REMEMBERED:])


def _drawn_players(logits: NDArray[np.float32], choice: Choice) -> NDArray[np.bool_]:
    """Which writers play, from the logits (variations, writers)."""
    both = np.stack([np.zeros_like(logits), logits], axis=-1).reshape(-1, 2)
    return choice.of(both, np.ones(both.shape, bool)).reshape(logits.shape).astype(bool)
