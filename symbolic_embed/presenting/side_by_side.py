"""A seed and what was made of it, one above the other, with the changed notes in colour.

Only systems in which something changes are drawn. In each the seed comes first, then every variant: grey is what both
have, in the seed's row orange is what a variant left out (paler where others kept it), in a variant's row blue is what
it has instead. Drums stand in a strip below their roll where one of them changes. After its end the seed has no row.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore
from symbolic_embed.errors import printable
from symbolic_embed.presenting.differences import NoteKey, not_among, note_keys
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
from symbolic_embed.score.instruments import drum_name
from symbolic_embed.score.score import Track

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KEPT, GONE, NEW = "#b8b8c0", "#D55E00", "#0072B2"  # the last two from Okabe and Ito's colours
ROLL, STRIP_LINE, HIGHEST_STRIP, BETWEEN_ROWS, BETWEEN, HEAD = 1.25, 0.11, 1.0, 0.3, 0.25, 0.75  # inches
MOST_VARIANTS, MOST_ROWS = 8, 36


@dataclass(frozen=True, eq=False)
class Row:
    """One piece and, of each part, how much each note is coloured: float64 (notes,), 0 for what the others have too."""

    title: str
    barred: BarredScore
    colour: str
    changed: tuple[NDArray[np.float64], ...]

    @property
    def has_changed_drums(self) -> bool:
        parts = zip(self.barred.score.tracks, self.changed, strict=True)
        return any(track.is_drum and changed.any() for track, changed in parts)

    def changes_in(self, system: System) -> bool:
        """Whether a coloured note begins in a system."""
        for track, changed in zip(self.barred.score.tracks, self.changed, strict=True):
            start, _ = self.span(track)
            if ((changed > 0) & (start >= system.start) & (start < system.start + system.quarters)).any():
                return True
        return False

    def reaches(self, system: System) -> bool:
        """Whether the piece has not ended before a system begins."""
        return float(self.barred.metre.barline_ticks[-1]) / self.barred.score.division > system.start

    def span(self, track: Track) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where the notes of a part begin and end, in quarters."""
        return (
            track.notes.onset_ticks / self.barred.score.division,
            track.notes.offset_ticks / self.barred.score.division,
        )


class Sheet(NamedTuple):
    """What a picture is drawn on, and what is the same in all its rows: the range of pitches, and the drums of the
    strips, none where no drum changes."""

    figure: Figure
    look: Look
    drums: tuple[int, ...]


def side_by_side(seed: BarredScore, variants: Sequence[tuple[str, BarredScore]], *, title: str) -> bytes:
    """The picture, as PNG, of a seed and its variants (each with its name); of many, the first MOST_VARIANTS."""
    if len(variants) > MOST_VARIANTS:
        title = f"{title}, the first {MOST_VARIANTS} of {len(variants)}"
    with own_settings():
        figure = _drawn(_rows(seed, variants[:MOST_VARIANTS]), title=title)
        out = io.BytesIO()
        figure.savefig(out, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
    return out.getvalue()


def _rows(seed: BarredScore, variants: Sequence[tuple[str, BarredScore]]) -> list[Row]:
    """The seed, coloured by the share of variants that lack each note, and the variants, coloured where it has none."""
    mine = _keys(seed)
    lacking = [np.zeros(len(keys)) for keys in mine]
    rows = []
    for title, variant in variants:
        theirs = _keys(variant)
        for number, keys in enumerate(mine):
            others = theirs[number] if number < len(theirs) else []
            lacking[number] += not_among(keys, others) / len(variants)
        new = [not_among(keys, mine[n] if n < len(mine) else []) for n, keys in enumerate(theirs)]
        rows.append(Row(title, variant, NEW, tuple(new)))
    return [Row("seed", seed, GONE, tuple(lacking)), *rows]


def _keys(barred: BarredScore) -> list[list[NoteKey]]:
    """Of each part its notes as they are compared."""
    return [note_keys(track, division=barred.score.division) for track in barred.score.tracks]


def _drawn(rows: Sequence[Row], *, title: str) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    longest = max(rows, key=lambda row: row.barred.bars)
    pages = [system for system in systems(longest.barred) if any(row.changes_in(system) for row in rows)]
    shown = pages[: max(1, MOST_ROWS // len(rows))]
    look = _common_look(rows)
    drums = look.drums if any(row.has_changed_drums for row in rows) else ()
    each = ROLL + BETWEEN_ROWS + _strip(drums)
    here = [[row for row in rows if row.reaches(system)] for system in shown]
    height = HEAD + sum(each * len(some) + BETWEEN for some in here) + 0.1
    figure = Figure(figsize=(WIDTH, height))
    FigureCanvasAgg(figure)
    sheet = Sheet(figure, look, drums)
    left_out = f", {len(pages) - len(shown)} more systems with changes" if len(pages) > len(shown) else ""
    heading = printable(title) + left_out if pages else f"{printable(title)}: nothing changed"
    figure.text(MARGIN / WIDTH, 1 - 0.3 / height, heading, size=13, weight="bold", parse_math=False)
    _draw_legend(figure, top=1 - 0.38 / height)
    top = height - HEAD
    widest = max((system.quarters for system in shown), default=1.0)
    for system, some in zip(shown, here, strict=True):
        width = (WIDTH - MARGIN - 0.25) * system.quarters / widest
        for row in some:
            _draw_row(sheet, row, system, top=top - 0.2, width=width)
            top -= each
        top -= BETWEEN
    return figure


def _draw_row(sheet: Sheet, row: Row, system: System, *, top: float, width: float) -> None:
    """One piece in one system; `top` and `width` in inches."""
    figure, drums = sheet.figure, sheet.drums
    height, left = figure.get_figheight(), MARGIN / WIDTH
    roll = figure.add_axes((left, (top - ROLL) / height, width / WIDTH, ROLL / height))
    draw_keys(roll, sheet.look)
    panels = [roll]
    if drums:
        strip = _strip(drums)
        panels.append(figure.add_axes((left, (top - ROLL - strip) / height, width / WIDTH, strip / height)))
        panels[1].set_ylim(-0.7, len(drums) - 0.3)
        panels[1].set_yticks(range(len(drums)), [drum_name(pitch) for pitch in drums], size=50 * strip / len(drums))
    for track, changed in zip(row.barred.score.tracks, row.changed, strict=True):
        order = np.argsort(changed, kind="stable")  # what is coloured lies on top
        start, end = (quarters[order] for quarters in row.span(track))
        pitch, share = track.notes.pitch[order].astype(float), changed[order]
        last = system.start + system.quarters
        visible = (start < last) & ((start >= system.start) if track.is_drum else (end > system.start))
        start, end = np.maximum(start[visible], system.start), np.minimum(end[visible], last)
        colours = _colours(share[visible], row.colour)
        if track.is_drum and drums:
            line = np.searchsorted(np.array(drums), pitch[visible])
            panels[1].scatter(start, line, s=9, c=colours, marker="D", linewidths=0, zorder=2).set_clip_on(False)
        elif not track.is_drum:
            draw_boxes(roll, note_boxes(start, end, pitch[visible], quarters=system.quarters), colours)
    for panel in panels:
        draw_bars(panel, system)
    number_bars(roll, system, width=width)
    name = roll.text(1, 1.11, printable(row.title), transform=roll.transAxes, size=8, ha="right", weight="bold")
    name.set_color(row.colour)
    name.set_parse_math(False)


def _colours(share: NDArray[np.float64], colour: str) -> NDArray[np.float64]:
    """Grey for 0, else the colour, the stronger the larger the share; float64 (notes, 4)."""
    from matplotlib.colors import to_rgba

    colours = np.tile(to_rgba(KEPT), (len(share), 1))
    colours[share > 0] = to_rgba(colour)
    colours[share > 0, 3] = 0.4 + 0.6 * share[share > 0]
    return colours


def _draw_legend(figure: Figure, *, top: float) -> None:
    from matplotlib.patches import Patch

    words = ((KEPT, "in both"), (GONE, "in the seed alone"), (NEW, "new"))
    figure.legend(
        handles=[Patch(color=colour, label=label) for colour, label in words], loc="upper left",
        bbox_to_anchor=(MARGIN / WIDTH, top), ncols=3, fontsize=8, frameon=False, borderpad=0, borderaxespad=0.2,
        handlelength=1.2, columnspacing=1.5,
    )  # fmt: skip


def _strip(drums: Sequence[int]) -> float:
    """The height of the strip for drums, in inches."""
    return min(STRIP_LINE * len(drums), HIGHEST_STRIP)


def _common_look(rows: Sequence[Row]) -> Look:
    looks = [Look.of(row.barred) for row in rows]
    drums = sorted({pitch for look in looks for pitch in look.drums})
    return Look(min(look.lowest for look in looks), max(look.highest for look in looks), tuple(drums))
