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
    from symbolic_embed.commands.shared.music_data import prepared
    from symbolic_embed.commands.shared.progress import Progress
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.corpus.collection import load_collection
    from symbolic_embed.embedding.checkpoint import open_checkpoint, rewrite_card
    from symbolic_embed.embedding.embedder import Embedder
    from symbolic_embed.errors import UsageError
    from symbolic_embed.evaluation.report import Sizes, chosen_tests
    from symbolic_embed.evaluation.report import evaluate as evaluated
    from symbolic_embed.evaluation.rows import as_records

    if split not in ("valid", "test", "train"):
        raise UsageError(f"--split {split}: it must be valid or test (or train, to look for overfitting)")
    if format_ not in ("table", "json"):
        raise UsageError(f"--format {format_}: it must be table or json")
    use_threads()
    wanted = chosen_tests(tests)
    opened = open_checkpoint(checkpoint)
    with_groups = load_collection(labelled, music=music).entries if labelled else None
    collection, corpus = prepared(data, music)
    progress = Progress()
    rows = evaluated(
        Embedder.of(opened, jobs=options.cores(jobs)),
        corpus,
        split=split,
        tests=wanted,
        sizes=Sizes(queries=queries, cells_per_set=cells, decoded=decoded),
        labelled=collection.entries if with_groups is None else with_groups,
        progress=lambda steps, total: progress.through(steps, total=total, doing="testing"),
    )
    if into_card:
        scores = _with_known(opened.card.get("scores"), as_records(rows), split=split)
        rewrite_card(opened, {**opened.card, "scores": scores})
    typer.echo(json.dumps(as_records(rows), indent=2) if format_ == "json" else _table(rows))


def _with_known(known: dict[str, Any] | None, rows: list[dict[str, Any]], *, split: str) -> dict[str, Any]:
    """The scores of a card: these rows, after those of tests on the same split that were not made again."""
    made = {row["test"] for row in rows}
    before = known["rows"] if known and known["split"] == split else []
    return {"split": split, "rows": [row for row in before if row["test"] not in made] + rows}


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
