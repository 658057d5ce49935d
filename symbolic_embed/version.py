"""Which version of the program this is."""

from __future__ import annotations

from functools import cache
from importlib import metadata

UNINSTALLED = "0+clone"


@cache
def installed_version() -> str:
    """The version of the installed package; of a bare clone, UNINSTALLED."""
    try:
        return metadata.version("symbolic-embed")
    except metadata.PackageNotFoundError:
        return UNINSTALLED
