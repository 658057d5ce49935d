"""`symbolic-embed compare FILES -o M.npz`: the distance of every pair."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.inputs import Intake, gathered
from symbolic_embed.commands.shared.outputs import deliver, require_free
from symbolic_embed.commands.shared.progress import Progress
from symbolic_embed.score import MAX_BYTES

if TYPE_CHECKING:
    from numpy import ndarray


def compare(
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="M.npz|M.csv|-", help="The file to write; - is stdout.")
    ],
    inputs: options.Inputs = None,
    metric: options.Metric = "euclidean",
    transpose: options.Transpose = False,
    format: Annotated[
        Literal["npz", "csv"] | None, typer.Option(help="Kind of file.", show_default="as the name ends, else npz")
    ] = None,
    checkpoint: options.Checkpoint = None,
    files_from: options.FilesFrom = None,
    jobs: options.Jobs = None,
    seed: options.Seed = 0,
    report: options.Report = None,
    max_bytes: options.MaxBytes = MAX_BYTES,
    force: options.Force = False,
) -> None:
    """The distance of every pair of files, as a matrix: the very distance that `rank` sorts by.

    A NumPy archive with paths (n,) and distance (n, n), or a table (CSV) whose first row and column are the paths. The
    matrix is symmetric and its diagonal is 0.
    """
    require_free(output, force=force)
    found = gathered(inputs, names_from=files_from)

    import numpy as np

    from symbolic_embed.embedding.embedder import Embedder
    from symbolic_embed.library import matrix as comparing
    from symbolic_embed.similarity.likeness import Likeness

    embedder = Embedder.load(checkpoint, jobs=options.cores(jobs))
    likeness = Likeness(metric=metric, transpose=transpose)
    progress = Progress()
    with Intake(progress, report=report, max_bytes=max_bytes) as intake:
        paths, distance = comparing.compare(
            intake.pieces(found, doing="embedding"),
            embedder=embedder,
            likeness=likeness,
            progress=lambda rows, total: progress.through(rows, total=total, doing="comparing"),
        )
        intake.require_some()
    if (format or ("csv" if output.lower().endswith(".csv") else "npz")) == "csv":
        deliver(lambda file: file.write(_table(paths, distance)), output, force=force)
    else:
        deliver(lambda file: np.savez(file, paths=np.array(paths, np.str_), distance=distance), output, force=force)
    raise typer.Exit(intake.exit_code)


def _table(paths: list[str], distance: ndarray) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["path", *paths])
    writer.writerows([path, *map(str, row)] for path, row in zip(paths, distance, strict=True))
    return text.getvalue().encode("utf-8", "surrogateescape")
