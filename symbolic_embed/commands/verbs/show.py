"""`symbolic-embed show FILE`: what a MIDI file holds, in words, as JSON, as a picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.inputs import Intake
from symbolic_embed.commands.shared.outputs import deliver, require_free, say
from symbolic_embed.commands.shared.progress import Progress
from symbolic_embed.errors import UsageError
from symbolic_embed.score import MAX_BYTES

PICTURES = (".png", ".svg")


def show(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A MIDI file; - is stdin.")],
    plot: Annotated[
        Path | None, typer.Option(metavar="PNG|SVG", help="Also draw it, as a piano-roll, into this file.")
    ] = None,
    format: Annotated[Literal["text", "json"], typer.Option(help="For people, or for programs.")] = "text",
    report: options.Report = None,
    max_bytes: options.MaxBytes = MAX_BYTES,
    seed: options.Seed = 0,
    force: options.Force = False,
) -> None:
    """What a MIDI file holds: its parts as the other commands number them, bars, metre, tempo, key and warnings.

    A file without notes is shown as well. Warnings name what was repaired or read in a way its author may not have
    meant.
    """
    from symbolic_embed.presenting.overview import as_text, overview

    if plot:
        if plot.suffix.lower() not in PICTURES:
            raise UsageError(f"{plot}: a picture is a {' or '.join(PICTURES)} file")
        require_free(plot, force=force)
    with Intake(Progress(), report=report, needs_notes=False, is_quiet=True, max_bytes=max_bytes) as intake:
        barred = intake.piece(file)
    seen = overview(barred, path=file)
    say(json.dumps(seen.as_dict(), indent=2) + "\n" if format == "json" else as_text(seen))
    if plot:
        from symbolic_embed.presenting.piano_roll import picture

        content = picture(barred, title=seen.path, format=plot.suffix[1:].lower())
        deliver(lambda out: out.write(content), plot, force=force)
