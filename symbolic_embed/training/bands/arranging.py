"""A piece, bar by bar: each letter of the form gets its music once, each section plays it with marks of its own.

A section that comes back is often the same to the note; else it is varied anew, or what leads has another verse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from symbolic_embed.training.bands.bands import Part, drawn_band, drawn_doubling
from symbolic_embed.training.bands.forms import Section, bars_of_phrase, drawn_form
from symbolic_embed.training.bands.harmony import BarChords, Key, chord_of
from symbolic_embed.training.bands.letters import Letter, drawn_chords, drawn_letters, part_bars
from symbolic_embed.training.bands.marking import changed, ending, stopped, with_marks
from symbolic_embed.training.bands.patterns import Bar, Hit, is_chance, weighted
from symbolic_embed.training.bands.styles import Style

SAME_AGAIN = 0.4  # sections that come back as they were
OTHER_VERSE = 0.4  # of what leads, where its section comes back
BROKEN, ENDED = 0.12, 0.6  # pieces with a break, with an ending
LATE_DOUBLING = 0.3  # doublings that rest in the first section


@dataclass(frozen=True)
class Arrangement:
    """A piece before it is played: its key, its parts and the bars of each, the sections, the chords of each bar, and
    how many semitones each doubling (by number of the part) is from its source."""

    key: Key
    parts: tuple[Part, ...]
    music: tuple[tuple[Bar, ...], ...]
    sections: tuple[Section, ...]
    chords: tuple[BarChords, ...]
    shifts: Mapping[int, int] = field(default_factory=dict)


def arranged(random: np.random.Generator, style: Style) -> Arrangement:
    """A piece in a style."""
    family = weighted(random, style.cycles)
    modes = style.modes if family != "blues" else {"mixolydian": 4, "dorian": 1}
    key = Key(int(random.integers(12)), weighted(random, modes))
    parts, size = drawn_band(random, style)
    cycles = {letter: drawn_chords(random, style, key=key, family=family) for letter in "ABC"}
    sections = drawn_form(random, parts, cycle_bars=max(map(len, cycles.values())))
    letters = drawn_letters(random, style, key=key, parts=parts, cycles=cycles, sections=sections)
    music = [_part_music(random, style, n, part, letters=letters, sections=sections) for n, part in enumerate(parts)]
    chords = [letters[section.letter].ground.chords[at] for section in sections for at in range(section.bars)]
    if len(sections) > 2 and is_chance(random, BROKEN):
        last = sum(section.bars for section in sections[: int(random.integers(1, len(sections)))]) - 1
        for bars in music:
            bars[last] = stopped(bars[last], metre=style.metre)
    if is_chance(random, ENDED):
        tonic = chord_of("1", key)
        chords[-1] = ((0, tonic),)
        for part, bars in zip(parts, music, strict=True):
            bars[-1] = ending(part, bars[-2], bars[-1], tonic=tonic, metre=style.metre)
    arrangement = Arrangement(key, parts, tuple(map(tuple, music)), sections, tuple(chords))
    return _with_doublings(random, style, arrangement, size=size)


def _part_music(
    random: np.random.Generator,
    style: Style,
    number: int,
    part: Part,
    *,
    letters: Mapping[str, Letter],
    sections: tuple[Section, ...],
) -> list[Bar]:
    """The bars of a part through all sections."""
    loose = float(random.uniform(*style.loose))
    in_phrase = bars_of_phrase(random, part.role)
    known: dict[str, tuple[Bar, ...]] = {}
    music: list[Bar] = []
    for place, section in enumerate(sections):
        letter = letters[section.letter]
        bars = letter.bars[number]
        if section.letter in known and part.role == "lead" and is_chance(random, OTHER_VERSE):
            bars = part_bars(int(random.integers(1 << 62)), style, part, ground=letter.ground, groove=None)
            del known[section.letter]
        is_same = is_chance(random, SAME_AGAIN) and len(known.get(section.letter, ())) >= section.bars
        if not is_same:
            known[section.letter] = changed(random, bars[: section.bars], part, loose=loose, metre=style.metre)
        played: tuple[Bar, ...] = known[section.letter][: section.bars]
        if part.role == "drums" and letter.groove is not None:
            has_next = place + 1 < len(sections)
            played = with_marks(random, played, letter.groove, metre=style.metre, crash=place > 0, fill=has_next)
        plays = number in section.playing
        music += [bar if plays and in_phrase[at % 4] else () for at, bar in enumerate(played)]
    return music


def _with_doublings(random: np.random.Generator, style: Style, arrangement: Arrangement, *, size: int) -> Arrangement:
    """The arrangement with as many doublings as bring the band to `size`, where instruments of the style have the
    notes."""
    parts, music, shifts = list(arrangement.parts), list(arrangement.music), {}
    while len(parts) < size:
        found = drawn_doubling(random, style, tuple(parts), music)
        if found is None:
            break
        part, source, shift = found
        silent = arrangement.sections[0].bars if is_chance(random, LATE_DOUBLING) else 0
        bars = [() if at < silent else _moved(bar, shift) for at, bar in enumerate(music[source])]
        if not any(bars):
            break
        shifts[len(parts)] = shift
        parts.append(part)
        music.append(tuple(bars))
    return Arrangement(arrangement.key, tuple(parts), tuple(music), arrangement.sections, arrangement.chords, shifts)


def _moved(bar: Bar, semitones: int) -> Bar:
    return tuple(Hit(hit.at, hit.length, hit.pitch + semitones, hit.loud) for hit in bar)
