"""The composer: step by step it says what it says at once, it never looks ahead, and it recalls what followed."""

import pytest
import tiny
import torch

from symbolic_embed.networks.composer import DISTANCES, Composer, Context

TRACKS, STEPS, DIM = 3, 6, 8


def composer(*, layers=1):
    torch.manual_seed(0)
    network = Composer(dim=DIM, hidden=12, layers=layers, heads=2, roles=4, width=10)
    with torch.no_grad():
        network.nearness.normal_()
    return network.eval()


def context(*, seed=1):
    random = torch.Generator().manual_seed(seed)
    embeddings = (torch.randn(TRACKS, STEPS, DIM, generator=random) for _ in range(3))
    return Context(*embeddings, torch.tensor([0, 3, 1]))


def part_of(given, steps):
    return Context(given.last_cell[:, steps], given.last_bar[:, steps], given.written[:, steps], given.roles)


@pytest.mark.parametrize("cuts", [[1, 2, 3, 4, 5], [2], [3, 5]])
@pytest.mark.parametrize("layers", [1, 2])
def test_in_any_number_of_calls_it_says_the_same(cuts, layers):
    """Single steps, which go another way through the LSTM than sequences, among them."""
    network, given = composer(layers=layers), context()
    at_once, _, _ = network(given, network.initial_state(TRACKS))
    state, pieces = network.initial_state(TRACKS), []
    for first, last in zip([0, *cuts], [*cuts, STEPS], strict=True):
        derived, _, state = network(part_of(given, slice(first, last)), state)
        pieces.append(derived)
    torch.testing.assert_close(torch.cat(pieces, dim=1), at_once, atol=1e-5, rtol=1e-5)


def test_what_is_only_advanced_over_is_recalled_as_what_was_answered():
    network, given = composer(), context()
    _, _, answered = network(part_of(given, slice(0, 5)), network.initial_state(TRACKS))
    _, advanced = network.advance(part_of(given, slice(0, 5)), network.initial_state(TRACKS))
    last = [network(part_of(given, slice(5, 6)), state)[0] for state in (answered, advanced)]
    assert torch.equal(*last)


def test_it_does_not_look_ahead_and_tracks_do_not_see_each_other():
    network, given = composer(), context()
    before, _, _ = network(given, network.initial_state(TRACKS))
    for name in ("last_cell", "last_bar", "written"):
        changed = {**given._asdict(), name: getattr(given, name).clone()}
        changed[name][1, 3] += 1
        after, _, _ = network(Context(**changed), network.initial_state(TRACKS))
        differs = (before != after).any(dim=-1)
        assert differs.tolist() == [[False] * 6, [False, False, False, True, True, True], [False] * 6]


def test_what_it_says_lies_on_the_sphere():
    derived, _, _ = composer()(context(), composer().initial_state(TRACKS))
    torch.testing.assert_close(derived.square().sum(dim=-1), torch.full((TRACKS, STEPS), float(DIM)))


def test_it_recalls_the_cell_that_followed_the_step_it_resembles():
    """Recomputed by loops: at step t the keys of steps s < t are compared, and what was written at s is read."""
    network, given = composer(), context()
    recalls = []
    really = network._recall
    network._recall = lambda *arguments: recalls.append((arguments[0], really(*arguments))) or recalls[-1][1]
    with torch.no_grad():
        network(given, network.initial_state(TRACKS))
        (states, found), *_ = recalls
        for track in range(TRACKS):
            for now in range(STEPS):
                expected = torch.zeros(2, DIM // 2)
                for head in range(2):
                    part = slice(head * 32, (head + 1) * 32)
                    question = network.questions(states[track, now])[part]
                    likeness = [
                        question @ network.keys(states[track, then])[part] / 32**0.5
                        + network.nearness[head, now - then]
                        for then in range(now)
                    ]
                    if now:
                        shares = torch.stack(likeness).softmax(0)
                        follows = network.values(given.last_cell[track, 1 : now + 1]).unflatten(-1, (2, -1))[:, head]
                        expected[head] = shares @ follows
                torch.testing.assert_close(found[track, now], expected.flatten(), atol=1e-5, rtol=1e-4)


def test_what_returns_is_scored_by_the_states_and_how_far_back_they_lie():
    network, given = composer(), context()
    with torch.no_grad():
        network.return_nearness.normal_()
        _, returns, _ = network(given, network.initial_state(TRACKS))
        states, _ = network.advance(given, network.initial_state(TRACKS))
        assert returns.shape == (TRACKS, STEPS, STEPS)
        for now in range(STEPS):
            question = network.return_questions(states[1, now])
            expected = [
                question @ network.return_keys(states[1, then]) / 8 + network.return_nearness[now - then]
                for then in range(now)
            ]
            later = [torch.tensor(-torch.inf)] * (STEPS - 1 - now)
            new = network.something_new(states[1, now])[0]
            torch.testing.assert_close(returns[1, now], torch.stack([*expected, *later, new]), atol=1e-5, rtol=1e-4)


def test_steps_further_back_than_distances_are_all_as_near_as_the_furthest():
    """What is known of the furthest distance counts from step 64 on, for recall and for returns alike."""
    network, steps = composer(), DISTANCES + 4
    random = torch.Generator().manual_seed(2)
    given = Context(*(torch.randn(1, steps, DIM, generator=random) for _ in range(3)), torch.tensor([2]))
    with torch.no_grad():
        before, returned, _ = network(given, network.initial_state(1))
        network.nearness[:, -1] += 3
        network.return_nearness[-1] += 3
        after, returned_after, _ = network(given, network.initial_state(1))
    assert (before != after).any(dim=-1)[0].tolist() == [False] * DISTANCES + [True] * 4
    gained = (returned_after - returned).nan_to_num()[0]  # (steps, steps)
    expected = torch.zeros(steps, steps)
    for now in range(steps):
        expected[now, : max(now - DISTANCES + 1, 0)] = 3
    torch.testing.assert_close(gained, expected, atol=1e-4, rtol=0)


def test_in_a_composer_of_before_nothing_returns():
    weights = {
        name: value for name, value in composer().state_dict().items() if not name.startswith(("return_", "some"))
    }
    network = Composer(dim=DIM, hidden=12, heads=2, roles=4, width=10)
    network.load_state_dict(weights)
    _, returns, _ = network(context(), network.initial_state(TRACKS))
    assert returns.softmax(dim=-1)[..., -1].min() > 0.999


def test_a_gradient_reaches_every_parameter_and_is_a_number():
    """Also where the first step has nothing to look back at."""
    network = composer()
    derived, returns, _ = network(context(), network.initial_state(TRACKS))
    (derived * torch.randn(derived.shape, generator=torch.Generator().manual_seed(0))).sum().backward(retain_graph=True)
    returns.softmax(dim=-1)[..., ::2].sum().backward()
    assert tiny.without_gradient(network) == []
    assert all(torch.isfinite(weights.grad).all() for weights in network.parameters())
