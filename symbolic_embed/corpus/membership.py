"""Which data set a file belongs to, where files and folders were named on a command line.

The nearest folder above the file that holds a `meta.jsonl` is its set, as far up as the folder that was named; where
there is none, the folder that was named is the set. A file that was itself named belongs to the folder it lies in.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache

META = "meta.jsonl"


def data_sets(paths: Sequence[str], *, named: Sequence[str]) -> dict[str, str]:
    """The folder that is the data set of each of `paths`, which were found in the files and folders `named`."""
    roots = [os.path.normpath(folder) for folder in named if os.path.isdir(folder)]

    @cache
    def set_of(folder: str) -> str:
        above = [root for root in roots if _is_inside(folder, root)]
        return _nearest_with_meta(folder, up_to=max(above, key=len, default=folder))

    return {path: set_of(os.path.normpath(os.path.dirname(path) or ".")) for path in paths}


def _nearest_with_meta(folder: str, *, up_to: str) -> str:
    here = folder
    while not os.path.isfile(os.path.join(here, META)):
        if here == up_to:
            return up_to
        here = os.path.dirname(here) or "."
    return here


def _is_inside(folder: str, root: str) -> bool:
    """Whether a normal path is `root` or below it."""
    if root == ".":
        return not os.path.isabs(folder) and not folder.startswith("..")
    return folder == root or folder.startswith(root.rstrip(os.sep) + os.sep)
