"""`vary`: the seed with other notes in chosen tracks and bars."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.requests import VaryRequest


@dataclass(frozen=True, kw_only=True)
class VaryOptions(options.Writing):
    """What the command line adds to a VaryRequest."""

    seed_file: Annotated[str, typer.Argument(metavar="SEED", help="A MIDI file to vary; - is stdin.")]
    output: options.Output = Path("vary")
    library: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Measure strength by the distances in your own music.")
    ] = None
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FOLDER", help="Take the new cells from your own music.")
    ] = None


@taking(VaryRequest, VaryOptions)
def vary(request: VaryRequest, given: VaryOptions) -> None:
    """Vary a MIDI seed as far as asked; everything that was not asked for stays as it was, event for event.

    What is the same in it stays the same: loops, doublings, grooves. Rests are filled where --bars asks for them and
    nothing else is there. What was measured on each result stands in its name (change0.31), and cell by cell in
    NAME.json.
    """
    from symbolic_embed.commands.shared.closing import Closing
    from symbolic_embed.commands.shared.inputs import Intake
    from symbolic_embed.commands.shared.keeping import session_of
    from symbolic_embed.commands.shared.seeds import own_music, read_seed
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.errors import printable
    from symbolic_embed.outputs.names import is_record_of, varied_name
    from symbolic_embed.verbs.vary import variation_settings
    from symbolic_embed.verbs.vary import vary as varied

    use_threads(1)
    progress = given.progress()
    seed = read_seed(given.seed_file, request, progress=progress, max_bytes=given.max_bytes)
    closing = Closing.of(given, request, sources=[given.library, given.source])
    closing.look_before([])
    session = session_of(given.checkpoint)
    settings = variation_settings(seed, request)
    if not (given.library or given.source):
        closing.look_for_same(
            [
                varied_name(seed, n, random_seed=request.random_seed, dial=request.dial.field, measured="*")
                for n in range(1, request.count + 1)
            ],
            lambda record: is_record_of(record, "vary", seed, session.embedder, settings),
        )
    with ExitStack() as reading:
        folders = {folder for folder in (given.library, given.source) if folder}
        intakes = {
            folder: reading.enter_context(Intake(progress, join_channels=request.join_channels)) for folder in folders
        }
        music = {folder: own_music(folder, intake) for folder, intake in intakes.items()}
        outputs = varied(
            seed,
            session,
            request,
            library=music[given.library] if given.library else None,
            source=music[given.source] if given.source else None,
            progress=progress.counting("varying"),
        )
    closing.write(outputs, seed)
    for track in outputs[0].record["no_choice"]:
        progress.tell(f"{printable(track)} stays as it is: what is kept leaves it no choice")
    code = closing.exit_code(outputs, asked=request.count, progress=progress)
    raise typer.Exit(max([code, *(intake.exit_code for intake in intakes.values())]))
