"""`compose`: new bars after a seed, or new bars alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from symbolic_embed.commands.shared import options


def compose(
    seed_file: Annotated[str, typer.Argument(metavar="SEED", help="A MIDI file to go on from; - is stdin.")],
    output: options.Output,
    bars: Annotated[int, typer.Option(min=1, max=10_000, help="How many new bars.")] = 8,
    form: Annotated[
        str | None,
        typer.Option(metavar="BACA'", help="Sections that return: A is the seed; A' begins like A and ends anew."),
    ] = None,
    like: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="SEED is a fragment: go on from the piece in FOLDER it is most like."),
    ] = None,
    variations: Annotated[int, typer.Option(min=1, max=256, help="How many different continuations.")] = 1,
    new: Annotated[bool, typer.Option("--new", help="Write the new bars alone, without the seed.")] = False,
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
    """Write N new bars after a MIDI seed, in its own tracks, tempo and metre.

    Beside each NAME.mid lies NAME.json: settings, seed, checkpoint, and the seed's bar nearest to each new bar.
    """
    from symbolic_embed.commands.shared.closing import Closing
    from symbolic_embed.commands.shared.progress import Progress
    from symbolic_embed.commands.shared.seeds import most_like, read_seed
    from symbolic_embed.composing.trained import TrainedComposer
    from symbolic_embed.errors import UsageError
    from symbolic_embed.outputs.names import continued_name
    from symbolic_embed.requests import ComposeRequest
    from symbolic_embed.verbs.compose import compose as composed

    if new and diff:
        raise UsageError("--diff with --new: new bars alone hold nothing of the seed to be compared; leave one out")
    request = ComposeRequest(
        bars=bars,
        form=form,
        variations=variations,
        alone=new,
        temperature=temperature,
        top_p=top_p,
        random_seed=seed,
        max_copied=max_copied,
        normalise=normalise,
    )
    progress = Progress()
    piece = read_seed(seed_file, progress=progress)
    trained, fragment, code = TrainedComposer.load(checkpoint), None, 0
    if like is not None:
        piece, fragment, code = most_like(piece, like, trained.embedder, progress=progress)
    closing = Closing(output, max_copied=max_copied, plot=plot, diff=diff, force=force, alone=new)
    numbers = range(1, variations + 1)
    closing.look_before([continued_name(piece, number, random_seed=seed, alone=new) for number in numbers])
    outputs = composed(
        piece,
        trained,
        request,
        like=fragment,
        progress=lambda windows: progress.through(windows, total=len(windows), doing="composing"),
    )
    closing.write(outputs, piece)
    raise typer.Exit(code)
