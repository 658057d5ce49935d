"""One server for all tests that do it no harm."""

import composers
import pytest
from servers import serving


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    return composers.composer_checkpoint(tmp_path_factory.mktemp("composer")).folder


@pytest.fixture(scope="session")
def server(tmp_path_factory, model):
    with serving(tmp_path_factory.mktemp("server"), "--checkpoint", model, "--workers", 1) as running:
        yield running


@pytest.fixture(scope="session")
def band():
    return composers.band_seed().events.to_bytes()
