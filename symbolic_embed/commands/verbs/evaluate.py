"""`evaluate`: a checkpoint tested on music it has not seen, beside simple rivals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.presenting.tables import aligned

if TYPE_CHECKING:
    from symbolic_embed.evaluation.rows import Row


def evaluate(
    data: Annotated[list[Path], typer.Option("--data", metavar="FOLDER|MANIFEST", help="Music with known splits.")],
    split: Annotated[
        str, typer.Option(metavar="valid|test", help="valid to choose, test for published figures.")
    ] = "test",
    checkpoint: Annotated[Path | None, typer.Option(metavar="DIR", help="Default: the bundled one.")] = None,
    tests: Annotated[
        str, typer.Option(metavar="NAME,...", help="Which tests: next, writing, prior, music, probes, groups.")
    ] = "next,writing,prior,music,probes,groups",
    labelled: Annotated[
        list[Path] | None,
        typer.Option(metavar="FOLDER|MANIFEST", help="Music with groups, for that test alone; default: --data."),
    ] = None,
    queries: Annotated[int, typer.Option(min=10, help="Questions in each test of what comes next.")] = 1000,
    cells: Annotated[int, typer.Option(min=10, help="Cells of each role and data set to write back.")] = 300,
    decoded: Annotated[int, typer.Option(min=10, help="Draws, and midpoints, to decode.")] = 1000,
    format_: Annotated[str, typer.Option("--format", metavar="table|json", help="How to print.")] = "table",
    into_card: Annotated[
        bool, typer.Option("--into-card", help="Write the figures into the card, beside those of other tests.")
    ] = False,
    music: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where the music of a manifest lies.")] = None,
    jobs: options.Jobs = None,
) -> None:
    """Test a checkpoint: what comes next, what survives writing back, how it fits its prior, whether what it makes up
    is music, what its embeddings know, which pieces find each other. Rivals stand beside it."""
    from symbolic_embed.commands.shared.music_data import exit_code_of, prepared
    from symbolic_embed.commands.shared.progress import Progress
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.corpus.collection import load_collection
    from symbolic_embed.embedding.checkpoint import open_checkpoint, rewrite_card
    from symbolic_embed.embedding.embedder import Embedder
    from symbolic_embed.errors import UsageError
    from symbolic_embed.evaluation.report import evaluate as evaluated
    from symbolic_embed.evaluation.report import with_scores
    from symbolic_embed.evaluation.rows import as_records
    from symbolic_embed.evaluation.settings import EvaluationSettings

    use_threads()
    if format_ not in ("table", "json"):
        raise UsageError(f"--format {format_}: it must be table or json")
    asked: dict[str, Any] = {"split": split, "tests": tests, "queries": queries, "cells": cells, "decoded": decoded}
    settings = EvaluationSettings(**asked)
    opened, progress = open_checkpoint(checkpoint), Progress()
    with_groups = load_collection(labelled, music=music).entries if labelled else None
    _, corpus = prepared(data, music)
    rows = evaluated(
        Embedder.of(opened, jobs=options.cores(jobs)),
        corpus,
        settings,
        labelled=with_groups,
        progress=lambda steps, total: progress.through(steps, total=total, doing="testing"),
    )
    records = as_records(rows)
    if into_card:
        rewrite_card(opened, with_scores(opened.card, records, split=split))
    typer.echo(json.dumps(records, indent=2) if format_ == "json" else _table(rows))
    raise typer.Exit(exit_code_of(corpus))


def _table(rows: Sequence[Row]) -> str:
    header = ("test", "who", "measure", "value", "±", "n")
    lines = [
        (
            row.test,
            row.who,
            row.measure,
            f"{row.value:.3f}",
            "" if row.error is None else f"{row.error:.3f}",
            row.sample,
        )
        for row in rows
    ]
    return "\n".join(aligned(lines, header=header, right=("value", "±", "n")))
