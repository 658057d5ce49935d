"""Looks at held-out music: when they are due, what they tell and write; and that they change nothing."""

import pieces
import pytest
import runs
import tiny
import torch

from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.progress import Progress
from symbolic_embed.training import looking
from symbolic_embed.training.embedder import train_embedder
from symbolic_embed.training.looking import Looks
from symbolic_embed.training.running import RunPlan


@pytest.mark.parametrize(("minutes", "seconds"), [(1.0, 15.0), (24.0, 120.0), (6000.0, 300.0)])
def test_looks_come_a_dozen_in_a_run_but_never_too_often_nor_too_seldom(minutes, seconds, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(looking.time, "monotonic", lambda: now[0])
    looks = Looks(lambda: {"next_cell": 0.5}, Progress(quiet=True), minutes)
    now[0] = seconds - 1
    assert not looks.are_due()
    assert looks.are_due(at_once=True)
    now[0] = seconds + 1
    assert looks.are_due()
    looks.take(where="", loss=None)
    assert not looks.are_due()


def test_looks_that_take_long_are_seldom(monkeypatch):
    """One takes ten seconds: the next is due once they are a twentieth of the time."""
    now = [0.0]
    monkeypatch.setattr(looking.time, "monotonic", lambda: now[0])
    looks = Looks(lambda: now.__setitem__(0, now[0] + 10.0) or {"next_cell": 0.5}, Progress(quiet=True), 1.0)
    looks.take(where="", loss=None)
    now[0] += 199
    assert not looks.are_due()
    now[0] += 1
    assert looks.are_due()


def test_without_a_score_nothing_is_ever_due():
    assert not Looks(None, Progress(), 1.0).are_due(at_once=True)


def test_a_look_is_a_line_and_columns(capsys):
    looks = Looks(lambda: {"next_cell": 0.25, "next_bar": 0.5}, Progress(), 1.0)
    assert looks.take(where="7%, batch 3", loss=2.5) == {"held_out_next_cell": 0.25, "held_out_next_bar": 0.5}
    assert looks.take(where="8%, batch 4", loss=None)
    assert capsys.readouterr().err.splitlines() == [
        "7%, batch 3: loss 2.500, held out: next cell 0.250, next bar 0.500",
        "8%, batch 4: held out: next cell 0.250, next bar 0.500",
    ]


def test_a_run_looks_at_its_begin_and_end_and_learns_the_same(tmp_path):
    """The first look sees the very weights that the run starts from, the last those of the checkpoint."""
    corpus = pieces.band_corpus(tmp_path)
    start = tiny.embedder_checkpoint(tmp_path / "start")
    seen = []

    def score(embedder):
        seen.append(embedder.encoder.state_dict())
        torch.rand(3)  # a score that draws would be noticed
        return {"next_cell": 0.5}

    torch_before = runs.trained(corpus, tmp_path / "blind", start=start)
    plan = RunPlan(tmp_path / "looked", start=start, progress=Progress(quiet=True), held_out=score)
    made = train_embedder(TrainingData(corpus), runs.chosen(), plan)
    assert runs.same_weights(made, torch_before)
    assert len(seen) == 2
    for known, looked in ((start, seen[0]), (made, seen[1])):
        weights = known.weights("embedder")
        learnt = {name: value for name, value in looked.items() if ".standard." not in f".{name}"}
        assert all(torch.allclose(weights[f"encoder.{name}"], value, atol=2e-3) for name, value in learnt.items())
    rows = runs.curves(tmp_path / "looked")
    assert [row["batch"] for row in rows if row["held_out_next_cell"]] == ["0", "6"]
    assert [row["batch"] for row in rows] == ["0", "2", "4", "6", "6"]
