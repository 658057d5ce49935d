"""`symbolic-embed rank QUERY FILES`: what is alike."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from symbolic_embed.commands import options
from symbolic_embed.commands.inputs import Intake, gathered, only_one_stdin
from symbolic_embed.commands.outputs import say
from symbolic_embed.commands.progress import Progress
from symbolic_embed.errors import printable
from symbolic_embed.presenting.tables import aligned
from symbolic_embed.score import MAX_BYTES

if TYPE_CHECKING:
    from symbolic_embed.similarity.ranking import Match

COLUMNS = ("rank", "path", "distance", "transposition", "query_bar", "bar")


def rank(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="The MIDI file to compare with; - is stdin.")],
    inputs: options.Inputs = None,
    top: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Only the N most alike.", show_default="all")
    ] = None,
    metric: options.Metric = "euclidean",
    level: Annotated[
        Literal["piece", "bar"], typer.Option(help="piece: rank files; bar: rank every bar of every file.")
    ] = "piece",
    transpose: options.Transpose = False,
    format: Annotated[
        Literal["table", "json", "jsonl", "csv"], typer.Option(help="For people (table), or for programs.")
    ] = "table",
    checkpoint: options.Checkpoint = None,
    files_from: options.FilesFrom = None,
    jobs: options.Jobs = None,
    seed: options.Seed = 0,
    report: options.Report = None,
    max_bytes: options.MaxBytes = MAX_BYTES,
) -> None:
    """Files by likeness to a query, the most alike first.

    The distance of two pieces is the mean distance from each bar of one to the nearest bar of the other, both ways.
    query_bar and bar are the pair of bars nearest to each other, from 1. With --level bar every bar of the files in
    which something sounds is ranked, by its distance to the nearest bar of the query. transposition says by how many
    semitones the query is to be moved.
    """
    only_one_stdin(query, *(inputs or []), names_from=files_from)
    found = gathered(inputs, names_from=files_from)

    from symbolic_embed.embedder import Embedder
    from symbolic_embed.similarity import ranking
    from symbolic_embed.similarity.likeness import Likeness

    embedder = Embedder.load(checkpoint, jobs=options.cores(jobs))
    likeness = Likeness(metric=metric, transpose=transpose)
    with Intake(Progress(), report=report, max_bytes=max_bytes) as intake:
        asked = intake.piece(query)
        pieces = intake.pieces(found, doing="ranking")
        matches = ranking.rank(asked, pieces, embedder=embedder, likeness=likeness, level=level, top=top)
        intake.require_some()
    say(_written(matches, format))
    raise typer.Exit(intake.exit_code)


def _written(matches: Sequence[Match], format: str) -> str:
    """The matches as text in one of the formats."""
    rows = [(n, m.path, m.distance, m.transposition, m.query_bar, m.bar) for n, m in enumerate(matches, start=1)]
    if format == "table":
        told = [(n, f"{distance:.4f}", f"{semitones:+d}" if semitones else "0", query_bar, bar, printable(path))
                for n, path, distance, semitones, query_bar, bar in rows]  # fmt: skip
        header = ("rank", "distance", "transposition", "query bar", "bar", "path")
        return "".join(line + "\n" for line in aligned(told, header=header, right=set(header) - {"path"}))
    if format == "csv":
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
        return text.getvalue()
    lines = [json.dumps(dict(zip(COLUMNS, row, strict=True))) for row in rows]
    return "".join(line + "\n" for line in lines) if format == "jsonl" else "[" + ",\n ".join(lines) + "]\n"
