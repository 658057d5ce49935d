"""`symbolic-embed embed FILES -o X.npz`: files to arrays."""

from __future__ import annotations

import os
from typing import Annotated, Literal

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.inputs import Intake, gathered
from symbolic_embed.commands.shared.outputs import STDOUT, deliver, require_free
from symbolic_embed.commands.shared.progress import Progress
from symbolic_embed.score import MAX_BYTES


def embed(
    output: Annotated[str, typer.Option("-o", "--output", metavar="X.npz|-", help="The file to write; - is stdout.")],
    inputs: options.Inputs = None,
    level: Annotated[
        Literal["bar", "cell"], typer.Option(help="bar: pieces and bars; cell: also each part's share of each bar.")
    ] = "bar",
    precision: Annotated[
        Literal["auto", "float32", "bfloat16"],
        typer.Option(
            help="Of matrix products; auto measures which is faster here. float32 is what `rank` computes in."
        ),
    ] = "auto",
    checkpoint: options.Checkpoint = None,
    files_from: options.FilesFrom = None,
    jobs: options.Jobs = None,
    seed: options.Seed = 0,
    report: options.Report = None,
    max_bytes: options.MaxBytes = MAX_BYTES,
    force: options.Force = False,
) -> None:
    """Files to arrays: an embedding for each piece, each bar, each cell, in one NumPy archive.

    The archive holds paths, piece_embedding (the mean of the bars in which something sounds), bar_embedding, bar_piece,
    bar_number (from 1); with --level cell also cell_embedding, cell_piece, cell_track (from 0, as `show` numbers them),
    cell_bar (from 1). precision says how matrices were multiplied: bfloat16 changes the third digit of an embedding, so
    give --precision float32 where archives of several machines are to be compared. Files that cannot be read, or hold
    no notes, are named and left out.
    """
    require_free(output, force=force)
    found = gathered(inputs, names_from=files_from)

    import numpy as np

    from symbolic_embed.embedding.arrays import embedded
    from symbolic_embed.embedding.embedder import Embedder
    from symbolic_embed.embedding.precision import chosen_precision

    embedder = Embedder.load(checkpoint, jobs=options.cores(jobs))
    embedder = embedder.with_precision(chosen_precision(precision))
    folder = None if output == STDOUT else os.path.dirname(output) or "."
    with Intake(Progress(), report=report, max_bytes=max_bytes) as intake:
        pieces = intake.pieces(found, doing="embedding")
        with embedded(pieces, embedder=embedder, level=level, folder=folder) as arrays:
            intake.require_some()
            deliver(lambda file: np.savez(file, **arrays), output, force=force)
    raise typer.Exit(intake.exit_code)
