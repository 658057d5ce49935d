"""Who is in a band, and which part doubles which.

A band has two to seven parts: those a style cannot do without, then others by weight. A doubling plays what another
part plays, in unison or an octave away, on an instrument of its own that has all those notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from symbolic_embed.training.bands.instruments import INSTRUMENTS, Instrument
from symbolic_embed.training.bands.patterns import Bar, is_chance, weighted
from symbolic_embed.training.bands.styles import Style

SIZES = {2: 0.5, 3: 1.5, 4: 3, 5: 3.5, 6: 2.5, 7: 1}
EXTRAS = {"drums": 4.0, "bass": 3.0, "comp": 2.5, "lead": 5.0, "pad": 2.0, "comp2": 1.4, "arp": 1.2, "counter": 1.3}
DRUM_KIT = Instrument("Drums", 0, 27, 87)
DOUBLED = {"lead": 4.0, "bass": 1.0, "counter": 0.6, "comp": 0.5}


@dataclass(frozen=True)
class Part:
    """A part of a band: what it does, on what; a doubling says which part (by number) it doubles."""

    role: str
    instrument: Instrument
    doubles: int | None = None


def drawn_band(random: np.random.Generator, style: Style) -> tuple[tuple[Part, ...], int]:
    """The parts of a band but its doublings, and how many parts it should have with them."""
    size = weighted(random, SIZES)
    core = [role for role in style.core if role != "drums" or style.grooves]
    roles = core[:size]
    doublings = int(is_chance(random, style.doubles)) + int(size > 5 and is_chance(random, style.doubles / 2))
    while len(roles) < max(size - doublings, min(len(core), size)):
        missing = {role: weight for role, weight in EXTRAS.items() if role not in roles and _has(style, role)}
        if not missing:
            break
        roles.append(weighted(random, missing))
    roles.sort(key=list(EXTRAS).index)
    parts: list[Part] = []
    for role in roles:
        parts.append(Part(role, DRUM_KIT if role == "drums" else _instrument(random, style, role, parts)))
    return tuple(parts), max(len(parts), min(size, len(parts) + doublings))


def _has(style: Style, role: str) -> bool:
    return bool(style.grooves) if role == "drums" else role in style.band


def _instrument(random: np.random.Generator, style: Style, role: str, others: list[Part]) -> Instrument:
    """An instrument of the role, if possible one that nobody plays yet; the first of a style's list is likeliest."""
    taken = {part.instrument.name for part in others}
    names = style.band[role]
    weights = {name: (0.1 if name in taken else 1.0) / (1 + 0.25 * place) for place, name in enumerate(names)}
    return INSTRUMENTS[weighted(random, weights)]


def drawn_doubling(
    random: np.random.Generator, style: Style, parts: tuple[Part, ...], music: Sequence[Sequence[Bar]]
) -> tuple[Part, int, int] | None:
    """A part that doubles one of `parts`, whose `music` is known; the number of that part, and how many semitones away
    it is. None where no instrument of the style has the notes."""
    sources = {number: DOUBLED[part.role] for number, part in enumerate(parts) if part.role in DOUBLED}
    sources = {number: weight for number, weight in sources.items() if any(music[number])}
    while sources:
        number = weighted(random, sources)
        del sources[number]
        pitches = [hit.pitch for bar in music[number] for hit in bar]
        role = parts[number].role
        names = {name for other in ("lead", "counter", "comp2") for name in style.band.get(other, ())}
        names = (
            names if role != "bass" else {*names, *style.band["bass"], "Baritone Sax", "Cello", "Piano", "Overdrive"}
        )
        fitting = {
            (name, shift): {0: 1.2, 12: 2.0, -12: 1.0}[shift]
            for name in sorted(names - {parts[number].instrument.name})
            for shift in (0, 12, -12)
            if INSTRUMENTS[name].low <= min(pitches) + shift and max(pitches) + shift <= INSTRUMENTS[name].high
        }
        if fitting:
            name, shift = weighted(random, fitting)
            return Part("double", INSTRUMENTS[name], doubles=number), number, shift
    return None
