"""`symbolic-embed embed FILES -o X.npz`: files to arrays."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Annotated

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.inputs import Intake, gathered, in_use
from symbolic_embed.commands.shared.outputs import STDOUT, deliver, require_free
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.commands.shared.roles import require_one_file, telling_roles
from symbolic_embed.errors import printable
from symbolic_embed.requests import EmbedRequest


@dataclass(frozen=True, kw_only=True)
class EmbedOptions(options.ByModel):
    """What the command line adds to an EmbedRequest."""

    output: Annotated[
        str, typer.Option("-o", "--output", metavar="X.npz|-", help="The file to write; - is stdout.")
    ] = "embed.npz"
    force: options.Force = False


@taking(EmbedRequest, EmbedOptions)
def embed(request: EmbedRequest, given: EmbedOptions) -> None:
    """Files to arrays: an embedding for each piece, each bar, each cell, in one NumPy archive.

    The archive holds paths, piece_embedding (the mean of the bars in which something sounds), bar_embedding, bar_piece,
    bar_number (from 1); with --level cell also cell_embedding, cell_piece, cell_track (from 0, as `show` numbers them),
    cell_bar (from 1). precision says how matrices were multiplied: bfloat16 changes the third digit of an embedding, so
    give --precision float32 where archives of several machines are to be compared. checkpoint is the hash of the model.
    format is 2; an archive without it has shorter embeddings for bars longer than 4/4, see the guide. Files that cannot
    be read, or hold no notes, are named and left out.
    """
    found = gathered(given.inputs, names_from=given.files_from)
    require_one_file(request.roles, found)
    read = in_use(found, given.files_from, given.checkpoint)
    require_free(given.output, force=given.force, in_use=read)

    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.embedding.embedder import Embedder
    from symbolic_embed.embedding.precision import chosen_precision
    from symbolic_embed.files.archives import write_npz
    from symbolic_embed.library.arrays import embedded

    use_threads(1)
    embedder = Embedder.load(given.checkpoint, jobs=options.cores(given.jobs))
    embedder = embedder.with_precision(chosen_precision(request.precision))
    folder = None if given.output == STDOUT else os.path.dirname(given.output) or "."
    kept = read.also(given.output)
    with Intake(
        given.progress(),
        report=given.report,
        max_bytes=given.max_bytes,
        join_channels=request.join_channels,
        in_use=kept,
    ) as intake:
        pieces = intake.pieces(found, doing="embedding", roles=request.roles, where=request.conditions)
        pieces = telling_roles(pieces, found, intake.progress)
        with embedded(pieces, embedder=embedder, level=request.level, folder=folder) as arrays:
            intake.require_some()
            deliver(lambda file: write_npz(file, arrays), given.output, force=given.force, in_use=read)
    if not given.output.lower().endswith((".npz", STDOUT)):
        intake.progress.tell(f"warning: {printable(given.output)} is a NumPy archive (.npz), whatever its name says")
    intake.tell_left_out()
    raise typer.Exit(intake.exit_code)
