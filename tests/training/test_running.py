"""Runs: they end when they should, save what they need, go on where they stopped, and give the same weights again."""

import signal

import numpy as np
import pieces
import pytest
import pytorch_lightning as lightning
import tiny
import torch
from runs import chosen, curves, same_weights, trained

from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import CheckpointError, TrainingError
from symbolic_embed.training import running
from symbolic_embed.training.embedder import train_embedder
from symbolic_embed.training.embedder_batches import EmbedderBatches
from symbolic_embed.training.embedder_module import EmbedderModule
from symbolic_embed.training.module import RunModule
from symbolic_embed.training.run_files import RUN, SETTINGS, STATE, saved_progress
from symbolic_embed.training.running import RunPlan
from symbolic_embed.training.settings import EmbedderTraining


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("running"))


@pytest.fixture(scope="module")
def finished(corpus, tmp_path_factory):
    return trained(corpus, tmp_path_factory.mktemp("finished"))


@pytest.fixture
def interrupted_at(monkeypatch):
    """Presses Ctrl-C in a batch, once."""

    def at(number):
        really, pressed = EmbedderModule.training_step, []

        def step(module, batch, index):
            if module.batches_done == number and not pressed:
                pressed.append(number)
                raise KeyboardInterrupt
            return really(module, batch, index)

        monkeypatch.setattr(EmbedderModule, "training_step", step)

    return at


def test_the_settings_that_a_run_wrote_start_the_same_run(corpus, finished, tmp_path):
    settings = EmbedderTraining.from_file(finished.folder / RUN / SETTINGS)
    assert settings == chosen()
    assert train_embedder(TrainingData(corpus), settings, RunPlan(tmp_path)).hash == finished.hash


def test_an_interrupted_run_saves_and_goes_on_as_if_nothing_had_been(
    corpus, finished, tmp_path, interrupted_at, monkeypatch
):
    """Three batches, Ctrl-C, three batches: the same batches, the same draws of the prior, the same weights."""
    interrupted_at(3)
    numbers = []
    really = EmbedderBatches.batch
    monkeypatch.setattr(EmbedderBatches, "batch", lambda self, number: numbers.append(number) or really(self, number))
    with pytest.raises(KeyboardInterrupt):
        trained(corpus, tmp_path)
    card = Embedder.load(tmp_path).card
    assert (card["training"]["batches"], card["training"]["ended"]) == (3, "interrupted")
    assert int(saved_progress(tmp_path / RUN)["batches"]) == 3
    numbers.clear()
    resumed = trained(corpus, tmp_path, resume=True)
    assert numbers[:3] == [3, 4, 5]
    assert resumed.card["training"]["batches"] == 6
    assert same_weights(resumed, finished)


def test_an_interrupt_is_left_to_who_called(corpus, tmp_path, interrupted_at):
    """Lightning would end the process and ignore every further Ctrl-C."""
    before = signal.getsignal(signal.SIGINT)
    interrupted_at(1)
    with pytest.raises(KeyboardInterrupt):
        trained(corpus, tmp_path)
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interrupt_before_the_first_batch_writes_no_checkpoint(corpus, tmp_path, interrupted_at):
    interrupted_at(0)
    with pytest.raises(KeyboardInterrupt):
        trained(corpus, tmp_path)
    assert not (tmp_path / "card.json").exists()


def test_a_finished_run_stays_finished(corpus, finished, tmp_path):
    first = trained(corpus, tmp_path)
    again = trained(corpus, tmp_path, resume=True)
    assert again.card["training"]["batches"] == 6
    assert again.card["training"]["ended"] == "budget spent"
    assert again.hash == first.hash == finished.hash


def test_a_finished_run_goes_on_with_a_larger_budget(corpus, tmp_path):
    trained(corpus, tmp_path, batches=2)
    assert trained(corpus, tmp_path, batches=4, resume=True).card["training"]["batches"] == 4


def test_resuming_where_nothing_was_begun_begins(corpus, finished, tmp_path):
    assert trained(corpus, tmp_path, resume=True).hash == finished.hash


def test_every_loss_is_logged_as_means_over_rounds(finished):
    """The adversary steps in batches 0, 2 and 4: once in each round."""
    rows = curves(finished.folder)
    assert [int(row["batch"]) for row in rows] == [2, 4, 6]
    assert list(rows[0])[:3] == ["batch", "minutes", "phase_one"]
    named = {"context_cells", "context_bars", "reconstruction", "decorrelation", "discriminator", "fooling"}
    assert named | {"onset", "pitch", "length"} <= set(rows[0])
    assert all(np.isfinite(float(value)) for row in rows for value in row.values())


def test_a_loss_that_begins_late_gets_its_column_and_empty_cells_before(corpus, tmp_path):
    trained(corpus, tmp_path, prior_start=0.6)
    rows = curves(tmp_path)
    assert [bool(row["discriminator"]) for row in rows] == [False, False, True]
    assert all(row["phase_one"] for row in rows)


def test_a_loss_counts_in_the_rounds_it_was_taken_in(corpus, tmp_path):
    """The adversary steps in batches 0 and 4 of 6: the second round has none of it."""
    trained(corpus, tmp_path, prior_every=4)
    assert [bool(row["discriminator"]) for row in curves(tmp_path)] == [True, False, True]


@pytest.mark.parametrize("where", ["loss", "gradient"])
def test_a_loss_that_is_no_number_stops_the_run_and_keeps_the_last_good_state(corpus, tmp_path, monkeypatch, where):
    """In batch 3. The checkpoint holds the weights of the first three batches, and they are numbers."""
    really = EmbedderModule.phase_one_losses

    def broken(module, batch):
        losses, cells = really(module, batch)
        if module.batches_done == 3:
            weights = module.networks.encoder.places.sum()
            # The root of zero is a number; its slope is none.
            losses["phase_one"] = losses["phase_one"] + (
                weights * torch.nan if where == "loss" else (weights * 0).sqrt()
            )
        return losses, cells

    monkeypatch.setattr(EmbedderModule, "phase_one_losses", broken)
    with pytest.raises(TrainingError) as caught:
        trained(corpus, tmp_path)
    message = str(caught.value)
    assert message == (
        f"the {where} became nan in batch 3; the last good state is kept. "
        "A lower `learning_rate` (half of it) usually helps"
    )
    monkeypatch.undo()
    checkpoint = Embedder.load(tmp_path)
    assert checkpoint.card["training"]["batches"] == 3
    assert all(torch.isfinite(weights).all() for weights in checkpoint.encoder.state_dict().values())


def test_a_budget_of_minutes_ends_a_run(corpus, tmp_path):
    checkpoint = trained(corpus, tmp_path, minutes=1e-9)
    assert (checkpoint.card["training"]["batches"], checkpoint.card["training"]["ended"]) == (1, "budget spent")


def test_sessions_go_on_with_the_schedule_of_the_whole_run(corpus, finished, tmp_path, monkeypatch):
    """Six sessions of one batch each: the same rates, the same weights as in one go. The sixth ends the run."""
    rates, ends = [], []
    really = EmbedderTraining.rate_at

    def noted(settings, *, batch, done):
        rates.append((batch, really(settings, batch=batch, done=done)))
        return rates[-1][1]

    monkeypatch.setattr(EmbedderTraining, "rate_at", noted)
    trained(corpus, tmp_path / "whole")
    whole = rates.copy()
    rates.clear()
    for _ in range(6):
        session = trained(corpus, tmp_path / "sessions", resume=True, session_minutes=1e-9)
        ends.append((session.card["training"]["batches"], session.card["training"]["ended"]))
    assert ends == [*[(number, "session over") for number in range(1, 6)], (6, "budget spent")]
    assert rates == whole
    assert same_weights(session, finished)


def test_a_session_that_is_long_enough_ends_with_the_run(corpus, finished, tmp_path):
    session = trained(corpus, tmp_path, session_minutes=60.0)
    assert session.card["training"]["ended"] == "budget spent"
    assert same_weights(session, finished)


def test_earlier_sessions_count_towards_the_minutes_of_the_run_alone(corpus, tmp_path):
    """A state that says 6 minutes of 10 are over: the next session of 5 trains, and begins at 60 %."""
    begun = trained(corpus, tmp_path, minutes=10.0, batches=100, session_minutes=1e-9)
    assert begun.card["training"]["batches"] == 1
    state = saved_progress(tmp_path / RUN)
    torch.save({**state, "seconds": 360.0}, tmp_path / RUN / STATE)
    began = []

    class Looked(Exception):
        pass

    def step(module, batch, index):
        began.append(module.done)
        raise Looked

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EmbedderModule, "training_step", step)
        with pytest.raises(Looked):
            trained(corpus, tmp_path, resume=True, minutes=10.0, batches=100, session_minutes=5.0)
    assert began == [pytest.approx(0.6, abs=0.05)]


def test_loaders_in_the_background_change_nothing(corpus, finished, tmp_path):
    assert same_weights(trained(corpus, tmp_path, loaders=2), finished)


def test_a_converged_run_ends(corpus, tmp_path):
    """Two rounds of two batches within a thousand times of each other."""
    checkpoint = trained(corpus, tmp_path, stop_rounds=2, stop_threshold=1000.0)
    assert (checkpoint.card["training"]["batches"], checkpoint.card["training"]["ended"]) == (4, "converged")


def test_the_state_of_another_model_is_refused_in_one_line(corpus, tmp_path):
    trained(corpus, tmp_path, batches=2)
    with pytest.raises(CheckpointError) as caught:
        trained(corpus, tmp_path, resume=True, model=tiny.EVENTS)
    assert str(caught.value) == (
        f"{tmp_path / RUN / STATE}: the state of another model; resume with the settings beside it, "
        "or delete it to start anew"
    )


HOOKS = [name for name in vars(running._RunCallback) if name.startswith("on_")]


def test_no_hook_is_misspelt():
    """What Lightning does not know it never calls, and says nothing."""
    assert HOOKS
    for name in HOOKS:
        assert hasattr(lightning.Callback, name)
    for kind in (RunModule, EmbedderModule):
        for name in vars(kind):
            assert not name.startswith("on_") or hasattr(lightning.LightningModule, name)


def test_every_hook_fires(corpus, tmp_path, monkeypatch, interrupted_at):
    fired = []

    def recorded(name):
        really = getattr(running._RunCallback, name)
        return lambda *arguments, **options: fired.append(name) or really(*arguments, **options)

    for name in HOOKS:
        monkeypatch.setattr(running._RunCallback, name, recorded(name))
    trained(corpus, tmp_path / "whole", batches=3)
    assert fired == ["on_fit_start", *["on_train_batch_end"] * 3, "on_fit_end"]
    fired.clear()
    interrupted_at(1)
    with pytest.raises(KeyboardInterrupt):
        trained(corpus, tmp_path / "interrupted")
    assert fired == ["on_fit_start", "on_train_batch_end", "on_exception"]
    assert {*fired, "on_fit_end"} == set(HOOKS)


def test_a_killed_run_goes_on_from_the_last_saved_state(corpus, tmp_path, monkeypatch):
    """Killed without a word in batch 4; the state of batch 2 was saved, and the same weights come out in the end."""
    saved = []

    class Killed(BaseException):
        pass

    really_save, really_step = running._RunCallback._save, EmbedderModule.training_step
    monkeypatch.setattr(
        running._RunCallback,
        "_save",
        lambda self, module: really_save(self, module) or saved.append(module.batches_done),
    )

    def step(module, batch, index):
        if module.batches_done == 4:
            raise Killed
        return really_step(module, batch, index)

    monkeypatch.setattr(EmbedderModule, "training_step", step)
    monkeypatch.setattr("symbolic_embed.training.embedder._written", lambda *arguments, **options: None)
    with pytest.raises(Killed):
        trained(corpus, tmp_path, save_minutes=1e-9)
    assert saved == [1, 2, 3, 4]
    monkeypatch.undo()
    assert int(saved_progress(tmp_path / RUN)["batches"]) == 4
    assert trained(corpus, tmp_path, resume=True).card["training"]["batches"] == 6
