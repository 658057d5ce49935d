"""`compose`: new bars after a seed, or new bars alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.requests import ComposeRequest


@dataclass(frozen=True, kw_only=True)
class ComposeOptions(options.Writing):
    """What the command line adds to a ComposeRequest."""

    seed_file: Annotated[str, typer.Argument(metavar="SEED", help="A MIDI file to go on from; - is stdin.")]
    output: options.Output = Path("compose")
    like: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="SEED is a fragment: go on from the piece in FOLDER it is most like."),
    ] = None


@taking(ComposeRequest, ComposeOptions)
def compose(request: ComposeRequest, given: ComposeOptions) -> None:
    """Write N new bars after a MIDI seed, in its own tracks, tempo and metre.

    Beside each NAME.mid lies NAME.json: settings, seed, checkpoint, and the seed's bar nearest to each new bar.
    """
    from symbolic_embed.commands.shared.closing import Closing
    from symbolic_embed.commands.shared.keeping import session_of
    from symbolic_embed.commands.shared.seeds import most_like, read_seed
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.errors import UsageError
    from symbolic_embed.outputs.names import continued_name
    from symbolic_embed.verbs.compose import compose as composed

    if request.alone and given.diff:
        raise UsageError("`diff` with `alone`: new bars alone hold nothing of the seed to be compared; leave one out")
    use_threads(1)
    progress = given.progress()
    seed = read_seed(given.seed_file, request, progress=progress, max_bytes=given.max_bytes)
    trained, code, found = session_of(given.checkpoint).composer, 0, None
    if given.like is not None:
        seed, found, code = most_like(seed, given.like, trained.embedder, progress=progress)
    closing = Closing.of(given, request, sources=[given.seed_file, given.like])
    if request.takes:
        closing = closing.with_page(seed, "compose", random_seed=request.random_seed)
    closing.look_before(
        continued_name(seed, number, random_seed=request.random_seed, alone=request.alone)
        for number in range(1, request.variations + 1)
    )
    outputs = composed(seed, trained, request, like=found, progress=progress.counting("composing"))
    closing.write(outputs, seed)
    raise typer.Exit(max(code, closing.exit_code(outputs, asked=request.variations, progress=progress)))
