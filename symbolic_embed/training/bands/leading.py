"""Lines that lead: melodies of motifs that return, riffs that loop.

A *motif* is a rhythm of one or two bars and a contour in steps of the scale. It is laid over the chords it meets: what
falls on a beat or begins a chord goes to the nearest tone of the chord, the rest stays in the scale. The same motif
over the same chords is the same music; a section says its motifs in an order such as a b a c.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from symbolic_embed.training.bands.harmony import chord_at, nearest, scale_over
from symbolic_embed.training.bands.patterns import Bar, Hit, Metre, Stroke, is_chance, one_of, weighted
from symbolic_embed.training.bands.sections import Ground, Voice, ordered

ORDERS: Mapping[int, tuple[str, ...]] = {1: ("a",), 2: ("ab", "aa"), 4: ("abac", "aaba", "aabc", "abab", "abcb")}
Cells = Mapping[str, float]
BEATS: Mapping[int, Mapping[str, Cells]] = {  # rhythms of a beat, a letter for three units
    12: {
        "song": {"x---": 5, "x-x-": 5, "x--x": 1, "x-xx": 0.6, "--x-": 2.5, "..x-": 1.5, "....": 2, "----": 2},
        "busy": {"x-x-": 4, "xxxx": 2.5, "x-xx": 2, "xxx-": 2, "--x-": 1, ".xx-": 1, "x---": 1, "....": 0.7},
        "sparse": {"x---": 4, "----": 6, "....": 4, "x-x-": 1, "..x-": 1},
        "riff": {"x-x-": 3, "x--x": 2.5, "-.x-": 2, ".x-x": 1.5, "..x-": 2, "xx.x": 1, "x...": 2, "....": 1.5},
    },
    18: {
        "song": {"x-----": 3, "x---x-": 4, "x-x-x-": 3, "------": 1.5, "......": 1, "x-x---": 1},
        "busy": {"x-x-x-": 5, "x---x-": 2, "x-xxx-": 1, "x-xxxx": 0.6, "x-x---": 1, "......": 0.5},
        "sparse": {"x-----": 4, "------": 4, "......": 3, "x---x-": 1},
        "riff": {"x---x-": 3, "x-x-x-": 2, "..x-x-": 2, "x-....": 2, "x.x-..": 1},
    },
    6: {kind: {"x-": 5, "--": 2, "..": 1, "xx": 0.4} for kind in ("song", "busy", "sparse", "riff")},
}
STEPS = {0: 1.6, 1: 3.5, -1: 4, 2: 1.6, -2: 1.6, 3: 0.6, -3: 0.6, 4: 0.4, -4: 0.3}


@dataclass(frozen=True)
class Motif:
    """The strokes of each bar, and for each stroke how many steps of the scale it goes from the one before."""

    bars: tuple[tuple[Stroke, ...], ...]
    contour: tuple[tuple[int, ...], ...]


def melody_bars(random: np.random.Generator, *, kind: str, ground: Ground, voice: Voice) -> list[Bar]:
    """A melody for each bar of a section, in motifs of two bars (of one where it has an odd number)."""
    length = 2 if ground.bars % 2 == 0 else 1
    phrases = ground.bars // length
    order = _order(random, phrases)
    rhythm = _motif(random, ground.metre, kind=kind, bars=length)
    motifs = {name: _answering(random, rhythm, ground.metre, kind=kind) for name in sorted(set(order))}
    start = int(random.integers(voice.low + 7, max(voice.high - 9, voice.low + 8)))
    bars: list[Bar] = []
    for name in order:
        bars += _laid(motifs[name], ground, voice, first=len(bars), start=start)
    if is_chance(random, 0.7):
        bars[-1] = _closing(bars[-1], ground, voice)
    return bars


def riff_bars(random: np.random.Generator, *, ground: Ground, voice: Voice) -> list[Bar]:
    """A riff of one or two bars that loops: as it is over all chords, or moved with each."""
    length = weighted(random, {1: 3, 2: 4}) if ground.bars % 2 == 0 else 1
    motif = _motif(random, ground.metre, kind="riff", bars=length)
    start = int(random.integers(voice.low + 5, max(voice.high - 12, voice.low + 6)))
    if is_chance(random, 0.3):
        return [_closed(bar, ground) for bar in _laid(motif, ground, voice, first=0, start=start)] * (
            ground.bars // length
        )
    bars: list[Bar] = []
    while len(bars) < ground.bars:
        bars += _laid(motif, ground, voice, first=len(bars), start=start)
    return bars[: ground.bars]


def _order(random: np.random.Generator, phrases: int) -> str:
    """The names of the motifs, one a phrase; whole sections are said in fours."""
    if phrases in ORDERS:
        return one_of(random, ORDERS[phrases])
    fours = one_of(random, ORDERS[4]) * (phrases // 4) if phrases >= 4 else ""
    return fours + "abc"[: phrases - len(fours)]


def _motif(random: np.random.Generator, metre: Metre, *, kind: str, bars: int) -> Motif:
    rhythms = tuple(_rhythm(random, metre, kind=kind) for _ in range(bars))
    return Motif(rhythms, tuple(_contour(random, len(rhythm)) for rhythm in rhythms))


def _rhythm(random: np.random.Generator, metre: Metre, *, kind: str) -> tuple[Stroke, ...]:
    pattern = ""
    for _, length in metre.beats:
        known = BEATS[length if length in BEATS else 12][kind]
        cell = weighted(random, known)
        pattern += cell[: length // 3]
    pattern = pattern.lstrip("-").rjust(len(pattern), ".")
    if "x" not in pattern:
        pattern = "x-" + pattern[2:]
    struck = []
    for at, mark in enumerate(pattern):
        if mark == "x":
            held = len(pattern[at + 1 :]) - len(pattern[at + 1 :].lstrip("-"))
            struck.append(Stroke(3 * at, 3 * (1 + held), "x"))
    return tuple(struck)


def _contour(random: np.random.Generator, count: int) -> tuple[int, ...]:
    """Steps that lean back to where they came from, and seldom stand still twice."""
    height, steps = 0, [0]
    for _ in range(count - 1):
        weights = {step: weight * (2.0 if step * height < 0 else 1.0) for step, weight in STEPS.items()}
        if steps[-1] == 0:
            weights[0] = 0.4
        steps.append(weighted(random, {step: w for step, w in weights.items() if abs(height + step) <= 7}))
        height += steps[-1]
    return tuple(steps[:count])


def _answering(random: np.random.Generator, motif: Motif, metre: Metre, *, kind: str) -> Motif:
    """A motif akin to another: its rhythm with another contour, or another rhythm in its last bar too."""
    bars = list(motif.bars)
    if is_chance(random, 0.5):
        bars[-1] = _rhythm(random, metre, kind=kind)
    return Motif(tuple(bars), tuple(_contour(random, len(bar)) for bar in bars))


def _laid(motif: Motif, ground: Ground, voice: Voice, *, first: int, start: int) -> list[Bar]:
    """A motif over the chords from bar `first` on; its first note is the chord tone nearest `start`."""
    strong = {at for at, _ in ground.metre.beats}
    bars: list[Bar] = []
    pitch = start
    for number, (rhythm, contour) in enumerate(zip(motif.bars, motif.contour, strict=True)):
        hits = []
        for stroke, step in zip(rhythm, contour, strict=True):
            chord = chord_at(ground.chords[first + number], stroke.at)
            scale = scale_over(chord, ground.key)
            aim = _stepped(pitch, step, scale, voice)
            binds = stroke.at in strong or stroke.length >= 6
            pitch = _reached(pitch, aim, chord.tones[:3] if binds else scale, voice)
            hits.append(Hit(stroke.at, stroke.length, pitch, 98 if stroke.at in strong else 86))
        bars.append(ordered(hits))
    return bars


def _reached(pitch: int, aim: int, classes: tuple[int, ...], voice: Voice) -> int:
    """The pitch of `classes` nearest `aim`; where a line that moves would come back to `pitch`, the next one on."""
    found = nearest(classes, aim, low=voice.low, high=voice.high)
    if found != pitch or aim == pitch:
        return found
    onward = range(pitch + 1, voice.high + 1) if aim > pitch else range(pitch - 1, voice.low - 1, -1)
    return next((one for one in onward if one % 12 in classes), found)


def _stepped(pitch: int, step: int, scale: tuple[int, ...], voice: Voice) -> int:
    """`step` steps of the scale up or down from `pitch`, turned back at the ends of the range."""
    ladder = [one for one in range(voice.low, voice.high + 1) if one % 12 in scale]
    place = min(range(len(ladder)), key=lambda at: abs(ladder[at] - pitch)) + step
    if not 0 <= place < len(ladder):
        place -= 2 * step
    return ladder[min(max(place, 0), len(ladder) - 1)]


def _closing(bar: Bar, ground: Ground, voice: Voice) -> Bar:
    """The last bar of a melody comes to rest: after its first beats one tone of the chord is held."""
    half = ground.metre.beats[len(ground.metre.beats) // 2][0]
    chord = chord_at(ground.chords[-1], half)
    kept = [hit for hit in bar if hit.at < half]
    last = nearest(
        chord.tones[:3], kept[-1].pitch if kept else (voice.low + voice.high) // 2, low=voice.low, high=voice.high
    )
    kept = [Hit(hit.at, min(hit.length, half - hit.at), hit.pitch, hit.loud) for hit in kept]
    return ordered([*kept, Hit(half, (ground.metre.units - half) * 3 // 4, last, 92)])


def _closed(bar: Bar, ground: Ground) -> Bar:
    """A riff for all chords keeps within five tones of the key."""
    scale = ground.key.scale
    five = tuple(scale[at] for at in ((0, 1, 2, 4, 5) if (scale[2] - scale[0]) % 12 == 4 else (0, 2, 3, 4, 6)))
    fits = [Hit(h.at, h.length, nearest(five, h.pitch, low=h.pitch - 4, high=h.pitch + 4), h.loud) for h in bar]
    return ordered(fits)
