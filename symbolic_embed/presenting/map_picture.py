"""A map of pieces as a picture: a point a piece, the odd ones ringed and named (of few pieces all are), the gaps
dashed, a blend on its way."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from symbolic_embed.errors import printable
from symbolic_embed.library.map import Map
from symbolic_embed.presenting.drawing import DOTS_PER_INCH, own_settings
from symbolic_embed.presenting.piano_roll import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OTHERS = "#b4b4bc"  # groups beyond those that have a colour
WIDTH, MAP_WIDTH, HEAD, EDGE = 13.0, 9.2, 0.6, 0.25  # inches
LOWEST, HIGHEST = 5.0, 9.2  # inches, of the map
MOST_NAMES, LONGEST_NAME = 12, 32
FEW = 40  # pieces, all of which are named
MOST_VECTORS = 20_000  # points drawn one by one in an SVG; more become an image inside it


@dataclass(frozen=True)
class Way:
    """A blend on the map: the places, x and y, of its first piece, of what lies between, and of its second."""

    places: tuple[tuple[float, float], ...]


def groups_of(drawn: Map) -> list[tuple[str, int]]:
    """The groups, each with how many pieces it has, the largest first, equally large ones by name."""
    return sorted(Counter(point.group for point in drawn.points).items(), key=lambda group: (-group[1], group[0]))


def map_picture(drawn: Map, *, title: str, way: Way | None = None, format: str = "png") -> bytes:
    """The picture, as PNG or SVG (`format`)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with own_settings():
        tall = _height(drawn)
        figure = Figure(figsize=(WIDTH, tall + HEAD + EDGE))
        FigureCanvasAgg(figure)
        paper = tall + HEAD + EDGE
        axes = figure.add_axes((EDGE / WIDTH, EDGE / paper, MAP_WIDTH / WIDTH, tall / paper))
        axes.set(xticks=[], yticks=[], aspect="equal", adjustable="datalim")
        for side in axes.spines.values():
            side.set_color("#cccccc")
        _draw_points(axes, drawn, raster=format != "svg" or len(drawn.points) > MOST_VECTORS)
        _draw_gaps(axes, drawn)
        _draw_odd(axes, drawn)
        if way is not None:
            axes.plot(*zip(*way.places, strict=True), color="#1b1c20", linewidth=1, marker="D", markersize=5, zorder=5)
        axes.margins(0.06)
        figure.text(EDGE / WIDTH, 1 - 0.38 / paper, printable(title), size=13, weight="bold", parse_math=False)
        _draw_legend(axes, groups_of(drawn))
        out = io.BytesIO()
        nothing_of_today = {"Software": None} if format == "png" else {"Date": None, "Creator": None}
        figure.savefig(out, format=format, dpi=DOTS_PER_INCH, metadata=nothing_of_today)
    return out.getvalue()


def _height(drawn: Map) -> float:
    """How tall the map is, in inches, so that the pieces fill it."""
    wide, tall = (
        max(values) - min(values) for values in zip(*((point.x, point.y) for point in drawn.points), strict=True)
    )
    return min(max(MAP_WIDTH * tall / wide if wide else LOWEST, LOWEST), HIGHEST)


def _draw_points(axes: Axes, drawn: Map, *, raster: bool) -> None:
    colours = {name: _colour(number) for number, (name, _) in enumerate(groups_of(drawn))}
    x, y = [point.x for point in drawn.points], [point.y for point in drawn.points]
    size = max(4.0, min(42.0, 9000 / len(drawn.points)))
    marks = axes.scatter(
        x, y, s=size, c=[colours[point.group] for point in drawn.points], alpha=0.8, linewidths=0, zorder=2
    )
    marks.set_rasterized(raster)


def _draw_gaps(axes: Axes, drawn: Map) -> None:
    from matplotlib.patches import Circle

    for number, gap in enumerate(drawn.gaps, start=1):
        circle = Circle((gap.x, gap.y), gap.radius, fill=False, edgecolor="#55565e", linestyle=(0, (4, 3)), zorder=1)
        axes.add_patch(circle)
        axes.text(gap.x, gap.y, f"gap {number}", ha="center", va="center", size=8, color="#55565e")


def _draw_odd(axes: Axes, drawn: Map) -> None:
    odd = [drawn.points[number] for number in drawn.odd]
    axes.scatter(
        [point.x for point in odd], [point.y for point in odd], s=110, facecolors="none", edgecolors="#1b1c20", zorder=3
    )
    xs = [point.x for point in drawn.points]
    middle = (min(xs) + max(xs)) / 2
    for point in drawn.points if len(drawn.points) <= FEW else odd[:MOST_NAMES]:
        name = printable(Path(point.path).stem)[:LONGEST_NAME]
        away, side = ((-7, 5), "right") if point.x > middle else ((7, 5), "left")  # none beyond the frame
        text = axes.annotate(
            name, (point.x, point.y), xytext=away, ha=side, textcoords="offset points", size=7, zorder=4
        )
        text.set_parse_math(False)


def _draw_legend(axes: Axes, groups: Sequence[tuple[str, int]]) -> None:
    from matplotlib.lines import Line2D

    named = groups[: len(COLOURS)]
    entries = [
        Line2D([], [], marker="o", linestyle="", color=_colour(number), label=f"{_label(name)} ({count:,})")
        for number, (name, count) in enumerate(named)
    ]
    others = sum(count for _, count in groups[len(COLOURS) :])
    if others:
        label = f"{len(groups) - len(COLOURS):,} more ({others:,})"
        entries.append(Line2D([], [], marker="o", linestyle="", color=OTHERS, label=label))
    entries.append(
        Line2D([], [], marker="o", linestyle="", color="#1b1c20", markerfacecolor="none", label="like no other")
    )
    legend = axes.legend(handles=entries, loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=8, frameon=False)
    for text in legend.get_texts():
        text.set_parse_math(False)


def _label(group: str) -> str:
    return printable(group)[:LONGEST_NAME]


def _colour(number: int) -> str:
    return COLOURS[number] if number < len(COLOURS) else OTHERS
