"""`blend`: pieces on the way from one file to another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.requests import BlendRequest


@dataclass(frozen=True, kw_only=True)
class BlendOptions(options.Writing):
    """What the command line adds to a BlendRequest."""

    first: Annotated[str, typer.Argument(metavar="A", help="The MIDI file to set out from; - is stdin.")]
    second: Annotated[str, typer.Argument(metavar="B", help="The MIDI file to go to.")]
    output: options.Output = Path("blend")


@taking(BlendRequest, BlendOptions)
def blend(request: BlendRequest, given: BlendOptions) -> None:
    """Write pieces between two MIDI files, in the tracks, metre, tempo and key of the first; the shorter one is heard
    again until the longer is over. --tracks, --bars, --keep and --role are of the first.

    The share of the way asked for stands in each name (m0.25), the share measured in NAME.json.
    """
    from symbolic_embed.commands.shared.closing import Closing
    from symbolic_embed.commands.shared.inputs import only_one_stdin
    from symbolic_embed.commands.shared.keeping import session_of
    from symbolic_embed.commands.shared.seeds import read_seed
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.outputs.names import blended_name
    from symbolic_embed.verbs.blend import blend as blended

    only_one_stdin(given.first, given.second)
    use_threads(1)
    progress = given.progress()
    first = read_seed(given.first, request, progress=progress, max_bytes=given.max_bytes)
    second = read_seed(given.second, request, progress=progress, max_bytes=given.max_bytes, is_first=False)
    closing = Closing.of(given, request)
    closing.look_before(
        blended_name(first, second, number, steps=request.steps, random_seed=request.random_seed)
        for number in range(1, request.steps + 1)
    )
    outputs = blended(
        first, second, session_of(given.checkpoint).embedder, request, progress=progress.counting("blending")
    )
    closing.write(outputs, first)
    raise typer.Exit(closing.exit_code(outputs, asked=request.steps, progress=progress))
