"""`symbolic-embed next LOOP FILES`: what goes on well from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from symbolic_embed.commands.shared.inputs import in_use, only_one_stdin
from symbolic_embed.commands.shared.listing import Format, listed
from symbolic_embed.commands.shared.opening import opened
from symbolic_embed.commands.shared.outputs import say
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.commands.shared.roles import roles_line
from symbolic_embed.commands.shared.searching import Collected
from symbolic_embed.requests import NextRequest

COLUMNS = ("rank", "path", "distance", "transposition", "query_bar", "bar")


@dataclass(frozen=True, kw_only=True)
class NextOptions(Collected):
    """What the command line adds to a NextRequest."""

    loop: Annotated[str, typer.Argument(metavar="LOOP", help="The MIDI file to go on from; - is stdin.")]
    format: Format = "table"


@taking(NextRequest, NextOptions)
def next(request: NextRequest, given: NextOptions) -> None:
    """Files by how well they go on from a loop: what comes after what, not what is alike.

    The distance is 1 where a file goes on no better after the loop than after nothing, and less the more the loop leads
    to it. What counts is how the loop ends (its last bars, or those up to --after) and how the file begins (its first
    four bars in which something sounds). query_bar is the bar of the loop that it goes on from, bar the first of the
    file, from 1. With --transpose, transposition says by how many semitones the loop is to be moved.
    """
    only_one_stdin(given.loop, *(given.inputs or []), names_from=given.files_from)
    found = given.collected()
    read = in_use(found, given.loop, given.files_from, given.checkpoint, given.library)

    from symbolic_embed.library.following import following

    with opened(request, given, in_use=read) as work:
        intake = work.intake
        loop = intake.piece(given.loop, roles=request.roles)
        intake.progress.tell(roles_line(loop))
        with work.pieces(found, doing="listening") as pieces:
            continuations = following(loop, pieces, work.embedder, request)
            work.require_meant(pieces, continuations)
    rows = [
        {"rank": rank} | {name: getattr(one, name) for name in COLUMNS[1:]}
        for rank, one in enumerate(continuations, start=1)
    ]
    say(listed(rows, COLUMNS, given.format))
    intake.tell_left_out()
    raise typer.Exit(intake.exit_code)
