"""The grammar: pitches that depend on the step, and rhythms that are given."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
import tiny
import torch

from symbolic_embed.networks import writing
from symbolic_embed.networks.choosing import Choice
from symbolic_embed.networks.grammar import Grammar, Written
from symbolic_embed.networks.writing import Writer

END = 48
PITCHED = np.arange(256) < 128


def written(grammar, *, seed=0, wildness=3.0):
    batch = len(grammar.steps)
    embeddings = torch.randn(batch, 16, generator=torch.Generator().manual_seed(seed))
    decoder = tiny.decoder(seed=seed, wildness=wildness)
    choice = Choice(1.0, 1.0, np.random.default_rng(seed))
    with patch.object(writing, "MOST_NOTES", 60):
        rows, counts = Writer(decoder).write(embeddings, grammar=grammar, choice=choice)
    return [window.tolist() for window in np.split(rows, np.cumsum(counts)[:-1])]


@pytest.mark.parametrize("seed", range(5))
def test_each_step_has_its_own_pitches(seed):
    """Step s may sound pitch 60 + s only, odd steps nothing: no two notes together, none on odd steps."""
    allowed = np.zeros((1, 48, 256), bool)
    for step in range(0, 48, 2):
        allowed[0, step, 60 + step] = True
    (notes,) = written(Grammar.of(steps=np.array([48]), pitches=allowed), seed=seed)
    assert notes
    assert all(pitch == 60 + onset and onset % 2 == 0 for onset, pitch, _ in notes)
    assert [onset for onset, _, _ in notes] == sorted({onset for onset, _, _ in notes})


@pytest.mark.parametrize("seed", range(5))
def test_a_given_rhythm_is_written_note_for_note_and_only_pitches_are_free(seed):
    first = [(0, 11), (0, 11), (0, 3), (24, 5), (40, 7)]
    second = [(12, 2), (END, 0), (END, 0), (END, 0), (END, 0)]
    rhythm = np.array([first, second])
    grammar = Grammar.of(steps=np.array([48, 48]), pitches=np.tile(PITCHED, (2, 1)), rhythm=rhythm)
    one, two = written(grammar, seed=seed)
    assert [(onset, length) for onset, _, length in one] == first
    assert [(onset, length) for onset, _, length in two] == second[:1]
    pitches = [pitch for _, pitch, _ in one]
    assert pitches[:3] == sorted(set(pitches[:3]))


def test_a_chord_of_the_rhythm_never_runs_out_of_pitches():
    """Three notes on three allowed pitches: there is one way, whatever the weights."""
    allowed = np.zeros((1, 256), bool)
    allowed[0, [60, 64, 67]] = True
    rhythm = np.array([[(6, 1), (6, 1), (6, 1)]])
    for seed in range(8):
        (notes,) = written(Grammar.of(steps=np.array([48]), pitches=allowed, rhythm=rhythm), seed=seed)
        assert [pitch for _, pitch, _ in notes] == [60, 64, 67]


def test_there_is_always_something_to_choose_from():
    """In a window where nothing may sound, and in one that has ended, whatever is chosen does not count."""
    rules = Grammar.of(steps=np.array([2, 2]), pitches=np.array([[False, False], [True, True]]))
    assert rules.may_begin(Written.nothing(2), end=2).tolist() == [[False, False, True], [True, True, True]]
    highest = Written(1, np.array([0, 1]), np.array([-1, 1]), np.array([1, 1]))
    assert rules.may_sound(highest, np.array([0, 1])).any(axis=1).all()


def test_a_window_goes_on_until_it_has_its_fewest_notes_or_no_room():
    rules = Grammar.of(
        steps=np.array([2, 2, 2]),
        pitches=np.array([[True, True], [True, True], [False, False]]),
        fewest=np.array([1, 0, 1]),
    )
    assert rules.may_begin(Written.nothing(3), end=2)[:, 2].tolist() == [False, True, True]
    one = Written(1, np.array([0, 0, 0]), np.array([0, 0, 0]), np.array([1, 1, 1]))
    assert rules.may_begin(one, end=2)[:, 2].tolist() == [True, True, True]
    assert rules.rows(np.array([2, 0])).fewest.tolist() == [1, 1]
