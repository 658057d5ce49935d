"""A window is written the same, bit for bit, whatever is written beside it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from symbolic_embed.networks.decoder import NoteClasses, NoteDecoder
from symbolic_embed.networks.even_writer import EvenWriter
from symbolic_embed.networks.grammar import Grammar, Written
from symbolic_embed.networks.writing import Choice


@pytest.fixture(scope="module")
def writer():
    torch.manual_seed(0)
    return EvenWriter(NoteDecoder(classes=NoteClasses()).eval().requires_grad_(False))


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_plans_and_states_of_few_are_those_of_many(writer, count):
    points = torch.randn(20, 256)
    for few, many in zip(writer._planned(points[:count]), writer._planned(points), strict=True):
        assert torch.equal(few, many[:count])
    told, state = torch.randn(20, 768), torch.randn(20, 256)
    assert torch.equal(writer._next_state(told[:count], state[:count]), writer._next_state(told, state)[:count])


@pytest.mark.parametrize("count", [1, 3])
def test_choices_of_few_are_made_by_the_same_numbers(writer, count):
    """The logits that a choice is made from are looked at, bit for bit."""
    seen: list[list[np.ndarray]] = []

    class Watched(Choice):
        def of(self, logits, allowed):
            seen[-1].append(logits[:count].copy())
            return super().of(logits, allowed)

    state, keys, frames = writer._planned(torch.randn(20, 256))
    for rows in (20, count):
        seen.append([])
        grammar = Grammar.of(steps=np.full(rows, 48), pitches=np.ones((rows, 256), bool))
        note, going_on = writer._next_note(
            state[:rows], keys[:rows], frames[:rows], Written.nothing(rows), grammar=grammar, choice=Watched()
        )
        assert len(note) == len(going_on) == rows
    for many, few in zip(*seen, strict=True):
        np.testing.assert_array_equal(few, many)
