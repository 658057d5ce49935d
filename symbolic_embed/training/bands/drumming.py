"""Drums: a groove of a style as a loop of one, two or four bars, and the fills that end its phrases.

A groove is text, a line of the kit after the other: `k:X...x... s:....X...`, the letter of KIT, then the pattern. Where
a line gives several patterns (`k:X...|X..x`), the loop takes one. X is an accent, x plain, o soft, g a ghost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from symbolic_embed.training.bands.patterns import Bar, Hit, Metre, decided, is_chance, one_of, strokes, weighted

KIT = {
    **{"k": 36, "s": 38, "r": 37, "c": 39, "h": 42, "p": 44, "o": 46, "R": 51, "B": 53, "t": 54, "w": 56, "m": 70},
    **{"T": 43, "U": 45, "V": 48, "L": 64, "H": 63, "M": 62, "a": 67, "b": 68, "C": 75, "S": 69, "l": 66, "e": 65},
}
KICK, SNARE, CLOSED_HAT, OPEN_HAT, CRASH, RIDE = 36, 38, 42, 46, 49, 51
TOMS = (50, 48, 47, 45, 43, 41)
LOUD = {"X": 114, "x": 94, "o": 68, "g": 40}
PERCUSSION = "tmSwabLHMepo"  # of two or more of these a loop may leave one out
TIMEKEEPERS = (42, 44, 51, 69, 70)


@dataclass(frozen=True)
class Groove:
    """A loop of drums, and what its fills are struck on."""

    bars: tuple[Bar, ...]
    fill_keys: tuple[int, ...]

    def kicks(self, bar: int) -> tuple[int, ...]:
        """Where the bass drum falls in bar `bar` of the loop, counted on past its end."""
        return tuple(hit.at for hit in self.bars[bar % len(self.bars)] if hit.pitch == KICK)


def drawn_groove(random: np.random.Generator, *, text: str, metre: Metre) -> Groove:
    """A loop of the groove that `text` describes."""
    lines = [(line[0], one_of(random, line[2:].split("|"))) for line in text.split()]
    beside = [letter for letter, _ in lines if letter in PERCUSSION]
    silent = one_of(random, beside) if len(beside) > 1 and is_chance(random, 0.4) else ""
    lines = [line for line in lines if line[0] != silent]
    first = _bar(random, lines, metre)
    length = weighted(random, {1: 2, 2: 4, 4: 2})
    second = _answer(random, first, _bar(random, lines, metre))
    bars = {1: (first,), 2: (first, second), 4: (first, second, first, varied_drums(random, second, metre=metre))}
    return Groove(bars[length], _fill_keys(random, first))


def _bar(random: np.random.Generator, lines: list[tuple[str, str]], metre: Metre) -> Bar:
    hits = [
        Hit(stroke.at, min(stroke.length, 3), KIT[letter], LOUD[stroke.mark])
        for letter, pattern in lines
        for stroke in strokes(decided(pattern, random), units=metre.units)
    ]
    return _one_hat(hits)


def _answer(random: np.random.Generator, first: Bar, other: Bar) -> Bar:
    """The second bar of a loop: time and backbeat of the first, the bass drum and the ghosts of another draw."""
    kept = [hit for hit in first if hit.pitch != KICK and hit.loud > LOUD["g"]]
    new = [hit for hit in other if hit.pitch == KICK or hit.loud <= LOUD["g"]]
    return _one_hat([*kept, *new])


def varied_drums(random: np.random.Generator, bar: Bar, *, metre: Metre) -> Bar:
    """The same bar with a stroke more or less: an open hat, a ghost, a bass drum before the beat. What falls on the
    first beat, and the backbeat, stay."""
    hits = list(bar)
    keeping = [hit for hit in hits if hit.pitch in TIMEKEEPERS and hit.at]
    change = weighted(random, {"open": 3.0 if keeping else 0.0, "ghost": 2, "kick": 3, "less": 1})
    if change == "open":
        hit = one_of(random, keeping[-4:])
        hits[hits.index(hit)] = replace(hit, pitch=OPEN_HAT if hit.pitch == CLOSED_HAT else hit.pitch, loud=100)
    elif change == "less" and keeping:
        hits.remove(one_of(random, keeping))
    else:
        free = [at for at in range(3, metre.units, 3) if all(hit.at != at for hit in hits if hit.pitch in (36, 38))]
        if free:
            key = KICK if change != "ghost" and any(hit.pitch == KICK for hit in hits) else hits[0].pitch
            at = one_of(random, free)
            hits.append(Hit(at, 3, SNARE if change == "ghost" else key, 40 if change == "ghost" else 88))
    return _one_hat(hits)


def with_fill(random: np.random.Generator, bar: Bar, *, keys: tuple[int, ...], metre: Metre) -> Bar:
    """The bar with a fill in its last beats (or all of it): a run over the kit's `keys`, louder to the end."""
    beats = metre.beats
    count = min(weighted(random, {1: 4, 2: 4, 4: 1}), len(beats))
    begins = beats[-count][0]
    step = 6 if beats[0][1] == 18 else weighted(random, {3: 5, 6: 2, 4: 1.0 if beats[0][1] == 12 else 0.0})
    places = list(range(begins, metre.units, step))
    shape = weighted(random, {"down": 4, "one": 2, "pairs": 2})
    hits = [hit for hit in bar if hit.at < begins]
    for number, at in enumerate(places):
        if number and is_chance(random, 0.22):
            continue
        reached = number * len(keys) // len(places)
        key = keys[{"down": reached, "one": 0, "pairs": number // 2 % len(keys)}[shape]]
        hits.append(Hit(at, step, key, min(74 + 40 * (number + 1) // len(places), 118)))
    if is_chance(random, 0.5):
        hits += [Hit(at, 3, KICK, 90) for at, _ in beats[-count:]]
    return _one_hat(hits)


def with_crash(bar: Bar, *, key: int = CRASH) -> Bar:
    """The bar with a cymbal on its first beat, in place of what keeps time there."""
    hits = [hit for hit in bar if hit.at or hit.pitch not in (CLOSED_HAT, OPEN_HAT, RIDE)]
    return _one_hat([*hits, Hit(0, 12, key, 112)])


def on_ride(groove: Groove) -> Groove:
    """The same groove with the time kept on the ride cymbal."""
    moved = tuple(_one_hat([replace(h, pitch=RIDE) if h.pitch == CLOSED_HAT else h for h in b]) for b in groove.bars)
    return replace(groove, bars=moved)


def _fill_keys(random: np.random.Generator, bar: Bar) -> tuple[int, ...]:
    """What a fill is struck on: toms after the snare in a kit, else the hand drums that there are."""
    hands = tuple(sorted({hit.pitch for hit in bar if hit.pitch in (62, 63, 64, 65, 66)}))
    if hands and is_chance(random, 0.6):
        return hands
    toms = TOMS if is_chance(random, 0.5) else TOMS[::2]
    return (SNARE, *toms) if is_chance(random, 0.75) else (SNARE,)


def _one_hat(hits: list[Hit]) -> Bar:
    """The hits in order, each key once at a time; where the open hat sounds the closed one does not."""
    open_at = {hit.at for hit in hits if hit.pitch == OPEN_HAT}
    kept: dict[tuple[int, int], Hit] = {}
    for hit in hits:
        if hit.pitch != CLOSED_HAT or hit.at not in open_at:
            kept.setdefault((hit.at, hit.pitch), hit)
    return tuple(kept[place] for place in sorted(kept))
