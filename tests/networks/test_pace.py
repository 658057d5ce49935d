"""The pace of notes: whatever the weights, so many begin, so many together, so far apart."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
import tiny
import torch

from symbolic_embed.networks import writing
from symbolic_embed.networks.choosing import Choice
from symbolic_embed.networks.grammar import Grammar
from symbolic_embed.networks.pace import ANY, Pace
from symbolic_embed.networks.writing import Writer

PITCHED = np.arange(256) < 128


def onsets_written(*, seed: int, fewest: int = 0, **pace: int) -> list[np.ndarray]:
    """How many notes begin on each of the 48 steps of four windows."""
    usual = {"most": ANY, "least_together": 1, "most_together": ANY, "apart": 0}
    paces = Pace(**{name: np.full(4, number) for name, number in (usual | pace).items()})
    grammar = Grammar.of(
        steps=np.full(4, 48), pitches=np.broadcast_to(PITCHED, (4, 256)), fewest=np.full(4, fewest)
    ).paced(paces)
    embeddings = torch.randn(4, 16, generator=torch.Generator().manual_seed(seed))
    choice = Choice(1.0, 1.0, np.random.default_rng(seed))
    with patch.object(writing, "MOST_NOTES", 80):
        rows, counts = Writer(tiny.decoder(seed=seed, wildness=3.0)).write(embeddings, grammar=grammar, choice=choice)
    return [np.bincount(notes[:, 0], minlength=48) for notes in np.split(rows, np.cumsum(counts)[:-1])]


@pytest.mark.parametrize("seed", range(4))
def test_so_many_begin_together(seed):
    for window in onsets_written(seed=seed, fewest=6, most=6, least_together=2, most_together=3):
        assert set(window[window > 0].tolist()) <= {2, 3}


@pytest.mark.parametrize("seed", range(4))
def test_there_are_no_more_notes_but_for_those_of_the_last_onset(seed):
    for window in onsets_written(seed=seed, fewest=5, most=5, most_together=2):
        assert 5 <= window.sum() <= 6


@pytest.mark.parametrize("seed", range(4))
def test_onsets_are_apart(seed):
    for window in onsets_written(seed=seed, fewest=3, apart=10, most_together=1):
        assert (np.diff(np.flatnonzero(window)) >= 10).all()


@pytest.mark.parametrize("seed", range(4))
def test_fewest_notes_are_spread_over_the_window(seed):
    """The first of eight comes within two ninths of the time, the next within two eighths of the rest, and so on:
    none is left for the last steps."""
    for window in onsets_written(seed=seed, fewest=8, most=8, most_together=1):
        first, *rest = np.flatnonzero(window).tolist()
        assert first <= 10
        for left, (before, onset) in zip(range(7, 0, -1), zip([first, *rest], rest, strict=False), strict=True):
            assert onset <= before + 2 * (48 - before) // (left + 1)


def test_rows_and_copies_of_a_pace():
    pace = Pace(*(np.array([first, first + 1]) for first in (10, 20, 30, 40)))
    assert pace.rows(np.array([1])).most.tolist() == [11]
    assert pace.repeated(2).apart.tolist() == [40, 40, 41, 41]
