"""What is in the tree is in the wheel."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
import setuptools

import symbolic_embed

PACKAGE = Path(symbolic_embed.__file__).parent


def test_every_folder_of_the_package_is_a_package():
    """A folder without `__init__.py` is found in a clone, and missing from what is installed."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_what_is_no_python_is_named_as_data_of_the_package(monkeypatch):
    root, given = PACKAGE.parent, {}
    if not (root / "setup.py").is_file():
        pytest.skip("installed, not a clone")
    monkeypatch.chdir(root)
    monkeypatch.setattr(setuptools, "setup", lambda **told: given.update(told))
    runpy.run_path("setup.py")
    named = {
        path
        for package, patterns in given["package_data"].items()
        for pattern in patterns
        for path in root.joinpath(*package.split(".")).glob(pattern)
    }
    others = {path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    assert others - named == set()
    assert PACKAGE / "presenting" / "page" / "page.html" in others
