"""The two dials of a variation.

*Strength* is a quantile of the distances between random cells of one role, kept in the checkpoint's card: .5 asks for
cells as far from the seed's as any two cells are from each other, 0 for the seed itself. In many dimensions random
points are all about equally far from each other, so what sounds like a variation lies below .01. *Change* is the share
of a cell's notes that are to be others: 1 - F1 of onset and pitch, from 0 to 1.

Drums are another groove long before a tune is another tune: a third of their strokes elsewhere, and half of what two
bars have in common is gone. So below half of the dial of change they go less far, DRUMS of what is asked up to .3, and
from .5 on as far as all. Where bass drum and snare stay, the other drums change the more, so that the part goes as far
as it shall, as long as they are enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ROLES, WINDOW_STEPS, BarredScore, Windows, class_name
from symbolic_embed.bars.choosing import parts_meant
from symbolic_embed.errors import CheckpointError
from symbolic_embed.requests import VaryRequest

DRUMS = ((0.0, 0.3, 0.5, 1.0), (0.0, 0.13, 0.5, 1.0))  # what is asked of all, and what of drums
CARD_KEY = "cell_distance_quantiles"
NOTHING: Mapping[str, Sequence[float]] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class StrengthScale:
    """How far a strength is: for each role in ROLES the quantiles of the distance of two random cells, float64 (roles,
    quantiles), from 0 to 1 by even steps."""

    tables: NDArray[np.float64]

    @classmethod
    def of(cls, card: Mapping[str, Any], own: Mapping[str, Sequence[float]] = NOTHING) -> StrengthScale:
        """The scale of a checkpoint's card, or for the roles that it has that of the user's `own` music. A role that
        neither knows has the mean of all. Raises CheckpointError where the card has none."""
        known = {**_by_role(card.get(CARD_KEY) or {}), **own}
        if not known:
            raise CheckpointError(f"the checkpoint's card has no {CARD_KEY}; train it with this version")
        mean = np.mean(list(known.values()), axis=0)
        tables = np.array([known.get(role, mean) for role in ROLES], np.float64)
        tables[:, 0] = 0.0  # strength 0 is the seed itself, not the nearest other cell
        return cls(tables)

    def distances(self, strength: float | NDArray[np.float64], roles: NDArray[np.int64]) -> NDArray[np.float64]:
        """The distance that a strength, 0 to 1, asks of cells of these roles (numbers in ROLES). `strength`: one for
        all, or one for each, float64 (cells,)."""
        strengths = np.broadcast_to(strength, roles.shape)
        by_role = np.array([np.interp(strengths, self._shares, table) for table in self.tables])  # (roles, cells)
        return by_role[roles, np.arange(len(roles))]

    def strengths(self, distances: NDArray[np.floating], roles: NDArray[np.int64]) -> NDArray[np.float64]:
        """The strength that asks for each distance; the inverse of `distances`."""
        strengths = np.zeros(len(distances))
        for role, table in enumerate(self.tables):
            strengths[roles == role] = np.interp(distances[roles == role], table, self._shares)
        return strengths

    @property
    def _shares(self) -> NDArray[np.float64]:
        return np.linspace(0.0, 1.0, self.tables.shape[1])


def amounts_of(request: VaryRequest, barred: BarredScore) -> NDArray[np.float64]:
    """How far each part of a piece shall go, on the dial of the request; float64 (parts,). Raises UsageError for a part
    that the piece does not have."""
    field, general, of_parts = request.dial
    amounts = np.full(len(barred.roles), general)
    for track, amount in of_parts:
        amounts[sorted(parts_meant(track, barred, field=field))] = amount
    return amounts


def asked_of_drums(
    asked: NDArray[np.float64], *, part: NDArray[np.int64], free: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The shares of notes asked of cells of drums, where `asked`, float64 (cells,), is asked of all cells of a part.
    `free`: which share of the notes of each may change; `part`: int64 (cells,)."""
    result = np.interp(asked, *DRUMS)
    for number in np.unique(part):
        mine = part == number
        result[mine] = np.minimum(_level(result[mine].mean(), free[mine]), free[mine])
    return result


def _level(mean: float, most: NDArray[np.float64]) -> float:
    """The level to which all must be filled, none beyond its `most`, for that mean; 1 where they cannot."""
    low, high = 0.0, 1.0
    for _ in range(30):
        level = (low + high) / 2
        low, high = (level, high) if np.minimum(level, most).mean() < mean else (low, level)
    return high


def _by_role(tables: Mapping[str, Sequence[float]]) -> dict[str, Sequence[float]]:
    """Tables of a card by role: cards call the chords by the name of their class."""
    roles = {class_name(role): role for role in ROLES}
    return {roles.get(name, name): table for name, table in tables.items()}


def share_changed(before: Windows, after: Windows) -> NDArray[np.float64]:
    """1 - F1 of the onsets and pitches that begin in each window; float64 (windows,), 0 where nothing begins."""
    keys = []
    for windows in (before, after):
        begins = windows.begins
        window, onset, pitch = windows.note_window[begins], windows.onset[begins], windows.pitch[begins]
        keys.append((window * WINDOW_STEPS + onset) * 128 + pitch)
    counts = [np.bincount(key // (WINDOW_STEPS * 128), minlength=len(before)) for key in keys]
    same = np.bincount(keys[1][np.isin(keys[1], keys[0])] // (WINDOW_STEPS * 128), minlength=len(before))
    total = counts[0] + counts[1]
    return np.where(total > 0, 1 - 2 * same / np.maximum(total, 1), 0.0)
