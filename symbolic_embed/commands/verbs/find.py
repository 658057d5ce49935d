"""`symbolic-embed find FRAGMENT FILES`: which piece a fragment is from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symbolic_embed.commands.shared.inputs import in_use
from symbolic_embed.commands.shared.listing import Format, listed
from symbolic_embed.commands.shared.opening import opened
from symbolic_embed.commands.shared.outputs import say
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.commands.shared.searching import Searching, queries_read
from symbolic_embed.requests import FindRequest

if TYPE_CHECKING:
    from symbolic_embed.library.laying import Place

COLUMNS = ("rank", "path", "distance", "transposition", "track", "bar", "last_bar", "likeness", "probability")


@dataclass(frozen=True, kw_only=True)
class FindOptions(Searching):
    """What the command line adds to a FindRequest."""

    fragment: Annotated[
        str | None, typer.Argument(metavar="FRAGMENT", help="Some bars of a piece; - is stdin.", show_default=False)
    ] = None
    format: Format = "table"


@taking(FindRequest, FindOptions)
def find(request: FindRequest, given: FindOptions) -> None:
    """Which piece a fragment is from: the place in each file where it fits best, in any key, the best first.

    A fragment may be of all parts or of one. track says in which part it was found, as `show` numbers them; it is empty
    where all parts matched together. bar and last_bar are the bars it lies beside, from 1; transposition, by how many
    semitones the fragment is to be moved. What of the fragment has nothing beside it counts against a place. --tracks
    looks for some tracks of the fragment alone. likeness says what a distance means for a fragment of so many bars:
    same music, related or nothing alike; probability, in JSON and CSV, is that of the first, before looking one in a
    thousand. Fewer than eight notes are never called the same music. --by tune looks for the melody of the fragment as
    somebody sings it, in whatever key, tempo and rhythm, with wrong, missing and added notes; a recording that is heard
    as a melody is looked for so unless --by says otherwise.
    """
    found, fragments = given.searched(given.fragment), given.queries(given.fragment)
    read = in_use(found, *fragments, given.files_from, given.queries_from, given.checkpoint, given.library)

    from symbolic_embed.library.find import find_each

    with opened(request, given, in_use=read) as work:
        intake = work.intake
        named = queries_read(intake, fragments, roles=request.roles)
        with work.pieces(found, doing="looking") as pieces:
            places_of = find_each([fragment for _, fragment in named], pieces, work.embedder, request)
            work.require_meant(pieces, places_of[0])
    rows = [
        {"query": name, **_row(rank, place)}
        for (name, _), places in zip(named, places_of, strict=True)
        for rank, place in enumerate(places, start=1)
    ]
    columns = (("query",) if given.takes_several else ()) + COLUMNS
    say(listed(rows, columns, given.format, not_for_people=("probability",)))
    for places in places_of:
        if places and places[0].is_far:
            intake.progress.tell(
                f"no place is near: the nearest is at {places[0].distance:.3f}, unrelated music at about 1"
            )
    intake.tell_left_out()
    raise typer.Exit(intake.exit_code)


def _row(rank: int, place: Place) -> dict[str, Any]:
    return {"rank": rank} | {name: getattr(place, name) for name in COLUMNS[1:]}
