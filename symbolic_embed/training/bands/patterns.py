"""Patterns as text: who plays when in a bar, one letter a step.

A bar of 4/4 in sixteen letters is in sixteenths, in eight it is in eighths, in twelve in triplets: a step is the bar
divided by the letters. A dot rests, a hyphen holds the stroke before it; what other letters mean is for the part to
say, but for two, on which chance decides once, when a loop is made:

    ?    struck in two of five loops
    g    a ghost note, soft, in three of five

Times are in twelfths of a quarter note, the coarsest grid on which both sixteenths and triplets lie.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

UNITS_A_QUARTER = 12
OPTIONAL, GHOST = 0.4, 0.6
RESTS = ".-"

T = TypeVar("T")


@dataclass(frozen=True)
class Metre:
    """A metre; `groups` says in how many eighths each beat of an odd one is felt, such as 2, 2, 3."""

    numerator: int
    denominator: int
    groups: tuple[int, ...] = ()

    @property
    def units(self) -> int:
        """The length of a bar."""
        return 4 * UNITS_A_QUARTER * self.numerator // self.denominator

    @property
    def beats(self) -> tuple[tuple[int, int], ...]:
        """Where each felt beat begins, and how long it is."""
        eighth = UNITS_A_QUARTER // 2
        if self.groups:
            lengths = [group * eighth for group in self.groups]
        elif self.denominator == 8:
            lengths = [3 * eighth] * (self.numerator // 3)
        else:
            lengths = [UNITS_A_QUARTER] * self.numerator
        return tuple((sum(lengths[:number]), length) for number, length in enumerate(lengths))


@dataclass(frozen=True)
class Hit:
    """A note of a bar: where it begins and how long it lasts in twelfths of a quarter, its pitch (for drums the key of
    the kit), how loud it is (1 to 127)."""

    at: int
    length: int
    pitch: int
    loud: int


Bar = tuple[Hit, ...]


@dataclass(frozen=True)
class Stroke:
    """A letter of a pattern: where it begins, how long it lasts with the hyphens behind it."""

    at: int
    length: int
    mark: str


def strokes(pattern: str, *, units: int) -> tuple[Stroke, ...]:
    """The strokes of a pattern that fills a bar of `units`."""
    step = units // len(pattern)
    if step * len(pattern) != units:
        raise ValueError(f"pattern {pattern!r}: a bar of {units} twelfths has no {len(pattern)} equal steps")
    struck = []
    for number, mark in enumerate(pattern):
        if mark not in RESTS:
            held = len(pattern[number + 1 :]) - len(pattern[number + 1 :].lstrip("-"))
            struck.append(Stroke(number * step, (1 + held) * step, mark))
    return tuple(struck)


def decided(pattern: str, random: np.random.Generator) -> str:
    """A pattern on whose optional strokes chance has decided."""
    draws = random.random(len(pattern))
    letters = []
    for mark, draw in zip(pattern, draws, strict=True):
        if mark == "?":
            letters.append("x" if draw < OPTIONAL else ".")
        else:
            letters.append("." if mark == "g" and draw >= GHOST else mark)
    return "".join(letters)


def one_of(random: np.random.Generator, values: Sequence[T]) -> T:
    """One of several, each as likely."""
    return values[int(random.integers(len(values)))]


def weighted(random: np.random.Generator, weights: Mapping[T, float]) -> T:
    """One of several, each as likely as it weighs."""
    values = list(weights)
    shares = np.array(list(weights.values()), float)
    return values[int(random.choice(len(values), p=shares / shares.sum()))]


def is_chance(random: np.random.Generator, probability: float) -> bool:
    """True in that share of the calls."""
    return bool(random.random() < probability)
