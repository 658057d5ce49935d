"""A small model with random weights, for tests of likeness."""

import pytest
import tiny

from symbolic_embed.embedding.embedder import Embedder


@pytest.fixture(scope="session")
def embedder(tmp_path_factory):
    return Embedder.of(tiny.embedder_checkpoint(tmp_path_factory.mktemp("model")), jobs=2)
