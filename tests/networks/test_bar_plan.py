"""The plan: step by step what it says at once, never ahead, among what fits; towards the source's chord."""

from __future__ import annotations

import pytest
import tiny
import torch

from symbolic_embed.networks.bar_plan import BarPlan, PlanSize

PIECES, WINDOWS, DIM, CHORDS = 2, 5, 6, 7


def plan() -> BarPlan:
    torch.manual_seed(0)
    return BarPlan(PlanSize(DIM, candidate=3, playing=2, chords=CHORDS, roles=4, places=8, hidden=10, key=4)).eval()


def windows(seed: int = 0):
    random = torch.Generator().manual_seed(seed)
    bars = torch.randn(PIECES, WINDOWS, DIM, generator=random)
    return bars, *(torch.randint(many, (PIECES, WINDOWS), generator=random) for many in (CHORDS, 8))


@torch.no_grad()
def test_window_by_window_it_says_what_it_says_at_once():
    network, given = plan(), windows()
    at_once, after = network(*given, network.initial_state(PIECES))
    state, states = network.initial_state(PIECES), []
    for window in range(WINDOWS):
        hidden, state = network(*(column[:, window : window + 1] for column in given), state)
        states.append(hidden)
    torch.testing.assert_close(torch.cat(states, dim=1), at_once)
    torch.testing.assert_close(state.keys, after.keys)
    assert after.keys.shape == (PIECES, WINDOWS, 4)


@torch.no_grad()
@pytest.mark.parametrize("column", range(3))
def test_it_does_not_look_ahead_and_pieces_do_not_hear_each_other(column):
    network, given = plan(), windows()
    before, _ = network(*given, network.initial_state(PIECES))
    changed = [one.clone() for one in given]
    changed[column][1, 3] = (changed[column][1, 3] + 1) if column == 0 else (changed[column][1, 3] + 1) % CHORDS
    after, _ = network(*changed, network.initial_state(PIECES))
    differs = (before != after).any(dim=-1)
    assert differs.tolist() == [[False] * 5, [False, False, False, True, True]]


@torch.no_grad()
def test_earlier_windows_are_scored_by_what_was_known_before_them_and_what_does_not_fit_is_no_answer():
    network = plan()
    states, keys, features = torch.randn(2, 10), torch.randn(2, 3, 4), torch.randn(2, 3, 3)
    fits = torch.tensor([[True, False, True], [False, False, False]])
    scores = network.source_scores(states, keys, features, fits)
    assert scores.shape == (2, 4)
    assert scores[1].softmax(0).tolist() == [0, 0, 0, 1]
    assert scores[0, 1] == -torch.inf
    question = network.questions(states[0])
    expected = keys[0, 2] @ question / 2 + network.candidates(features[0, 2])[0]
    torch.testing.assert_close(scores[0, 2], expected)
    torch.testing.assert_close(scores[0, 3], network.nothing(states[0])[0])


@torch.no_grad()
def test_the_chord_of_the_source_and_the_last_one_are_what_the_gates_add_to():
    network = plan()
    network.chord_gates.weight.zero_()
    states, classes = torch.randn(1, 10), torch.randn(1, 12)
    source, last = torch.tensor([3]), torch.tensor([5])
    plain = network.chord_logits(states, source, last, classes)
    for gate, chord in enumerate((3, 5)):
        network.chord_gates.bias[gate] += 2
        raised = network.chord_logits(states, source, last, classes) - plain
        assert raised[0].tolist() == pytest.approx([2.0 * (one == chord) for one in range(CHORDS)], abs=1e-5)
        network.chord_gates.bias[gate] -= 2


def test_a_gradient_reaches_every_parameter():
    network = plan()
    states, after = network(*windows(), network.initial_state(PIECES))
    keys, features = after.keys[:, None].expand(-1, WINDOWS, -1, -1), torch.randn(PIECES, WINDOWS, WINDOWS, 3)
    fits = torch.ones(PIECES, WINDOWS, WINDOWS, dtype=torch.bool)
    said = [
        network.source_scores(states, keys, features, fits).log_softmax(-1)[..., [0, -1]],
        network.chord_logits(
            states, *(torch.randint(CHORDS, (PIECES, WINDOWS)) for _ in range(2)), torch.randn(PIECES, WINDOWS, 12)
        ),
        network.playing_logits(
            states, torch.arange(4)[:PIECES, None].expand(-1, WINDOWS), torch.randn(PIECES, WINDOWS, 2)
        ),
    ]
    sum((of_question * torch.randn(of_question.shape)).sum() for of_question in said).backward()
    assert tiny.without_gradient(network) == []
