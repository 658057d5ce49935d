"""Steps that can be trusted, an average of the weights, a state to go on from: on one weight that follows a slope."""

import pytest
import torch
from torch import nn

from symbolic_embed.errors import TrainingError
from symbolic_embed.training.module import RunModule
from symbolic_embed.training.settings import BudgetSettings


class Two(nn.Module):
    """Two weights, of which only one has a slope."""

    def __init__(self):
        super().__init__()
        self.steep, self.flat = (nn.Parameter(torch.tensor([1.0])) for _ in range(2))


class Optimiser:
    """As Lightning wraps one; two groups, the second of which learns with half the rate."""

    def __init__(self, networks):
        groups = [{"params": [networks.steep]}, {"params": [networks.flat], "share": 0.5}]
        self.optimizer = torch.optim.SGD(groups, lr=9.0)

    @property
    def param_groups(self):
        return self.optimizer.param_groups

    def zero_grad(self):
        self.optimizer.zero_grad()

    def step(self):
        self.optimizer.step()


class Module(RunModule[BudgetSettings]):
    def __init__(self, **settings):
        super().__init__(BudgetSettings(**{"learning_rate": 0.1, "warmup": 1, "averaging": 0.75, **settings}))
        self.networks = Two()
        self.average_networks()
        self.optimiser = Optimiser(self.networks)

    def optimizers(self):
        return self.optimiser

    def manual_backward(self, loss):
        loss.backward()


def test_a_step_goes_down_the_slope_by_the_rate_and_its_factor_and_share():
    module = Module(clip_norm=100.0)
    networks = module.networks
    module.step(module.optimiser, 3 * networks.steep.sum() + 2 * networks.flat.sum(), rate_factor=2.0)
    assert networks.steep.item() == pytest.approx(1 - 0.1 * 2 * 3)
    assert networks.flat.item() == pytest.approx(1 - 0.1 * 2 * 0.5 * 2)
    module.done = 0.75  # half of the falling half is over
    module.step(module.optimiser, networks.steep.sum())
    assert networks.steep.item() == pytest.approx(0.4 - 0.1 * 0.5)


def test_a_gradient_is_cut_to_its_longest():
    module = Module(clip_norm=0.5)
    module.step(module.optimiser, 3 * module.networks.steep.sum() + 4 * module.networks.flat.sum())
    assert module.networks.steep.grad.item() == pytest.approx(0.5 * 3 / 5, rel=1e-4)
    assert module.networks.flat.grad.item() == pytest.approx(0.5 * 4 / 5, rel=1e-4)


@pytest.mark.parametrize(("of", "name"), [(lambda w: w * torch.nan, "loss"), (lambda w: (w * 0).sqrt(), "gradient")])
def test_what_is_no_number_changes_no_weight(of, name):
    module = Module()
    module.batches_done = 7
    with pytest.raises(TrainingError, match=f"the {name} became nan in batch 7; the last good state is kept"):
        module.step(module.optimiser, of(module.networks.steep).sum())
    assert module.networks.steep.item() == 1.0


def test_the_average_takes_the_first_weights_whole_and_then_moves():
    module = Module()
    for value in (4.0, 8.0, 0.0):
        module.networks.steep.data.fill_(value)
        losses = {"phase_one": module.networks.steep.sum()}
        assert not module.finished(losses)["phase_one"].requires_grad
    assert module.batches_done == 3
    assert module.trained_weights()["steep"].item() == pytest.approx(0.75 * (0.75 * 4 + 0.25 * 8))


def test_chance_follows_from_seed_and_batch():
    module, other = Module(seed=5), Module(seed=6)
    first = torch.rand(3, generator=module.generator())
    assert torch.equal(torch.rand(3, generator=module.generator()), first)
    assert not torch.equal(torch.rand(3, generator=other.generator()), first)
    module.batches_done = 1
    assert not torch.equal(torch.rand(3, generator=module.generator()), first)


def test_a_state_is_taken_up_where_it_was_left():
    module, other = Module(), Module()
    module.step(module.optimiser, module.networks.steep.sum())
    module.finished({})
    state = module.state()
    drawn = torch.rand(2)
    other.take_up(state)
    assert torch.equal(torch.rand(2), drawn)
    assert other.networks.steep.item() == module.networks.steep.item()
    assert torch.equal(other.trained_weights()["steep"], module.trained_weights()["steep"])
    assert other.optimiser.param_groups[0]["lr"] == module.optimiser.param_groups[0]["lr"] != 9.0
