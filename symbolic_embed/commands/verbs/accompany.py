"""`accompany`: new parts beside those of a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.requests import AccompanyRequest


@dataclass(frozen=True, kw_only=True)
class AccompanyOptions(options.Writing):
    """What the command line adds to an AccompanyRequest."""

    seed_file: Annotated[str, typer.Argument(metavar="FILE", help="A MIDI file to accompany; - is stdin.")]
    output: options.Output = Path("accompany")
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FOLDER", help="Borrow the parts from music of your own.")
    ] = None


@taking(AccompanyRequest, AccompanyOptions)
def accompany(request: AccompanyRequest, given: AccompanyOptions) -> None:
    """Write parts that go with a MIDI file, each on a track of its own; all that is there stays as it was."""
    from symbolic_embed.commands.shared.closing import Closing
    from symbolic_embed.commands.shared.inputs import Intake
    from symbolic_embed.commands.shared.keeping import session_of
    from symbolic_embed.commands.shared.seeds import own_music, read_seed
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.outputs.names import accompanied_name
    from symbolic_embed.verbs.accompany import accompany as accompanied

    use_threads(1)
    progress = given.progress()
    seed = read_seed(given.seed_file, request, progress=progress, max_bytes=given.max_bytes)
    closing = Closing.of(given, request, sources=[given.source])
    if request.takes:
        closing = closing.with_page(seed, "accompany", random_seed=request.random_seed)
    closing.look_before(
        accompanied_name(seed, number, random_seed=request.random_seed) for number in range(1, request.variations + 1)
    )
    trained = session_of(given.checkpoint).composer
    with Intake(progress, join_channels=request.join_channels) as intake:
        outputs = accompanied(
            seed,
            trained,
            request,
            lenders=own_music(given.source, intake) if given.source else None,
            progress=progress.counting("accompanying"),
        )
        closing.write(outputs, seed)
    code = closing.exit_code(outputs, asked=request.variations, progress=progress)
    raise typer.Exit(max(code, intake.exit_code if given.source else 0))
