"""Options that several verbs share, spelt and explained once; and those that go together, as classes to build on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from symbolic_embed.commands.shared.progress import Progress
from symbolic_embed.score import MAX_BYTES

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
Output = Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where the new files go.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite what exists.")]
Recordings = Annotated[
    bool | None,
    typer.Option(
        "--recordings/--no-recordings",
        help="In folders take recordings too (WAV, FLAC, Ogg, MP3, AIFF).",
        show_default="where there is no other music",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing on stderr but errors and rejected files.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Every warning, not one line a kind.")]

CACHE_GB = 2.0
AT = "SYMBOLIC_EMBED_AT"


@dataclass(frozen=True, kw_only=True)
class Options:
    """The base of what a command line adds to a request: one Annotated field an option."""

    quiet: Quiet = False
    verbose: Verbose = False

    def progress(self) -> Progress:
        """What the command says on stderr while it works."""
        return Progress(quiet=self.quiet, verbose=self.verbose)


@dataclass(frozen=True, kw_only=True)
class Elsewhere(Options):
    """What may be carried out by a server."""

    at: Annotated[
        str | None,
        typer.Option(metavar="URL", envvar=AT, help="Have a server do it: the address that `serve` printed."),
    ] = None


@dataclass(frozen=True, kw_only=True)
class OneFile(Elsewhere):
    """One file that is read."""

    max_bytes: MaxBytes = MAX_BYTES
    seed: Seed = 0


@dataclass(frozen=True, kw_only=True)
class ManyFiles(Elsewhere):
    """Files and folders that are read, each accounted for."""

    inputs: Inputs = None
    files_from: FilesFrom = None
    report: Report = None
    max_bytes: MaxBytes = MAX_BYTES
    seed: Seed = 0


@dataclass(frozen=True, kw_only=True)
class ByModel(ManyFiles):
    """The same, by a trained model."""

    checkpoint: Checkpoint = None
    jobs: Jobs = None


@dataclass(frozen=True, kw_only=True)
class EmbeddedOnce(ByModel):
    """The same, where what was embedded before is taken from the user's cache."""

    cache: Annotated[
        bool,
        typer.Option(
            "--cache/--no-cache",
            help="Keep in your cache what the files are embedded as, for the next time; `library cache` says how much "
            "that is, and clears it.",
            show_default="cache",
        ),
    ] = True
    cache_size: Annotated[
        float,
        typer.Option(
            min=0, metavar="GB", help="How much the cache may hold; what was not used for longest is given up."
        ),
    ] = CACHE_GB


@dataclass(frozen=True, kw_only=True)
class WritingFiles(Elsewhere):
    """Files of music, written into a folder: each verb says which, where nobody does."""

    output: Output
    plot: Annotated[bool, typer.Option("--plot", help="Also draw each result, and all beside the seed (PNG).")] = False
    diff: Annotated[
        bool, typer.Option("--diff", help="Also write NAME.diff: every changed note, and that all else stayed.")
    ] = False
    notation: Annotated[bool, typer.Option("--notation", help="Also write NAME.musicxml: to be read and printed.")] = (
        False
    )
    page: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Also write one page for a browser: all results to be seen, heard, compared."
        ),
    ] = None
    max_bytes: MaxBytes = MAX_BYTES
    force: Force = False


@dataclass(frozen=True, kw_only=True)
class Writing(WritingFiles):
    """New music, by a trained model."""

    checkpoint: Checkpoint = None


def cores(jobs: int | None) -> int:
    """How many threads to use: as asked, else one for each core this process may use."""
    if jobs:
        return jobs
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
