"""The two dials of a variation.

*Strength* is a quantile of the distances between random cells of one role, kept in the checkpoint's card: .5 asks for
cells as far from the seed's as any two cells are from each other, 0 for the seed itself. In many dimensions random
points are all about equally far from each other, so what sounds like a variation lies below .01. *Change* is the share
of a cell's notes that are to be others: 1 - F1 of onset and pitch, from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symbolic_embed.bars import ROLES, WINDOW_STEPS, Windows
from symbolic_embed.errors import CheckpointError

CARD_KEY = "cell_distance_quantiles"


def distances_at(card: Mapping[str, Any], strength: float, roles: np.ndarray) -> np.ndarray:
    """The distance that `strength` (0 to 1) asks of cells of these roles (numbers in ROLES); float64, as `roles`."""
    tables = [_quantiles(card, role) for role in ROLES]
    share = np.linspace(0.0, 1.0, len(tables[0]))
    return np.array([np.interp(strength, share, table) for table in tables])[roles]


def strengths_at(card: Mapping[str, Any], distances: np.ndarray, roles: np.ndarray) -> np.ndarray:
    """The strength that asks for each distance; the inverse of `distances_at`."""
    tables = [_quantiles(card, role) for role in ROLES]
    share = np.linspace(0.0, 1.0, len(tables[0]))
    strengths = np.zeros(len(distances))
    for role, table in enumerate(tables):
        strengths[roles == role] = np.interp(distances[roles == role], table, share)
    return strengths


def _quantiles(card: Mapping[str, Any], role: str) -> np.ndarray:
    """The quantiles of the distance between random cells of a role; of all roles where the card lacks this one."""
    known = card.get(CARD_KEY)
    if not known:
        raise CheckpointError("the checkpoint's card has no cell_distance_quantiles; train it with this version")
    table = np.array(known.get(role) or np.mean(list(known.values()), axis=0))
    return np.concatenate([[0.0], table[1:]])  # strength 0 is the seed itself, not the nearest other cell


def share_changed(before: Windows, after: Windows) -> np.ndarray:
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
