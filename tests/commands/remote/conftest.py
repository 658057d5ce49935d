"""A server that the commands may ask, with a library of three pieces."""

import composers
import pieces
import pytest
from command_line import run
from servers import serving


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    return composers.composer_checkpoint(tmp_path_factory.mktemp("composer")).folder


@pytest.fixture(scope="session")
def library(tmp_path_factory, model):
    folder = tmp_path_factory.mktemp("library")
    music = pieces.folder_of(folder, {f"music/{name}.mid": pieces.piece(n, bars=3) for n, name in enumerate("abc")})
    assert run("library", "build", folder / "lib", music / "music", "--checkpoint", model).code == 0
    return folder / "lib"


@pytest.fixture(scope="session")
def server(tmp_path_factory, model, library):
    with serving(
        tmp_path_factory.mktemp("server"), "--checkpoint", model, "--workers", 1, "--library", library
    ) as running:
        yield running
