"""What is in the tree is in the wheel."""

from pathlib import Path

import symbolic_embed

PACKAGE = Path(symbolic_embed.__file__).parent


def test_every_folder_of_the_package_is_a_package():
    """A folder without `__init__.py` is found in a clone, and missing from what is installed."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []
