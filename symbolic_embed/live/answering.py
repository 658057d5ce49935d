"""Our next bar, written by the composer beside a player.

The player's part is given, ours are written, as in `accompany`; but nobody knows what the player will do. So each bar
that is over becomes past, with all that sounded in it. For the next bar the bar that still goes on is taken as past as
far as it was heard, in a copy; from there the composer plans what comes (which earlier bar it is like, its chord) and
writes our parts, with nothing given. In trades there is one part, which the player and we play by turns.

What the player plays, by role, is settled by the first bar that is heard. Only the last bars are kept.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence

import numpy as np
import torch

from symbolic_embed.bars import STEPS_PER_QUARTER
from symbolic_embed.composing.accompanying import new_writer
from symbolic_embed.composing.controls import NO_WISHES, Wishes
from symbolic_embed.composing.ensemble import Ensemble
from symbolic_embed.composing.guidance import Guidance, nothing_yet
from symbolic_embed.composing.history import Cell
from symbolic_embed.composing.last_chord import last_chord
from symbolic_embed.composing.memory import ROOM
from symbolic_embed.composing.part_writer import PartWriter
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.encodings import note_rows
from symbolic_embed.live.asking import CLOSING, DECODER, Answer, Ask, Request, Wish
from symbolic_embed.live.cells import cell_of, given_of, notes_of, split
from symbolic_embed.live.drumming import BEGINNINGS, Drumming, Plan, Step
from symbolic_embed.live.hearing import Hearing, roles_of_player
from symbolic_embed.live.notes import HeardBar, Metre, Note
from symbolic_embed.networks.choosing import Choice
from symbolic_embed.requests.live import LiveRequest

USUAL_DENSITY = {"drums": 2.5, "bass": 1.0, "chords": 1.5, "melody": 1.2}  # notes a quarter, where nothing was played
REMEMBERED = 8  # bars of ours by which denser and higher are measured
BEYOND = 2  # semitones that a trade goes beyond what the player does


class Answering:
    """Answers one session, question by question. The same questions in the same order get the same answers."""

    def __init__(self, trained: TrainedComposer, request: LiveRequest, *, parts: Sequence[str]) -> None:
        self.trained, self.request, self.parts = trained, request, tuple(parts)
        self.metre = Metre.of(request.metre)
        self.hearing = Hearing(self.metre)
        self.roles: tuple[str, ...] = ()
        self.steps = 0  # that are over
        drums = None if request.trade is not None or "drums" not in parts else self.parts.index("drums")
        self.drumming = None if drums is None else Drumming(drums, self.metre, seed=request.random_seed)
        self._ensemble: Ensemble | None = None
        self._own: deque[tuple[Note, ...]] = deque(maxlen=REMEMBERED)

    @torch.no_grad()
    def take(self, request: Request) -> Answer | None:
        """Takes what is said or asked; the answer to a question."""
        if isinstance(request, Ask):
            return self._answer(request)
        self.hearing = self.hearing.after(request.heard)
        ensemble = self._of(request.heard)
        self._play(ensemble, request.heard, request.own)
        ensemble.sheet.forget(keep=ROOM)
        if self.drumming is not None:
            self.drumming.played(request.heard.number, request.own)
        self._own.append(request.own)
        self.steps += self.metre.steps
        return None

    def _answer(self, ask: Ask) -> Answer:
        began = time.perf_counter()
        hearing = self.hearing.after(ask.heard)
        notes = self._last_bar(ask, hearing) if ask.wish.closes else self._next_bar(ask, hearing)
        by = CLOSING if ask.wish.closes else DECODER
        return Answer(ask.bar, notes, by, (time.perf_counter() - began) * 1e3, hearing.chord, hearing.key)

    def _of(self, heard: HeardBar) -> Ensemble:
        """Our parts, before the first bar or as they are."""
        if self._ensemble is None:
            is_trade, player = self.request.trade is not None, self.request.player
            self.roles = () if is_trade else (player,) if player else roles_of_player(heard)
            writers = [new_writer(role, track=part) for part, role in enumerate(self.parts)]
            self._ensemble = Ensemble.before(self.trained, writers, variations=1, given=self.roles)
        return self._ensemble

    def _play(self, ensemble: Ensemble, heard: HeardBar, own: Sequence[Note]) -> None:
        """Has the parts play a bar that is known."""
        if not self.roles:
            own = [*own, *(note._replace(part=0) for note in heard.notes)]
        for window in split(self.metre.steps):
            ensemble.write_window(
                start=self.steps + window[0],
                steps=window[1],
                choice=Choice(),
                given=given_of(heard, window, roles=self.roles) if self.roles else None,
                played=[self._cells(own, window)],
            )

    def _cells(self, own: Sequence[Note], window: tuple[int, int]) -> list[Cell]:
        return [
            cell_of([note for note in own if note.part == part], window, drums=role == "drums")
            for part, role in enumerate(self.parts)
        ]

    def _next_bar(self, ask: Ask, hearing: Hearing) -> tuple[Note, ...]:
        """The bar that the composer writes behind what was heard."""
        plan = None if self.drumming is None else self.drumming.plan(ask)
        count = BEGINNINGS if plan is not None and plan.step is Step.BEGIN else 1
        ensemble = self._of(ask.heard).rows(np.zeros(1, np.int64))
        self._play(ensemble, ask.heard, ask.own)
        ensemble = ensemble.rows(np.zeros(count, np.int64)).guided(self._guidance(ask, hearing, plan))
        if not self.roles:
            ensemble.writers = [self._trading(hearing)]
        ensemble.so_far = [nothing_yet(count) for _ in self.parts]
        ensemble.windows = 0
        random = np.random.default_rng([self.request.random_seed, ask.bar, ask.draw])
        choice = Choice(self.request.temperature, self.request.top_p, random)
        bars: list[list[Note]] = [[] for _ in range(count)]
        for start, steps in split(self.metre.steps):
            ensemble.write_window(start=self.steps + self.metre.steps + start, steps=steps, choice=choice)
            played = ensemble.sheet.played_in(ensemble.sheet.windows - 1)
            for bar, cells in zip(bars, played, strict=True):
                bar += self._notes_of(cells, ensemble.writers, start=start)
        best = self.drumming.best(bars, density=ask.wish.density) if self.drumming is not None and count > 1 else 0
        return tuple(sorted(bars[best]))

    def _guidance(self, ask: Ask, hearing: Hearing, plan: Plan | None) -> Guidance:
        """What the bar is held to; `plan`: what the drums do in it."""
        wishes = tuple(self._wishes(part, ask.wish) for part in range(len(self.parts)))
        guidance = Guidance(
            harmony=hearing.harmony, wishes=wishes, plays=True, perturb=ask.wish.perturb, returns=not ask.draw
        )
        return guidance if self.drumming is None or plan is None else self.drumming.guidance(guidance, plan)

    def _notes_of(self, cells: Sequence[Cell], writers: Sequence[PartWriter], *, start: int) -> list[Note]:
        """What our parts play in a window that begins at a step of the bar."""
        of_parts = zip(cells, writers, strict=True)
        voices = [_in_one_voice(cell) if writer.single else cell for cell, writer in of_parts]
        return [note for part, cell in enumerate(voices) for note in notes_of(cell, part=part, start=start)]

    def _last_bar(self, ask: Ask, hearing: Hearing) -> tuple[Note, ...]:
        """The bar that closes: the tonic, held."""
        notes: list[Note] = []
        for part, role in enumerate(self.parts):
            writer = new_writer(role, track=part)
            own = [note for bar in (*self._own, ask.own) for note in bar if note.part == part]
            last = own[-1:] or [Note(part, 0, 1, _middle(writer), 0)]
            if role == "chords":
                last = [note for note in own if note.step == last[0].step][-3:] or last
            before = cell_of([note._replace(step=0) for note in last], (0, 1), drums=role == "drums")
            cell = last_chord(
                before, role=role, tonic=hearing.tonic, pitches=writer.pitches, bar_steps=self.metre.steps
            )
            notes += notes_of(cell, part=part, start=0)
        return tuple(sorted(notes))

    def _trading(self, hearing: Hearing) -> PartWriter:
        """The writer of an answer to the player, who plays in these bounds."""
        pitches = [note.pitch for bar in hearing.bars for note in bar.notes]
        writer = new_writer(self.parts[0], track=0)
        allowed = writer.pitches
        if pitches and writer.role != "drums":
            allowed = np.zeros(note_rows.PITCH_TOKENS, bool)
            allowed[max(min(pitches) - BEYOND, 0) : min(max(pitches) + BEYOND, note_rows.FIRST_DRUM - 1) + 1] = True
        return PartWriter(0, writer.role, allowed, writer.single)

    def _wishes(self, part: int, wish: Wish) -> Wishes:
        """What a part is asked for, measured by what it has played."""
        role = self.parts[part]
        if self.drumming is not None and part == self.drumming.part and wish.density <= 1:
            return NO_WISHES  # fewer strokes asked for would all stand in the first half of the bar
        if wish.density == 1 and (wish.higher == 0 or role == "drums"):
            return NO_WISHES
        own = [note for bar in self._own for note in bar if note.part == part]
        density = len(own) * STEPS_PER_QUARTER / max(len(self._own) * self.metre.steps, 1) or USUAL_DENSITY[role]
        density *= wish.density
        if not wish.higher or role == "drums":
            return Wishes(density=density)
        usual = np.flatnonzero(new_writer(role, track=part).pitches)
        low, high = (int(np.clip(end + wish.higher, 0, note_rows.FIRST_DRUM - 1)) for end in (usual[0], usual[-1]))
        return Wishes(density=density if wish.density != 1 else None, pitch=(low + high) / 2, lowest=low, highest=high)


def _middle(writer: PartWriter) -> int:
    """A pitch in the middle of what a part may play."""
    tokens = np.flatnonzero(writer.pitches)
    return int(tokens[len(tokens) // 2]) % note_rows.FIRST_DRUM


def _in_one_voice(cell: Cell) -> Cell:
    """A cell in which each note ends where the next begins, at the latest."""
    room = np.append(np.diff(cell[:, 0]), note_rows.LENGTHS[-1])
    return np.column_stack([cell[:, :2], np.minimum(cell[:, 2], np.where(room > 0, room, cell[:, 2]))])
