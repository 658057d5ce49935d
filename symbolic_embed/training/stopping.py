"""When a run has learnt what it can."""

from __future__ import annotations


class StoppingRule:
    """The run has converged when the watched loss has stayed within a share of itself for some rounds ([74])."""

    def __init__(self, *, rounds: int, threshold: float) -> None:
        self.rounds, self.threshold = rounds, threshold
        self.history: list[float] = []

    def converged(self, loss: float) -> bool:
        """Takes the loss of a round; True when that was the last round needed."""
        self.history = [*self.history, loss][-self.rounds :]
        spread = max(self.history) - min(self.history)
        return len(self.history) == self.rounds and spread <= self.threshold * abs(loss)
