"""How the body of a seed sounds, beside how its ending leaves it.

A piece often ends otherwise than it went: it fades, slows down, bends its last note away, is reset. What goes on after
it should sound as the piece did. So for every dial of every channel (`score.sounding`) two values are found: the one
the end leaves, and the body's.

The body's value is the one that more than half of the channel's notes had. Where none had so many

* the programme stays as the last note had it: the piece has changed its instrument, and nothing says that for good;
* volume and expression are levelled: the value whose loudness is that of the notes together. A synthesiser's amplitude
  goes with the square of either (General MIDI level 2), its power with the fourth power;
* the bend is at its centre, all others at their median.

A final fade is not the body: where volume or expression end in falling steps to below all that there was before, the
notes under the fade do not count. Pedals that sustain are up, unless they were held without a break: what rings on
through new chords is not how the piece sounded.

The tempo is found likewise, by time instead of notes, without a final ritardando. A last tempo that held for a quarter
of the time, or for long, is no ending and stays; where none has more than half of the time, the median is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple, TypeVar

import numpy as np

from symbolic_embed.score import EventList, Score
from symbolic_embed.score.reading.timebase import TEMPO_120
from symbolic_embed.score.sounding.device import FULL, master_volume, with_master_volume
from symbolic_embed.score.sounding.history import MASTER, Held, histories
from symbolic_embed.score.sounding.parameters import (
    BEND,
    CENTRE,
    CONTROLLER,
    EXPRESSION,
    PROGRAM,
    SOSTENUTO,
    SUSTAIN,
    VOLUME,
    Parameter,
    Value,
    is_of_one_note,
)

LOUDNESS = (Parameter(CONTROLLER, VOLUME), Parameter(CONTROLLER, EXPRESSION), MASTER)
PEDALS = (Parameter(CONTROLLER, SUSTAIN), Parameter(CONTROLLER, SOSTENUTO))
PEDAL_DOWN = 64
UP = 0
LEAST_SECTION = 0.25  # of the time: a tempo that holds for so long is no ending
LONG_QUARTERS = 32  # eight bars: nor is one that holds for so long
LEAST_BODY = 0.125  # of the notes, or of the time: less before a fade is no body
SAME_TEMPO = 0.001  # relative; nobody hears less
SAME_LOUDNESS = 0.03  # of a level: half a decibel

AnyValue = TypeVar("AnyValue")


class Dial(NamedTuple):
    """A dial of an address, as the end of a piece leaves it, as it was in the body, and as the last note had it."""

    address: int
    parameter: Parameter
    left: Value
    body: Value
    last: Value


def dials(events: EventList, *, until: int, members: Collection[int] = ()) -> list[Dial]:
    """Every dial that was touched before tick `until`, of channels with notes there; by address. Of `members`, channels
    on which an instrument bends and presses each note, those that last longer than a note."""
    found = []
    for (address, parameter), held in histories(events, until=until, also=members).items():
        if address in members and is_of_one_note(parameter):
            continue
        left = held[-1].value
        last = next((value for value, notes in reversed(held) if notes), left)
        body = _body_value(parameter, held) if any(notes for _, notes in held) else left
        found.append(Dial(address, parameter, left, _near(left, body, parameter), last))
    return sorted(found, key=lambda dial: dial[:2])


def body_tempo(score: Score, *, until: int) -> tuple[int, int]:
    """The tempo in force at tick `until` and the body's, in microseconds a quarter; both the same where they differ by
    less than anybody hears."""
    begin = min((int(track.notes.onset_ticks.min()) for track in score.tracks), default=0)
    end = min(max(score.end_tick, begin + 1), until)
    tempi = [(tempo.tick, tempo.microseconds) for tempo in score.tempi if tempo.tick < until]
    if not tempi or tempi[0][0] > 0:
        tempi.insert(0, (0, TEMPO_120))
    ticks = [tick for tick, _ in tempi] + [end]
    times = [max(0, min(after, end) - max(tick, begin)) for tick, after in pairwise(ticks)]
    values = [microseconds for _, microseconds in tempi]
    left = values[-1]
    holds = times[-1] >= LEAST_SECTION * sum(times) or times[-1] >= LONG_QUARTERS * score.division
    body = left if holds else _most_or_median(_before(values, times, _ramp_start(values, times)))
    return left, left if abs(left / body - 1) < SAME_TEMPO else body


def _body_value(parameter: Parameter, held: Sequence[Held]) -> Value:
    """What the head of this page says."""
    if parameter == MASTER:
        return _body_master(held)
    if parameter in PEDALS:
        return _body_pedal(held)
    if parameter in LOUDNESS:
        levels = [level for level, _ in held if isinstance(level, int)]
        counts = [notes for _, notes in held]
        before = _before(levels, counts, _ramp_start([-level for level in levels], counts))
        loudest = _most(before)
        return loudest if loudest is not None else _levelled(before)
    counted: list[tuple[Value, int]] = list(held)
    most = _most(counted)
    if most is not None:
        return most
    if parameter.kind == BEND:
        return CENTRE
    numbers = [(value, notes) for value, notes in counted if isinstance(value, int)]
    if parameter.kind == PROGRAM or not numbers:
        return next(value for value, notes in reversed(counted) if notes)
    return _most_or_median(numbers)


def _near(left: Value, body: Value, parameter: Parameter) -> Value:
    """The body's value, or the one that is left where nobody hears the difference; a bank that one of two programmes
    names is 0 in the other."""
    if parameter.kind == PROGRAM and isinstance(left, tuple) and isinstance(body, tuple):
        named = [0 if ours is None and theirs is not None else ours for ours, theirs in zip(body, left, strict=True)]
        return left if body == left else tuple(named)
    if parameter in LOUDNESS and isinstance(left, int) and isinstance(body, int) and body:
        return left if abs(left / body - 1) < SAME_LOUDNESS else body
    return body


def _body_master(held: Sequence[Held]) -> Value:
    """The message that sets the master volume of the body; None where it was never set."""
    messages = [message for message, _ in held if isinstance(message, bytes)]
    levels = [(master_volume(message) or 0) if isinstance(message, bytes) else FULL for message, _ in held]
    counts = [notes for _, notes in held]
    counted = _before(levels, counts, _ramp_start([-level for level in levels], counts))
    most = _most(counted)
    level = most if most is not None else _levelled(counted)
    if not messages or (held[-1].value is None and level == FULL):
        return None
    return with_master_volume(messages[-1], level)


def _body_pedal(held: Sequence[Held]) -> int:
    """Up, unless all notes had it down without a break."""
    sounded = [isinstance(level, int) and level >= PEDAL_DOWN for level, notes in held if notes]
    was_moved = len(list(groupby(isinstance(level, int) and level >= PEDAL_DOWN for level, _ in held))) > 2
    last = next((level for level, notes in reversed(held) if notes), UP)
    return last if all(sounded) and not was_moved and isinstance(last, int) else UP


def _ramp_start(values: Sequence[int], weights: Sequence[int]) -> int:
    """Where the last run of rising values begins that ends above all values before it; len(values) where there is
    none. (A fade is a run of rising values of the other sign.) What weighs most in the run is what it rises from."""
    start = len(values) - 1
    while start > 0 and values[start - 1] <= values[start]:
        start -= 1
    rises = len(set(values[start:])) > 2
    if not rises or (start > 0 and max(values[:start]) >= values[-1]):
        return len(values)
    run = weights[start:-1]
    return start + run.index(max(run)) + 1


def _before(values: Sequence[int], weights: Sequence[int], stop: int) -> list[tuple[int, int]]:
    """The values before `stop` with their weights; all, where too little lies before it."""
    counted = list(zip(values, weights, strict=True))
    enough = sum(weights[:stop]) >= max(LEAST_BODY * sum(weights), 1)
    return counted[:stop] if enough else counted


def _most(counted: Sequence[tuple[AnyValue, int]]) -> AnyValue | None:
    """The value that has more than half of the weight."""
    weights: Counter[AnyValue] = Counter()
    for value, weight in counted:
        weights[value] += weight
    (value, weight) = max(weights.items(), key=lambda item: item[1])
    return value if 2 * weight > weights.total() else None


def _levelled(counted: Sequence[tuple[int, int]]) -> int:
    """The level whose power is the mean of all, weighted."""
    levels, weights = np.array(counted, float).T
    return round(float(np.average(levels**4, weights=weights)) ** 0.25) if weights.any() else int(levels[-1])


def _most_or_median(counted: Sequence[tuple[int, int]]) -> int:
    most = _most(counted)
    if most is not None:
        return most
    inorder = sorted(counted)
    reached = np.cumsum([weight for _, weight in inorder])
    return inorder[int(np.searchsorted(reached, reached[-1] / 2))][0]
