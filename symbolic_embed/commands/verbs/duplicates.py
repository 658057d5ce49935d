"""`symbolic-embed duplicates FILES`: what is there twice, files or passages inside them."""

from __future__ import annotations

import json
from collections.abc import Sequence, Sized
from dataclasses import asdict, dataclass
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
    from symbolic_embed.commands.shared.opening import Opened
    from symbolic_embed.library.building import Pieces
    from symbolic_embed.library.duplicates import Group
    from symbolic_embed.library.recurring import Recurrence

COLUMNS = ("group", "path", "distance")
OF_PASSAGES = ("path", "bar", "last_bar", "other_path", "other_bar", "other_last_bar", "transposition", "distance")


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

    --passages lists stretches of bars instead that are there again in other files, the longest first: bars of one file,
    as many of another, and by how many semitones the first are to be moved (with --transpose). Files of the same notes
    count once. Drums alone, silence and held notes are not looked for.
    """
    found = given.collected()
    read = in_use(found, given.files_from, given.checkpoint, given.library)

    with opened(request, given, in_use=read) as work, work.pieces(found, doing="embedding") as pieces:
        intake = work.intake
        if request.passages:
            text, foot = _passages(work, pieces, request, given.format)
        else:
            text, foot = _files(work, pieces, request, given.format)
    say(text)
    intake.progress.tell(foot)
    intake.tell_left_out()
    raise typer.Exit(intake.exit_code)


def _files(work: Opened, pieces: Pieces, request: DuplicatesRequest, format: str) -> tuple[str, str]:
    """The groups of files as text, and a line on them."""
    from symbolic_embed.library import duplicates as grouping

    progress = work.intake.progress
    groups = grouping.duplicates(
        pieces,
        work.embedder,
        request,
        progress=lambda rows, total: progress.through(rows, total=total, doing="comparing"),
    )
    work.require_meant(pieces, groups)
    count = len(pieces) if isinstance(pieces, Sized) else work.intake.accepted
    files = sum(len(group.paths) for group in groups)
    foot = f"{len(groups):,} groups, {files:,} of {count:,} files, {files - len(groups):,} more than needed"
    return _told(groups, format), foot


def _passages(work: Opened, pieces: Pieces, request: DuplicatesRequest, format: str) -> tuple[str, str]:
    """The passages that recur as text, and a line on them."""
    from symbolic_embed.library.recurring import recurring

    progress = work.intake.progress
    found = recurring(
        pieces,
        work.embedder,
        request,
        progress=lambda rows, total: progress.through(rows, total=total, doing="comparing"),
    )
    work.require_meant(pieces, found)
    files = {path for one in found for path in (one.path, one.other_path)}
    return listed([asdict(one) for one in found], OF_PASSAGES, format), _foot(found, len(files))


def _foot(found: Sequence[Recurrence], files: int) -> str:
    bars = sum(one.last_bar - one.bar + 1 for one in found)
    return f"{len(found):,} passages of {bars:,} bars, in {files:,} files"


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
