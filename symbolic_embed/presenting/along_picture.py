"""Why pieces are alike, as a picture: a query and what is like it, one above the other, joined where they lie along
each other.

Each match has two piano-rolls, the query's above, drawn as it is. A band goes from bars of the query to the bars that
they lie along, the stronger the nearer these are (`similarity.lying_along`); beside the heading, a bar for each part of
the likeness is full where the two are the same and empty where they are as unlike as any two pieces. Of long pieces
only the surroundings of what is joined are drawn.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from symbolic_embed.bars import BarredScore
from symbolic_embed.errors import printable
from symbolic_embed.library.showing import Match, Why
from symbolic_embed.presenting.drawing import DOTS_PER_INCH, MARGIN, Look, draw_bars, number_bars, own_settings
from symbolic_embed.presenting.pages import System, stretch
from symbolic_embed.presenting.piano_roll import LIGHT, MOST_VECTORS, draw_drums, draw_roll
from symbolic_embed.presenting.why_words import PARTS, called, moved, stretches
from symbolic_embed.similarity.lying_along import FAR, Along

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROLL, BANDS, HEAD, BETWEEN = 1.45, 0.8, 0.95, 0.4  # inches
NARROWEST, WIDEST, BAR_WIDTH, RIGHT = 15.0, 36.0, 0.16, 0.25  # inches; BAR_WIDTH: what a bar should have
PARTS_WIDTH, LETTER = 5.2, 0.13  # inches: of the parts of the likeness; of a letter of a heading
LEAST_SHARE = 0.3  # of the width, of a piece that is much shorter than the other
MOST_BARS, AROUND = 192, 4  # bars drawn of a piece; bars drawn on either side of what is joined in a longer one
MOST_MATCHES = 3


@dataclass(frozen=True, eq=False)
class Row:
    """One piano-roll: what it is called, its music, and the bars of it that are drawn."""

    title: str
    barred: BarredScore
    system: System
    look: Look

    @classmethod
    def of(cls, title: str, barred: BarredScore, spans: Sequence[tuple[int, int]]) -> Row:
        """With the bars that are joined (first and last, from 1) in sight."""
        first, end = 0, barred.bars
        if end > MOST_BARS:
            first = max(min((first for first, _ in spans), default=1) - 1 - AROUND, 0)
            end = min(max((last for _, last in spans), default=1) + AROUND, end, first + MOST_BARS)
            title = f"{title}, bars {first + 1} to {end} of {barred.bars}"
        return cls(title, barred, stretch(barred, first, end), Look.of(barred))

    @property
    def height(self) -> float:
        """In inches, without bar numbers."""
        return ROLL + self.look.strip

    def quarters(self, first: int, last: int) -> tuple[float, float]:
        """Where some bars, from 1, begin and end, as far as they are drawn."""
        numbers = [min(max(bar - self.system.numbers[0], 0), len(self.system.numbers)) for bar in (first, last + 1)]
        begin, end = self.system.barlines[numbers]
        return float(begin), float(end)

    def places(self, first: int, last: int, *, width: float) -> tuple[float, float]:
        """The same in inches from the left of the page."""
        begin, end = (
            MARGIN + (quarter - self.system.start) / self.system.quarters * width
            for quarter in self.quarters(first, last)
        )
        return begin, end


def along_picture(
    query: BarredScore, matches: Sequence[tuple[Match, BarredScore]], *, title: str, first: int = 1, format: str = "png"
) -> bytes:
    """The picture, as PNG or SVG (`format`), of a query and the first MOST_MATCHES of its matches, each with its music;
    they were ranked with `why`. `first`: the rank of the first of them."""
    pairs = [_rows(query, match, barred, title=title) for match, barred in matches[:MOST_MATCHES]]
    ranked = list(enumerate((match for match, _ in matches[:MOST_MATCHES]), start=first))
    notes = sum(row.barred.score.note_count for pair in pairs for row in pair)
    with own_settings():
        figure = _drawn(pairs, ranked, raster=format != "svg" or notes > MOST_VECTORS)
        out = io.BytesIO()
        nothing_of_today = {"Software": None} if format == "png" else {"Date": None, "Creator": None}
        figure.savefig(out, format=format, dpi=DOTS_PER_INCH, metadata=nothing_of_today)
    return out.getvalue()


def _rows(query: BarredScore, match: Match, barred: BarredScore, *, title: str) -> tuple[Row, Row]:
    along = _along(match)
    return (
        Row.of(title, query, [(one.query_bar, one.query_last_bar) for one in along]),
        Row.of(match.path, barred, [(one.bar, one.last_bar) for one in along]),
    )


def _along(match: Match) -> tuple[Along, ...]:
    return (match.why.along if match.why else None) or ()


def _drawn(pairs: Sequence[tuple[Row, Row]], ranked: Sequence[tuple[int, Match]], *, raster: bool) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    bars = max((len(row.system.numbers) for pair in pairs for row in pair), default=1)
    page = min(max(MARGIN + RIGHT + BAR_WIDTH * bars, NARROWEST), WIDEST)
    heights = [HEAD + BANDS + above.height + below.height for above, below in pairs]
    figure = Figure(figsize=(page, sum(heights) + BETWEEN * max(len(pairs) - 1, 0) + 0.2))
    FigureCanvasAgg(figure)
    top = figure.get_figheight()
    for pair, (number, match), height in zip(pairs, ranked, heights, strict=True):
        _draw_match(figure, pair, match, number=number, top=top, raster=raster)
        top -= height + BETWEEN
    return figure


def _draw_match(figure: Figure, pair: tuple[Row, Row], match: Match, *, number: int, top: float, raster: bool) -> None:
    """One match; `top` in inches."""
    page, height = figure.get_size_inches()
    above, below = pair
    full = page - MARGIN - RIGHT
    longest = max(above.system.quarters, below.system.quarters)
    widths = [full * max(row.system.quarters / longest, LEAST_SHARE) for row in pair]
    heading = f"{number}  {_shortened(printable(match.path), most=int((full - PARTS_WIDTH) / LETTER))}"
    figure.text(MARGIN / page, 1 - (height - top + 0.36) / height, heading, size=13, weight="bold", parse_math=False)
    said = f"{called(match)}; {moved(match)}; {stretches(_along(match)) or 'no bars lie along each other'}"
    figure.text(MARGIN / page, 1 - (height - top + 0.58) / height, said, size=9, color="#444444", parse_math=False)
    if match.why:
        _draw_parts(figure, match.why, left=page - RIGHT - PARTS_WIDTH, top=top - 0.12)
    upper = top - HEAD
    lower = upper - above.height - BANDS
    panels = [
        _draw_row(figure, row, top=edge, width=width, raster=raster)
        for row, edge, width in zip(pair, (upper, lower), widths, strict=True)
    ]
    _draw_bands(figure, pair, _along(match), widths=widths, ends=(upper - above.height, lower))
    for number, one in enumerate(_along(match)):
        spans = ((one.query_bar, one.query_last_bar), (one.bar, one.last_bar))
        for row, axes, (first, last) in zip(pair, panels, spans, strict=True):
            for panel in axes:
                panel.axvspan(*row.quarters(first, last), color=_colour(number), alpha=0.1, linewidth=0, zorder=0.3)


def _draw_row(figure: Figure, row: Row, *, top: float, width: float, raster: bool) -> list[Axes]:
    """One piano-roll, and the drums in a strip under it; `top` and `width` in inches."""
    roll = _panel(figure, MARGIN, top - ROLL, width, ROLL)
    draw_roll(roll, row.barred, row.system, row.look, raster=raster)
    panels = [roll]
    if row.look.drums:
        panels.append(_panel(figure, MARGIN, top - row.height, width, row.look.strip))
        draw_drums(panels[1], row.barred, row.system, row.look, raster=raster)
    for panel in panels:
        draw_bars(panel, row.system)
    number_bars(roll, row.system, width=width)
    name = roll.text(
        1 - 0.06 / width,
        1 - 0.06 / ROLL,
        _shortened(printable(row.title), most=60),
        size=8,
        weight="bold",
        ha="right",
        va="top",
    )
    name.set(transform=roll.transAxes, parse_math=False, zorder=3)
    name.set_bbox({"facecolor": "white", "alpha": 0.8, "linewidth": 0, "pad": 1.5})
    return panels


def _draw_bands(
    figure: Figure, pair: tuple[Row, Row], along: Sequence[Along], *, widths: Sequence[float], ends: tuple[float, float]
) -> None:
    """Bands from the bottom of one roll to the top of the other, `ends` in inches."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    above, below = pair
    for number, one in enumerate(along):
        left, right = above.places(one.query_bar, one.query_last_bar, width=widths[0])
        start, end = below.places(one.bar, one.last_bar, width=widths[1])
        high, low = ends
        middle = (high + low) / 2
        corners = [
            (left, high), (left, middle), (start, middle), (start, low), (end, low), (end, middle), (right, middle),
            (right, high), (left, high),
        ]  # fmt: skip
        codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
        opacity = _opacity(one)
        figure.add_artist(
            PathPatch(Path(corners, codes), facecolor=_colour(number), alpha=opacity, linewidth=0,
                      transform=figure.dpi_scale_trans, zorder=-1)
        )  # fmt: skip


def _draw_parts(figure: Figure, why: Why, *, left: float, top: float) -> None:
    """The parts of the likeness as small bars: full where two pieces are the same."""
    measured = [(name, getattr(why, name)) for name in PARTS]
    panel = _panel(figure, left + 0.9, top - 0.62, 3.4, 0.62)
    panel.set_xlim(0, 1)
    panel.set_ylim(len(measured) - 0.5, -0.5)
    for line, (_, distance) in enumerate(measured):
        panel.barh(line, 1, height=0.62, color="#ececf0")
        text = "nothing to compare"
        if distance is not None:
            panel.barh(line, float(np.clip(1 - distance, 0, 1)), height=0.62, color="#56606e")
            text = f"{distance:.2f} apart"
        panel.text(1.02, line, text, size=6.5, va="center", color="#444444")
    panel.set_yticks(range(len(measured)), [name for name, _ in measured], size=6.5)
    panel.set_xticks([])
    panel.tick_params(length=0)
    for side in panel.spines.values():
        side.set_visible(False)


def _shortened(text: str, *, most: int) -> str:
    """The end of a path, which is what tells it from others."""
    return text if len(text) <= most else f"…{text[1 - most :]}"


def _colour(number: int) -> str:
    return LIGHT[number % len(LIGHT)]


def _opacity(along: Along) -> float:
    """The nearer, the stronger."""
    return 0.15 + 0.4 * float(np.clip(1 - along.distance / FAR, 0, 1))


def _panel(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Axes at a place in inches."""
    page, paper = figure.get_size_inches()
    return figure.add_axes((left / page, bottom / paper, width / page, height / paper))
