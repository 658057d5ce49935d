"""What all tests share: Hypothesis with the same examples each time, and no clock, since machines are busy; one thread
for torch, since networks this small spend ten times as long on sharing the work out.

`HYPOTHESIS_PROFILE=thorough pytest` looks at thirty times as many examples, others every time.
"""

import itertools
import os
import shutil
import tempfile

import pytest
from hypothesis import settings

os.environ.setdefault("OMP_NUM_THREADS", "1")
settings.register_profile("proof", deadline=None, derandomize=True, max_examples=30)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "proof"))


# Nobody's own cache is read or written: each test has one of its own, and what is made for several tests another.
CACHES = tempfile.mkdtemp(prefix="symbolic_embed_caches_")
os.environ["SYMBOLIC_EMBED_CACHE"] = os.path.join(CACHES, "shared")
_numbers = itertools.count()


def pytest_unconfigure(config):
    shutil.rmtree(CACHES, ignore_errors=True)


@pytest.fixture(autouse=True)
def own_cache(monkeypatch):
    """A cache that nobody has used before."""
    monkeypatch.setenv("SYMBOLIC_EMBED_CACHE", os.path.join(CACHES, str(next(_numbers))))


@pytest.fixture(scope="session")
def embedder(tmp_path_factory):
    """A small model with random weights."""
    import tiny

    from symbolic_embed.embedding.embedder import Embedder

    return Embedder.of(tiny.embedder_checkpoint(tmp_path_factory.mktemp("model")), jobs=2)


@pytest.fixture(scope="session")
def embedder_with_passages(tmp_path_factory):
    """The same, and a passage encoder with fresh weights."""
    import tiny

    from symbolic_embed.embedding.embedder import Embedder

    return Embedder.of(tiny.with_passages(tmp_path_factory.mktemp("model")), jobs=2)


@pytest.fixture(scope="session")
def embedder_with_anchor(tmp_path_factory):
    """The same, and an anchor with random weights."""
    import tiny

    from symbolic_embed.embedding.embedder import Embedder

    return Embedder.of(tiny.with_anchor(tmp_path_factory.mktemp("model")), jobs=2)
