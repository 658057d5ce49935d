"""A run that processes share, as a command that each runs: `shared_training.py FOLDER PROCESSES BATCHES`.

One weight goes towards the numbers of its batches; two losses a step have optimisers of their own, as in the embedder.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from torch import nn

from symbolic_embed.training.batches import Batches
from symbolic_embed.training.module import RunModule
from symbolic_embed.training.running import RunPlan, run_to_checkpoint
from symbolic_embed.training.settings import BudgetSettings

RATE = 0.25


class Numbers(Batches[torch.Tensor]):
    """Batch n is n."""

    def batch(self, number):
        return torch.tensor(float(number))


class Weights(nn.Module):
    """Each of which one loss pulls at."""

    def __init__(self):
        super().__init__()
        self.first, self.second = (nn.Parameter(torch.tensor(0.0)) for _ in range(2))


class Following(RunModule[BudgetSettings]):
    """The first weight follows its batches, the second the first and its batches."""

    def __init__(self, settings):
        super().__init__(settings)
        self.networks = Weights()
        self.average_networks()

    def configure_optimizers(self):
        return [torch.optim.SGD([weight], lr=1.0) for weight in self.networks.parameters()]

    def training_step(self, batch, batch_idx):
        first, second = self.all_optimizers()
        loss = (self.networks.first - batch).square() / 2
        self.step(first, loss)
        self.step(second, (self.networks.second - self.networks.first.detach() - batch).square() / 2)
        return self.finished({"phase_one": loss})


def trained(folder: Path, *, processes: int, batches: int) -> Path:
    """Goes on with the run in `folder` up to so many steps; the weights come after each other in its file."""
    budget = {"batches": batches, "minutes": 1e6, "warmup": 1, "averaging": 0.0, "clip_norm": 1e9}
    settings = BudgetSettings(**budget, learning_rate=RATE, processes=processes, precision="float32")
    module = Following(settings)

    def written(ended):
        path = folder / "weights.txt"
        path.write_text(" ".join(str(float(value)) for value in module.trained_weights().values()))
        return path

    return run_to_checkpoint(module, lambda first: Numbers(seed=0, first=first), RunPlan(folder, resume=True), written)


if __name__ == "__main__":
    trained(Path(sys.argv[1]), processes=int(sys.argv[2]), batches=int(sys.argv[3]))
    print("written")
