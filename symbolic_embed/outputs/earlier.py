"""What an earlier run has left under the names of new outputs.

Beside `NAME.mid` lies its record, `NAME.json`, and in it stand the companions that were written with it, each with the
hash of its bytes. Only a file that still has that hash is known as ours: somebody else's may have any name and hold
anything, and what a user has edited is the user's.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from symbolic_embed.files.identity import kind

COMPANIONS = (".diff", ".png", "__changes.png", ".musicxml")
BESIDE = "beside"  # in a record: the companions that were written with it
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


def beside_in(contents: Mapping[str, bytes]) -> dict[str, dict[str, str]]:
    """What a record says of the companions that are written with it, by their endings; nothing where there are none."""
    hashes = {ending: hashlib.sha256(content).hexdigest() for ending, content in contents.items()}
    return {BESIDE: hashes} if hashes else {}


def companions(folder: Path, name: str, *, apart_from: Collection[str]) -> list[Path]:
    """The companions that were written with an earlier output of this name and are as they were, without those of some
    endings; none where no record tells of them."""
    record = record_in(folder / f"{name}.json") or {}
    hashes = record.get(BESIDE)
    known = hashes if isinstance(hashes, dict) else {}
    paths = {
        ending: folder / f"{name}{ending}" for ending in COMPANIONS if ending in known and ending not in apart_from
    }
    return [path for ending, path in paths.items() if kind(path) == "a file" and _hash_of(path) == known[ending]]


def _hash_of(path: Path) -> str | None:
    """The hash of a file's bytes; None where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
