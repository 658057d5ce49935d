"""`evaluate`: a checkpoint tested on music it has not seen, beside simple rivals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from symbolic_embed.evaluation.report import Row


def evaluate(
    data: Annotated[list[Path], typer.Option("--data", metavar="FOLDER|MANIFEST", help="Music with known splits.")],
    split: Annotated[
        str, typer.Option(metavar="valid|test", help="valid to choose, test for published figures.")
    ] = "test",
    checkpoint: Annotated[Path | None, typer.Option(metavar="DIR", help="Default: the bundled one.")] = None,
    queries: Annotated[int, typer.Option(min=10, help="Questions in each test of what comes next.")] = 1000,
    cells: Annotated[int, typer.Option(min=10, help="Cells of each role and data set to write back.")] = 300,
    format_: Annotated[str, typer.Option("--format", metavar="table|json", help="How to print.")] = "table",
    into_card: Annotated[
        bool, typer.Option("--into-card", help="Also write the figures into the checkpoint's card.")
    ] = False,
    music: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where the music of a manifest lies.")] = None,
) -> None:
    """Test a checkpoint: what comes next, what survives writing back, how it fits its prior."""
    from symbolic_embed.checkpoint import open_checkpoint, rewrite_card
    from symbolic_embed.commands.progress import Progress
    from symbolic_embed.commands.train import prepared
    from symbolic_embed.embedder import Embedder
    from symbolic_embed.errors import UsageError
    from symbolic_embed.evaluation.report import as_records
    from symbolic_embed.evaluation.report import evaluate as evaluated

    if split not in ("valid", "test", "train"):
        raise UsageError(f"--split {split}: it must be valid or test (or train, to look for overfitting)")
    if format_ not in ("table", "json"):
        raise UsageError(f"--format {format_}: it must be table or json")
    opened = open_checkpoint(checkpoint)
    _, corpus = prepared(data, music)
    progress = Progress()
    rows = evaluated(
        Embedder.of(opened),
        corpus,
        split=split,
        queries=queries,
        cells_per_set=cells,
        progress=lambda tests: progress.through(tests, total=6, doing="testing"),
    )
    if into_card:
        rewrite_card(opened, {**opened.card, "scores": {"split": split, "rows": as_records(rows)}})
    typer.echo(json.dumps(as_records(rows), indent=2) if format_ == "json" else _table(rows))


def _table(rows: Sequence[Row]) -> str:
    lines = [("test", "who", "measure", "value", "±", "n")]
    for row in rows:
        error = f"{row.error:.3f}" if row.error is not None else ""
        lines.append((row.test, row.who, row.measure, f"{row.value:.3f}", error, str(row.sample)))
    widths = [max(len(line[column]) for line in lines) for column in range(6)]
    return "\n".join(
        "  ".join(
            word.ljust(width) if place < 3 else word.rjust(width)
            for place, (word, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )
