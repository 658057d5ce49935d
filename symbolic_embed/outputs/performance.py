"""What records say of a seed that was played without barlines."""

from __future__ import annotations

from typing import Any

import numpy as np

from symbolic_embed.bars import BarredScore
from symbolic_embed.score.clock import seconds


def performance_record(barred: BarredScore) -> dict[str, Any] | None:
    """What was found of the beats of a performance, for records; None for music that follows a metre of its own."""
    if not barred.follows_beats:
        return None
    grid, score, steps = barred.grid, barred.score, steps_per_beat(barred)
    ticks = grid.tick_of(np.arange(0, int(grid.bar_steps[-1]) + 1, steps))
    when = seconds(ticks, tempi=score.tempi, division=score.division)
    between = np.diff(when)
    return {
        "beats": len(between),
        "first_beat_seconds": round(float(when[0]), 3),
        "beats_a_minute": round(60 / float(np.median(between)), 1),
        "going_on_at": round(60 / float(between[-1]), 1),
        "metre": str(barred.metre.following),
        "pick_up_beats": int(grid.bar_length(0)) // steps if grid.bar_length(0) < grid.next_bar_steps else 0,
        "confidence": round(grid.confidence, 3),
    }


def steps_per_beat(barred: BarredScore) -> int:
    """How many steps of its grid a beat of a performance has: 12, or 18 where beats are dotted."""
    return int(barred.grid.segment_steps[1])
