"""`blend`: pieces on the way from one file to another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def blend(
    first: Annotated[str, typer.Argument(metavar="A", help="The MIDI file to set out from; - is stdin.")],
    second: Annotated[str, typer.Argument(metavar="B", help="The MIDI file to go to.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where the new files go.")],
    steps: Annotated[int, typer.Option(min=1, max=100, help="How many pieces lie between the two.")] = 3,
    seed: Annotated[int, typer.Option(min=0, help="Another seed: parts and rests change sides elsewhere.")] = 0,
    tracks: Annotated[
        str | None,
        typer.Option(metavar="0,2", help="Only these tracks of A may change: numbers or names, as `show` has them."),
    ] = None,
    bars: Annotated[
        str | None, typer.Option(metavar="5-8", help="Only these bars of A may change, counted from 1.")
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(metavar="melody|chords|rhythm", help="What of A must stay; may be given several times."),
    ] = None,
    to_tempo: Annotated[bool, typer.Option("--to-tempo", help="Arrive at B's tempo, step by step.")] = False,
    to_key: Annotated[bool, typer.Option("--to-key", help="Arrive in B's key, step by step.")] = False,
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
    """Write pieces between two MIDI files, in the tracks, metre, tempo and key of the first; the shorter one is heard
    again until the longer is over.

    The share of the way asked for stands in each name (m0.25), the share measured in NAME.json.
    """
    from symbolic_embed.commands.inputs import only_one_stdin
    from symbolic_embed.commands.progress import Progress
    from symbolic_embed.commands.seeds import chosen_bars, chosen_tracks, read_seed, save
    from symbolic_embed.composing.files import Output, normalised_output
    from symbolic_embed.composing.originality import with_origins
    from symbolic_embed.composing.verbs import blend as blended
    from symbolic_embed.embedder import Embedder

    only_one_stdin(first, second)
    progress = Progress()
    one, other = (read_seed(name, progress=progress) for name in (first, second))
    chosen = {"tracks": chosen_tracks(tracks, one), "bars": chosen_bars(bars, one)}
    embedder = Embedder.load(checkpoint)

    def write(drawn: int) -> list[Output]:
        return blended(
            one,
            other,
            embedder,
            steps=steps,
            random_seed=drawn,
            **chosen,
            keep=keep or (),
            to_tempo=to_tempo,
            to_key=to_key,
            progress=lambda shares: progress.through(shares, total=steps, doing="blending"),
        )

    outputs = with_origins(write, one, embedder, most=max_copied, random_seed=seed)
    if normalise:
        outputs = [normalised_output(found, one) for found in outputs]
    save(outputs, output, plot=plot, diff=diff, force=force, seed=one)
