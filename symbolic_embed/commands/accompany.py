"""`accompany`: new parts beside those of a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def accompany(
    seed_file: Annotated[str, typer.Argument(metavar="FILE", help="A MIDI file to accompany; - is stdin.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where the new files go.")],
    parts: Annotated[
        str | None,
        typer.Option(
            metavar="chords,bass,drums,melody", help="Which parts to add. Default: those of the first three it lacks."
        ),
    ] = None,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FOLDER", help="Borrow the parts from music of your own.")
    ] = None,
    variations: Annotated[int, typer.Option(min=1, max=256, help="How many different accompaniments.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other music.")] = 0,
    temperature: Annotated[float, typer.Option(min=0.0, max=5.0, help="0: the likeliest note each time.")] = 0.9,
    top_p: Annotated[float, typer.Option(min=0.01, max=1.0, help="Draw from the likeliest choices only.")] = 0.95,
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
    """Write parts that go with a MIDI file, each on a track of its own; all that is there stays as it was."""
    from symbolic_embed.commands.inputs import Intake
    from symbolic_embed.commands.progress import Progress
    from symbolic_embed.commands.seeds import own_music, read_seed, save
    from symbolic_embed.composing.files import Output, normalised_output
    from symbolic_embed.composing.originality import with_origins
    from symbolic_embed.composing.trained import TrainedComposer
    from symbolic_embed.composing.verbs import accompany as accompanied
    from symbolic_embed.errors import UsageError

    if source and max_copied is not None:
        raise UsageError("--max-copied with --from: what is borrowed is a copy of your own music; leave one out")
    progress = Progress()
    piece = read_seed(seed_file, progress=progress)
    trained = TrainedComposer.load(checkpoint)
    with Intake(progress) as intake:
        lenders = own_music(source, intake) if source else None

        def write(drawn: int) -> list[Output]:
            return accompanied(
                piece,
                trained,
                parts=None if parts is None else [word.strip() for word in parts.split(",")],
                variations=variations,
                temperature=temperature,
                top_p=top_p,
                random_seed=drawn,
                lenders=lenders,
                progress=lambda windows: progress.through(windows, total=len(windows), doing="accompanying"),
            )

        outputs = with_origins(write, piece, trained.embedder, most=max_copied, random_seed=seed)
    if normalise:
        outputs = [normalised_output(found, piece) for found in outputs]
    save(outputs, output, plot=plot, diff=diff, force=force, seed=piece)
    raise typer.Exit(intake.exit_code if source else 0)
