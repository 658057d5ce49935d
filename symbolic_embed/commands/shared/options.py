"""Options that several verbs share, spelt and explained once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

Inputs = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILES|FOLDERS...", help="MIDI files, and folders to walk; - is stdin.", show_default=False),
]
FilesFrom = Annotated[
    str | None,
    typer.Option(
        metavar="FILE|-",
        help="Also take the files and folders that FILE lists, one a line (or between NULs, as find -print0 writes).",
    ),
]
Report = Annotated[
    str | None, typer.Option(metavar="FILE", help="Write a line of JSON for every input: what became of it.")
]
MaxBytes = Annotated[int, typer.Option(min=1, metavar="N", help="Refuse larger files.")]
Checkpoint = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="The trained model, a checkpoint's folder.", show_default="the bundled one"),
]
Jobs = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="Threads. Results do not depend on it.", show_default="one a core"),
]
Seed = Annotated[
    int, typer.Option(metavar="N", help="Taken by every command; this one leaves nothing to chance, and ignores it.")
]
SoundFont = Annotated[
    Path | None, typer.Option(metavar="SF2|SF3", help="The sound font.", show_default="the best one installed")
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite what exists.")]
Metric = Annotated[Literal["euclidean", "cosine"], typer.Option(help="How the distance of two bars is measured.")]
Transpose = Annotated[bool, typer.Option("--transpose", help="In whichever of the twelve transpositions is nearest.")]

# Of the verbs that write music.
Output = Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where the new files go.")]
OtherMusic = Annotated[int, typer.Option(min=0, help="Another seed, other music.")]
Temperature = Annotated[float, typer.Option(min=0.0, max=5.0, help="0: the likeliest note each time.")]
TopP = Annotated[float, typer.Option(min=0.01, max=1.0, help="Draw from the likeliest choices only.")]
Tracks = Annotated[
    str | None,
    typer.Option(metavar="0,2", help="Only these tracks may change: numbers or names, as `show` has them."),
]
Bars = Annotated[str | None, typer.Option(metavar="5-8", help="Only these bars may change, counted from 1.")]
Keep = Annotated[
    list[str] | None,
    typer.Option(metavar="melody|chords|rhythm", help="What must stay; may be given several times."),
]
Plot = Annotated[bool, typer.Option("--plot", help="Also draw each result, and all beside the seed (PNG).")]
MaxCopied = Annotated[
    int | None,
    typer.Option(metavar="N", help="Draw again what shares more than N notes in a row with the training data."),
]
Normalise = Annotated[
    bool, typer.Option("--normalise", help="Lay the results out as every DAW expects: one part a track.")
]
Diff = Annotated[
    bool, typer.Option("--diff", help="Also write NAME.diff: every changed note, and that all else stayed.")
]


def cores(jobs: int | None) -> int:
    """How many threads to use: as asked, else one for each core this process may use."""
    if jobs:
        return jobs
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
