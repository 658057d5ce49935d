"""Which chords new music goes over: those of a text, or the seed's own, going round.

The seed's own are told from its last bars. Where its chords return, whatever is played over them, the bars of one turn
are taken together, so that a passing note or a silent bar in one of the turns does no harm. They go on in phase: the
first new bar has the chords that stood a turn before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.patterns.chords import chord_profile
from symbolic_embed.bars.patterns.loops import RECENT, Loop, best_loop, same_metre
from symbolic_embed.requests.chord_symbols import Bar, Chord
from symbolic_embed.requests.harmony import HarmonyRequest

SURE = 0.9  # likeness of the turns from which on the chords are said to go round
FEWEST_ROOTS = 2  # a chord that stands still is no cycle


@dataclass(frozen=True)
class Progression:
    """Chords that go round, bar by bar; those of a bar share it evenly."""

    bars: tuple[Bar, ...]

    def bar(self, number: int) -> Bar:
        """The chords of a new bar, counted from 0."""
        return self.bars[number % len(self.bars)]

    @property
    def text(self) -> str:
        """The same as `requests.chord_symbols` reads it."""
        return " | ".join(" ".join(chord.name for chord in bar) for bar in self.bars) + " |"


def progression_of(barred: BarredScore, request: HarmonyRequest) -> Progression | None:
    """What a request says of chords: those that it names; the seed's own where they are kept and return; else None."""
    if (bars := request.bars_of_chords) is not None:
        return Progression(bars)
    return own_progression(barred) if request.keeps_chords else None


def own_progression(barred: BarredScore) -> Progression | None:
    """One turn of the chords that a piece ends with, the last bar last; None where they do not return."""
    bars = same_metre(barred)
    every = chord_profile(barred, bars).chords()
    loop = chord_loop(every)
    roots = {chord.root for bar in every[-loop.period :] for chord in bar if chord.root >= 0}
    if loop.likeness < SURE or len(roots) < FEWEST_ROOTS:
        return None
    turns = max(min(RECENT, len(bars)) // loop.period, 1)
    recent = range(bars.stop - turns * loop.period, bars.stop)
    return Progression(as_bars(chord_profile(barred, recent).folded(loop.period).chords()))


def chords_in(barred: BarredScore) -> Progression:
    """The chords of all bars of a piece, in order."""
    return Progression(as_bars(chord_profile(barred, range(barred.bars)).chords()))


def as_bars(halves: Sequence[tuple[Chord, Chord]]) -> tuple[Bar, ...]:
    """Chords of halves as bars, with one chord where both have the same."""
    return tuple((first,) if first == second else (first, second) for first, second in halves)


def chord_loop(chords: Sequence[tuple[Chord, Chord]]) -> Loop:
    """The loop that chords of bars are in, the last ones: roots and tones count, each half."""
    roots = np.array([[chord.root for chord in bar] for bar in chords])
    tones = np.zeros((len(chords), 2, 12))
    for bar, both in enumerate(chords):
        for half, chord in enumerate(both):
            tones[bar, half, list(chord.tones)] = 1
    same_root = (roots[:, None] == roots) & (roots >= 0)
    likeness: NDArray[np.float64] = ((same_root + _overlap(tones)) / 2).mean(axis=2)
    return best_loop(likeness)


def _overlap(tones: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of the tones of each two bars' halves the share that both have, 0 of silence; float64 (bars, bars, 2)."""
    common = np.einsum("ahp,bhp->abh", tones, tones)
    size = tones.sum(axis=2)
    share: NDArray[np.float64] = common / np.maximum(size[:, None] + size - common, 1)
    return share
