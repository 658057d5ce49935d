"""Looking, as a run goes, at what has been learnt of music that is not learnt from.

A look costs a second or two, so there are some dozen in a run: at its begin, at its end, and every few minutes between;
fewer on a busy machine, where a look takes longer.
Each is a line on stderr and a row of the curves. Nothing follows from it: it changes no weight and ends no run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from symbolic_embed.progress import Progress

Score = Callable[[], Mapping[str, float]]

LOOKS = 12  # in a run
LEAST_MINUTES, MOST_MINUTES = 0.25, 5.0  # from one to the next
LARGEST_SHARE = 0.05  # of the time that looking may take
PREFIX = "held_out_"  # of their columns


class Looks:
    """The looks of one run of so many `minutes`. `score` gives figures by name, such as "next_cell"; without one, or
    where it gives none, there are no looks."""

    def __init__(self, score: Score | None, progress: Progress, minutes: float) -> None:
        self.score, self.progress = score, progress
        self.seconds = 60 * min(MOST_MINUTES, max(LEAST_MINUTES, minutes / LOOKS))
        self.last = time.monotonic()

    def are_due(self, *, at_once: bool = False) -> bool:
        """Whether it is time for one; `at_once` where it is, whatever the clock says."""
        return self.score is not None and (at_once or time.monotonic() - self.last >= self.seconds)

    def take(self, *, where: str, loss: float | None) -> dict[str, float]:
        """Looks, and tells it: the figures by the names of their columns. `where` the run is, and its `loss`, if any
        batch has had one since the last round."""
        assert self.score is not None, "asked for where looks are due"
        began = time.monotonic()
        figures = self.score()
        said = ", ".join(f"{name.replace('_', ' ')} {figure:.3f}" for name, figure in figures.items())
        of_loss = "" if loss is None else f"loss {loss:.3f}, "
        self.progress.tell(f"{where}: {of_loss}held out: {said}")
        self.last = time.monotonic()
        self.seconds = max(self.seconds, (self.last - began) / LARGEST_SHARE)
        return {PREFIX + name: figure for name, figure in figures.items()}
