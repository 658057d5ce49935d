"""`symbolic-embed duplicates FILES`: what is there twice."""

from __future__ import annotations

import json
from collections.abc import Sized
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from symbolic_embed.commands.shared.inputs import in_use
from symbolic_embed.commands.shared.listing import listed
from symbolic_embed.commands.shared.opening import opened
from symbolic_embed.commands.shared.outputs import say
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.commands.shared.searching import Collected
from symbolic_embed.requests import DuplicatesRequest

if TYPE_CHECKING:
    from symbolic_embed.library.duplicates import Group

COLUMNS = ("group", "path", "distance")


@dataclass(frozen=True, kw_only=True)
class DuplicatesOptions(Collected):
    """What the command line adds to a DuplicatesRequest."""

    format: Annotated[
        Literal["table", "json", "jsonl", "csv"],
        typer.Option(help="For people (table), or for programs; in CSV and in the table a line a file."),
    ] = "table"


@taking(DuplicatesRequest, DuplicatesOptions)
def duplicates(request: DuplicatesRequest, given: DuplicatesOptions) -> None:
    """Files that are there twice: groups of near-duplicates, in whatever key. Nothing is deleted.

    Files are in a group where each is no further than --within from another one of it, by the distance that `rank
    --transpose` sorts by; the distance of a group is the largest that had to be bridged, 0 for the same music. .1 is an
    edition, a copy in another key, some wrong notes; .2 takes in arrangements for other instruments. Groups come with
    the nearest first.
    """
    found = given.collected()
    read = in_use(found, given.files_from, given.checkpoint, given.library)

    from symbolic_embed.library import duplicates as grouping

    with opened(request, given, in_use=read) as work, work.pieces(found, doing="embedding") as pieces:
        intake, progress = work.intake, work.intake.progress
        groups = grouping.duplicates(
            pieces,
            work.embedder,
            request,
            progress=lambda rows, total: progress.through(rows, total=total, doing="comparing"),
        )
        work.require_meant(pieces, groups)
        count = len(pieces) if isinstance(pieces, Sized) else intake.accepted
    say(_told(groups, given.format))
    files = sum(len(group.paths) for group in groups)
    progress.tell(f"{len(groups):,} groups, {files:,} of {count:,} files, {files - len(groups):,} more than needed")
    intake.tell_left_out()
    raise typer.Exit(intake.exit_code)


def _told(groups: list[Group], format: str) -> str:
    if format in ("table", "csv"):
        rows = [
            {"group": number, "path": path, "distance": group.distance}
            for number, group in enumerate(groups, start=1)
            for path in group.paths
        ]
        return listed(rows, COLUMNS, format)
    lines = [
        json.dumps({"group": number, "paths": group.paths, "distance": group.distance})
        for number, group in enumerate(groups, start=1)
    ]
    return "".join(line + "\n" for line in lines) if format == "jsonl" else "[" + ",\n ".join(lines) + "]\n"
