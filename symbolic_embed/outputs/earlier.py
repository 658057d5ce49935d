"""What an earlier run has left under the names of new outputs.

Beside `NAME.mid` lies its record, `NAME.json`; by it a file of that name is known as ours, and so are the companions
that bear its name. Somebody else's file may have any name and hold anything.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

from symbolic_embed.files.identity import kind

COMPANIONS = (".diff", ".png", "__changes.png", ".musicxml")
LARGEST_RECORD = 64_000_000


def record_in(path: str | os.PathLike[str]) -> dict[str, Any] | None:
    """The record of an output; None where the file holds something else, or is none."""
    try:
        if kind(path, follow=True) != "a file":
            return None
        with open(path, "rb") as file:
            content = file.read(LARGEST_RECORD + 1)
        said = json.loads(content) if len(content) <= LARGEST_RECORD else None
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or not isinstance(said.get("command"), str):
        return None
    return said if all(isinstance(said.get(name), dict) for name in ("settings", "seed")) else None


def companions(folder: Path, name: str, *, apart_from: Collection[str]) -> list[Path]:
    """The companions of an earlier output of this name, without those of some endings; none where no record tells that
    it was ours."""
    if record_in(folder / f"{name}.json") is None:
        return []
    paths = [folder / f"{name}{ending}" for ending in COMPANIONS if ending not in apart_from]
    return [path for path in paths if kind(path) == "a file"]
