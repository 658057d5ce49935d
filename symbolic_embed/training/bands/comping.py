"""Chords: comping in a rhythm, pads that are held, arpeggios.

Each voicing moves as little as it can from the one before. Letters of a comping figure: x X o the whole chord; 1 to 6 a
voice of it from the bottom, above the voices there are an octave higher; b the bottom voice, u all but it.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

import numpy as np

from symbolic_embed.training.bands.harmony import chord_at, voiced
from symbolic_embed.training.bands.patterns import Bar, Hit, Metre, is_chance, one_of, weighted
from symbolic_embed.training.bands.sections import Figure, Ground, Voice, drawn_figure, loudness, ordered, strokes_over

Voicing = tuple[int, ...]
SPAN = 21  # of all voicings of a part, in semitones


def comping_bars(random: np.random.Generator, *, patterns: tuple[str, ...], ground: Ground, voice: Voice) -> list[Bar]:
    """Chords in a rhythm of the style, for each bar of a section."""
    swaps = "xxo" if any("x" in pattern or "X" in pattern for pattern in patterns) else "1234"
    figure = drawn_figure(random, patterns, swaps=swaps)
    return _struck(figure, ground, voice, _voicings(random, ground, voice))


def arpeggio_bars(random: np.random.Generator, *, ground: Ground, voice: Voice) -> list[Bar]:
    """Broken chords in an order of their own."""
    figure = _arpeggio(random, ground.metre)
    return _struck(figure, ground, voice, _voicings(random, ground, voice))


def pad_bars(random: np.random.Generator, *, ground: Ground, voice: Voice) -> list[Bar]:
    """Each chord held until the next one."""
    voicings = _voicings(random, ground, voice)
    places = [(bar, at) for bar in range(ground.bars) for at, _ in ground.chords[bar]]
    bars: list[list[Hit]] = [[] for _ in range(ground.bars)]
    sustained = is_chance(random, 0.5)
    for place, (bar, at) in enumerate(places):
        if sustained and place and at == 0 and voicings[places[place - 1]] == voicings[bar, at] and bar % 4:
            before = bars[bar - 1]
            longer = [replace(hit, length=hit.length + ground.metre.units) for hit in before]
            if longer and max(hit.length for hit in longer) <= 2 * ground.metre.units:
                bars[bar - 1] = longer
                continue
        later = [begins for begins, _ in ground.chords[bar] if begins > at]
        length = (later[0] if later else ground.metre.units) - at
        bars[bar] += [Hit(at, length, pitch, 70) for pitch in voicings[bar, at]]
    return [ordered(hits) for hits in bars]


def _voicings(random: np.random.Generator, ground: Ground, voice: Voice) -> dict[tuple[int, int], Voicing]:
    """The voicing at each change of chord. Equal stretches of chords have equal voicings."""
    bottom = int(random.integers(voice.low, max(voice.low + 1, min(voice.low + 12, voice.high - SPAN))))
    bottom = max(bottom, 48) if voice.high - 48 >= SPAN else bottom
    limits = {"low": bottom, "high": min(bottom + SPAN, voice.high)}
    cycle = next(n for n in range(1, ground.bars + 1) if _returns(ground, n))
    found: dict[tuple[int, int], Voicing] = {}
    before: Voicing = ()
    for bar in range(ground.bars):
        for at, chord in ground.chords[bar]:
            if bar >= cycle:
                found[bar, at] = found[bar - cycle, at]
            else:
                before = found[bar, at] = voiced(chord, voices=voice.voices, before=before, **limits)
    return found


def _returns(ground: Ground, cycle: int) -> bool:
    return all(ground.chords[bar] == ground.chords[bar - cycle] for bar in range(cycle, ground.bars))


def _struck(figure: Figure, ground: Ground, voice: Voice, voicings: dict[tuple[int, int], Voicing]) -> list[Bar]:
    bars = []
    for bar in range(ground.bars):
        hits: list[Hit] = []
        for stroke in strokes_over(figure, bar, ground):
            chord = chord_at(ground.chords[bar], stroke.at)
            begins = max(at for at, one in ground.chords[bar] if at <= stroke.at and one == chord)
            pitches = _sounding(stroke.mark, voicings[bar, begins], high=voice.high)
            hits += [Hit(stroke.at, stroke.length, pitch, loudness(stroke.mark)) for pitch in pitches]
        bars.append(ordered(hits))
    return bars


def _sounding(mark: str, voicing: Voicing, *, high: int) -> Voicing:
    if mark.isdigit():
        octave, number = divmod(int(mark) - 1, len(voicing))
        pitch = voicing[number] + 12 * octave
        return (pitch if pitch <= high else pitch - 12 * octave,)
    if mark == "b":
        return voicing[:1]
    return voicing[1:] if mark == "u" and len(voicing) > 1 else voicing


def _arpeggio(random: np.random.Generator, metre: Metre) -> Figure:
    """An order of voices for a bar: up, down, there and back, in threes across the beat, or drawn."""
    beat = metre.beats[0][1]
    step = 6 if beat == 18 or metre.groups else weighted(random, {3: 4, 6: 3, 4: 0.7})
    step = step if metre.units % step == 0 else 6
    count = metre.units // step
    shape = weighted(random, {"up": 3, "down": 1, "back": 3, "threes": 2, "drawn": 3})
    orders = {"up": "1234", "down": "4321", "back": "123432", "threes": "135", "drawn": ""}
    order = orders[shape] or "".join(one_of(random, "12345") for _ in range(one_of(random, (4, 6, 8))))
    letters = [order[at % len(order)] for at in range(count)]
    for at in range(1, count):
        if is_chance(random, 0.07):
            letters[at] = one_of(random, ".-")
    return ("".join(_no_drone(letters)),)


def _no_drone(letters: list[str]) -> list[str]:
    """The letters, where one stands three times or more in a row the third and later are moved to the next voice."""
    moved: list[str] = []
    for letter, run in groupby(letters):
        moved += [letter if at < 2 or not letter.isdigit() else str(int(letter) % 5 + 1) for at, _ in enumerate(run)]
    return moved
