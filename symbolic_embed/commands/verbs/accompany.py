"""`accompany`: new parts beside those of a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from symbolic_embed.commands.shared import options


def accompany(
    seed_file: Annotated[str, typer.Argument(metavar="FILE", help="A MIDI file to accompany; - is stdin.")],
    output: options.Output,
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
    seed: options.OtherMusic = 0,
    temperature: options.Temperature = 0.9,
    top_p: options.TopP = 0.95,
    plot: options.Plot = False,
    max_copied: options.MaxCopied = None,
    normalise: options.Normalise = False,
    diff: options.Diff = False,
    checkpoint: options.Checkpoint = None,
    force: options.Force = False,
) -> None:
    """Write parts that go with a MIDI file, each on a track of its own; all that is there stays as it was."""
    from symbolic_embed.commands.shared.closing import Closing
    from symbolic_embed.commands.shared.inputs import Intake
    from symbolic_embed.commands.shared.progress import Progress
    from symbolic_embed.commands.shared.seeds import own_music, read_seed
    from symbolic_embed.composing.trained import TrainedComposer
    from symbolic_embed.errors import UsageError
    from symbolic_embed.outputs.names import accompanied_name
    from symbolic_embed.requests import AccompanyRequest
    from symbolic_embed.verbs.accompany import accompany as accompanied

    if source and max_copied is not None:
        raise UsageError("--max-copied with --from: what is borrowed is a copy of your own music; leave one out")
    request = AccompanyRequest(
        parts=parts,
        variations=variations,
        temperature=temperature,
        top_p=top_p,
        random_seed=seed,
        max_copied=max_copied,
        normalise=normalise,
    )
    progress = Progress()
    piece = read_seed(seed_file, progress=progress)
    closing = Closing(output, max_copied=max_copied, plot=plot, diff=diff, force=force)
    numbers = range(1, variations + 1)
    closing.look_before([accompanied_name(piece, number, random_seed=seed) for number in numbers])
    trained = TrainedComposer.load(checkpoint)
    with Intake(progress) as intake:
        outputs = accompanied(
            piece,
            trained,
            request,
            lenders=own_music(source, intake) if source else None,
            progress=lambda windows: progress.through(windows, total=len(windows), doing="accompanying"),
        )
        closing.write(outputs, piece)
    raise typer.Exit(intake.exit_code if source else 0)
