"""The music of each letter of a form: its chords, its groove, the loops of every part.

B and C stand on chords of their own; some of their figures are those of A. The same seed is the same figure, whatever
chords it is laid over, so what parts share between letters is which seed they draw from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from symbolic_embed.training.bands.bands import Part
from symbolic_embed.training.bands.basses import bass_bars
from symbolic_embed.training.bands.comping import arpeggio_bars, comping_bars, pad_bars
from symbolic_embed.training.bands.drumming import Groove, drawn_groove, on_ride
from symbolic_embed.training.bands.forms import Section
from symbolic_embed.training.bands.harmony import BarChords, Key, chords_of_bars, drawn_cycle
from symbolic_embed.training.bands.leading import melody_bars, riff_bars
from symbolic_embed.training.bands.patterns import Bar, is_chance, one_of, weighted
from symbolic_embed.training.bands.sections import Ground, Voice
from symbolic_embed.training.bands.styles import Style

NEW_FIGURE = 0.65  # of parts in another letter
LEADING = ("lead", "counter")


@dataclass(frozen=True)
class Letter:
    """The music of a letter: what it stands on, its groove (None without drums), the bars of each part."""

    ground: Ground
    groove: Groove | None
    bars: tuple[tuple[Bar, ...], ...]


def drawn_chords(random: np.random.Generator, style: Style, *, key: Key, family: str) -> tuple[BarChords, ...]:
    """A cycle of chords, bar by bar."""
    degrees = drawn_cycle(random, key=key, family=family)
    pace = 1 if family == "blues" else weighted(random, style.chords_a_bar)
    pace = 1 if pace == 0.5 and len(degrees) > 4 else pace
    return chords_of_bars(degrees, key=key, chords_a_bar=pace, units=style.metre.units)


def drawn_letters(
    random: np.random.Generator,
    style: Style,
    *,
    key: Key,
    parts: tuple[Part, ...],
    cycles: Mapping[str, tuple[BarChords, ...]],
    sections: tuple[Section, ...],
) -> dict[str, Letter]:
    """The music of each letter that the sections play."""
    length = max(section.bars for section in sections)
    text = one_of(random, style.grooves) if style.grooves else ""
    groove = drawn_groove(random, text=text, metre=style.metre) if text else None
    seeds: dict[int, int] = {}
    letters: dict[str, Letter] = {}
    for name in sorted({section.letter for section in sections}):
        if letters and groove is not None:
            groove = _other_groove(random, groove, text, style)
        chords = tuple(cycles[name][at % len(cycles[name])] for at in range(length))
        kicks = tuple(groove.kicks(at) if groove else (0,) for at in range(length))
        ground = Ground(style.metre, key, chords, kicks)
        for number, part in enumerate(parts):
            if number not in seeds or part.role in LEADING or is_chance(random, NEW_FIGURE):
                seeds[number] = int(random.integers(1 << 62))
        bars = (part_bars(seeds[n], style, part, ground=ground, groove=groove) for n, part in enumerate(parts))
        letters[name] = Letter(ground, groove, tuple(bars))
    return letters


def part_bars(seed: int, style: Style, part: Part, *, ground: Ground, groove: Groove | None) -> tuple[Bar, ...]:
    """The bars of one part over a ground, from a figure that `seed` draws."""
    random = np.random.default_rng(seed)
    voice = Voice(part.instrument, voices=3 if part.role == "arp" else style.voices)
    if part.role == "drums":
        bars = [groove.bars[at % len(groove.bars)] for at in range(ground.bars)] if groove else []
    elif part.role == "bass":
        bars = bass_bars(random, patterns=style.basses, ground=ground, voice=voice)
    elif part.role == "pad":
        bars = pad_bars(random, ground=ground, voice=voice)
    elif part.role == "arp":
        bars = arpeggio_bars(random, ground=ground, voice=voice)
    elif part.role in LEADING:
        kind = weighted(random, style.leads if part.role == "lead" else {"sparse": 1, "riff": 1})
        line = riff_bars(random, ground=ground, voice=voice) if kind == "riff" else None
        bars = line or melody_bars(random, kind=kind, ground=ground, voice=voice)
    else:
        bars = comping_bars(random, patterns=style.comps, ground=ground, voice=voice)
    return tuple(bars)


def _other_groove(random: np.random.Generator, groove: Groove, text: str, style: Style) -> Groove:
    """The groove of another letter: the one before, the same on the ride, or another loop of the style."""
    change = weighted(random, {"ride": 2, "new": 4, "same": 2})
    if change == "new":
        return drawn_groove(random, text=text, metre=style.metre)
    return on_ride(groove) if change == "ride" else groove
