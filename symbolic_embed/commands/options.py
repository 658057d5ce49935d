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


def cores(jobs: int | None) -> int:
    """How many threads to use: as asked, else one for each core this process may use."""
    if jobs:
        return jobs
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
