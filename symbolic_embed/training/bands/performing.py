"""An arrangement becomes a score: by a machine, on the grid and in even steps of loudness, or by people.

People lean a little ahead or behind, each in a way of their own, strike no two notes alike, and roll chords on guitars.
Swing moves the second of two eighths (or of two sixteenths) later, for all parts alike.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.score import KeySignature, Marker, Notes, Score, Tempo, TimeSignature, Track
from symbolic_embed.score.score import DRUM_CHANNEL
from symbolic_embed.training.bands.arranging import Arrangement
from symbolic_embed.training.bands.bands import Part
from symbolic_embed.training.bands.patterns import UNITS_A_QUARTER, Bar, is_chance
from symbolic_embed.training.bands.styles import Style

DIVISION = 480
UNIT = DIVISION // UNITS_A_QUARTER
SWING = {"none": {}, "eighths": {3: 4, 6: 8, 9: 10}, "sixteenths": {3: 4, 9: 10}}
LEVELS = {
    "drums": 0,
    "bass": -2,
    "lead": 6,
    "comp": -8,
    "comp2": -14,
    "pad": -4,
    "arp": -12,
    "counter": -6,
    "double": -4,
}
DYNAMICS = {"i": -10, "A": -3, "B": 6, "C": 0, "o": -12}
GUITARS = range(24, 32)

Rows = NDArray[np.int64]


def performed(random: np.random.Generator, arrangement: Arrangement, style: Style) -> Score:
    """The score of an arrangement."""
    units = style.metre.units
    is_human = is_chance(random, style.human)
    loudness = np.concatenate([np.full(section.bars, DYNAMICS[section.name]) for section in arrangement.sections])
    loudness = loudness * float(random.uniform(0.4, 1.5)) + int(random.integers(-8, 9))
    tracks = []
    channels = iter([channel for channel in range(16) if channel != DRUM_CHANNEL])
    for part, bars in zip(arrangement.parts, arrangement.music, strict=True):
        rows = _rows(bars, style)
        rows[:, 3] = rows[:, 3] + LEVELS[part.role] + loudness[rows[:, 0] // (units * UNIT)]
        rows = _by_people(random, rows, part) if is_human else _by_machine(random, rows, part)
        rows = _within(rows, end=len(bars) * units * UNIT)
        is_drum = part.role == "drums"
        channel = DRUM_CHANNEL if is_drum else next(channels)
        tracks.append(
            Track(Notes.of(*rows.T), name=part.instrument.name, program=part.instrument.program, channel=channel)
        )
    starts = np.cumsum([0, *(section.bars for section in arrangement.sections)]).tolist()
    names = {"i": "Intro", "o": "Outro"}
    return Score(
        DIVISION,
        tuple(tracks),
        tempi=(Tempo(0, round(60e6 / int(random.integers(style.tempo[0], style.tempo[1] + 1)))),),
        time_signatures=(TimeSignature(0, style.metre.numerator, style.metre.denominator),),
        key_signatures=(KeySignature(0, arrangement.key.sharps, arrangement.key.is_minor),),
        markers=tuple(
            Marker(start * units * UNIT, names.get(section.name, section.name))
            for start, section in zip(starts, arrangement.sections, strict=False)
        ),
        source=style.name,
        length_ticks=starts[-1] * units * UNIT,
    )


def _rows(bars: tuple[Bar, ...], style: Style) -> Rows:
    """A part's notes on the grid, swung; int64 (n, 4): onset and length in ticks, pitch, loudness."""
    units = style.metre.units
    rows = []
    for number, bar in enumerate(bars):
        for hit in bar:
            begins, ends = (_swung(at, style.swing) for at in (hit.at, hit.at + hit.length))
            rows.append((UNIT * (number * units + begins), UNIT * (ends - begins), hit.pitch, hit.loud))
    return np.array(rows, np.int64).reshape(-1, 4)


def _swung(at: int, swing: str) -> int:
    beat, within = divmod(at, UNITS_A_QUARTER)
    return UNITS_A_QUARTER * beat + SWING[swing].get(within, within)


def _by_machine(random: np.random.Generator, rows: Rows, part: Part) -> Rows:
    """Gated alike, in a few steps of loudness."""
    gate = float(random.choice([0.5, 0.8, 0.95, 1.0])) if part.role in ("bass", "comp", "comp2", "arp") else 0.96
    step = int(random.choice([1, 4, 8, 16]))
    played = rows.copy()
    played[:, 1] = np.maximum(rows[:, 1] * gate, 10)
    played[:, 3] = rows[:, 3] // step * step
    return played


def _by_people(random: np.random.Generator, rows: Rows, part: Part) -> Rows:
    """Ahead or behind, uneven, chords on guitars rolled; never so far that it would be written otherwise: what is
    equal on the grid stays equal."""
    played = rows.copy()
    lag, spread = float(random.normal(0, 4)), float(random.uniform(2, 7))
    onsets, place = np.unique(rows[:, 0], return_inverse=True)
    moved = np.clip(lag + random.normal(0, spread, len(onsets)), -16, 16)
    offset = moved[place] + random.normal(0, 1.5, len(rows))
    if part.instrument.program in GUITARS and part.role != "drums":
        first = np.searchsorted(rows[:, 0], rows[:, 0])
        offset += 2.5 * (np.arange(len(rows)) - first)
    played[:, 0] += np.clip(np.rint(offset), -19, 19).astype(np.int64)
    gate = float(random.uniform(0.8, 1.0))
    ends = rows[:, 0] + UNIT * np.maximum(np.rint(gate * rows[:, 1] / UNIT), 1).astype(np.int64)
    ends += np.clip(np.rint(random.normal(0, 5, len(rows))), -16, 16).astype(np.int64)
    played[:, 1] = np.maximum(ends - played[:, 0], 8)
    played[:, 3] = rows[:, 3] + np.rint(random.normal(0, 5, len(rows))).astype(np.int64)
    return played


def _within(rows: Rows, *, end: int) -> Rows:
    """Onsets from 0, ends no later than the piece, loudness from 12 to 127."""
    onset = np.maximum(rows[:, 0], 0)
    length = np.minimum(rows[:, 1], end - onset)
    return np.stack([onset, length, rows[:, 2], np.clip(rows[:, 3], 12, 127)], axis=1)
