"""The head of a library: a small file, written once, that says what the folder is and what all in it has in common.

    library.json   format, checkpoint, kinds, options; and a check sum of these

A folder that has it is a library, and no other is.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from symbolic_embed.errors import LibraryError
from symbolic_embed.files import write_durably
from symbolic_embed.library.features import KINDS, Kind
from symbolic_embed.library.stores.folder.damage import DamagedError

NAME = "library.json"
FORMAT = 1


@dataclass(frozen=True)
class Header:
    """checkpoint: the hash of the model. kinds: what is held of every piece. options: how files were read."""

    checkpoint: str
    kinds: frozenset[Kind]
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def about(self) -> dict[str, Any]:
        """As the file has it."""
        return {"checkpoint": self.checkpoint, "kinds": sorted(self.kinds), "options": dict(self.options)}

    @property
    def check_sum(self) -> int:
        """The same for the same header."""
        return _check_sum(FORMAT, self.about)


def is_library(folder: str) -> bool:
    """Whether a folder is a library."""
    return os.path.isfile(os.path.join(folder, NAME))


def write_header(folder: str, header: Header) -> None:
    """Makes a folder a library; the last act of making one."""
    said = {"format": FORMAT, **header.about, "crc32": header.check_sum}
    write_durably(os.path.join(folder, NAME), json.dumps(said, indent=1, sort_keys=True).encode("ascii"))


def read_header(folder: str) -> Header:
    """What a library says of itself. Raises LibraryError where there is none, or of another format, or damaged."""
    path = os.path.join(folder, NAME)
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise LibraryError(f"{folder}: is a file, a library is a folder; name another")
    try:
        with open(path, "rb") as file:
            said = json.loads(file.read())
    except FileNotFoundError:
        raise LibraryError(f"{folder}: no library there; `library build {folder} FOLDERS...` makes one") from None
    except OSError as refusal:
        raise LibraryError(f"{path}: cannot be read: {(refusal.strerror or str(refusal)).lower()}") from None
    except ValueError:
        raise DamagedError(path, "no JSON") from None
    return _understood(path, said)


def _understood(path: str, said: Any) -> Header:
    about: dict[str, Any] = {}
    if isinstance(said, dict):
        about = {name: said.get(name) for name in ("checkpoint", "kinds", "options")}
    if not about or said.get("crc32") != _check_sum(said.get("format"), about):
        raise DamagedError(path, "the check sum does not fit")
    if said["format"] != FORMAT:
        raise LibraryError(
            f"{path}: format {said['format']}, this version reads {FORMAT}; build the library again, in another folder"
        )
    strange = sorted(set(about["kinds"]) - set(KINDS))
    if strange:
        raise LibraryError(f"{path}: holds {strange[0]}, which this version does not know; use the one that built it")
    return Header(about["checkpoint"], frozenset(cast("list[Kind]", about["kinds"])), about["options"])


def _check_sum(number: object, about: Mapping[str, object]) -> int:
    return zlib.crc32(json.dumps([number, about], sort_keys=True).encode("ascii"))
