"""Runs that several processes share: each has a batch in every step, all follow the mean, the first alone writes."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pieces
import pytest
import shared_training
import tiny
from command_line import run

from symbolic_embed.embedding.checkpoint import open_checkpoint
from symbolic_embed.training.processes import is_first_process
from symbolic_embed.training.run_files import RUN, STATE
from symbolic_embed.training.settings import BudgetSettings

COMMAND = Path(__file__).parents[2] / "cli.py"


def started(*words, **variables):
    """A command of a process group of its own, with these variables beside those that are there."""
    paths = {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, *map(str, words)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env={**os.environ, **paths, **variables}, start_new_session=True, **pipes)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


def followed(steps, processes):
    """Where the weights of `shared_training` go, by hand."""
    settings = BudgetSettings(batches=steps, learning_rate=shared_training.RATE, warmup=1)
    first = second = 0.0
    for step in range(steps):
        target = sum(step * processes + rank for rank in range(processes)) / processes
        rate = settings.rate_at(batch=step, done=step / steps)
        first -= rate * (first - target)
        second -= rate * (second - first - target)
    return [first, second]


def test_every_step_of_two_processes_follows_the_mean_of_two_batches(tmp_path):
    process = started(shared_training.__file__, tmp_path, 2, 5)
    out, err = process.communicate(timeout=300)
    assert (process.returncode, out, err) == (0, "written\n", "")
    weights = [float(word) for word in (tmp_path / "weights.txt").read_text().split()]
    assert weights == pytest.approx(followed(5, 2), rel=1e-6)


def test_alone_a_run_follows_each_batch(tmp_path):
    path = shared_training.trained(tmp_path, processes=1, batches=5)
    assert [float(word) for word in path.read_text().split()] == pytest.approx(followed(5, 1), rel=1e-6)


def test_two_machines_train_one_embedder_and_the_first_alone_speaks_and_writes(tmp_path):
    pieces.band_corpus(tmp_path)
    (tmp_path / "small.json").write_text(
        json.dumps({"model": tiny.PIANOROLL.model_dump(), "pairs": 8, "batches": 4, "prior_start": 0.0})
    )
    asked = ["train", "embedder", "--data", tmp_path / "music", "--settings", tmp_path / "small.json", "--machines", 2]
    place = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": free_port(), "SYMBOLIC_EMBED_CACHE": str(tmp_path / "cache")}
    other = started(COMMAND, *asked, "-o", tmp_path / "other", **place, NODE_RANK="1")
    first = started(COMMAND, *asked, "-o", tmp_path / "first", **place, NODE_RANK="0")
    out, err = first.communicate(timeout=300)
    assert first.returncode == 0, err
    assert out.startswith("held out")
    assert f"machine 1 of 2: waiting for the others at 127.0.0.1:{place['MASTER_PORT']}" in err
    told = f"machine 2 of 2: waiting for the others at 127.0.0.1:{place['MASTER_PORT']}, 30 minutes at most\n"
    assert other.communicate(timeout=60) == ("", told)
    assert other.returncode == 0
    assert not (tmp_path / "other").exists()
    made = open_checkpoint(tmp_path / "first").card["training"]
    assert (made["batches"], made["settings"]["machines"]) == (4, 2)
    assert (tmp_path / "first" / RUN / STATE).exists()


@pytest.mark.parametrize(
    ("variables", "first"),
    [
        ({}, True),
        ({"NODE_RANK": "0", "LOCAL_RANK": "1"}, False),
        ({"NODE_RANK": "1"}, False),
        ({"RANK": "0", "LOCAL_RANK": "0"}, True),
        ({"RANK": "2", "LOCAL_RANK": "0"}, False),
    ],
)
def test_the_first_process_is_known_by_the_variables_of_lightning_and_torchrun(monkeypatch, variables, first):
    for name in ("RANK", "LOCAL_RANK", "NODE_RANK"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert is_first_process() is first


@pytest.mark.parametrize(
    ("variables", "wrong"),
    [
        ({}, "NODE_RANK is ''"),
        ({"NODE_RANK": "7"}, "NODE_RANK is '7', and must be 0 to 1"),
        ({"NODE_RANK": "0", "MASTER_PORT": "abc"}, "MASTER_PORT is 'abc'"),
        ({"NODE_RANK": "0", "MASTER_PORT": "29500"}, "MASTER_ADDR is ''"),
        (
            {"NODE_RANK": "1", "MASTER_PORT": "29500", "MASTER_ADDR": "nohost.invalid"},
            "MASTER_ADDR is 'nohost.invalid'",
        ),
    ],
)
def test_what_does_not_say_which_machine_this_is_is_refused_before_anything_is_read(monkeypatch, variables, wrong):
    for name in ("RANK", "LOCAL_RANK", "NODE_RANK", "MASTER_ADDR", "MASTER_PORT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    ran = run("train", "embedder", "--data", "nowhere", "--machines", 2)
    assert ran.code == 2
    assert len(ran.err_lines) == 1
    assert wrong in ran.err
    assert "run it on each machine with NODE_RANK" in ran.err
