"""The page of one server, with a library, in a browser of the desk and of a phone."""

import browsers
import pytest
from servers import serving
from visits import run


@pytest.fixture(scope="session")
def browser():
    with browsers.running() as running:
        yield running


@pytest.fixture(scope="session")
def library(tmp_path_factory, model):
    folder = tmp_path_factory.mktemp("library") / "samples"
    run("library", "build", folder, browsers.SAMPLES, "--checkpoint", model, cwd=folder.parent)
    return folder


@pytest.fixture(scope="session")
def place(tmp_path_factory, model, library):
    with serving(tmp_path_factory.mktemp("page"), "--checkpoint", model, "--workers", 1, "--library", library) as it:
        it.ask("GET", "/api/ready")
        yield it


@pytest.fixture(params=browsers.SIZES)
def visit(browser, place, request):
    with browsers.visiting(browser, place.address, size=request.param) as visit:
        yield visit.come()
