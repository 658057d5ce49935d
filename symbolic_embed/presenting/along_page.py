"""Why pieces are alike, as a page for a browser: the picture, in words, and to be heard, stretch by stretch."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path

from symbolic_embed.bars import BarredScore
from symbolic_embed.errors import printable
from symbolic_embed.library.showing import Match
from symbolic_embed.presenting.along_picture import along_picture
from symbolic_embed.presenting.page_parts import Parts, whole_page
from symbolic_embed.presenting.page_pieces import page_piece
from symbolic_embed.presenting.why_words import in_words

SCRIPTS = ("music.js", "patches.js", "synth.js", "drums.js", "player.js", "alone.js", "along.js")
PARTS = Parts("along.html", ("page.css", "along.css"), SCRIPTS, what="what is like it", has_images=True)


def along_page(query: BarredScore, matches: Sequence[tuple[Match, BarredScore]], *, title: str) -> str:
    """The page, HTML, of a query and its matches, each with its music; they were ranked with `why`."""
    pieces = [page_piece(barred) for barred in (query, *(barred for _, barred in matches))]
    sections = [
        _section(query, match, barred, number=number, title=title)
        for number, (match, barred) in enumerate(matches, start=1)
    ]
    contents = {"matches": "\n".join(sections)}
    return whole_page(PARTS, contents, title=Path(title).name, music={"pieces": pieces})


def _section(query: BarredScore, match: Match, barred: BarredScore, *, number: int, title: str) -> str:
    heading, *lines = in_words(number, match).strip().split("\n")
    drawn = along_picture(query, [(match, barred)], title=title, first=number)
    image = base64.b64encode(drawn).decode("ascii")
    alt = escape(
        f"Piano rolls of {printable(title)} and {printable(match.path)}, one above the other. {' '.join(lines)}"
    )
    words = "".join(f"<p>{escape(line.strip())}</p>" for line in lines)
    return (
        f'<section class="card match" aria-labelledby="match-{number}"><h2 id="match-{number}">{escape(heading)}</h2>'
        f'{words}{_stretches(match, number)}<img src="data:image/png;base64,{image}" alt="{alt}"></section>'
    )


def _stretches(match: Match, number: int) -> str:
    """A table of the bars that lie along each other, with buttons that have them heard."""
    along = (match.why.along if match.why else None) or ()
    rows = "".join(
        f"<tr><td>{_button(0, one.query_bar, one.query_last_bar, 'the query')}</td>"
        f"<td>{_button(number, one.bar, one.last_bar, f'match {number}')}</td>"
        f'<td class="number">{one.distance:.2f}</td></tr>'
        for one in along
    )
    heads = '<th scope="col">The query</th><th scope="col">The match</th><th scope="col" class="number">Apart</th>'
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>" if along else ""


def _button(piece: int, first: int, last: int, name: str) -> str:
    return (
        f'<button type="button" data-piece="{piece}" data-from="{first}" data-to="{last}" aria-pressed="false" '
        f'aria-label="Hear bars {first} to {last} of {name}">Bars {first}–{last}</button>'
    )
