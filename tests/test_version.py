"""The version: the installed one, and a word for it where nothing is installed."""

from importlib import metadata

import pytest

from symbolic_embed import version


@pytest.fixture(autouse=True)
def _asked_anew():
    version.installed_version.cache_clear()
    yield
    version.installed_version.cache_clear()


def test_the_version_is_that_of_the_installed_package(monkeypatch):
    asked = []
    monkeypatch.setattr(metadata, "version", lambda name: asked.append(name) or "7.8.9")
    assert version.installed_version() == "7.8.9"
    assert asked == ["symbolic-embed"]


def test_a_bare_clone_says_that_it_is_one(monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    assert version.installed_version() == "0+clone"
