"""`symbolic-embed compare FILES -o M.npz`: the distance of every pair."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.inputs import gathered, in_use
from symbolic_embed.commands.shared.opening import opened
from symbolic_embed.commands.shared.outputs import deliver, require_free
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.requests import CompareRequest

if TYPE_CHECKING:
    from numpy import ndarray


@dataclass(frozen=True, kw_only=True)
class CompareOptions(options.EmbeddedOnce):
    """What the command line adds to a CompareRequest."""

    output: Annotated[
        str, typer.Option("-o", "--output", metavar="M.npz|M.csv|-", help="The file to write; - is stdout.")
    ] = "compare.npz"
    format: Annotated[
        Literal["npz", "csv"] | None, typer.Option(help="Kind of file.", show_default="as the name ends, else npz")
    ] = None
    force: options.Force = False


@taking(CompareRequest, CompareOptions)
def compare(request: CompareRequest, given: CompareOptions) -> None:
    """The distance of every pair of files, as a matrix: the very distance that `rank` sorts by.

    A NumPy archive with paths (n,) and distance (n, n), or a table (CSV) whose first row and column are the paths. The
    matrix is symmetric and its diagonal is 0. --by measures one part of the likeness alone, or rhythm; where a piece
    has none (drums have no melody), its bars count.
    """
    found = gathered(given.inputs, names_from=given.files_from)
    read = in_use(found, given.files_from, given.checkpoint)
    require_free(given.output, force=given.force, in_use=read)

    import numpy as np

    from symbolic_embed.files.archives import write_npz
    from symbolic_embed.library import matrix

    with (
        opened(request, given, in_use=read.also(given.output)) as work,
        work.pieces(found, doing="embedding") as pieces,
    ):
        intake = work.intake
        paths, distance = matrix.compare(
            pieces,
            work.embedder,
            request,
            progress=lambda rows, total: intake.progress.through(rows, total=total, doing="comparing"),
        )
    if (given.format or ("csv" if given.output.lower().endswith(".csv") else "npz")) == "csv":
        deliver(lambda file: file.write(_table(paths, distance)), given.output, force=given.force, in_use=read)
    else:
        arrays = {"paths": np.array(paths, np.str_), "distance": distance}
        deliver(lambda file: write_npz(file, arrays), given.output, force=given.force, in_use=read)
    intake.tell_left_out()
    raise typer.Exit(intake.exit_code)


def _table(paths: list[str], distance: ndarray) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["path", *paths])
    writer.writerows([path, *map(str, row)] for path, row in zip(paths, distance, strict=True))
    return text.getvalue().encode("utf-8", "surrogateescape")
