"""A library built by a Ray cluster of two workers on this machine: as one process builds it, whoever is lost."""

import os
import signal
import sys
from contextlib import closing

import pieces
import pytest
from command_line import run
from stores import assert_same

from symbolic_embed.errors import UsageError
from symbolic_embed.files.folders import find_midi
from symbolic_embed.library import on_ray as module
from symbolic_embed.library.adding import Addition
from symbolic_embed.library.on_ray import on_ray
from symbolic_embed.library.reading import Manner
from symbolic_embed.library.stores.opening import new_library
from symbolic_embed.requests import BuildLibraryRequest

KINDS = frozenset({"content", "bars", "cells", "passages"})
FILES = 160


@pytest.fixture(scope="module")
def ray():
    """Two cores of this machine as a cluster. It takes some twenty seconds to start."""
    ray = pytest.importorskip("ray")
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)  # which its workers take over
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    yield ray
    ray.shutdown()


@pytest.fixture
def songs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pieces.folder_of(tmp_path / "songs", {f"{seed:03}.mid": pieces.piece(seed, bars=2) for seed in range(FILES)})
    (tmp_path / "songs" / "words.mid").write_bytes(b"once upon a time")
    return tmp_path / "songs"


def built(place, embedder, engine):
    """A library of the songs, and what became of each."""
    outcomes = {}
    library = new_library(str(place), checkpoint=embedder.embedding_hash, kinds=KINDS)
    addition = Addition(library, BuildLibraryRequest(engine=engine), lambda: embedder, jobs=2)
    addition.add(find_midi(["songs"]), lambda outcome: outcomes.update({outcome.path: outcome}))
    return library, outcomes


def test_two_workers_build_what_one_process_builds_though_one_is_killed(
    ray, songs, embedder_with_passages, tmp_path, monkeypatch
):
    killed, each = [], module._each

    def killing(ray, workers, files):
        pid = ray.get(workers[0].pid.remote())
        for number, answer in enumerate(each(ray, workers, files)):
            if number == 10:
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
            yield answer

    monkeypatch.setattr(module, "_each", killing)
    here, expected = built(tmp_path / "here", embedder_with_passages, "local")
    there, outcomes = built(tmp_path / "there", embedder_with_passages, "ray")
    assert len(killed) == 1
    assert outcomes == expected
    assert outcomes["songs/words.mid"].state == "rejected"
    with closing(here), closing(there):
        assert len(here) == len(there) == FILES
        for one, other in zip(here, there, strict=True):
            assert_same(one, other)


def test_the_command_line_builds_on_the_cluster_and_names_what_it_rejects(ray, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pieces.folder_of(tmp_path / "few", {f"{seed}.mid": pieces.piece(seed, bars=2) for seed in range(3)})
    (tmp_path / "few" / "words.mid").write_bytes(b"once upon a time")
    ran = run("library", "build", "there", "few", "--engine", "ray", "--jobs", 2)
    assert ran.code == 3, ran.err
    assert "few/words.mid" in ran.err
    assert run("library", "build", "here", "few").code == 3
    asked = ("rank", "few/1.mid", "--format", "json", "--library")
    assert run(*asked, "there").json == run(*asked, "here").json


def test_without_ray_the_way_out_is_said(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(UsageError, match=r"pip install 'symbolic-embed\[ray\]', or leave `engine` out"):  # noqa: SIM117
        with on_ray(Manner(KINDS), tmp_path):
            pass
    with pytest.raises(UsageError, match="needs a model that lies in a folder"):  # noqa: SIM117
        with on_ray(Manner(KINDS), None):
            pass
