"""`symbolic-embed rank QUERY FILES`: what is alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symbolic_embed.commands.shared import options
from symbolic_embed.commands.shared.inputs import STDIN, Intake, gathered, in_use, only_one_stdin
from symbolic_embed.commands.shared.listing import Format, listed
from symbolic_embed.commands.shared.outputs import deliver, require_free, say
from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.commands.shared.roles import roles_line
from symbolic_embed.errors import InputError, UsageError
from symbolic_embed.requests import RankRequest

if TYPE_CHECKING:
    from symbolic_embed.bars import BarredScore
    from symbolic_embed.library.rank import Match

COLUMNS = ("rank", "path", "distance", "transposition", "query_bar", "bar")
WHY_PARTS = ("bars", "harmony", "melody", "rhythm", "passages")
WHY = ("bars_distance", "harmony_distance", "melody_distance", "nearest_bars", "rhythm_distance", "passages_distance")
CALLED = ("likeness", "probability")
ALONG = "passages"  # which bars lie along which
PICTURES = (".png", ".svg", ".html")


@dataclass(frozen=True, kw_only=True)
class RankOptions(options.ByModel):
    """What the command line adds to a RankRequest."""

    query: Annotated[str, typer.Argument(metavar="QUERY", help="The MIDI file to compare with; - is stdin.")]
    plot: Annotated[
        Path | None,
        typer.Option(
            metavar="PNG|SVG|HTML", help="Also draw the query and the first three matches, joined where alike."
        ),
    ] = None
    format: Format = "table"
    force: options.Force = False


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
    by how many semitones the query is to be moved. --tracks compares some tracks of the query alone. likeness says
    what a distance means: same music (an edition, an arrangement, another key), related (a variation, another
    setting) or nothing alike; probability, in JSON and CSV, is that of the first, before looking one in a thousand.
    Rhythm alone says neither.
    """
    request = _with_what_is_drawn(request, given)
    only_one_stdin(given.query, *(given.inputs or []), names_from=given.files_from)
    found = gathered(given.inputs, names_from=given.files_from)
    read = in_use(found, given.query, given.files_from, given.checkpoint)
    if given.plot:
        require_free(given.plot, force=given.force, in_use=read)

    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.embedding.embedder import Embedder
    from symbolic_embed.library import rank as ranking

    use_threads(1)
    embedder = Embedder.load(given.checkpoint, jobs=options.cores(given.jobs))
    with Intake(
        given.progress(),
        report=given.report,
        max_bytes=given.max_bytes,
        join_channels=request.join_channels,
        in_use=read.also(given.plot),
    ) as intake:
        query = intake.piece(given.query, roles=request.roles)
        intake.progress.tell(roles_line(query))
        piped: dict[str, BarredScore] = {}
        pieces = _keeping_stdin(intake.pieces(found, doing="ranking", where=request.conditions), piped)
        matches = ranking.rank(query, pieces, embedder, request)
        intake.require_some()
    rows = [_row(rank, match, format=given.format) for rank, match in enumerate(matches, start=1)]
    why = WHY if embedder.has_passages else WHY[:-1]
    columns = COLUMNS + (why if request.why else ()) + (CALLED if request.level == "piece" else ())
    columns += (ALONG,) if request.why and embedder.has_passages else ()
    say(listed(rows, columns, given.format, not_for_people=("probability", ALONG)))
    if request.why and given.format == "table":
        from symbolic_embed.presenting.why_words import in_words

        say("".join("\n" + in_words(rank, match) for rank, match in enumerate(matches, start=1)))
    if given.plot:
        content = _picture(query, matches, piped, given, intake)
        deliver(lambda out: out.write(content), given.plot, force=given.force, in_use=read)
    _tell_of_bars_instead(matches, request, intake)
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


def _with_what_is_drawn(request: RankRequest, given: RankOptions) -> RankRequest:
    """The request, with all that a picture shows. Raises UsageError for a picture that cannot be."""
    if given.plot is None:
        return request
    if given.plot.suffix.lower() not in PICTURES:
        raise UsageError(f"`plot` {given.plot}: a picture is a {', '.join(PICTURES)} file", field="plot")
    if request.level == "bar":
        raise UsageError("`plot` with `level` bar: bars have nothing to be joined by; leave one out", field="plot")
    return RankRequest(**{**request.model_dump(), "why": True})


def _keeping_stdin(
    pieces: Iterable[tuple[str, BarredScore]], piped: dict[str, BarredScore]
) -> Iterator[tuple[str, BarredScore]]:
    """The pieces as they come; what was piped in, and cannot be read again, is kept in `piped`."""
    for path, barred in pieces:
        if path == STDIN:
            piped[path] = barred
        yield path, barred


def _picture(
    query: BarredScore, matches: list[Match], piped: Mapping[str, BarredScore], given: RankOptions, intake: Intake
) -> bytes:
    """The query and its first matches, which are read again."""
    from symbolic_embed.bars import cut
    from symbolic_embed.notation import read
    from symbolic_embed.presenting.along_page import along_page
    from symbolic_embed.presenting.along_picture import MOST_MATCHES, along_picture

    drawn: list[tuple[Match, BarredScore]] = []
    for match in matches[:MOST_MATCHES]:
        try:
            barred = piped.get(match.path) or cut(
                read(match.path, max_bytes=given.max_bytes, join_channels=intake.join_channels)
            )
        except InputError as error:
            intake.progress.tell(f"not drawn: {error}", needed=True)
            continue
        drawn.append((match, barred))
    title, ending = given.query, str(given.plot).lower().rpartition(".")[2]
    if ending == "html":
        return along_page(query, drawn, title=title).encode()
    return along_picture(query, drawn, title=title, format=ending)


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
