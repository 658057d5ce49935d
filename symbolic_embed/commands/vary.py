"""`vary`: the seed with other notes in chosen tracks and bars."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def vary(
    seed_file: Annotated[str, typer.Argument(metavar="SEED", help="A MIDI file to vary; - is stdin.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where the new files go.")],
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
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other variations.")] = 0,
    tracks: Annotated[
        str | None,
        typer.Option(metavar="0,2", help="Only these tracks may change: numbers or names, as `show` has them."),
    ] = None,
    bars: Annotated[str | None, typer.Option(metavar="5-8", help="Only these bars may change, counted from 1.")] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(metavar="melody|chords|rhythm", help="What must stay; may be given several times."),
    ] = None,
    library: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Measure strength by the distances in your own music.")
    ] = None,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FOLDER", help="Take the new cells from your own music.")
    ] = None,
    plot: Annotated[bool, typer.Option("--plot", help="Also draw each result, and all beside the seed (PNG).")] = False,
    max_copied: Annotated[
        int | None,
        typer.Option(metavar="N", help="Draw again what shares more than N notes in a row with the training data."),
    ] = None,
    normalise: Annotated[
        bool, typer.Option("--normalise", help="Lay the results out as every DAW expects: one part a track.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Also write NAME.diff: every changed note, and that all else stayed.")
    ] = False,
    checkpoint: Annotated[Path | None, typer.Option(metavar="DIR", help="Default: the bundled one.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite results of the same names.")] = False,
) -> None:
    """Vary a MIDI seed by a chosen strength; everything that was not asked for stays as it was, event for event.

    What was measured on each result stands in its name (d0.31), and cell by cell in NAME.json.
    """
    from symbolic_embed.commands.progress import Progress
    from symbolic_embed.commands.seeds import chosen_bars, chosen_tracks, own_cells, read_seed, save
    from symbolic_embed.composing.files import Output, normalised_output
    from symbolic_embed.composing.originality import with_origins
    from symbolic_embed.composing.verbs import vary as varied
    from symbolic_embed.embedder import Embedder

    progress = Progress()
    piece = read_seed(seed_file, progress=progress)
    chosen = {"tracks": chosen_tracks(tracks, piece), "bars": chosen_bars(bars, piece)}
    embedder = Embedder.load(checkpoint)
    gathered = {folder: own_cells(folder, piece, embedder, progress=progress) for folder in {library, source} if folder}
    cells = {folder: found for folder, (found, _) in gathered.items()}

    def write(drawn: int) -> list[Output]:
        return varied(
            piece,
            embedder,
            strength=strength,
            change=change,
            count=count,
            random_seed=drawn,
            **chosen,
            keep=keep or (),
            library=cells.get(library),
            source=cells.get(source),
            progress=lambda numbers: progress.through(numbers, total=count, doing="varying"),
        )

    outputs = with_origins(write, piece, embedder, most=max_copied, random_seed=seed)
    if normalise:
        outputs = [normalised_output(one, piece) for one in outputs]
    save(outputs, output, plot=plot, diff=diff, force=force, seed=piece)
    raise typer.Exit(max((code for _, code in gathered.values()), default=0))
