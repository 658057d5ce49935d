"""A piece as a picture: a piano-roll in systems, like a page of a score.

Time runs to the right, pitch upwards; a part is a colour, a loud note is darker. Each system holds whole bars, with
barlines, and numbers that count bars from 1. Drums stand apart, in a strip under each system with a line for each drum
that is struck. The same piece gives the same bytes: nothing of the date, the machine or the user's own matplotlib
settings comes in.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore
from symbolic_embed.errors import printable
from symbolic_embed.presenting.drawing import (
    DOTS_PER_INCH,
    MARGIN,
    WIDTH,
    Look,
    draw_bars,
    draw_boxes,
    draw_keys,
    note_boxes,
    number_bars,
    own_settings,
)
from symbolic_embed.presenting.pages import System, systems
from symbolic_embed.score.instruments import drum_name, instrument_name
from symbolic_embed.score.score import Track

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEAD, ROLL, BETWEEN = 0.62, 2.0, 0.5  # inches
MOST_VECTORS = 20_000  # notes drawn one by one in an SVG; more become an image inside it
LEGEND_ENTRIES, LEGEND_COLUMNS = 20, 5
# Okabe and Ito's colours, which people with every kind of colour vision tell apart, then darker ones of the same hues.
LIGHT = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6BB1", "#7F7F7F")
DARK = ("#003F66", "#803800", "#00543D", "#8A2F62", "#8F6300", "#1B6E9C", "#4A2E70", "#3F3F3F")
COLOURS = LIGHT + DARK


def picture(barred: BarredScore, *, title: str, format: str = "png") -> bytes:
    """The piano-roll of a piece as PNG or SVG (`format`); of a piece without notes, an empty system that says so."""
    with own_settings():
        figure = _drawn(barred, title=title, raster=format != "svg" or barred.score.note_count > MOST_VECTORS)
        out = io.BytesIO()
        nothing_of_today = {"Software": None} if format == "png" else {"Date": None, "Creator": None}
        figure.savefig(out, format=format, dpi=DOTS_PER_INCH, metadata=nothing_of_today)
    return out.getvalue()


def _drawn(barred: BarredScore, *, title: str, raster: bool) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    look, page = Look.of(barred), systems(barred)
    legend_lines = -(-min(len(barred.score.tracks), LEGEND_ENTRIES + 1) // LEGEND_COLUMNS)
    head = HEAD + 0.2 * max(legend_lines - 1, 0)
    each = BETWEEN + ROLL + look.strip
    height = head + each * len(page)
    figure = Figure(figsize=(WIDTH, height))
    FigureCanvasAgg(figure)
    figure.text(MARGIN / WIDTH, 1 - 0.3 / height, printable(title), size=13, weight="bold", parse_math=False)
    _draw_legend(figure, barred, top=1 - 0.38 / height)
    longest = max(system.quarters for system in page)
    for number, system in enumerate(page):
        top = height - head - number * each - 0.2
        width = (WIDTH - MARGIN - 0.25) * system.quarters / longest
        left, bottom = MARGIN / WIDTH, (top - ROLL) / height
        roll = figure.add_axes((left, bottom, width / WIDTH, ROLL / height))
        draw_roll(roll, barred, system, look, raster=raster)
        panels = [roll]
        if look.drums:
            strip = figure.add_axes((left, bottom - look.strip / height, width / WIDTH, look.strip / height))
            draw_drums(strip, barred, system, look, raster=raster)
            panels.append(strip)
        for panel in panels:
            draw_bars(panel, system)
        number_bars(roll, system, width=width)
    return figure


def _draw_legend(figure: Figure, barred: BarredScore, *, top: float) -> None:
    from matplotlib.patches import Patch

    tracks = barred.score.tracks
    entries = [Patch(color=_colour(n), label=_label(n, track)) for n, track in enumerate(tracks[:LEGEND_ENTRIES])]
    if len(tracks) > LEGEND_ENTRIES:
        entries.append(Patch(color="none", label=f"and {len(tracks) - LEGEND_ENTRIES} more parts"))
    if not entries:
        return
    anchor = (MARGIN / WIDTH, top)
    legend = figure.legend(
        handles=entries, loc="upper left", bbox_to_anchor=anchor, ncols=LEGEND_COLUMNS, fontsize=8, frameon=False,
        borderpad=0, borderaxespad=0.2, handlelength=1.2, columnspacing=1.5,
    )  # fmt: skip
    for text in legend.get_texts():
        text.set_parse_math(False)


def _label(number: int, track: Track) -> str:
    instrument = instrument_name(track.program, is_drum=track.is_drum)
    name = printable(track.name.strip())[:28]
    return f"{number} {name or instrument}" + (f" ({instrument})" if name and name != instrument else "")


def draw_roll(axes: Axes, barred: BarredScore, system: System, look: Look, *, raster: bool) -> None:
    """The pitched notes of a system, as boxes over the keys of a piano."""
    draw_keys(axes, look)
    for number, track in enumerate(barred.score.tracks):
        if track.is_drum:
            continue
        start, end, pitch, velocity = system.notes(track)
        if len(start) == 0:
            continue
        draw_boxes(axes, note_boxes(start, end, pitch, quarters=system.quarters), _shades(number, velocity))
    for collection in axes.collections:
        collection.set_rasterized(raster)
    if not barred.score.note_count:
        middle = (system.start + system.quarters / 2, (look.lowest + look.highest - 1) / 2)
        axes.text(*middle, "no notes", ha="center", va="center", size=12, color="#777777")


def draw_drums(axes: Axes, barred: BarredScore, system: System, look: Look, *, raster: bool) -> None:
    """The drums of a system, as diamonds on a line each."""
    lines = np.array(look.drums)
    axes.set_ylim(-0.7, len(lines) - 0.3)
    axes.set_yticks(range(len(lines)), [drum_name(pitch) for pitch in look.drums], size=5)
    axes.set_facecolor("#faf8f2")
    for number, track in enumerate(barred.score.tracks):
        if track.is_drum:
            start, _, pitch, velocity = system.notes(track)
            sizes = 5 + 9 * velocity / 127
            line = np.searchsorted(lines, pitch)
            marks = axes.scatter(start, line, s=sizes, c=_shades(number, velocity), marker="D", linewidths=0, zorder=2)
            marks.set_rasterized(raster)
            marks.set_clip_on(False)  # a stroke on the first beat lies on the edge


def _colour(number: int) -> str:
    return COLOURS[number % len(COLOURS)]


def _shades(number: int, velocity: NDArray[np.float64]) -> NDArray[np.float64]:
    """A part's colour for each note, louder ones more opaque; float64 (notes, 4)."""
    from matplotlib.colors import to_rgb

    shades = np.empty((len(velocity), 4))
    shades[:, :3] = to_rgb(_colour(number))
    shades[:, 3] = 0.35 + 0.6 * velocity / 127
    return shades
