"""What all pictures of music draw alike: the keys of a piano, notes as boxes over them, bars with their numbers.

matplotlib is loaded when something is drawn, not before.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore
from symbolic_embed.presenting.pages import System
from symbolic_embed.score.instruments import pitch_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

WIDTH, MARGIN = 15.0, 0.75  # inches
STRIP_LINE = 0.13  # inches, of a drum in a strip
DOTS_PER_INCH = 110


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
