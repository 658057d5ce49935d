"""`symbolic-embed rank QUERY FILES`: what is alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symbolic_embed.bars import BarredScore
from symbolic_embed.commands.shared import by_sound, options
from symbolic_embed.commands.shared.inputs import Intake, in_use
from symbolic_embed.commands.shared.listing import Format, listed
from symbolic_embed.commands.shared.opening import Opened, opened
from symbolic_embed.commands.shared.outputs import deliver, require_free, say
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.commands.shared.rank_picture import picture, require_drawable
from symbolic_embed.commands.shared.searching import Searching, queries_read
from symbolic_embed.errors import printable
from symbolic_embed.files.folders import Found
from symbolic_embed.requests import RankRequest

if TYPE_CHECKING:
    from symbolic_embed.library.showing import Match

COLUMNS = ("rank", "path", "distance", "transposition", "query_bar", "bar")
WHY_PARTS = ("bars", "harmony", "melody", "rhythm", "passages")
WHY = ("bars_distance", "harmony_distance", "melody_distance", "nearest_bars", "rhythm_distance", "passages_distance")
CALLED = ("likeness", "probability")
ALONG = "passages"  # which bars lie along which


@dataclass(frozen=True, kw_only=True)
class RankOptions(Searching):
    """What the command line adds to a RankRequest."""

    query: Annotated[
        str | None,
        typer.Argument(
            metavar="QUERY",
            help="The file to compare with: MIDI, notation or a recording; - is stdin.",
            show_default=False,
        ),
    ] = None
    plot: Annotated[
        Path | None,
        typer.Option(
            metavar="PNG|SVG|HTML", help="Also draw the query and the first three matches, joined where alike."
        ),
    ] = None
    format: Format = "table"
    force: options.Force = False
    recordings: options.Recordings = None


@taking(RankRequest, RankOptions)
def rank(request: RankRequest, given: RankOptions) -> None:
    """Files by likeness to a query, the most alike first.

    The distance of two pieces, 0 for the same music and about 1 for unrelated, joins three: of their harmony over
    eight bars, of their melodies, and of what the model has learnt of passages of up to eight bars; harmony or
    melody in common is enough to be near. --by ranks by one of them alone, by bars, or by rhythm, whatever the
    pitches; where a piece has none (drums have no melody), its bars count, and the foot says for how many. With
    --why each stands beside it, on the same scale (passages where the checkpoint has an encoder of them), and the
    nearest pairs of bars, as 3=5 for bar 3 of the query and bar 5; and, in words or as `passages` in JSON and CSV,
    which bars lie along which. --plot draws that, both piano-rolls and what joins them. query_bar and bar are the
    pair of bars nearest to each other, from 1. With --level bar every bar of the files in which something sounds is
    ranked, by the distance of its embedding to the nearest bar of the query (--by all or bars). transposition says
    by how many semitones the query is to be moved. --tracks compares some tracks of the query alone. With --library
    its files are ranked, by the same digits; with --top only candidates are measured, as many as --candidates says.
    --weights harmony=.5,rhythm=2 ranks by the mean of these parts, weighed so. --by tune looks for the query's melody
    as somebody sings it, in whatever key, tempo and rhythm, with wrong, missing and added notes, anywhere in any part;
    a recording that is heard as a melody is looked for so unless --by says otherwise. --by sound compares what can be
    heard: recordings of several instruments beside MIDI and beside each other, as is done wherever recordings are
    searched; of a long recording its first ten minutes. likeness says what a distance
    means: same music (an edition, an arrangement, another key), related (a variation, another setting) or nothing
    alike; probability, in JSON and CSV, is that of the first, before looking one in a thousand. Rhythm alone, and
    weights, say neither.
    """
    request = require_drawable(request, given.plot, several=given.takes_several)
    found, queries = given.searched(given.query, recordings=given.recordings), given.queries(given.query)
    read = in_use(found, *queries, given.files_from, given.queries_from, given.checkpoint, given.library)
    if given.plot:
        require_free(given.plot, force=given.force, in_use=read)

    named: list[tuple[str, BarredScore]] = []
    with opened(request, given, in_use=read.also(given.plot)) as work:
        intake, embedder = work.intake, work.embedder
        if by_sound.is_by_sound(request, work, queries, found):
            names, ranked = by_sound.ranked(request, work, queries, found)
        else:
            named = queries_read(intake, queries, roles=request.roles)
            names = [name for name, _ in named]
            ranked = _by_notes([query for _, query in named], request, work, found)
    rows = [
        {"query": name, **_row(rank, match, format=given.format)}
        for name, matches in zip(names, ranked, strict=True)
        for rank, match in enumerate(matches, start=1)
    ]
    tells_why = request.why and any(match.why for matches in ranked for match in matches)
    why = WHY if embedder.has_passages else WHY[:-1]
    columns = COLUMNS + (why if tells_why else ()) + (CALLED if request.level == "piece" else ())
    columns += (ALONG,) if tells_why and embedder.has_passages else ()
    columns = (("query",) if given.takes_several else ()) + columns
    say(listed(rows, columns, given.format, not_for_people=("probability", ALONG)))
    if tells_why and given.format == "table":
        _say_why(names, ranked, several=given.takes_several)
    if given.plot and named:
        ((name, query),) = named
        content = picture((name, query), ranked[0], given.plot, intake)
        deliver(lambda out: out.write(content), given.plot, force=given.force, in_use=read)
    _tell_of_bars_instead([match for matches in ranked for match in matches], request, intake)
    intake.tell_left_out()
    raise typer.Exit(intake.exit_code)


def _by_notes(
    queries: Sequence[BarredScore], request: RankRequest, work: Opened, found: Sequence[Found]
) -> list[list[Match]]:
    """What is alike to each query by its notes."""
    from symbolic_embed.library.rank import measures_all, rank_each
    from symbolic_embed.library.stores.library import Library

    with work.pieces(found, doing="ranking") as pieces:
        if isinstance(pieces, Library) and measures_all(request, work.embedder):
            work.intake.progress.tell("by what is asked for no candidates can be found: the whole library is measured")
        ranked = rank_each(queries, pieces, work.embedder, request)
        work.require_meant(pieces, ranked[0])
    return ranked


def _tell_of_bars_instead(matches: list[Match], request: RankRequest, intake: Intake) -> None:
    """A line on how many files the part that was asked for says nothing of, and bars are what counts."""
    if request.by in (None, "all", "tune", "sound") or request.level == "bar":
        return
    silent = sum(getattr(match.why, request.by) is None for match in matches)
    if silent:
        intake.progress.tell(
            f"by bars instead of {request.by}: {silent:,} of {len(matches):,} files, where the query or they have none"
        )


def _say_why(names: Sequence[str], ranked: Sequence[Sequence[Match]], *, several: bool) -> None:
    """A paragraph for each match, under the name of its query where there are several."""
    from symbolic_embed.presenting.why_words import in_words

    for name, matches in zip(names, ranked, strict=True):
        if several:
            say(f"\n{printable(name)}\n")
        say("".join("\n" + in_words(rank, match) for rank, match in enumerate(matches, start=1)))


def _row(rank: int, match: Match, *, format: str) -> dict[str, Any]:
    row = {"rank": rank} | {name: getattr(match, name) for name in COLUMNS[1:] + CALLED}
    if match.why is None:
        return row
    reasons = {f"{part}_distance": getattr(match.why, part) for part in WHY_PARTS}
    along: object = [asdict(one) for one in match.why.along or ()]
    if format == "csv":
        spans = [(one.query_bar, one.query_last_bar, one.bar, one.last_bar) for one in match.why.along or ()]
        along = " ".join(f"{first}-{last}={bar}-{last_bar}" for first, last, bar, last_bar in spans)
    return row | reasons | {"nearest_bars": match.why.pairs, ALONG: along}
