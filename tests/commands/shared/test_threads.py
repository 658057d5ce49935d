"""Threads: torch's number is what a command says, and nothing below a command says it."""

import re
from pathlib import Path

import pytest
import torch

import symbolic_embed
from symbolic_embed.commands.shared.threads import use_threads

PACKAGE = Path(symbolic_embed.__file__).parent


@pytest.fixture(autouse=True)
def _as_before():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_torch_computes_with_so_many_threads():
    use_threads(3)
    assert torch.get_num_threads() == 3
    use_threads()
    assert torch.get_num_threads() == 1


def test_nothing_else_sets_a_state_of_the_process():
    """Workers, here and on a cluster, are processes of their own, as are those that share a run; faiss computes in one
    thread, since its pool and torch's in one process end it on some systems."""
    setting = re.compile(r"set_num_threads|set_num_interop_threads|setlocale|OMP_NUM_THREADS|matplotlib\.use\(")
    files = {path for path in PACKAGE.rglob("*.py") if setting.search(path.read_text(encoding="utf-8"))}
    assert {str(path.relative_to(PACKAGE)) for path in files} == {
        "commands/shared/threads.py",
        "library/on_ray.py",
        "library/stores/folder/engine.py",
        "live/worker.py",
        "training/fitting.py",
        "workers/process.py",
    }
