"""The bars of a performance in its outputs, for those who ask for them: a DAW shows no beats that it is not told of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from symbolic_embed.bars import STEPS_PER_QUARTER
from symbolic_embed.outputs.performance import steps_per_beat
from symbolic_embed.outputs.seam import seam_tick
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.score.clock import seconds
from symbolic_embed.score.writing.retiming import BeatTimes, retimed

NONE_FOUND = "`barlines`: the seed has bars of its own; they stay"


def beat_times(output: Output, seed: Seed) -> BeatTimes | None:
    """The beats of an output, before it is laid out anew; None where its seed follows a metre of its own."""
    if not seed.barred.follows_beats:
        return None
    settings = output.record["settings"]
    more = settings["bars"] if output.record["command"] == "compose" else 0
    grid = seed.barred.grid.continued(more)
    alone = bool(settings.get("alone"))
    steps = steps_per_beat(seed.barred)
    first = int(seed.barred.grid.bar_steps[-1]) if alone else 0
    ticks = grid.tick_of(np.arange(first, int(grid.bar_steps[-1]) + 1, steps))
    score = output.events.score()
    when = seconds(ticks - (seam_tick(seed.barred) if alone else 0), tempi=score.tempi, division=score.division)
    bars = (grid.bar_steps[grid.bar_steps >= first] - first) // steps
    is_pick_up = not alone and grid.bars > 1 and grid.bar_length(0) < grid.next_bar_steps
    metre = seed.barred.metre.following
    quarters = steps / STEPS_PER_QUARTER
    return BeatTimes(when, quarters, (metre.numerator, metre.denominator), bars[1:] if is_pick_up else bars)


def with_barlines(output: Output, beats: BeatTimes | None) -> Output:
    """The output on these beats. Its record still compares it with the seed as it was before."""
    if beats is None:
        return replace(output, record={**output.record, "warnings": [*output.record["warnings"], NONE_FOUND]})
    settings = {**output.record["settings"], "barlines": True}
    return replace(output, events=retimed(output.events, beats), record={**output.record, "settings": settings})
