"""What was asked of how a part plays, as numbers to aim at, and how far music is from them.

A word is a number once the seed is known: lower is two thirds of what the part does there, higher half as much again;
of the range a fifth lower, and a fifth higher, as a whole. How far music is from a number is counted in doublings,
pitch in octaves, so all of them can be added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import STEPS_PER_QUARTER, BarredScore
from symbolic_embed.bars.choosing import parts_meant
from symbolic_embed.bars.patterns.measures import Played, played_by
from symbolic_embed.requests.controls import ControlsRequest, RangeWish, Wish
from symbolic_embed.requests.per_part import Given

TIMES = {"lower": 2 / 3, "same": 1.0, "higher": 3 / 2}
SEMITONES = {"lower": -7, "same": 0, "higher": 7}
LEAST_DENSITY = 1 / 16  # notes a quarter; a rest is as far from a wish as one note in four bars
ALIKE = 0.15  # doublings, by which what is asked of two parts may differ that play the same
HIGHEST_PITCH = 127


@dataclass(frozen=True)
class Wishes:
    """What one part shall come to; None: as it comes. density: notes a quarter; polyphony: notes at once; note_length:
    in quarters; pitch: the mean; lowest and highest: the pitches that it may use."""

    density: float | None = None
    polyphony: float | None = None
    note_length: float | None = None
    pitch: float | None = None
    lowest: int | None = None
    highest: int | None = None

    def distance(self, played: Played) -> NDArray[np.float64]:
        """How far each row of what is played is from all wishes together, 0 where each is met; float64 (rows,). A part
        that rests has no polyphony, pitch or length that could be wrong."""
        far = np.zeros(len(played.notes))
        if self.density is not None:
            far += np.abs(np.log2(np.maximum(played.density, LEAST_DENSITY) / self.density))
        for wish, measured in ((self.polyphony, played.polyphony), (self.note_length, played.note_length)):
            if wish is not None:
                far += np.nan_to_num(np.abs(np.log2(measured / wish)))
        if self.pitch is not None:
            far += np.nan_to_num(np.abs(played.pitch - self.pitch) / 12)
        plays = played.notes > 0
        if self.lowest is not None:
            far += np.where(plays, np.maximum(self.lowest - played.lowest, 0), 0) / 12
        if self.highest is not None:
            far += np.where(plays, np.maximum(played.highest - self.highest, 0), 0) / 12
        return far

    def notes_wanted(self, so_far: Played, *, steps: int) -> float | None:
        """How many notes a cell of `steps` steps should have so that the part, with what it has played so far (one
        row), comes to its density; 0 at the least. None where none was asked for."""
        if self.density is None:
            return None
        whole = self.density * (float(so_far.steps[0]) + steps) / STEPS_PER_QUARTER
        return max(whole - float(so_far.notes[0]), 0.0)

    def goes_with(self, leader: Wishes) -> bool:
        """Whether a part comes to its wishes that plays what another does, transposed, which comes to its own."""
        own, others = ((wish.density, wish.polyphony, wish.note_length) for wish in (self, leader))
        for wanted, played in zip(own, others, strict=True):
            if wanted is not None and (played is None or abs(np.log2(wanted / played)) > ALIKE):
                return False
        moves, is_moved = ((wish.pitch, wish.lowest, wish.highest) != (None, None, None) for wish in (self, leader))
        return is_moved or not moves

    @property
    def asks_for_nothing(self) -> bool:
        """Whether the part may play as it likes."""
        return self == NO_WISHES


NO_WISHES = Wishes()


def wishes_of(barred: BarredScore, request: ControlsRequest, *, bars: range | None = None) -> list[Wishes]:
    """What each part of a piece is asked for; words are measured against what it plays in some bars (None: all). Raises
    UsageError, with its field, for a track that is not there. Drums have a density and a polyphony alone."""
    parts = range(len(barred.roles))
    density, polyphony, pitches, lengths = (
        _given(barred, getattr(request, name), field=name) for name in ("density", "polyphony", "range", "note_length")
    )
    wishes = []
    for part in parts:
        played = played_by(barred, part, bars=bars)
        wish = {
            "density": _target(density[part], played.density[0]),
            "polyphony": _at_least_one(_target(polyphony[part], played.polyphony[0])),
        }
        if not barred.part_is_drum[part]:
            wish["note_length"] = _target(lengths[part], played.note_length[0])
            wish |= _range_wish(pitches[part], played)
        wishes.append(Wishes(**wish))  # type: ignore[arg-type]
    return wishes


def measured(played: Played) -> dict[str, float | None]:
    """The four measures of one row, as records have them; None for what a rest has not."""
    columns = {"density": played.density, "polyphony": played.polyphony}
    columns |= {"pitch": played.pitch, "note_length": played.note_length}
    return {name: None if np.isnan(column[0]) else round(float(column[0]), 3) for name, column in columns.items()}


def _given(barred: BarredScore, given: Given[RangeWish] | Given[Wish], *, field: str) -> Sequence[RangeWish | None]:
    """What is asked of each part: its own, else what is asked of all."""
    of_all = [value for track, value in given if track is None]
    values: list[RangeWish | None] = [of_all[-1] if of_all else None] * len(barred.roles)
    for track, value in given:
        for part in () if track is None else parts_meant(track, barred, field=field):
            values[part] = value
    return values


def _target(wish: RangeWish | None, now: float) -> float | None:
    """The number that a wish comes to; None where the part has nothing that could be lower or higher."""
    if isinstance(wish, str):
        return None if np.isnan(now) or now == 0 else TIMES[wish] * float(now)
    assert not isinstance(wish, tuple), "two notes are a range"
    return wish


def _at_least_one(polyphony: float | None) -> float | None:
    """Less than one note at once is a rest, which polyphony is not measured in."""
    return None if polyphony is None else max(polyphony, 1.0)


def _range_wish(wish: RangeWish | None, played: Played) -> dict[str, float | None]:
    """Lowest, highest and mean pitch that a wish comes to."""
    if isinstance(wish, tuple):
        return {"lowest": wish[0], "highest": wish[1], "pitch": _pitch_between(*wish, played)}
    if wish is None or not played.notes[0]:
        return {}
    low, high = int(played.lowest[0]), int(played.highest[0])
    if isinstance(wish, str):
        moved = SEMITONES[wish]
        ends = {"lowest": max(low + moved, 0), "highest": min(high + moved, HIGHEST_PITCH)}
        return {**ends, "pitch": float(played.pitch[0]) + moved}
    return {"lowest": max(low - round(wish), 0), "highest": min(high + round(wish), HIGHEST_PITCH)}


def _pitch_between(low: int, high: int, played: Played) -> float | None:
    """The mean pitch of a part that plays between two pitches: its own where it needs not move, else it lies there as
    it did between its own lowest and highest; None of a part that rests."""
    if not played.notes[0]:
        return None
    if played.lowest[0] >= low and played.highest[0] <= high:
        return float(played.pitch[0])
    width = played.highest[0] - played.lowest[0]
    place = float((played.pitch[0] - played.lowest[0]) / width) if width else 0.5
    return low + place * (high - low)
