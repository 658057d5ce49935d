"""One factor varied at a time: every variation of the embedder trained for the same number of batches, in one table.

    python benchmarks/ablations.py --data datasets/bundled_checkpoint.json --music FOLDER -o runs/ablations
        [--batches 800] [--split valid] [--only "baseline;prior=none"] [--tests next,writing,prior] [--labelled FOLDER]

800 batches of 256 pairs take 5 to 7 minutes on one core. What is finished is neither trained nor evaluated again,
and what was interrupted goes on: the same command resumes. Each run is a folder of its own with checkpoint, curves and
`evaluation.json`, every row that `symbolic-embed evaluate` prints; `ablations.md` holds the table, written anew after
each run. Baseline and nearest rival are trained from three seeds: the spread (standard deviation) stands beside them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.corpus.collection import load_collection
from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.corpus.prepared import PreparedCorpus, prepare
from symbolic_embed.embedding.checkpoint import CARD, open_checkpoint
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import SettingsError
from symbolic_embed.evaluation.groups import LabelledFile
from symbolic_embed.evaluation.report import evaluate
from symbolic_embed.evaluation.rows import as_records
from symbolic_embed.evaluation.settings import TESTS, EvaluationSettings
from symbolic_embed.files import write_durably
from symbolic_embed.training.embedder import train_embedder
from symbolic_embed.training.run_files import RUN
from symbolic_embed.training.running import RunPlan
from symbolic_embed.training.settings import EmbedderTraining

EVALUATION, TABLE = "evaluation.json", "ablations.md"
FREE = {"bounded": False}
SHARED = {"metre": False}  # of every model but one; what metre does is a row of its own


@dataclass(frozen=True)
class Variation:
    """One change of the baseline: which factor has which value, and that as settings; trained from so many seeds."""

    factor: str
    value: str
    changes: dict[str, Any] = field(default_factory=dict)
    seeds: int = 1

    @property
    def name(self) -> str:
        return f"{self.factor}={self.value}" if self.value else self.factor

    def settings(self, *, seed: int, budget: dict[str, Any]) -> EmbedderTraining:
        """The settings of a run; its end depends on the number of batches alone."""
        until_then = {"minutes": 1e6, "stop_rounds": 10**6}
        model = {**SHARED, **budget.get("model", {}), **self.changes.get("model", {})}
        return EmbedderTraining(**{**until_then, **budget, **self.changes, "model": model, "seed": seed})


BASELINE = Variation("baseline", "", seeds=3)
VARIATIONS = (  # the most telling first
    BASELINE,
    Variation("prior", "none", {"prior": "none"}, seeds=3),
    Variation("objective", "none", {"objective": "none"}),
    Variation("reconstruction", "none, prior none", {"prior": "none", "reconstruction_weight": 0.0}),
    Variation("objective", "none, prior kl", {"objective": "none", "prior": "kl", "model": FREE}),
    Variation("adversary", "none", {"prior_start": 1.0}),
    Variation("objective", "adjacency", {"objective": "adjacency"}),
    Variation("prior", "uniform", {"prior": "uniform"}),
    Variation("similarity", "cosine", {"similarity": "cosine"}),
    Variation("representation", "events", {"model": {"representation": "events"}}),
    Variation("metre", "told", {"model": {"metre": True}}, seeds=3),
    Variation("dim", "64", {"model": {"dim": 64}}),
    Variation("dim", "64, adversary none", {"model": {"dim": 64}, "prior_start": 1.0}),
    Variation("decorrelation", "none", {"decorrelation_weight": 0.0}),
    Variation("prior", "kl", {"prior": "kl", "model": FREE}),
    Variation("whole weight", "0", {"whole_weight": 0.0}),
    Variation("context weight", "0.5", {"context_weight": 0.5}),
    Variation("context weight", "4.5", {"context_weight": 4.5}),
)


class Column(NamedTuple):
    """A figure of the table, as a row of the evaluation names it."""

    heading: str
    test: str
    measure: str
    who: str = "model"


COLUMNS = (
    Column("cells, MRR of 50", "next cell among 50", "MRR"),
    Column("all numbers", "next cell among 50", "MRR", "model, all coordinates"),
    Column("whitened", "next cell among 50", "MRR", "model, whitened"),
    Column("centred", "next cell among 50", "MRR", "model, centred"),
    Column("bars, MRR of 50", "next bar among 50", "MRR"),
    Column("all numbers", "next bar among 50", "MRR", "model, all coordinates"),
    Column("bars, MRR of 1,000", "next bar among 1000", "MRR"),
    Column("melody F1", "reconstruction, melody", "F1, onset and pitch"),
    Column("bass F1", "reconstruction, bass", "F1, onset and pitch"),
    Column("piano F1", "reconstruction, piano", "F1, onset and pitch"),
    Column("drums F1", "reconstruction, drums", "F1, onset and pitch"),
    Column("energy distance", "fit to the prior", "energy distance"),
    Column("KS", "fit to the prior", "mean Kolmogorov-Smirnov"),
    Column("told from draws", "fit to the prior", "classifier's area under the curve"),
    Column("drawn music told", "music from draws", "classifier's area under the curve"),
    Column("midpoints told", "music from midpoints", "classifier's area under the curve"),
)


def main() -> None:
    use_threads()
    asked = _arguments()
    collection = load_collection(asked.data, music=asked.music)
    corpus = prepare(collection, cache=asked.cache)
    data = TrainingData.of(collection, corpus)
    labelled = load_collection(asked.labelled).entries if asked.labelled else corpus.pieces
    evaluation = EvaluationSettings(split=asked.split, tests=asked.tests)
    for variation, seed in in_order(chosen_variations(asked.only)):
        settings = variation.settings(seed=seed, budget={"batches": asked.batches})
        folder = run_folder(asked.output, variation, seed=seed)
        print(f"{variation.name}, seed {seed}: {folder}", file=sys.stderr, flush=True)
        train(data, settings=settings, folder=folder)
        if not asked.train_only:
            evaluated(folder, corpus, labelled, evaluation)
            text = table(asked.output, VARIATIONS, batches=asked.batches, split=asked.split)
            write_durably(asked.output / TABLE, text.encode())
    if not asked.train_only:
        print(text, end="")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs="+", type=Path, required=True)
    parser.add_argument("--music", type=Path, help="where the music of a manifest lies")
    parser.add_argument("--cache", type=Path, default=Path("runs/prepared"), help="where prepared bars are kept")
    parser.add_argument("--labelled", nargs="+", type=Path, help="sets with groups; default: those of --data")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--batches", type=int, default=800, help="of 256 pairs, for every variation")
    parser.add_argument("--split", choices=("valid", "test"), default="valid")
    parser.add_argument("--tests", default=",".join(TESTS))
    parser.add_argument("--only", help="names of variations, between semicolons; default: all")
    parser.add_argument("--train-only", action="store_true", help="leave the evaluation to a later call")
    return parser.parse_args()


def chosen_variations(names: str | None) -> tuple[Variation, ...]:
    """The variations that are named, in the order of VARIATIONS; all, where none is. Raises SettingsError."""
    if names is None:
        return VARIATIONS
    known = {variation.name: variation for variation in VARIATIONS}
    wanted = [name.strip() for name in names.split(";")]
    for name in wanted:
        if name not in known:
            raise SettingsError.unknown(name, known, where="--only")
    return tuple(variation for name, variation in known.items() if name in wanted)


def in_order(variations: Iterable[Variation]) -> list[tuple[Variation, int]]:
    """Each variation with each of its seeds; all first seeds come first."""
    pairs = [(variation, seed) for variation in variations for seed in range(variation.seeds)]
    return sorted(pairs, key=lambda pair: pair[1])


def run_folder(output: Path, variation: Variation, *, seed: int) -> Path:
    """Where a run lies: `prior_none_s0`."""
    words = variation.name.replace("=", " ").replace(",", " ").replace(".", "p").split()
    return output / "_".join([*words, f"s{seed}"])


def is_finished(folder: Path, settings: EmbedderTraining) -> bool:
    """Whether the run in `folder` has had all its batches. Raises SettingsError where it is another run."""
    if not (folder / CARD).exists():
        return False
    record = open_checkpoint(folder).card["training"]
    if EmbedderTraining(**record["settings"]) != settings:
        raise SettingsError(f"{folder}: a run with other settings; name another folder, or delete this one")
    return record["batches"] >= settings.batches


def train(data: TrainingData, *, settings: EmbedderTraining, folder: Path) -> None:
    """Trains one run to its end, from where it stands."""
    if not is_finished(folder, settings):
        train_embedder(data, settings, RunPlan(folder, resume=(folder / RUN).exists()))


def evaluated(
    folder: Path, corpus: PreparedCorpus, labelled: Sequence[LabelledFile], settings: EvaluationSettings
) -> list[dict[str, Any]]:
    """The rows of a finished run's evaluation; tests that were made before on this split are not made again."""
    path, checkpoint = folder / EVALUATION, open_checkpoint(folder)
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if known.get("checkpoint") != checkpoint.hash or known.get("split") != settings.split:
        known = {"checkpoint": checkpoint.hash, "split": settings.split, "tests": {}}
    embedder = Embedder.of(checkpoint)
    for test in settings.tests:
        if test not in known["tests"]:
            one = settings.model_copy(update={"tests": (test,)})
            rows = evaluate(embedder, corpus, one, labelled=labelled)
            known["tests"][test] = as_records(rows)
            write_durably(path, (json.dumps(known, indent=1, ensure_ascii=False) + "\n").encode())
    return [row for rows in known["tests"].values() for row in rows]


def table(output: Path, variations: Sequence[Variation], *, batches: int, split: str) -> str:
    """The figures of all runs that have been evaluated on a split, a line a variation; of several seeds mean and
    standard deviation."""
    lines = [
        f"One factor varied at a time; {batches} batches of 256 pairs each; {split} split. Bold: the baseline.",
        "",
        "| factor | value | seeds | " + " | ".join(column.heading for column in COLUMNS) + " |",
        "|---|---|--:|" + "--:|" * len(COLUMNS),
    ]
    for variation in variations:
        folders = [run_folder(output, variation, seed=seed) for seed in range(variation.seeds)]
        reports = [report for folder in folders if (report := _report(folder, split)) is not None]
        if reports:
            figures = [_figure([_value(report, column) for report in reports]) for column in COLUMNS]
            factor = f"**{variation.factor}**" if variation is BASELINE else variation.factor
            lines.append(f"| {factor} | {variation.value} | {len(reports)} | " + " | ".join(figures) + " |")
    return "\n".join(lines) + "\n"


def _report(folder: Path, split: str) -> list[dict[str, Any]] | None:
    known = json.loads(path.read_text(encoding="utf-8")) if (path := folder / EVALUATION).exists() else {}
    return [row for rows in known["tests"].values() for row in rows] if known.get("split") == split else None


def _value(report: list[dict[str, Any]], column: Column) -> float | None:
    names = (column.test, column.measure, column.who)
    return next((row["value"] for row in report if (row["test"], row["measure"], row["who"]) == names), None)


def _figure(values: Sequence[float | None]) -> str:
    there = [value for value in values if value is not None]
    if not there:
        return ""
    spread = f" ± {np.std(there, ddof=1):.3f}" if len(there) > 1 else ""
    return f"{np.mean(there):.3f}{spread}"


if __name__ == "__main__":
    main()
