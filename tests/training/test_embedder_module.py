"""The module in which an embedder learns: which loss teaches what, each weight applied once, alternating phases."""

import pieces
import pytest
import tiny
import torch
from torch.optim.swa_utils import AveragedModel

from symbolic_embed.corpus.pairs import PairSampler
from symbolic_embed.objectives.prior import decorrelation
from symbolic_embed.training.embedder_batches import EmbedderBatches
from symbolic_embed.training.embedder_module import EmbedderModule
from symbolic_embed.training.running import RunPlan, run
from symbolic_embed.training.settings import EmbedderTraining


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("embedding"))


def chosen(**settings):
    return EmbedderTraining(**{"model": tiny.PIANOROLL, "pairs": 16, "bar_share": 0.4, "batches": 6, **settings})


def batches(corpus, settings):
    cells = PairSampler(corpus, corpus.cells, split="train", by_role=True)
    bars = PairSampler(corpus, corpus.bars, split="train", by_role=False)
    return EmbedderBatches(cells, bars, settings=settings)


def module_and_batch(corpus, **settings):
    torch.manual_seed(0)
    settings = chosen(**settings)
    return EmbedderModule(settings), batches(corpus, settings).batch(0)


@pytest.mark.parametrize("objective", ["adssm", "adjacency"])
@pytest.mark.parametrize("model", [tiny.PIANOROLL, tiny.EVENTS], ids=lambda model: model.representation)
def test_phase_one_teaches_all_of_encoder_and_decoder_and_its_own_objective(corpus, objective, model):
    module, batch = module_and_batch(corpus, objective=objective, model=model)
    losses, cells = module.phase_one_losses(batch)
    losses["phase_one"].backward()
    assert tiny.without_gradient(module.networks) == []
    assert cells.shape == (10, 16)
    untaught = {name.split(".")[0] for name in tiny.without_gradient(module)}
    other = "classifier" if objective == "adssm" else "similarity"
    assert untaught == {other, f"whole_{other}", "discriminator", "averaged"}


@pytest.mark.parametrize("prior", ["gaussian", "none"])
def test_each_weight_is_applied_once(corpus, prior):
    """What is logged is unweighted; the sum is weighted, and without a prior nothing is decorrelated."""
    weights = {"context_weight": 3.0, "whole_weight": 2.0, "reconstruction_weight": 5.0, "decorrelation_weight": 7.0}
    module, batch = module_and_batch(corpus, prior=prior, **weights)
    unweighted, same_batch = module_and_batch(corpus, prior=prior)
    with torch.no_grad():
        losses = {name: float(loss) for name, loss in module.phase_one_losses(batch)[0].items()}
        expected = {name: float(loss) for name, loss in unweighted.phase_one_losses(same_batch)[0].items()}
    assert {name: loss for name, loss in losses.items() if name != "phase_one"} == {
        name: loss for name, loss in expected.items() if name != "phase_one"
    }
    total = 3 * (losses["context_cells"] + losses["context_bars"]) + 5 * losses["reconstruction"]
    total += 2 * (losses["whole_cells"] + losses["whole_bars"])
    total += 7 * losses["decorrelation"] * (prior != "none")
    assert losses["phase_one"] == pytest.approx(total, rel=1e-5)
    assert losses["reconstruction"] == pytest.approx(losses["onset"] + losses["pitch"] + losses["length"], rel=1e-5)


@pytest.mark.parametrize("objective", ["adssm", "adjacency"])
@pytest.mark.parametrize("whole", [0.0, 0.5])
def test_the_context_objective_sees_the_first_numbers_and_all_only_where_that_counts(corpus, objective, whole):
    unweighted = {"reconstruction_weight": 0.0, "decorrelation_weight": 0.0}
    module, batch = module_and_batch(corpus, objective=objective, whole_weight=whole, **unweighted)
    seen = []
    module.networks.encoder.register_forward_hook(lambda _, __, vectors: vectors.retain_grad() or seen.append(vectors))
    module.phase_one_losses(batch)[0]["phase_one"].backward()
    assert len(seen) == 4
    for vectors in seen:
        assert vectors.grad[:, :8].any(dim=0).all()
        assert vectors.grad[:, 8:].any() == bool(whole)


@pytest.mark.parametrize("prior", ["gaussian", "none"])
def test_without_an_objective_it_is_an_autoencoder(corpus, prior):
    """Nothing is asked of what comes next; with a prior bars too are decorrelated."""
    module, batch = module_and_batch(corpus, objective="none", prior=prior, decorrelation_weight=7.0)
    losses, _ = module.phase_one_losses(batch)
    assert not [name for name in losses if name.startswith(("context", "whole"))]
    expected = losses["reconstruction"] + 7 * losses["decorrelation"] * (prior != "none")
    torch.testing.assert_close(losses["phase_one"], expected)
    losses["phase_one"].backward()
    assert tiny.without_gradient(module.networks) == []
    untaught = {name.split(".")[0] for name in tiny.without_gradient(module)}
    objectives = {"similarity", "whole_similarity", "classifier", "whole_classifier"}
    assert untaught == objectives | {"discriminator", "averaged"}


UNBOUNDED = tiny.PIANOROLL.model_copy(update={"bounded": False})


@pytest.mark.parametrize("objective", ["adssm", "none"])
def test_the_variational_rival_pays_for_its_posterior_once(corpus, objective):
    module, batch = module_and_batch(corpus, objective=objective, prior="kl", model=UNBOUNDED, kl_weight=0.5)
    losses, means = module.phase_one_losses(batch)
    notes = sum(int(counts.sum()) for _, _, counts in batch.targets)
    _, divergence = module.posterior(means)
    torch.testing.assert_close(losses["kl"], divergence.sum() / notes)
    context = sum(
        weight * losses[f"{kind}_{level}"]
        for kind, weight in (("context", 1.5), ("whole", 1.0))
        for level in ("cells", "bars")
        if objective != "none"
    )
    torch.testing.assert_close(losses["phase_one"], context + losses["reconstruction"] + 0.5 * losses["kl"])
    losses["phase_one"].backward()
    assert tiny.without_gradient(module.posterior) == []


def test_the_variational_decoder_is_given_draws_that_follow_from_seed_and_batch(corpus):
    module, batch = module_and_batch(corpus, prior="kl", model=UNBOUNDED)
    given = []
    plan = module.networks.decoder.plan
    module.networks.decoder.plan = lambda points: given.append(points.detach()) or plan(points)
    _, means = module.phase_one_losses(batch)
    module.phase_one_losses(batch)
    half = len(given) // 2
    assert all(torch.equal(*same) for same in zip(given[:half], given[half:], strict=True))
    order = torch.cat([windows for windows, _, _ in batch.targets])
    assert ((torch.cat(given[:half]) - means[order]).abs() > 1e-6).all()


def test_all_embeddings_of_a_batch_are_decorrelated_together(corpus):
    """Anchors and positives, of cells and of bars."""
    module, batch = module_and_batch(corpus)
    losses, _ = module.phase_one_losses(batch)
    inputs = (batch.cells.anchors, batch.cells.positives, batch.bars.anchors, batch.bars.positives)
    everything = torch.cat([module.networks.encoder(windows) for windows in inputs])
    assert len(everything) == 2 * 16
    torch.testing.assert_close(losses["decorrelation"], decorrelation(everything))


def test_the_adversary_is_shown_and_fooled_by_the_anchors(corpus, tmp_path):
    """The last windows that are embedded in a batch with phase two are the anchors, by the weights of then."""
    settings = chosen(batches=1, prior_start=0.0, prior_every=1)
    torch.manual_seed(0)
    module, shown = EmbedderModule(settings), []
    module.networks.encoder.register_forward_pre_hook(lambda _, given: shown.append(given[0]))
    numbered = batches(corpus, settings)
    run(module, numbered, RunPlan(tmp_path))
    anchors = numbered.batch(0).cells.anchors
    assert all(torch.equal(ours, theirs) for ours, theirs in zip(shown[-1], anchors, strict=True))


def test_who_learns_by_which_optimiser(corpus):
    module, _ = module_and_batch(corpus)
    optimisers = module.configure_optimizers()
    of_each = [{id(weights) for group in one.param_groups for weights in group["params"]} for one in optimisers]
    learners = (module.networks, module.similarity, module.whole_similarity)
    assert {id(weights) for learner in learners for weights in learner.parameters()} <= of_each[0]
    assert of_each[1] == {id(weights) for weights in module.discriminator.parameters()}
    assert of_each[2] == {id(weights) for weights in module.networks.encoder.parameters()}
    assert not of_each[0] & of_each[1]
    assert [one.param_groups[0]["betas"] for one in optimisers] == [(0.9, 0.98), (0.5, 0.99), (0.5, 0.99)]


def test_a_batch_without_bars(corpus):
    module, batch = module_and_batch(corpus, bar_share=0)
    losses, _ = module.phase_one_losses(batch)
    assert "context_bars" not in losses
    assert torch.isfinite(losses["phase_one"])


class Watched(EmbedderModule):
    """Remembers which parts every step of an optimiser changed, and with what rate."""

    def __init__(self, settings):
        super().__init__(settings)
        self.steps, self.averages = [], []

    def step(self, optimiser, loss, **options):
        before = {name: weights.detach().clone() for name, weights in self.named_parameters()}
        super().step(optimiser, loss, **options)
        changed = [name for name, weights in self.named_parameters() if not torch.equal(weights, before[name])]
        parts = {".".join(name.split(".")[: 2 if name.startswith("networks") else 1]) for name in changed}
        self.steps.append((self.batches_done, parts, optimiser.param_groups[0]["lr"]))


LEARNING = {"networks.encoder", "networks.decoder", "similarity", "whole_similarity"}


def watched_run(corpus, folder, **settings):
    torch.manual_seed(0)
    settings = chosen(warmup=1, prior_start=0.5, prior_every=2, **settings)
    module = Watched(settings)
    assert run(module, batches(corpus, settings), RunPlan(folder)) == "budget spent"
    return module


def test_phases_alternate_and_each_step_changes_what_it_should(corpus, tmp_path):
    """Six batches, phase two from the half on, in every second: batch 4 alone. (Batch 3 is odd.)"""
    module = watched_run(corpus, tmp_path, learning_rate=1e-3, discriminator_rate=2.0, fooling_rate=0.5)
    phase_one = [(number, parts) for number, parts, _ in module.steps if parts == LEARNING]
    assert phase_one == [(number, LEARNING) for number in range(6)]
    rest = [step for step in module.steps if step[1] != LEARNING]
    assert [(number, parts) for number, parts, _ in rest] == [(4, {"discriminator"}), (4, {"networks.encoder"})]
    rates = [rate for number, _, rate in module.steps if number == 4]
    assert rates == pytest.approx([rates[0], 2 * rates[0], 0.5 * rates[0]])
    assert rates[0] == pytest.approx(1e-3 * 2 * (1 - 4 / 6))


def test_without_a_prior_there_is_no_phase_two(corpus, tmp_path):
    module = watched_run(corpus, tmp_path, prior="none")
    assert [parts for _, parts, _ in module.steps] == [LEARNING] * 6


def test_the_variational_rival_has_one_phase_and_steps_its_posterior(corpus, tmp_path):
    module = watched_run(corpus, tmp_path, prior="kl", model=UNBOUNDED)
    assert [parts for _, parts, _ in module.steps] == [LEARNING | {"posterior"}] * 6


def test_adjacency_teaches_its_classifier(corpus, tmp_path):
    module = watched_run(corpus, tmp_path, prior="none", objective="adjacency")
    assert module.steps[0][1] == {"networks.encoder", "networks.decoder", "classifier", "whole_classifier"}


def test_the_weights_kept_are_a_moving_average(corpus, tmp_path):
    """Of the weights after each batch, the first counting whole."""
    followed = []

    class Following(EmbedderModule):
        def training_step(self, batch, batch_idx):
            super().training_step(batch, batch_idx)
            followed.append(self.networks.encoder.places.detach().clone())

    torch.manual_seed(0)
    settings = chosen(averaging=0.75, warmup=1, batches=4)
    module = Following(settings)
    run(module, batches(corpus, settings), RunPlan(tmp_path))
    expected = followed[0]
    for weights in followed[1:]:
        expected = 0.75 * expected + 0.25 * weights
    kept = module.trained_weights()
    torch.testing.assert_close(kept["encoder.places"], expected)
    assert set(kept) == set(module.networks.state_dict())
    assert isinstance(module.averaged, AveragedModel)
