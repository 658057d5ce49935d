"""The picture that `rank` draws: the query and its first matches, joined where they are alike."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.commands.shared.inputs import STDIN, Intake
from symbolic_embed.errors import InputError, UsageError
from symbolic_embed.notation import read
from symbolic_embed.requests import RankRequest

if TYPE_CHECKING:
    from symbolic_embed.library.showing import Match

PICTURES = (".png", ".svg", ".html")


def require_drawable(request: RankRequest, plot: Path | None, *, several: bool) -> RankRequest:
    """The request, with all that a picture shows. Raises UsageError for a picture that cannot be."""
    if plot is None:
        return request
    if plot.suffix.lower() not in PICTURES:
        raise UsageError(f"`plot` {plot}: a picture is a {', '.join(PICTURES)} file", field="plot")
    if request.level == "bar":
        raise UsageError("`plot` with `level` bar: bars have nothing to be joined by; leave one out", field="plot")
    if request.by in ("tune", "sound"):
        raise UsageError(f"`plot` with `by` {request.by}: no bars of notes are joined by it", field="plot")
    if several:
        raise UsageError("`plot` with several queries: a picture is of one; leave one out", field="plot")
    return RankRequest(**{**request.model_dump(), "why": True})


def picture(query: tuple[str, BarredScore], matches: Sequence[Match], plot: Path, intake: Intake) -> bytes:
    """The query, by name, and its first matches, which are read again; one that cannot be is named and left out."""
    from symbolic_embed.presenting.along_page import along_page
    from symbolic_embed.presenting.along_picture import MOST_MATCHES, along_picture

    drawn: list[tuple[Match, BarredScore]] = []
    for match in matches[:MOST_MATCHES]:
        try:
            barred = (intake.piped if match.path == STDIN else None) or cut(
                read(match.path, max_bytes=intake.max_bytes, join_channels=intake.join_channels)
            )
        except InputError as error:
            intake.progress.tell(f"not drawn: {error}", needed=True)
            continue
        drawn.append((match, barred))
    name, barred = query
    if plot.suffix.lower() == ".html":
        return along_page(barred, drawn, title=name).encode()
    return along_picture(barred, drawn, title=name, format=plot.suffix.lower()[1:])
