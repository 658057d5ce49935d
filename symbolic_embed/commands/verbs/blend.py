"""`blend`: pieces on the way from one file to another."""

from __future__ import annotations

from typing import Annotated

import typer

from symbolic_embed.commands.shared import options


def blend(
    first: Annotated[str, typer.Argument(metavar="A", help="The MIDI file to set out from; - is stdin.")],
    second: Annotated[str, typer.Argument(metavar="B", help="The MIDI file to go to.")],
    output: options.Output,
    steps: Annotated[int, typer.Option(min=1, max=100, help="How many pieces lie between the two.")] = 3,
    seed: Annotated[int, typer.Option(min=0, help="Another seed: parts and rests change sides elsewhere.")] = 0,
    tracks: options.Tracks = None,
    bars: options.Bars = None,
    keep: options.Keep = None,
    to_tempo: Annotated[bool, typer.Option("--to-tempo", help="Arrive at B's tempo, step by step.")] = False,
    to_key: Annotated[bool, typer.Option("--to-key", help="Arrive in B's key, step by step.")] = False,
    plot: options.Plot = False,
    max_copied: options.MaxCopied = None,
    normalise: options.Normalise = False,
    diff: options.Diff = False,
    checkpoint: options.Checkpoint = None,
    force: options.Force = False,
) -> None:
    """Write pieces between two MIDI files, in the tracks, metre, tempo and key of the first; the shorter one is heard
    again until the longer is over. --tracks, --bars and --keep are of the first.

    The share of the way asked for stands in each name (m0.25), the share measured in NAME.json.
    """
    from symbolic_embed.commands.shared.closing import Closing
    from symbolic_embed.commands.shared.inputs import only_one_stdin
    from symbolic_embed.commands.shared.progress import Progress
    from symbolic_embed.commands.shared.seeds import read_seed
    from symbolic_embed.embedding.embedder import Embedder
    from symbolic_embed.outputs.names import blended_name
    from symbolic_embed.requests import BlendRequest
    from symbolic_embed.verbs.blend import blend as blended
    from symbolic_embed.verbs.scope import scope_of

    only_one_stdin(first, second)
    request = BlendRequest(
        steps=steps,
        random_seed=seed,
        tracks=tracks,
        bars=bars,
        keep=keep or (),
        to_tempo=to_tempo,
        to_key=to_key,
        max_copied=max_copied,
        normalise=normalise,
    )
    progress = Progress()
    one, other = (read_seed(name, progress=progress) for name in (first, second))
    scope_of(one, request)  # what is not there is told before the work
    closing = Closing(output, max_copied=max_copied, plot=plot, diff=diff, force=force)
    numbers = range(1, steps + 1)
    closing.look_before([blended_name(one, other, number, steps=steps, random_seed=seed) for number in numbers])
    embedder = Embedder.load(checkpoint)
    outputs = blended(
        one,
        other,
        embedder,
        request,
        progress=lambda steps: progress.through(steps, total=len(steps), doing="blending"),
    )
    closing.write(outputs, one)
