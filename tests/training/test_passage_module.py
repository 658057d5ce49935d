"""The module in which a passage encoder learns: what it is asked, what learns, and that the embedder stays."""

import pieces
import pytest
import tiny
import torch

from symbolic_embed.corpus.versions import VersionSampler
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.networks.passages import SIZES, PassageVectors
from symbolic_embed.training.passage_batches import PassageBatch, PassageBatches
from symbolic_embed.training.passage_module import PassageModule
from symbolic_embed.training.settings import PassageTraining

BARS = 8
SMALL = {"hidden": 12, "channels": 4, "out": 3}
NAMES = {f"{kind}_{bars}_bars" for kind in ("turning", "blind") for bars in SIZES}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("versions"), count=8, bars=10)


@pytest.fixture(scope="module", params=[tiny.PIANOROLL, tiny.EVENTS], ids=lambda kind: kind.representation)
def checkpoint(request, tmp_path_factory):
    return tiny.embedder_checkpoint(tmp_path_factory.mktemp("embedder"), request.param)


def chosen(**settings):
    return PassageTraining(**{"passages": SMALL, "pairs": 8, "batches": 4, "warmup": 2, "averaging": 0.5, **settings})


def module_and_batch(corpus, checkpoint, **settings):
    torch.manual_seed(0)
    embedder = Embedder.of(checkpoint)
    sampler = VersionSampler(corpus, split="train", bars=BARS)
    representation = embedder.settings.representation
    batches = PassageBatches(sampler, settings=chosen(**settings), representation=representation)
    module = PassageModule(chosen(**settings), embedder, bars=BARS)
    module.done = 0.5
    return module, batches.batch(0)


def test_the_encoder_and_both_temperatures_learn_and_the_embedder_does_not(corpus, checkpoint):
    module, batch = module_and_batch(corpus, checkpoint)
    embedder = module.embedder.encoder
    before = {name: weights.clone() for name, weights in embedder.state_dict().items()}
    optimiser = module.configure_optimizers()
    learning = {id(weights) for group in optimiser.param_groups for weights in group["params"]}
    losses = module.losses(batch)
    assert losses.keys() == {"phase_one", "sounding", *NAMES}
    assert all(torch.isfinite(loss) for loss in losses.values())
    losses["phase_one"].backward()
    assert tiny.without_gradient(module.networks) == []
    assert tiny.without_gradient(module.turning) == tiny.without_gradient(module.blind) == []
    assert all(torch.isfinite(weights.grad).all() for weights in module.networks.parameters())
    for network in (module.networks, module.turning, module.blind):
        assert {id(weights) for weights in network.parameters()} <= learning
    optimiser.step()
    assert all(weights.grad is None for weights in embedder.parameters())
    assert all(torch.equal(before[name], weights) for name, weights in embedder.state_dict().items())
    assert not learning & {id(weights) for weights in embedder.parameters()}


def test_versions_being_told_teaches_the_unfolding_too(corpus, checkpoint):
    module, batch = module_and_batch(corpus, checkpoint, sounding_weight=0)
    module.losses(batch)["phase_one"].backward()
    assert tiny.without_gradient(module.networks.encoder.unfolding) == []


def test_at_first_the_unfolding_learns_by_itself(corpus, checkpoint):
    module, batch = module_and_batch(corpus, checkpoint, unfolding_share=0.2)
    module.done = 0.19
    losses = module.losses(batch)
    assert losses.keys() == {"phase_one", "sounding"}
    losses["phase_one"].backward()
    learns = {name for name, weights in module.networks.named_parameters() if weights.grad is not None}
    assert learns == {f"encoder.unfolding.{n}" for n in ("read.weight", "read.bias", "roles.weight", *rest())}
    module.done = 0.2
    assert module.losses(batch).keys() > losses.keys()


def rest():
    return [f"{layer}.{kind}" for layer in ("think", "frames") for kind in ("weight", "bias")]


def test_each_weight_is_applied_once(corpus, checkpoint):
    module, batch = module_and_batch(corpus, checkpoint, turning_weight=2, blind_weight=3, sounding_weight=50)
    losses = {name: float(loss.detach()) for name, loss in module.losses(batch).items()}
    weights = {"turning": 2, "blind": 3}
    total = 50 * losses["sounding"] + sum(weights[name.split("_")[0]] * losses[name] for name in NAMES)
    assert losses["phase_one"] == pytest.approx(total, rel=1e-5)


def test_what_sounds_is_held_against_the_unfolded_windows_in_the_roles_they_have(corpus, checkpoint):
    module, batch = module_and_batch(corpus, checkpoint, unfolded=12, part_share=0)
    role = dict(zip(batch.window.tolist(), batch.roles[batch.cell].tolist(), strict=True))
    embeddings = torch.cat([module.embedder.encoder(windows) for windows in batch.windows])
    errors = []
    for window in range(12):
        unfolded = module.networks.encoder.unfolding(embeddings[window : window + 1], torch.tensor([role[window]]))
        errors.append((unfolded.frames[0] - batch.sounding[window]).square().mean())
    torch.testing.assert_close(module.losses(batch)["sounding"], torch.stack(errors).mean())


def test_a_cell_is_the_direction_of_the_sum_of_its_windows(corpus, checkpoint):
    """Of the windows of the batch in any order, some in several cells; one of a single window is that window."""
    module, batch = module_and_batch(corpus, checkpoint)
    several = batch._replace(
        window=torch.tensor([4, 0, 1, 2, 1, 0]), cell=torch.tensor([0, 1, 2, 2, 1, 1]), slots=torch.arange(3)
    )
    windows, cells = module._embedded(several)
    expected = torch.cat([module.embedder.encoder(some) for some in batch.windows])
    torch.testing.assert_close(windows, expected)
    for found, inside in zip(cells, ([4], [0, 1, 0], [1, 2]), strict=True):
        summed = sum(expected[window] for window in inside)
        torch.testing.assert_close(found, summed / summed.norm() * 16**0.5)
    torch.testing.assert_close(cells[0], expected[4])
    assert not cells.requires_grad


def test_passages_are_made_of_cells_and_what_sounds_of_windows(corpus, checkpoint, monkeypatch):
    """In a piece of long bars the two are not the same many."""
    module, batch = module_and_batch(corpus, checkpoint)
    count = len(batch.slots)
    longer = batch._replace(
        window=torch.cat([batch.window, batch.window.flip(0)]), cell=torch.cat([batch.cell, batch.cell])
    )
    _, cells = module._embedded(longer)
    unfolded = []
    really = module.networks.encoder.unfolding.forward
    monkeypatch.setattr(
        module.networks.encoder.unfolding, "forward", lambda *given: unfolded.append(given) or really(*given)
    )
    module.losses(longer)
    (windows, _), (given, roles) = unfolded
    assert len(windows) == len(batch.sounding)
    assert len(given) == count
    torch.testing.assert_close(given, cells)
    assert roles.tolist() == batch.roles.tolist()


def asked(module, sounding, *, slow=(), slow_anchor=()):
    """What is asked of passages that sound in these (passage, bar); a vector says whose it is: passage, bar, size."""
    count = 7
    vectors = []
    for bars in SIZES:
        starts = torch.arange(BARS - bars + 1)
        whose = torch.stack(torch.meshgrid(torch.arange(2 * count), starts, indexing="ij"), dim=-1)
        named = torch.cat([whose, torch.full_like(whose[..., :1], bars)], dim=-1)
        vectors.append(PassageVectors(named, named))
    flags = torch.zeros(2, count, dtype=torch.bool)
    flags[0, list(slow)] = True
    flags[1, list(slow_anchor)] = True
    slots = torch.tensor([passage * BARS + bar for passage, bar in sounding])
    nothing = torch.zeros(0)
    batch = PassageBatch(
        windows=(),
        window=nothing,
        cell=nothing,
        slots=slots,
        roles=nothing,
        is_slow=flags[0],
        slow_anchor=flags[1],
        ignored=torch.zeros(count, count),
        sounding=nothing,
    )
    return module._questions(tuple(vectors), batch)


EVERYWHERE = [(passage, bar) for passage in range(14) for bar in range(BARS)]


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    embedder = Embedder.of(tiny.embedder_checkpoint(tmp_path_factory.mktemp("embedder")))
    return PassageModule(chosen(), embedder, bars=BARS)


def test_passages_from_one_bar_on_belong_together(module):
    starts = []
    for module.batches_done in range(30):
        questions = asked(module, EVERYWHERE)
        assert [SIZES[question.size] for question in questions] == list(SIZES)
        for question, bars in zip(questions, SIZES, strict=True):
            assert question.rows.tolist() == list(range(7))
            (start,) = set(question.anchors.turning[:, 1].tolist())
            assert question.anchors.turning.tolist() == [[row, start, bars] for row in range(7)]
            assert question.others.blind.tolist() == [[row + 7, start, bars] for row in range(7)]
            starts.append((bars, start))
    assert set(starts) == {(bars, start) for bars in SIZES for start in range(BARS - bars + 1)}


def test_half_the_bars_of_the_other_belong_to_those_of_the_slow_one(module):
    """Pair 1: the anchor is slow; pair 2: the other is. Two bars have no half that is a passage: there they are not
    asked."""
    module.batches_done = 3
    two, *longer = asked(module, EVERYWHERE, slow=[1, 2], slow_anchor=[1])
    assert two.rows.tolist() == [0, 3, 4, 5, 6]
    for question, bars in zip(longer, (4, 8), strict=True):
        assert question.rows.tolist() == list(range(7))
        for kind in ("turning", "blind"):
            anchors, others = (getattr(side, kind)[[1, 2]].tolist() for side in (question.anchors, question.others))
            assert anchors == [[1, 0, bars], [2, 0, bars // 2]]
            assert others == [[1 + 7, 0, bars // 2], [2 + 7, 0, bars]]


def test_nothing_is_asked_of_silence(module):
    """In pair 0 the other is silent, 1 sounds in bar 0 alone, 2 in bar 7 alone; of the slow ones, 3 sounds in the first
    bar, 4 in the third alone, of which the slow side's first half of eight bars has something, that of four not."""
    bars_of = {1: [0], 2: [7], 3: [0], 4: [2]}
    sounding = [one for one in EVERYWHERE if one[0] != 7 and one[1] in bars_of.get(one[0] % 7, range(BARS))]
    for module.batches_done in range(12):
        for question in asked(module, sounding, slow=[3, 4], slow_anchor=[4]):
            bars = SIZES[question.size]
            start = int(question.anchors.turning[5, 1])
            expected = [(1, start == 0), (2, start + bars > 7), (3, bars > 2), (4, bars == 8), (5, True), (6, True)]
            assert question.rows.tolist() == [row for row, there in expected if there]


def test_the_loss_is_that_of_the_rows_that_are_asked_and_fair(corpus, checkpoint, monkeypatch):
    """Of two bars; computed again from the vectors of the passages, `ignored` cut to the same rows."""
    module, batch = module_and_batch(corpus, checkpoint, slow_share=0.5)
    seen = []
    really = module._questions
    monkeypatch.setattr(module, "_questions", lambda *given: seen.extend(really(*given)) or seen)
    losses = module.losses(batch)
    question = seen[0]
    rows = question.rows
    assert 2 <= len(rows) < 8
    ignored = torch.stack([batch.ignored[row, rows] for row in rows])
    expected = module.blind(question.anchors.blind[rows], question.others.blind[rows], ignored=ignored)
    torch.testing.assert_close(losses["blind_2_bars"], expected)


def test_with_one_passage_there_is_nothing_to_tell_it_from(corpus, checkpoint):
    """All pairs but one slow: two bars are not asked at all, four and eight are."""
    module, batch = module_and_batch(corpus, checkpoint)
    slow = torch.arange(8) > 0
    losses = module.losses(batch._replace(is_slow=slow, slow_anchor=slow))
    assert losses.keys() == {"phase_one", "sounding", *NAMES} - {"turning_2_bars", "blind_2_bars"}
    assert torch.isfinite(losses["phase_one"])
