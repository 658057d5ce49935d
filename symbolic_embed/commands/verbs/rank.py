"""`symbolic-embed rank QUERY FILES`: what is alike."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.inputs import Intake, gathered, only_one_stdin
from symbolic_embed.commands.shared.outputs import say
from symbolic_embed.commands.shared.progress import Progress
from symbolic_embed.errors import printable
from symbolic_embed.presenting.tables import aligned
from symbolic_embed.score import MAX_BYTES

if TYPE_CHECKING:
    from symbolic_embed.library.rank import Match

COLUMNS = ("rank", "path", "distance", "transposition", "query_bar", "bar")
WHY = ("bars_distance", "harmony_distance", "melody_distance", "nearest_bars")


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
    why: Annotated[
        bool, typer.Option("--why", help="What each distance is made of, and the three nearest pairs of bars.")
    ] = False,
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

    The distance of two pieces, 0 for the same music and about 1 for unrelated, joins three: of their bars, of their
    harmony over eight bars, and of their melodies; harmony or melody in common is enough to be near. With --why each
    stands beside it, on the same scale, and the nearest pairs of bars, as 3=5 for bar 3 of the query and bar 5.
    query_bar and bar are the pair of bars nearest to each other, from 1. With --level bar every bar of the files in
    which something sounds is ranked, by its distance to the nearest bar of the query. transposition says by how many
    semitones the query is to be moved.
    """
    if why and level == "bar":
        raise typer.BadParameter("bars have no parts to tell of; leave out --why or --level bar")
    only_one_stdin(query, *(inputs or []), names_from=files_from)
    found = gathered(inputs, names_from=files_from)

    from symbolic_embed.embedding.embedder import Embedder
    from symbolic_embed.library import rank as ranking
    from symbolic_embed.similarity.likeness import Likeness

    embedder = Embedder.load(checkpoint, jobs=options.cores(jobs))
    likeness = Likeness(metric=metric, transpose=transpose)
    with Intake(Progress(), report=report, max_bytes=max_bytes) as intake:
        asked = intake.piece(query)
        pieces = intake.pieces(found, doing="ranking")
        matches = ranking.rank(asked, pieces, embedder=embedder, likeness=likeness, level=level, top=top)
        intake.require_some()
    say(_written(matches, format, why=why))
    raise typer.Exit(intake.exit_code)


def _written(matches: Sequence[Match], format: str, *, why: bool) -> str:
    """The matches as text in one of the formats."""
    columns = COLUMNS + WHY if why else COLUMNS
    rows = [_row(rank, match, why=why) for rank, match in enumerate(matches, start=1)]
    if format == "table":
        header = [name.replace("_", " ") for name in (*columns[:1], *columns[2:], "path")]
        told = [[_told(name, row[name]) for name in (*columns[:1], *columns[2:], "path")] for row in rows]
        return "".join(line + "\n" for line in aligned(told, header=header, right=set(header) - {"path"}))
    if format == "csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(
            [_pairs(row[name]) if name == "nearest_bars" else row[name] for name in columns] for row in rows
        )
        return text.getvalue()
    lines = [json.dumps(row) for row in rows]
    return "".join(line + "\n" for line in lines) if format == "jsonl" else "[" + ",\n ".join(lines) + "]\n"


def _row(rank: int, match: Match, *, why: bool) -> dict[str, Any]:
    row = (rank, match.path, match.distance, match.transposition, match.query_bar, match.bar)
    if not why:
        return dict(zip(COLUMNS, row, strict=True))
    reasons = (match.why.bars, match.why.harmony, match.why.melody, match.why.pairs)
    return dict(zip(COLUMNS + WHY, row + reasons, strict=True))


def _told(name: str, value: Any) -> object:
    """A value as people read it."""
    if value is None:
        return "-"
    if name.endswith("distance"):
        return f"{value:.4f}"
    if name == "transposition":
        return f"{value:+d}" if value else "0"
    if name == "path":
        return printable(value)
    return _pairs(value) if name == "nearest_bars" else value


def _pairs(pairs: Sequence[tuple[int, int]]) -> str:
    return " ".join(f"{query_bar}={bar}" for query_bar, bar in pairs)
