"""Choices that lean, and by how much."""

from __future__ import annotations

import numpy as np
import pytest
import tiny
import torch

from symbolic_embed.networks.choosing import Choice
from symbolic_embed.networks.grammar import Grammar
from symbolic_embed.networks.leaning import Leaning
from symbolic_embed.networks.writing import Writer

LENGTHS = np.array([1, 2, 4, 96])
MORE, THICK, LONG, HIGH = range(4)
POINTS = 48


def leaning(*columns: tuple[float, ...]) -> Leaning:
    return Leaning.of(np.array(columns).T, lengths=LENGTHS)


def test_what_is_added():
    """To the first window nothing."""
    lean = leaning((0, 0, 0, 0), (2.0, 0.5, 1.5, 3.0))
    onsets = lean.onsets(np.array([5, 5]), end=48)
    assert (onsets[0] == 0).all()
    assert onsets[1, 5] == pytest.approx(0.5)
    assert onsets[1, 48] == pytest.approx(-2.0)  # the end
    assert (np.diff(onsets[1, 6:30]) < 0).all()  # the nearer, the likelier
    pitches = lean.pitches(256)
    assert pitches[1, 72] - pitches[1, 60] == pytest.approx(3.0)
    assert (pitches[1, 128:] == 0).all()
    assert (pitches[0] == 0).all()
    assert lean.lengths().tolist() == [[0, 0, 0, 0], pytest.approx([0, 1.5, 3.0, 1.5 * np.log2(96)])]


def test_rows_and_copies():
    lean = leaning((1, 2, 3, 4), (5, 6, 7, 8))
    assert lean.repeated(2).more[:, 0].tolist() == [1, 1, 5, 5]
    assert lean.rows(np.array([1])).high.tolist() == [[8]]
    assert lean.rows(slice(1)).lengths().shape == (1, 4)


def figures(column: int, amount: float) -> tuple[float, float, float, float]:
    """Notes, notes an onset, mean length class and mean pitch of what a decoder writes that leans in one way."""
    columns = np.zeros((4, POINTS))
    columns[column] = amount
    decoder = tiny.decoder(seed=1)
    lean = Leaning.of(columns, lengths=np.arange(1, decoder.classes.lengths + 1))
    pitches = np.broadcast_to(np.arange(256) < 128, (POINTS, 256))
    grammar = Grammar.of(steps=np.full(POINTS, 48), pitches=pitches)
    embeddings = torch.randn(POINTS, 16, generator=torch.Generator().manual_seed(0))
    choice = Choice(1.0, 1.0, np.random.default_rng(0))
    rows, counts = Writer(decoder).write(embeddings, grammar=grammar, choice=choice, leaning=lean)
    owner = np.repeat(np.arange(POINTS), counts)
    together = len(rows) / len(np.unique(np.column_stack([owner, rows[:, 0]]), axis=0))
    return len(rows), together, float(rows[:, 2].mean()), float(rows[:, 1].mean())


@pytest.mark.parametrize("column", [MORE, THICK, LONG, HIGH])
def test_what_is_written_follows_in_both_directions(column):
    less, usual, more = (figures(column, amount)[column] for amount in (-3.0, 0.0, 3.0))
    assert less < usual < more
