"""A piece as a picture: a piano-roll in systems, like a page of a score.

Time runs to the right, pitch upwards; a part is a colour, a loud note is darker. Each system holds whole bars, with
barlines, and numbers that count bars from 1. Drums stand apart, in a strip under each system with a line for each drum
that is struck. The same piece gives the same bytes: nothing of the date, the machine or the user's own matplotlib
settings comes in.
"""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.errors import printable
from symbolic_embed.files.writer import place
from symbolic_embed.presenting.pages import System, systems
from symbolic_embed.score.instruments import drum_name, instrument_name, pitch_name
from symbolic_embed.score.score import Score, Track

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

WIDTH, MARGIN = 15.0, 0.75  # inches
HEAD, ROLL, STRIP_LINE, BETWEEN = 0.62, 2.0, 0.13, 0.5  # inches
DOTS_PER_INCH = 110
MOST_VECTORS = 20_000  # notes drawn one by one in an SVG; more become an image inside it
LEGEND_ENTRIES, LEGEND_COLUMNS = 20, 5
# Okabe and Ito's colours, which people with every kind of colour vision tell apart, then darker ones of the same hues.
LIGHT = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6BB1", "#7F7F7F")
DARK = ("#003F66", "#803800", "#00543D", "#8A2F62", "#8F6300", "#1B6E9C", "#4A2E70", "#3F3F3F")
COLOURS = LIGHT + DARK


@dataclass(frozen=True)
class Look:
    """What is the same in every system: the range of pitches, and the line of each drum."""

    lowest: int
    highest: int
    drums: tuple[int, ...]

    @classmethod
    def of(cls, barred: BarredScore) -> Look:
        pitched = [track.notes.pitch for track in barred.score.tracks if not track.is_drum]
        struck = [track.notes.pitch for track in barred.score.tracks if track.is_drum]
        pitches = np.concatenate(pitched) if pitched else np.array([60])
        drums = tuple(np.unique(np.concatenate(struck)).tolist()) if struck else ()
        return cls(max(int(pitches.min()) - 2, 0), min(int(pitches.max()) + 3, 128), drums)

    @property
    def strip(self) -> float:
        """The height of the strip for drums, in inches."""
        return max(0.3, STRIP_LINE * len(self.drums)) if self.drums else 0.0


def picture(barred: BarredScore, *, title: str, format: str = "png") -> bytes:
    """The piano-roll of a piece as PNG or SVG (`format`); of a piece without notes, an empty system that says so."""
    with own_settings():
        figure = _drawn(barred, title=title, raster=format != "svg" or barred.score.note_count > MOST_VECTORS)
        out = io.BytesIO()
        nothing_of_today = {"Software": None} if format == "png" else {"Date": None, "Creator": None}
        figure.savefig(out, format=format, dpi=DOTS_PER_INCH, metadata=nothing_of_today)
    return out.getvalue()


def save_picture(score: Score, path: Path, *, force: bool = False) -> None:
    """The piano-roll of a score in a PNG or SVG file, as its name ends. Raises as `files.writer.place` does."""
    place(picture(cut(score), title=path.stem, format=path.suffix[1:].lower()), path, force=force)


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
        _draw_roll(roll, barred, system, look, raster=raster)
        panels = [roll]
        if look.drums:
            strip = figure.add_axes((left, bottom - look.strip / height, width / WIDTH, look.strip / height))
            _draw_drums(strip, barred, system, look, raster=raster)
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


def draw_keys(axes: Axes, look: Look) -> None:
    """The rows of a roll: black keys shaded, a line and a name at each C."""
    axes.set_ylim(look.lowest - 0.5, look.highest - 0.5)
    octaves = [pitch for pitch in range(0, 128, 12) if look.lowest <= pitch < look.highest]
    axes.set_yticks(octaves, [pitch_name(pitch) for pitch in octaves], size=7)
    for pitch in range(look.lowest, look.highest):
        if pitch % 12 in (1, 3, 6, 8, 10):
            axes.axhspan(pitch - 0.5, pitch + 0.5, color="#f3f3f5", linewidth=0, zorder=0)
    for pitch in octaves:
        axes.axhline(pitch - 0.5, color="#d5d5da", linewidth=0.6, zorder=0.5)


def note_boxes(
    start: NDArray[np.float64], end: NDArray[np.float64], pitch: NDArray[np.float64], *, quarters: float
) -> NDArray[np.float64]:
    """The corners of each note's box, float64 (notes, 4, 2), a little apart from the next of its pitch; `quarters` is
    how long the system is."""
    end = np.maximum(end - 0.02 * np.minimum(end - start, 1), start + quarters / 1500)
    low, high = pitch - 0.42, pitch + 0.42
    return np.stack([start, low, start, high, end, high, end, low], axis=1).reshape(-1, 4, 2)


def draw_boxes(axes: Axes, corners: NDArray[np.float64], colours: NDArray[np.float64]) -> None:
    """Notes as boxes: their corners, (notes, 4, 2), and colours, (notes, 4)."""
    from matplotlib.collections import PolyCollection

    polygons = cast("Sequence[ArrayLike]", corners)  # an array is taken whole; the types name lists alone
    axes.add_collection(PolyCollection(polygons, facecolors=colours, linewidths=0, zorder=2), autolim=False)


def _draw_roll(axes: Axes, barred: BarredScore, system: System, look: Look, *, raster: bool) -> None:
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


def _draw_drums(axes: Axes, barred: BarredScore, system: System, look: Look, *, raster: bool) -> None:
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


def draw_bars(axes: Axes, system: System) -> None:
    """The frame of a system, its barlines, and its beats where there is room."""
    axes.set_xlim(system.start, system.start + system.quarters)
    axes.set_xticks([])
    axes.tick_params(length=2, color="#888888")
    for side in axes.spines.values():
        side.set_color("#888888")
    crowd = max(1.0, len(system.barlines) / 40)
    axes.vlines(
        system.barlines, 0, 1, transform=axes.get_xaxis_transform(), color="#6a6a70", linewidth=0.8 / crowd, zorder=1
    )
    if system.quarters <= 64:
        quarters = np.concatenate(
            [np.arange(a + 1, b - 1e-6) for a, b in zip(system.barlines, system.barlines[1:], strict=False)]
        )
        axes.vlines(quarters, 0, 1, transform=axes.get_xaxis_transform(), color="#dcdce0", linewidth=0.5, zorder=0.6)


def number_bars(axes: Axes, system: System, *, width: float) -> None:
    """Numbers at the barlines, as many as have room, and the metre where it begins or changes."""
    free = system.start - 1.0
    for barline, bar, metre in zip(system.barlines, system.numbers, system.metres, strict=False):
        text = f"{bar}  {metre}" if metre else str(bar)
        if barline >= free:
            weight = "bold" if metre else "normal"
            axes.text(barline, 1.02, text, transform=axes.get_xaxis_transform(), size=7, weight=weight, color="#333333")
            free = barline + (0.085 * len(text) + 0.12) * system.quarters / width


def _colour(number: int) -> str:
    return COLOURS[number % len(COLOURS)]


def _shades(number: int, velocity: NDArray[np.float64]) -> NDArray[np.float64]:
    """A part's colour for each note, louder ones more opaque; float64 (notes, 4)."""
    from matplotlib.colors import to_rgb

    shades = np.empty((len(velocity), 4))
    shades[:, :3] = to_rgb(_colour(number))
    shades[:, 3] = 0.35 + 0.6 * velocity / 127
    return shades


@contextmanager
def own_settings() -> Iterator[None]:
    """matplotlib as it comes, silent, and without random numbers in the names it gives to parts of an SVG; afterwards
    all is as it was."""
    import matplotlib

    logger = logging.getLogger("matplotlib")
    level = logger.level
    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        matplotlib.rcParams["svg.hashsalt"] = "symbolic_embed"
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        logger.setLevel(logging.ERROR)
        try:
            yield
        finally:
            logger.setLevel(level)
