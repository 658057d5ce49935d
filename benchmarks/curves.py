"""The losses of training runs over their batches, as one picture: of embedders, or of passage encoders.

    python benchmarks/curves.py "bundled=runs/embedder" "events=runs/ablations/representation_events_s0" -o curves.png

Each run is a name and the folder of its checkpoint, in which `run/curves.csv` has a line for every round of batches. A
run that started from the weights of another counts its batches anew. The losses are those of phase one, unweighted, and
of phase two from where it sets in; of passage encoders those of either vector, by the length of passages.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatter

from symbolic_embed.training.run_files import CURVES, RUN

LOSSES = {
    "context_cells": "what follows a cell",
    "context_bars": "what follows a bar",
    "reconstruction": "notes written back",
    "decorrelation": "decorrelation",
    "discriminator": "discriminator",
    "fooling": "fooling it",
}
PASSAGES = {f"{kind}_{bars}_bars": f"{kind}, {bars} bars" for kind in ("turning", "blind") for bars in (2, 4, 8)}
WIDTH, HEIGHT, DOTS = 11.0, 6.0, 90


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", metavar="NAME=FOLDER")
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args()
    named = dict(run.split("=", 1) for run in asked.runs)
    runs = {name: curves(Path(folder)) for name, folder in named.items()}
    losses = PASSAGES if any(run[loss] for run in runs.values() for loss in PASSAGES) else LOSSES
    figure = drawn(runs, losses)
    figure.savefig(asked.output, dpi=DOTS, metadata={"Software": None})


def curves(folder: Path) -> dict[str, list[tuple[int, float]]]:
    """Of each loss of a run its (batch, value), as far as it was computed."""
    with (folder / RUN / CURVES).open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    names = [*LOSSES, *PASSAGES]
    return {loss: [(int(line["batch"]), float(line[loss])) for line in lines if line.get(loss)] for loss in names}


def drawn(runs: Mapping[str, Mapping[str, Sequence[tuple[int, float]]]], losses: Mapping[str, str] = LOSSES) -> Figure:
    """One small plot for each loss, every run a line in it."""
    figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
    for plot, (loss, title) in zip(figure.subplots(2, 3).flat, losses.items(), strict=True):
        plot.set_title(title, fontsize=10)
        for name, of_run in runs.items():
            plot.plot(*np.array(of_run[loss]).reshape(-1, 2).T, label=name, linewidth=1.2)
        plot.set_yscale("log")
        plot.yaxis.set_major_formatter(LogFormatter())
        plot.yaxis.set_minor_formatter(LogFormatter())
        plot.tick_params(labelsize=8, which="both")
        plot.grid(alpha=0.3, which="both")
    figure.supxlabel("batches", fontsize=9)
    figure.legend(*plot.get_legend_handles_labels(), loc="outside upper center", ncols=len(runs), frameon=False)
    return figure


if __name__ == "__main__":
    main()
