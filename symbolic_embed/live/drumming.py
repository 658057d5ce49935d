"""How our drums go on while somebody plays: they hold their groove, and leave it where drummers do.

Beside a player whose next bar nobody knows the composer hardly settles on a groove: of 27 sessions with pieces of the
validation split .30 of the drum bars were as the one before (in the pieces .44), they shared .65 with it (.80), and .09
had a backbeat (.64). So drums begin with the clearest of several bars, and from then on every bar is that groove again,
unless it is drawn to be written anew, and then about as like the bar before as in `composing/drum_form.py`: a second
bar, a fill at the end of a phrase. How often that is, is drawn for the session: some drummers hardly do, some mostly.
What begins a section anew is the groove from there on.

Another idea, or another density that is asked for, as beside a player who plays more and more: then the drums begin
again, with a bar that is about as dense as asked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from typing import NamedTuple

import numpy as np

from symbolic_embed.bars.patterns import SIXTEENTH, Stretch, grooves
from symbolic_embed.composing.drum_form import CRASHES, FOURTH, LAST, OTHERS, PHRASE, SECOND, SPREAD, DrumForm
from symbolic_embed.composing.guidance import Guidance
from symbolic_embed.live.asking import Ask
from symbolic_embed.live.cells import cell_of, split
from symbolic_embed.live.notes import Metre, Note
from symbolic_embed.score import TimeSignature

SECTION = 2 * PHRASE  # bars
BEGINNINGS = 8  # bars that are drawn for one that the drums begin with
PATIENCE = 2  # bars for which a groove goes on, whatever density is asked for
OTHER_DENSITY = 1.2  # times as dense, or as thin
FIRMNESS = 3.0  # what twice too many strokes count beside a clear bar, which counts 2, is .7 times that
LOOSEST = 3.0  # times as often as drummers on average that a bar is written anew
FORM = 1 << 20  # tells the chance of forms from that of notes


class Step(Enum):
    """What the drums do in a bar."""

    BEGIN = "begin"
    HOLD = "hold"
    ANEW = "anew"


class Plan(NamedTuple):
    """A bar of the drums: what they do, about how like their groove they are where that is written anew, whether a
    crash begins it."""

    step: Step
    likeness: float = 0.0
    crashes: bool = False


class Drumming:
    """The groove of our drums, and what becomes of it. part: their number among ours."""

    def __init__(self, part: int, metre: Metre, *, seed: int) -> None:
        self.part, self._metre, self._seed = part, metre, seed
        self._groove: tuple[Note, ...] = ()
        self._looseness = float(np.random.default_rng([seed, FORM]).uniform(0, LOOSEST))
        self._becomes_groove = -1

    def plan(self, ask: Ask) -> Plan:
        """What they do in the bar that is asked for."""
        self.played(ask.bar - 1, ask.own)
        is_other = abs(math.log(ask.wish.density or 1.0)) > math.log(OTHER_DENSITY)
        if ask.draw or not self._groove or (is_other and ask.bar - self._becomes_groove >= PATIENCE):
            self._becomes_groove = ask.bar
            return Plan(Step.BEGIN)
        random = np.random.default_rng([self._seed, ask.bar, FORM])
        often, alike = _habit(ask.bar)
        begins_section = ask.bar % SECTION == 0
        crashes = bool(random.random() < CRASHES) and begins_section
        if random.random() >= often * self._looseness:
            return Plan(Step.HOLD, crashes=crashes)
        if begins_section:
            self._becomes_groove = ask.bar
        return Plan(Step.ANEW, alike + float(random.uniform(-SPREAD, SPREAD)), crashes)

    def played(self, bar: int, own: Sequence[Note]) -> None:
        """Takes what we played in a bar: the groove from now on, if it was to be."""
        drums = tuple(note for note in own if note.part == self.part)
        if drums and (bar == self._becomes_groove or not self._groove):
            self._groove = drums

    def guidance(self, guidance: Guidance, plan: Plan) -> Guidance:
        """The same guidance of the windows of a bar, with what the drums do in it."""
        windows = split(self._metre.steps)
        begins_bar, back = np.arange(len(windows)) == 0, np.full(len(windows), len(windows))
        anew, likeness = (np.full(len(windows), value) for value in (plan.step is Step.ANEW, plan.likeness))
        holds = np.zeros(len(windows), bool)  # where drums hold, the groove is what they loop
        form = DrumForm(anew, holds, likeness, back, begins_bar, begins_bar & plan.crashes)
        if plan.step is not Step.HOLD:
            begins_again = plan.step is Step.BEGIN and bool(self._groove)
            return replace(guidance, drums=form, returns=guidance.returns and not begins_again)
        groove = [cell_of(self._groove, window, drums=True) for window in windows]
        return replace(guidance, loops={self.part: [form.with_crash(cell, at) for at, cell in enumerate(groove)]})

    def best(self, bars: Sequence[Sequence[Note]], *, density: float) -> int:
        """The number of the bar that the drums begin with: with a clear backbeat, the bass drum on its first beat, and,
        where there was a groove, about so many times as many strokes."""
        wished = len(self._groove) * density
        of_drums = [[note for note in bar if note.part == self.part] for bar in bars]
        off = [abs(math.log(max(len(bar), 1) / wished)) if wished else 0.0 for bar in of_drums]
        return int(np.argmax([self._clarity(bar) - FIRMNESS * far for bar, far in zip(of_drums, off, strict=True)]))

    def _clarity(self, notes: Sequence[Note]) -> float:
        rows = [(note.step // SIXTEENTH, note.pitch) for note in notes]
        place, pitch = np.array(rows, np.int64).reshape(-1, 2).T
        zeros, length = np.zeros(len(place), np.int64), -(-self._metre.steps // SIXTEENTH)
        bar = Stretch(zeros, zeros, place, zeros + 1, pitch, np.array([0, length]), np.array([True]))
        beat = grooves.beat_sixteenths(TimeSignature(0, *self._metre))
        return (grooves.backbeat_clarity(bar, beat=beat) or 0.0) + float(grooves.bass_drum_on_one(bar)[0])


def _habit(bar: int) -> tuple[float, float]:
    """How often a bar is written anew, and how like the groove it then is."""
    if bar % SECTION == SECTION - 1:
        return LAST
    if bar % PHRASE == PHRASE - 1:
        return FOURTH
    return SECOND if bar % 2 else OTHERS
