"""Bass lines: a figure over the roots of the chords, the bass drum's own rhythm, or a line that walks.

Letters of a figure: r the root, 8 the root an octave up, 5 3 7 tones of the chord, a the step below or above the next
root, n the next root early; x is a root, g a root barely touched. Wherever a chord begins the bass has its root, unless
the figure rests or came early.
"""

from __future__ import annotations

import math

import numpy as np

from symbolic_embed.training.bands.harmony import Chord, chord_at, nearest, scale_over
from symbolic_embed.training.bands.patterns import Bar, Hit, Metre, is_chance, one_of, weighted
from symbolic_embed.training.bands.sections import Figure, Ground, Voice, drawn_figure, loudness, ordered, strokes_over

WITH_KICK, WALKING = "kick", "walk"
SWAPS = "rr8853"


def bass_bars(random: np.random.Generator, *, patterns: tuple[str, ...], ground: Ground, voice: Voice) -> list[Bar]:
    """A bass for each bar of a section, in one of a style's ways."""
    way = one_of(random, patterns)
    home = int(random.integers(voice.low + 5, voice.low + 12))  # roots lie around it
    if way == WALKING:
        return _walked(random, ground, voice, home)
    figure = _with_kick(random, ground) if way == WITH_KICK else drawn_figure(random, (way,), swaps=SWAPS)
    bars = []
    for bar in range(ground.bars):
        hits = []
        for stroke in strokes_over(figure, bar, ground):
            chord = chord_at(ground.chords[bar], stroke.at)
            starts = any(stroke.at == begins for begins, _ in ground.chords[bar])
            mark = "r" if starts and stroke.mark not in "n8" else stroke.mark
            pitch = _pitch(mark, chord, ground.next_chord(bar, stroke.at), ground, (voice, home))
            hits.append(Hit(stroke.at, stroke.length, pitch, loudness(stroke.mark) + (8 if not stroke.at else 0)))
        bars.append(ordered(hits))
    return bars


def _with_kick(random: np.random.Generator, ground: Ground) -> Figure:
    """A loop that falls with the bass drum: roots, the last of a bar now and then another tone; held or short, one way
    for the whole loop. Bars with the same bass drum have the same bass."""
    held = is_chance(random, 0.55)
    known: dict[tuple[int, ...], str] = {}
    for kicks in ground.kicks:
        if kicks not in known:
            known[kicks] = _kick_pattern(random, kicks, ground.metre, held=held)
    return tuple(known[kicks] for kicks in ground.kicks)


def _kick_pattern(random: np.random.Generator, kicks: tuple[int, ...], metre: Metre, *, held: bool) -> str:
    places = sorted({0, *kicks})
    step = math.gcd(metre.units, *places)
    letters = ["."] * (metre.units // step)
    for at, until in zip(places, [*places[1:], metre.units], strict=True):
        length = (until - at) // step if held else max(1, min(6, until - at) // step)
        letters[at // step] = "r"
        letters[at // step + 1 : at // step + length] = ["-"] * (length - 1)
    if len(places) > 2:
        letters[places[-1] // step] = weighted(random, {"r": 3, "5": 2, "8": 2, "a": 2})
    return "".join(letters)


def _pitch(mark: str, chord: Chord, following: Chord, ground: Ground, place: tuple[Voice, int]) -> int:
    voice, home = place
    limits = {"low": voice.low, "high": voice.high}
    root = nearest((chord.root,), home, **limits)
    if mark == "8":
        return root + 12 if root + 12 <= voice.high else root
    if mark == "n":
        return nearest((following.root,), home, **limits)
    if mark == "a":
        goal = nearest((following.root,), home, **limits)
        steps = [one for one in (goal - 1, goal - 2, goal + 1, goal + 2) if one % 12 in ground.key.scale]
        inside = [one for one in steps if voice.low <= one <= voice.high]
        return min(inside, key=lambda one: abs(one - root)) if inside else root
    tone = {"5": 2, "3": 1, "7": 3}.get(mark, 0)
    return next((p for p in range(root, voice.high + 1) if p % 12 == chord.tones[tone]), root)


def _walked(random: np.random.Generator, ground: Ground, voice: Voice, home: int) -> list[Bar]:
    """A note a beat: the root, tones of chord or scale on the way, and a step that leads into the next root."""
    bars = []
    pitch = home
    for bar in range(ground.bars):
        hits = []
        beats = ground.metre.beats
        for number, (at, length) in enumerate(beats):
            chord = chord_at(ground.chords[bar], at)
            following = ground.next_chord(bar, at)
            ends = number + 1 == len(beats) or any(begins == beats[number + 1][0] for begins, _ in ground.chords[bar])
            if any(begins == at for begins, _ in ground.chords[bar]):
                pitch = nearest((chord.root,), round((pitch + home) / 2), low=voice.low, high=voice.high)
            elif ends:
                goal = nearest((following.root,), pitch, low=voice.low + 2, high=voice.high - 2)
                pitch = goal + one_of(random, (-1, 1, 2, -2))
            else:
                classes = chord.tones[:3] if is_chance(random, 0.65) else scale_over(chord, ground.key)
                others = tuple(tone for tone in classes if tone != pitch % 12)
                aim = pitch + int(random.integers(-4, 6))
                pitch = nearest(others, aim, low=voice.low, high=voice.high)
            hits.append(Hit(at, length, pitch, 92 if number % 2 else 84))
            if length == 12 and is_chance(random, 0.06):
                hits[-1:] = [Hit(at, 8, pitch, 88), Hit(at + 6, 6, pitch, 62)]
        bars.append(ordered(hits))
    return bars
