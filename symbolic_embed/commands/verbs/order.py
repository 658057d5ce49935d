"""`symbolic-embed order FOLDER`: loops as an arrangement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from symbolic_embed.commands.shared.inputs import in_use
from symbolic_embed.commands.shared.listing import Format, listed
from symbolic_embed.commands.shared.opening import opened
from symbolic_embed.commands.shared.outputs import say
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.commands.shared.searching import Collected
from symbolic_embed.requests import OrderRequest

COLUMNS = ("place", "path", "distance")


@dataclass(frozen=True, kw_only=True)
class OrderOptions(Collected):
    """What the command line adds to an OrderRequest."""

    first: Annotated[str | None, typer.Option(metavar="FILE", help="The file to begin with.")] = None
    last: Annotated[str | None, typer.Option(metavar="FILE", help="The file to end with.")] = None
    format: Format = "table"


@taking(OrderRequest, OrderOptions)
def order(request: OrderRequest, given: OrderOptions) -> None:
    """Loops as an arrangement: all files once, each where it goes on best from the one before it (see `next`).

    distance is that of `next` to the file before, in the keys in which they are written. The foot says what the order
    costs as a whole, beside a thousand orders drawn by chance. --first and --last are added to the files where they are
    not among them. Nothing is moved or renamed.
    """
    ends = [end for end in (given.first, given.last) if end is not None]
    found = given.collected(*ends)
    read = in_use(found, given.files_from, given.checkpoint, given.library)

    from symbolic_embed.library import order as ordering

    with opened(request, given, in_use=read) as work, work.pieces(found, doing="embedding") as pieces:
        intake, progress = work.intake, work.intake.progress
        arrangement = ordering.order(
            pieces,
            work.embedder,
            request,
            first=given.first,
            last=given.last,
            progress=lambda rows, total: progress.through(rows, total=total, doing="comparing"),
        )
        work.require_meant(pieces, arrangement.loops)
    rows = [{name: getattr(one, name) for name in COLUMNS} for one in arrangement.loops]
    say(listed(rows, COLUMNS, given.format))
    if arrangement.best_random is not None:
        progress.tell(
            f"in all {arrangement.total:.2f}; of a thousand orders by chance the best {arrangement.best_random:.2f}, "
            f"the middle one {arrangement.median_random:.2f}"
        )
    intake.tell_left_out()
    raise typer.Exit(intake.exit_code)
