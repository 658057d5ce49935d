"""`symbolic-embed show FILE`: what a MIDI file holds, in words, as JSON, as a picture."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.inputs import Intake, in_use
from symbolic_embed.commands.shared.outputs import deliver, require_free, say
from symbolic_embed.commands.shared.parameters import in_options, taking
from symbolic_embed.errors import UsageError
from symbolic_embed.requests import ShowRequest

PICTURES = (".png", ".svg")


@dataclass(frozen=True, kw_only=True)
class ShowOptions(options.OneFile):
    """What the command line adds to a ShowRequest."""

    file: Annotated[str, typer.Argument(metavar="FILE", help="A MIDI file; - is stdin.")]
    plot: Annotated[
        Path | None, typer.Option(metavar="PNG|SVG", help="Also draw it, as a piano-roll, into this file.")
    ] = None
    format: Annotated[Literal["text", "json"], typer.Option(help="For people, or for programs.")] = "text"
    report: options.Report = None
    force: options.Force = False


@taking(ShowRequest, ShowOptions)
def show(request: ShowRequest, given: ShowOptions) -> None:
    """What a MIDI file holds: its parts as the other commands number them, bars, metre, tempo, key and warnings.

    A file without notes is shown as well. Warnings name what was repaired or read in a way its author may not have
    meant.
    """
    from symbolic_embed.presenting.overview import as_text, overview

    read = in_use([], given.file)
    if given.plot:
        if given.plot.suffix.lower() not in PICTURES:
            raise UsageError(f"`plot` {given.plot}: a picture is a {' or '.join(PICTURES)} file", field="plot")
        require_free(given.plot, force=given.force, in_use=read)
    with Intake(
        given.progress(),
        report=given.report,
        needs_notes=False,
        is_quiet=True,
        max_bytes=given.max_bytes,
        join_channels=request.join_channels,
        in_use=read.also(given.plot),
    ) as intake:
        barred = intake.piece(given.file, roles=request.roles)
    seen = overview(barred, path=given.file)
    say(json.dumps(seen.as_dict(), indent=2) + "\n" if given.format == "json" else in_options(as_text(seen)))
    if given.plot:
        from symbolic_embed.presenting.piano_roll import picture

        content = picture(barred, title=seen.path, format=given.plot.suffix[1:].lower())
        deliver(lambda out: out.write(content), given.plot, force=given.force, in_use=read)
