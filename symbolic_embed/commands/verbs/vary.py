"""`vary`: the seed with other notes in chosen tracks and bars."""

from __future__ import annotations

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

    What was measured on each result stands in its name (d0.31), and cell by cell in NAME.json.
    """
    from symbolic_embed.commands.shared.closing import Closing
    from symbolic_embed.commands.shared.seeds import own_music, read_seed
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.embedding.embedder import Embedder
    from symbolic_embed.errors import printable
    from symbolic_embed.verbs.vary import same_request, variation_names
    from symbolic_embed.verbs.vary import vary as varied

    use_threads(1)
    progress = given.progress()
    seed = read_seed(given.seed_file, progress=progress, max_bytes=given.max_bytes)
    closing = Closing.of(request, given, seed=seed)
    closing.look_before([])
    embedder = Embedder.load(given.checkpoint)
    if not (given.library or given.source):
        closing.look_for_same(variation_names(seed, request), same_request(seed, embedder, request))
    with own_music({given.library, given.source}, progress=progress) as music:
        outputs = varied(
            seed,
            embedder,
            request,
            library=music.pieces(given.library),
            source=music.pieces(given.source),
            progress=progress.counting("varying"),
        )
    closing.write(outputs)
    for track in outputs[0].record["no_choice"] if outputs else []:
        progress.tell(f"{printable(track)} stays as it is: what is kept leaves it no choice")
    raise typer.Exit(music.exit_code)
