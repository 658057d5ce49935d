"""Forms: which sections follow each other, which parts play in each.

A form is letters: A, B and C are sections of 4 or 8 bars (12 of a blues), `i` and `o` are four bars of A that begin and
end the piece with a part of the band. Parts enter and rest by section, the rhythm together; a counter-melody plays in
some bars of a phrase only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symbolic_embed.training.bands.bands import Part
from symbolic_embed.training.bands.patterns import is_chance, one_of, weighted

FORMS = {
    "AABA": 3, "ABAB": 3, "ABA": 2, "AAB": 1, "iAAB": 1, "iAABA": 3, "iABAB": 3, "iABAo": 2, "iABABo": 2, "ABAC": 1,
    "iABACo": 1.5, "AABB": 1, "AABAo": 1, "iAABBo": 1, "ABCB": 1, "AAAA": 0.7, "iAAo": 1, "AAA": 0.7, "AA": 0.6,
}  # fmt: skip
SHORTEST, LONGEST = 16, 64
RHYTHM = ("drums", "bass")
LATE = {"pad": 0.3, "comp2": 0.4, "arp": 0.3, "counter": 0.7, "lead": 0.25}


@dataclass(frozen=True)
class Section:
    """A section of a form: whose music it plays, in how many bars, which parts (by number) play."""

    name: str
    letter: str
    bars: int
    playing: frozenset[int]


def drawn_form(random: np.random.Generator, parts: tuple[Part, ...], *, cycle_bars: int) -> tuple[Section, ...]:
    """The sections of a piece of 16 to 64 bars."""
    length = 12 if cycle_bars == 12 else 8 if cycle_bars > 4 else weighted(random, {4: 2, 8: 6})
    lengths = {form: sum(4 if letter in "io" else length for letter in form) for form in FORMS}
    form = weighted(random, {form: w for form, w in FORMS.items() if SHORTEST <= lengths[form] <= LONGEST})
    late = frozenset(n for n, part in enumerate(parts) if is_chance(random, LATE.get(part.role, 0.0)))
    broken = is_chance(random, 0.3)
    sections: list[Section] = []
    for place, letter in enumerate(form):
        first = not any(section.letter == "A" and section.name != "i" for section in sections)
        playing = frozenset(range(len(parts)))
        if letter in "io":
            playing = _some(random, parts)
        elif letter == "A" and first and _is_carried(parts, set(playing - late)):
            playing -= late
        elif letter == "B" and broken and place and len(parts) > 3:
            playing = _broken(random, parts)
        sections.append(Section(letter, "A" if letter in "io" else letter, 4 if letter in "io" else length, playing))
    return tuple(sections)


def bars_of_phrase(random: np.random.Generator, role: str) -> tuple[bool, ...]:
    """In which of four bars a part plays at all."""
    if role != "counter":
        return (True,) * 4
    return one_of(random, ((True,) * 4, (False, False, True, True), (False, True) * 2, (False, False, False, True)))


def _some(random: np.random.Generator, parts: tuple[Part, ...]) -> frozenset[int]:
    """Some of the parts, of rhythm all or none."""
    rhythm = is_chance(random, 0.5)
    chosen = {n for n, part in enumerate(parts) if (rhythm if part.role in RHYTHM else is_chance(random, 0.5))}
    return frozenset(chosen) if _is_carried(parts, chosen) else frozenset({*chosen, *_carriers(parts)[:1]})


def _broken(random: np.random.Generator, parts: tuple[Part, ...]) -> frozenset[int]:
    """The band without drums, or without what leads."""
    silent = one_of(random, (("drums",), ("lead", "double"), RHYTHM, ("comp", "comp2")))
    chosen = {number for number, part in enumerate(parts) if part.role not in silent}
    return frozenset(chosen) if _is_carried(parts, chosen) else frozenset(range(len(parts)))


def _carriers(parts: tuple[Part, ...]) -> list[int]:
    """The parts that play in every bar, the accompaniment first."""
    return sorted((n for n, part in enumerate(parts) if part.role != "counter"), key=lambda n: parts[n].role == "lead")


def _is_carried(parts: tuple[Part, ...], chosen: set[int]) -> bool:
    """Whether some part that is chosen plays in every bar."""
    return any(number in chosen for number in _carriers(parts))
