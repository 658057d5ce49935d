"""A melody that was heard, as a picture: the pitch at each instant as a line, the notes that were made of it as bars.

Time runs to the right in seconds of the recording, pitch upwards. A bar lies at the pitch that was written, moved by
the offset that was taken out of it, so that the line should run through it. Beats are thin lines where any were heard.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

from symbolic_embed.errors import printable
from symbolic_embed.listening.hearing import Heard
from symbolic_embed.presenting.drawing import DOTS_PER_INCH, MARGIN, WIDTH, own_settings
from symbolic_embed.score.instruments import pitch_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEAD, SYSTEM, BETWEEN = 0.65, 2.6, 0.5  # inches
SYSTEM_SECONDS = 20.0
MOST_SYSTEMS = 30
NOTE, EDGE, LINE = "#56B4E9", "#1B6E9C", "#D55E00"
BLACK_KEYS = (1, 3, 6, 8, 10)


def pitch_picture(heard: Heard, *, title: str, format: str = "png") -> bytes:
    """The picture as PNG or SVG (`format`). The same melody gives the same bytes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    seconds = max(heard.recording.seconds, 1.0)
    count = min(math.ceil(seconds / SYSTEM_SECONDS), MOST_SYSTEMS)
    each = seconds / count
    height = HEAD + count * (SYSTEM + BETWEEN)
    with own_settings():
        figure = Figure(figsize=(WIDTH, height))
        FigureCanvasAgg(figure)
        figure.text(MARGIN / WIDTH, 1 - 0.3 / height, printable(title), size=13, weight="bold", parse_math=False)
        figure.text(MARGIN / WIDTH, 1 - 0.52 / height, _legend(heard), size=8)
        for number in range(count):
            bottom = height - HEAD - number * (SYSTEM + BETWEEN) - SYSTEM
            place = (MARGIN / WIDTH, bottom / height, 1 - (MARGIN + 0.25) / WIDTH, SYSTEM / height)
            _draw(figure.add_axes(place), heard, begin=number * each, end=(number + 1) * each)
        out = io.BytesIO()
        nothing_of_today = {"Software": None} if format == "png" else {"Date": None, "Creator": None}
        figure.savefig(out, format=format, dpi=DOTS_PER_INCH, metadata=nothing_of_today)
    return out.getvalue()


def _legend(heard: Heard) -> str:
    notes, pulse = heard.notes, heard.pulse
    tempo = f"{pulse.tempo:.1f} beats a minute" if pulse.is_heard else "no beat heard"
    return f"line: pitch as sung; bars: {len(notes)} notes; tuning {100 * notes.tuning:+.0f} cents; {tempo}"


def _draw(axes: Axes, heard: Heard, *, begin: float, end: float) -> None:
    """The stretch from `begin` to `end`, in seconds of what was heard."""
    notes, shift = heard.notes, heard.recording.begin
    low, high = int(notes.rounded.min()) - 3, int(notes.rounded.max()) + 3
    axes.set_xlim(begin + shift, end + shift)
    axes.set_ylim(low - 0.5, high + 0.5)
    for pitch in range(low, high + 1):
        if pitch % 12 in BLACK_KEYS:
            axes.axhspan(pitch - 0.5, pitch + 0.5, color="#f3f3f5", linewidth=0, zorder=0)
    named = [pitch for pitch in range(low, high + 1) if high - low <= 16 or pitch % 12 in (0, 4, 7)]
    axes.set_yticks(named, [pitch_name(pitch) for pitch in named], size=7)
    if heard.pulse.is_heard:
        axes.vlines(
            heard.pulse.beats + shift, 0, 1, transform=axes.get_xaxis_transform(), color="#dcdce0", linewidth=0.6
        )
    inside = (notes.end > begin) & (notes.onset < end)
    axes.barh(
        (notes.rounded + notes.offset)[inside],
        (notes.end - notes.onset)[inside],
        left=notes.onset[inside] + shift,
        height=0.8,
        color=NOTE,
        edgecolor=EDGE,
        linewidth=0.6,
        zorder=2,
    )
    shown = (heard.curve.times >= begin) & (heard.curve.times < end)
    axes.plot(heard.curve.times[shown] + shift, heard.curve.pitch[shown], color=LINE, linewidth=1.1, zorder=3)
    axes.tick_params(length=2, color="#888888", labelsize=7)
    axes.set_xlabel("seconds", size=7, labelpad=1)
    for side in axes.spines.values():
        side.set_color("#888888")
