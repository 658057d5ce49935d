"""`symbolic-embed rank QUERY FILES`: what is alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.inputs import Intake, in_use
from symbolic_embed.commands.shared.listing import Format, listed
from symbolic_embed.commands.shared.outputs import say
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.commands.shared.searching import Searching, pieces_searched, queries_read
from symbolic_embed.requests import RankRequest

if TYPE_CHECKING:
    from symbolic_embed.library.showing import Match

COLUMNS = ("rank", "path", "distance", "transposition", "query_bar", "bar")
WHY_PARTS = ("bars", "harmony", "melody", "rhythm", "passages")
WHY = ("bars_distance", "harmony_distance", "melody_distance", "nearest_bars", "rhythm_distance", "passages_distance")
CALLED = ("likeness", "probability")


@dataclass(frozen=True, kw_only=True)
class RankOptions(Searching):
    """What the command line adds to a RankRequest."""

    query: Annotated[
        str | None,
        typer.Argument(metavar="QUERY", help="The MIDI file to compare with; - is stdin.", show_default=False),
    ] = None
    format: Format = "table"


@taking(RankRequest, RankOptions)
def rank(request: RankRequest, given: RankOptions) -> None:
    """Files by likeness to a query, the most alike first.

    The distance of two pieces, 0 for the same music and about 1 for unrelated, joins three: of their harmony over eight
    bars, of their melodies, and of what the model has learnt of passages of up to eight bars; harmony or melody in
    common is enough to be near. --by ranks by one of them alone, by bars, or by rhythm, whatever the pitches; where a
    piece has none (drums have no melody), its bars count, and the foot says for how many. With --why each stands beside
    it, on the same scale (passages where the checkpoint has an encoder of them), and the nearest pairs of bars, as 3=5
    for bar 3 of the query and bar 5. query_bar and bar are the pair of bars nearest to each other, from 1. With --level
    bar every bar of the files in which something sounds is ranked, by the distance of its embedding to the nearest bar
    of the query (--by all or bars). transposition says by how many semitones the query is to be moved. --tracks
    compares some tracks of the query alone. With --library its files are ranked, by the same digits; with --top only
    candidates are measured, as many as --candidates says. --weights harmony=.5,rhythm=2 ranks by the mean of these
    parts, weighed so. likeness says what a distance means: same music (an edition, an arrangement, another key),
    related (a variation, another setting) or nothing alike; probability, in JSON and CSV, is that of the first, before
    looking one in a thousand. Rhythm alone, and weights, say neither.
    """
    found, queries = given.searched(given.query), given.queries(given.query)
    read = in_use(found, *queries, given.files_from, given.queries_from, given.checkpoint, given.library)

    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.embedding.embedder import Embedder
    from symbolic_embed.library.rank import measures_all, rank_each

    use_threads(1)
    embedder = Embedder.load(given.checkpoint, jobs=options.cores(given.jobs))
    with Intake(
        given.progress(),
        report=given.report,
        max_bytes=given.max_bytes,
        join_channels=request.join_channels,
        in_use=read,
    ) as intake:
        named = queries_read(intake, queries, roles=request.roles)
        with pieces_searched(given, found, intake, embedder, doing="ranking", where=request.conditions) as pieces:
            if given.library is not None and measures_all(request, embedder):
                intake.progress.tell("by what is asked for no candidates can be found: the whole library is measured")
            ranked = rank_each([query for _, query in named], pieces, embedder, request)
    rows = [
        {"query": name, **_row(rank, match)}
        for (name, _), matches in zip(named, ranked, strict=True)
        for rank, match in enumerate(matches, start=1)
    ]
    why = WHY if embedder.has_passages else WHY[:-1]
    columns = COLUMNS + (why if request.why else ()) + (CALLED if request.level == "piece" else ())
    columns = (("query",) if given.takes_several else ()) + columns
    say(listed(rows, columns, given.format, not_for_people=("probability",)))
    _tell_of_bars_instead([match for matches in ranked for match in matches], request, intake)
    intake.tell_left_out()
    raise typer.Exit(intake.exit_code)


def _tell_of_bars_instead(matches: list[Match], request: RankRequest, intake: Intake) -> None:
    """A line on how many files the part that was asked for says nothing of, and bars are what counts."""
    if request.by == "all" or request.level == "bar":
        return
    silent = sum(getattr(match.why, request.by) is None for match in matches)
    if silent:
        intake.progress.tell(
            f"by bars instead of {request.by}: {silent:,} of {len(matches):,} files, where the query or they have none"
        )


def _row(rank: int, match: Match) -> dict[str, Any]:
    row = {"rank": rank} | {name: getattr(match, name) for name in COLUMNS[1:] + CALLED}
    if match.why is None:
        return row
    reasons = {f"{part}_distance": getattr(match.why, part) for part in WHY_PARTS}
    return row | reasons | {"nearest_bars": match.why.pairs}
