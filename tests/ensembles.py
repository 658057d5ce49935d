"""Ensembles of some writers, for tests of composing."""

from __future__ import annotations

import numpy as np
from composers import tiny_composer

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.windows import HELD
from symbolic_embed.composing.context import writing_order
from symbolic_embed.composing.ensemble import Ensemble
from symbolic_embed.composing.given import Given
from symbolic_embed.composing.part_writer import PartWriter
from symbolic_embed.encodings.cell_rolls import rolls_of
from symbolic_embed.encodings.note_rows import FIRST_DRUM, PITCH_TOKENS, length_class
from symbolic_embed.networks.choosing import Choice

GIVEN = np.array([[0, 60, 24, 0], [0, 64, 24, 0]])  # C and E for two quarters
HELD_OVER = np.array([[0, 60, 24, HELD]])  # a C from the window before


def cell(*notes):
    """Notes as (onset, pitch token, length)."""
    return np.array(notes, np.int64).reshape(-1, 3)


def writer(role: str = "melody", *, track: int = 0, fewest: int = 0, single: bool = False) -> PartWriter:
    """A writer who may use any pitch, or any drum."""
    tokens = np.arange(PITCH_TOKENS)
    return PartWriter(track, role, (tokens >= FIRST_DRUM) == (role == "drums"), single, fewest)


def ensemble_of(*writers: PartWriter, trained=None, variations: int = 1, beside: tuple[str, ...] = ()) -> Ensemble:
    return Ensemble.before(trained or tiny_composer(), writers, variations=variations, given=beside)


def of_one_part(rows) -> Given:
    """What one given part plays in a window."""
    begins = rows[rows[:, 3] & HELD == 0]
    classes = np.column_stack([begins[:, :2], length_class(begins[:, 2])])
    return Given((rows,), rolls_of(classes, np.array([len(begins)])))


def sources_drawn(monkeypatch, window: int) -> None:
    """Has every window be said to be like this one, counted from the silence before all."""
    drawn = lambda memory, *asked: np.full(memory.variations, window)  # noqa: E731
    monkeypatch.setattr("symbolic_embed.composing.memory.Memory._drawn_sources", drawn)


def written_after(seed: BarredScore, trained, *, windows: int = 1, variations: int = 1, choice=None) -> Ensemble:
    """An ensemble that has written some windows of 4/4 after a piece."""
    ensemble = Ensemble.after(trained, seed, order=writing_order(seed.roles), variations=variations)
    for window in range(windows):
        ensemble.write_window(start=48 * (seed.bars + window), steps=48, choice=choice or Choice())
    return ensemble
