"""A score laid out on staves: bars, the signs over them, and each part's staves with their voices, bar by bar."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple, TypeVar

import numpy as np

from symbolic_embed.bars import BarredScore
from symbolic_embed.notation.drum_staff import FEET
from symbolic_embed.notation.writing.quantising import UNITS_A_STEP, WrittenPart, written_part
from symbolic_embed.notation.writing.spelling import keys_of
from symbolic_embed.notation.writing.staves import Clef, staves_of
from symbolic_embed.notation.writing.values import UNITS, Metre
from symbolic_embed.notation.writing.voices import Bar, Chord, chords_of, closed, voices_of
from symbolic_embed.score import KeySignature, TimeSignature

Said = TypeVar("Said")


class Heading(NamedTuple):
    """What stands over a bar: its printed metre and its key; tempi (quarters a minute) and marks with their places, in
    units from the barline."""

    signature: TimeSignature
    key: KeySignature
    tempi: tuple[tuple[int, float], ...]
    marks: tuple[tuple[int, str], ...]


class Layout(NamedTuple):
    """The bars of a piece and what stands over them. With a pick-up the first bar has the metre of the second."""

    bars: list[Bar]
    headings: list[Heading]
    has_pick_up: bool


class LaidStaff(NamedTuple):
    """A staff: its clef, and for each bar the chords that sound in it, in voices, the upper first."""

    clef: Clef
    bars: list[list[list[Chord]]]


def layout_of(barred: BarredScore) -> Layout:
    """The bars of a piece, each with what stands over it."""
    barlines = (barred.grid.bar_steps * UNITS_A_STEP).tolist()
    signatures = list(barred.metre.signatures[: barred.bars])
    has_pick_up = len(signatures) > 1 and _is_shorter(signatures[0], signatures[1])
    printed = [signatures[1], *signatures[1:]] if has_pick_up else signatures
    bars = [
        Bar(start, end, Metre.of(signature.numerator, signature.denominator))
        for start, end, signature in zip(barlines[:-1], barlines[1:], printed, strict=True)
    ]
    keys = keys_of(barred.score)
    ticks = barred.grid.tick_of(barred.grid.bar_steps[:-1]).tolist()
    in_force = [keys[max(bisect_right([key.tick for key in keys], tick) - 1, 0)] for tick in ticks]
    tempi = _by_bar([(tempo.tick, tempo.per_minute) for tempo in barred.score.tempi], barred, bars)
    marks = _by_bar([(marker.tick, marker.text) for marker in barred.score.markers if marker.text], barred, bars)
    headings = [Heading(*of_bar) for of_bar in zip(printed, in_force, tempi, marks, strict=True)]
    return Layout(bars, headings, has_pick_up)


def staves_in(barred: BarredScore, part: int, layout: Layout) -> list[LaidStaff]:
    """The staves of a part."""
    track, written = barred.score.tracks[part], written_part(barred, part)
    barlines = [bar.start for bar in layout.bars] + [layout.bars[-1].end]
    staves = []
    for clef, notes in staves_of(track, written.notes, barlines):
        on_staff = WrittenPart(list(notes), written.starts, written.divisions)
        voices = _drum_voices(on_staff) if track.is_drum else voices_of(chords_of(closed(on_staff, layout.bars)))
        staves.append(LaidStaff(clef, _sounding_in(voices, layout.bars)))
    return staves


def _is_shorter(one: TimeSignature, other: TimeSignature) -> bool:
    return one.numerator * other.denominator < other.numerator * one.denominator


def _by_bar(
    said: Sequence[tuple[int, Said]], barred: BarredScore, bars: Sequence[Bar]
) -> list[tuple[tuple[int, Said], ...]]:
    """Statements at ticks, (tick, what), as those of each bar, (place, what)."""
    found: list[list[tuple[int, Said]]] = [[] for _ in bars]
    starts = [bar.start for bar in bars]
    places = barred.grid.step_of(np.array([tick for tick, _ in said], np.int64)) * UNITS_A_STEP
    for place, (_, what) in zip(places.tolist(), said, strict=True):
        if place < bars[-1].end:
            bar = bisect_right(starts, place) - 1
            found[bar].append((place - starts[bar], what))
    return [tuple(of_bar) for of_bar in found]


def _drum_voices(part: WrittenPart) -> list[list[Chord]]:
    """Hands and feet; each stroke lasts until the next, or to the end of its beat."""
    voices = []
    for is_foot in (False, True):
        notes = [note for note in part.notes if (note.pitch in FEET) == is_foot]
        onsets = sorted({note.onset for note in notes})
        following = dict(zip_longest(onsets, onsets[1:]))
        ends = {}
        for onset in onsets:
            window = bisect_right(part.starts, onset)
            end = part.starts[window] if window < len(part.starts) else onset + UNITS
            ends[onset] = min(end, following[onset] or end)
        voices.append(chords_of([note._replace(end=ends[note.onset]) for note in notes]))
    return voices


def _sounding_in(voices: Sequence[Sequence[Chord]], bars: Sequence[Bar]) -> list[list[list[Chord]]]:
    """For each bar the chords of each voice that sound in it."""
    starts = [bar.start for bar in bars]
    found: list[list[list[Chord]]] = [[[] for _ in voices] for _ in bars]
    for voice, chords in enumerate(voices):
        for chord in chords:
            first = bisect_right(starts, chord.onset) - 1
            for bar in range(first, len(bars)):
                if bars[bar].start >= chord.end:
                    break
                found[bar][voice].append(chord)
    return found
