"""Where a tune lies, slowly: in loops that follow the heads of `similarity.tunes` and nothing else."""

from __future__ import annotations

import math
from itertools import pairwise

from symbolic_embed.similarity.tunes.paths import (
    ADDED,
    ADDED_AGAIN,
    HURRIED,
    KEY_FOLLOWS,
    LINE_STEPS,
    MISSING,
    MISSING_AGAIN,
    NEARLY,
    OCTAVE,
    PITCH,
    QUERY_STEPS,
    TEMPO_FOLLOWS,
    TIME,
    TIMES_FOLLOWED,
    WRONG,
)
from symbolic_embed.similarity.tunes.query import CENTS, TIMES
from symbolic_embed.similarity.tunes.stretches import EARNED, REACH, half_of
from symbolic_embed.similarity.tunes.windows import FINE, PITCH_MOST, TIME_MOST, TIME_UNIT, WINDOW


def time(steps: int) -> int:
    return round(TIMES * math.log2(max(steps, 1)))


def window(cents, times):
    """What some notes have in whatever key and tempo; None where they are too few."""
    notes = len(cents)
    above = [round((notes * one - sum(cents)) * (FINE / (notes * CENTS))) for one in cents]
    longer = [round(((notes - 1) * one - sum(times)) / TIME_UNIT) for one in times]
    clipped = [min(max(one, -PITCH_MOST), PITCH_MOST) for one in above]
    return clipped + [min(max(one, -TIME_MOST), TIME_MOST) for one in longer]


def windows(cents, times, notes):
    return [window(cents[at : at + notes], times[at : at + notes - 1]) for at in range(len(cents) - notes + 1)]


def earned(query, line):
    """What each stretch of a line, (onset in steps, pitch) pairs, earns for a tune."""
    notes, half = min(WINDOW, len(query)), half_of(query)
    asked = windows(query.cents.tolist(), query.times(1).tolist(), notes)
    there = windows(
        [CENTS * pitch for _, pitch in line],
        [time(after - before) for (before, _), (after, _) in pairwise(line)],
        notes,
    )
    result = []
    for begin in range(0, len(line), half):
        total = 0
        for mine in asked:
            apart = [
                sum((a - b) ** 2 for a, b in zip(mine, theirs, strict=True))
                for theirs in there[begin : begin + 2 * half]
            ]
            nearest = min(apart, default=math.inf)
            total += round(EARNED * math.exp(-nearest / REACH)) if nearest < 8 * REACH else 0
        result.append(total // len(asked))
    return result


def pair_cost(off, late):
    octaves = (off + 6 * CENTS) // (12 * CENTS)
    near = off - 12 * CENTS * octaves
    return min(near * near // PITCH + OCTAVE * (octaves != 0), WRONG) + min(late * late // TIME, HURRIED), near


def added(query, place, back):
    first = int(query.cents[place - back])
    between = [int(query.cents[one]) for one in range(place - back + 1, place)]
    return sum(ADDED_AGAIN if abs(one - first) < NEARLY else ADDED for one in between)


def left_out(line, column, on):
    first = line[column - on][1]
    return sum(MISSING_AGAIN if pitch == first else MISSING for _, pitch in line[column - on + 1 : column])


def cost(query, line):
    """What the path costs that is the cheapest way into each pair, one pair after the other; of all notes of a line."""
    table = {}
    least = math.inf
    for place in range(len(query)):
        mine = int(query.cents[place])
        for column, (onset, pitch) in enumerate(line):
            best = (ADDED * place, mine - CENTS * pitch, None)
            for back in range(1, min(QUERY_STEPS, place) + 1):
                slow = int(query.times(back)[place - back])
                for on in range(1, min(LINE_STEPS, column) + 1):
                    before, above, slower = table[place - back, column - on]
                    late = slow - time(onset - line[column - on][0])
                    wrong = 0 if slower is None else late - slower
                    pair, near = pair_cost(mine - CENTS * pitch - above, wrong)
                    total = before + pair + left_out(line, column, on) + added(query, place, back)
                    if total < best[0]:
                        key = max(16 // (place + 1), KEY_FOLLOWS)
                        tempo = max(16 // place, TEMPO_FOLLOWS)
                        follows = min(max(wrong, -TIMES_FOLLOWED), TIMES_FOLLOWED)
                        best = (
                            total,
                            above + (near * key // 16 if abs(near) < WRONG else 0),
                            late if slower is None else slower + follows * tempo // 16,
                        )
            table[place, column] = best
            least = min(least, best[0] + ADDED * (len(query) - 1 - place))
    return least
