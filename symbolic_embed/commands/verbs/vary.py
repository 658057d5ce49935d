"""`vary`: the seed with other notes in chosen tracks and bars."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from symbolic_embed.commands.shared import options


def vary(
    seed_file: Annotated[str, typer.Argument(metavar="SEED", help="A MIDI file to vary; - is stdin.")],
    output: options.Output,
    strength: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=1.0,
            help="How far in the model's space, as a quantile of random distances. .5: as far as any two bars are.",
        ),
    ] = None,
    change: Annotated[
        float | None,
        typer.Option(min=0.0, max=1.0, help="Or: which share of the notes becomes another.", show_default="0.3"),
    ] = None,
    count: Annotated[int, typer.Option(min=1, max=1000, help="How many different variations.")] = 1,
    seed: options.OtherMusic = 0,
    tracks: options.Tracks = None,
    bars: options.Bars = None,
    keep: options.Keep = None,
    library: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Measure strength by the distances in your own music.")
    ] = None,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FOLDER", help="Take the new cells from your own music.")
    ] = None,
    plot: options.Plot = False,
    max_copied: options.MaxCopied = None,
    normalise: options.Normalise = False,
    diff: options.Diff = False,
    checkpoint: options.Checkpoint = None,
    force: options.Force = False,
) -> None:
    """Vary a MIDI seed as far as asked; everything that was not asked for stays as it was, event for event.

    What was measured on each result stands in its name (d0.31), and cell by cell in NAME.json.
    """
    from symbolic_embed.commands.shared.closing import Closing
    from symbolic_embed.commands.shared.progress import Progress
    from symbolic_embed.commands.shared.seeds import own_cells, read_seed
    from symbolic_embed.embedding.embedder import Embedder
    from symbolic_embed.errors import printable
    from symbolic_embed.outputs.names import is_record_of, varied_name
    from symbolic_embed.requests import VaryRequest
    from symbolic_embed.verbs.vary import variation_settings
    from symbolic_embed.verbs.vary import vary as varied

    request = VaryRequest(
        strength=strength,
        change=change,
        count=count,
        random_seed=seed,
        tracks=tracks,
        bars=bars,
        keep=keep or (),
        max_copied=max_copied,
        normalise=normalise,
    )
    progress = Progress()
    piece = read_seed(seed_file, progress=progress)
    asked = variation_settings(piece, request)
    closing = Closing(output, max_copied=max_copied, plot=plot, diff=diff, force=force)
    closing.look_before([])
    embedder = Embedder.load(checkpoint)
    if not (library or source):
        patterns = [varied_name(piece, number, random_seed=seed, dial="*") for number in range(1, count + 1)]
        closing.look_for_same(patterns, lambda record: is_record_of(record, "vary", piece, embedder, asked))
    gathered = {folder: own_cells(folder, piece, embedder, progress=progress) for folder in {library, source} if folder}
    cells = {folder: found for folder, (found, _) in gathered.items()}
    outputs = varied(
        piece,
        embedder,
        request,
        library=cells.get(library),
        source=cells.get(source),
        progress=lambda steps: progress.through(steps, total=len(steps), doing="varying"),
    )
    closing.write(outputs, piece)
    for output in outputs[:1]:
        for track in output.record["no_choice"]:
            progress.tell(f"{printable(track)} stays as it is: what is kept leaves it no choice")
    raise typer.Exit(max((code for _, code in gathered.values()), default=0))
