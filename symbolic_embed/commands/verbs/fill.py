"""`fill`: new music for an empty or unloved stretch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.requests import FillRequest


@dataclass(frozen=True, kw_only=True)
class FillOptions(options.Writing):
    """What the command line adds to a FillRequest."""

    seed_file: Annotated[str, typer.Argument(metavar="SEED", help="A MIDI file with a stretch to fill; - is stdin.")]
    output: options.Output = Path("fill")


@taking(FillRequest, FillOptions)
def fill(request: FillRequest, given: FillOptions) -> None:
    """Write new music for some bars of a MIDI file, from what comes before and after; all else stays, event for event.

    What stands in the chosen tracks and bars goes. How likely the music behind the stretch is then is in NAME.json.
    """
    from symbolic_embed.commands.shared.closing import Closing
    from symbolic_embed.commands.shared.keeping import session_of
    from symbolic_embed.commands.shared.seeds import read_seed
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.outputs.names import filled_name
    from symbolic_embed.verbs.fill import fill as filled

    use_threads(1)
    progress = given.progress()
    seed = read_seed(given.seed_file, request, progress=progress, max_bytes=given.max_bytes)
    closing = Closing.of(given, request, sources=[given.seed_file])
    if request.takes:
        closing = closing.with_page(seed, "fill", random_seed=request.random_seed)
    closing.look_before(
        filled_name(seed, number, random_seed=request.random_seed) for number in range(1, request.variations + 1)
    )
    outputs = filled(seed, session_of(given.checkpoint).composer, request, progress=progress.counting("filling"))
    closing.write(outputs, seed)
    raise typer.Exit(closing.exit_code(outputs, asked=request.variations, progress=progress))
