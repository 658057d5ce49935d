"""The composer: step by step it says what it says at once, it never looks ahead, and it recalls what followed."""

import pytest
import tiny
import torch

from symbolic_embed.networks.composer import DISTANCES, Composer, ComposerSize, Context

TRACKS, STEPS, DIM = 3, 6, 8
VECTORS = ("last_cell", "last_bar", "written", "source_cell", "source_bar")


def composer(*, layers=1):
    torch.manual_seed(0)
    size = ComposerSize(DIM, hidden=12, layers=layers, heads=2, width=10, roles=4, chords=5, places=3, returning=4)
    network = Composer(size)
    with torch.no_grad():
        network.nearness.normal_()
        network.look_back.weight.normal_()
    return network.eval()


def context(*, seed=1, tracks=TRACKS, steps=STEPS):
    random = torch.Generator().manual_seed(seed)
    embeddings = (torch.randn(tracks, steps, DIM, generator=random) for _ in VECTORS)
    chords, places = (torch.randint(many, (tracks, steps), generator=random) for many in (5, 3))
    return Context(*embeddings, chords, places, torch.tensor([0, 3, 1])[:tracks])


def part_of(given, steps):
    return Context(*(column[:, steps] for column in given[:-1]), given.roles)


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
    for name in (*VECTORS, "chords", "places"):
        changed = {**given._asdict(), name: getattr(given, name).clone()}
        changed[name][1, 3] = changed[name][1, 3] + 1 if name in VECTORS else (changed[name][1, 3] + 1) % 3
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


def test_whether_a_cell_returns_is_told_from_the_state_and_what_is_known_of_it():
    network, given = composer(), context()
    features = torch.randn(TRACKS, STEPS, 4)
    with torch.no_grad():
        _, hidden, _ = network(given, network.initial_state(TRACKS))
        states, _ = network.advance(given, network.initial_state(TRACKS))
        logits = network.return_logits(hidden, features)
        assert logits.shape == (TRACKS, STEPS)
        together = torch.cat([states[1, 2], features[1, 2]])
        torch.testing.assert_close(logits[1, 2], network.returning(together)[0])


def test_with_fresh_weights_nothing_is_heard_of_the_source_nor_of_what_is_planned():
    """So that a composer from before there were plans goes on as it was."""
    network, given = composer(), context()
    with torch.no_grad():
        network.look_back.weight.copy_(Composer(network.size).look_back.weight)
        plain, _, _ = network(given, network.initial_state(TRACKS))
        other = context(seed=2)
        planned = dict(zip(Context._fields[3:7], other[3:7], strict=True))
        changed, _, _ = network(given._replace(**planned), network.initial_state(TRACKS))
    assert torch.equal(plain, changed)


def test_steps_further_back_than_distances_are_all_as_near_as_the_furthest():
    """What is known of the furthest distance counts from step 64 on."""
    network, steps = composer(), DISTANCES + 4
    given = context(seed=2, tracks=1, steps=steps)
    with torch.no_grad():
        before, _, _ = network(given, network.initial_state(1))
        network.nearness[:, -1] += 3
        after, _, _ = network(given, network.initial_state(1))
    assert (before != after).any(dim=-1)[0].tolist() == [False] * DISTANCES + [True] * 4


def test_only_the_last_steps_are_recalled_where_the_others_are_forgotten():
    network, given = composer(), context()
    _, state = network.advance(part_of(given, slice(0, 5)), network.initial_state(TRACKS))
    last = part_of(given, slice(5, 6))
    few = state.last(2)
    assert (few.keys.shape[1], few.values.shape[1]) == (2, 2)
    assert few.lstm is state.lstm
    assert torch.equal(network(last, state.last(5))[0], network(last, state)[0])
    assert not torch.equal(network(last, few)[0], network(last, state)[0])


def test_a_gradient_reaches_every_parameter_and_is_a_number():
    """Also where the first step has nothing to look back at."""
    network = composer()
    derived, hidden, _ = network(context(), network.initial_state(TRACKS))
    (derived * torch.randn(derived.shape, generator=torch.Generator().manual_seed(0))).sum().backward(retain_graph=True)
    network.return_logits(hidden, torch.randn(TRACKS, STEPS, 4)).sum().backward()
    assert tiny.without_gradient(network) == []
    assert all(torch.isfinite(weights.grad).all() for weights in network.parameters())
