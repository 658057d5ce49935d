"""An archive of embeddings that exists, and that more pieces are added to.

What is added must be comparable with what is there: of the same model, at the same level, in the same precision. A
piece whose path is there already stays as it is, whatever its file has become; who wants it anew leaves the archive and
makes another.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal, get_args

from symbolic_embed.errors import CheckpointError, InputError, OutputError
from symbolic_embed.files.archives import Npz
from symbolic_embed.library.arrays import FORMAT, NAMES, OF_ARCHIVES, Level, Precision


@dataclass(frozen=True)
class Earlier:
    """An archive that is there. stamp: tells whether its file has changed since; level: the highest one of which it has
    all arrays."""

    path: str
    stamp: tuple[int, int, int]
    paths: frozenset[str]
    level: Level
    precision: Precision
    checkpoint: str

    @classmethod
    def opened(cls, path: str) -> Earlier:
        """Raises InputError where it is no archive of embeddings, OutputError for one of another version, or with
        arrays that would be lost."""
        stamp = _stamp(path)
        with Npz(path) as archive:
            names = set(archive.names)
            levels = [level for level in get_args(Level) if names.issuperset(NAMES[level])]
            missing = sorted({"paths", *NAMES["bar"]} - names)
            if missing:
                raise InputError(path, f"there is no {missing[0]} in it; not an archive of `embed`, name another")
            number = int(archive.array("format")) if "format" in names else 1
            if number != FORMAT:
                raise OutputError(
                    f"{path}: format {number}, this version makes {FORMAT}, and the two are not to be mixed; "
                    "name another `output`, or make it again with `force`"
                )
            strange = sorted(names - {*NAMES[levels[-1]], *OF_ARCHIVES})
            if strange:
                raise OutputError(
                    f"{path}: holds {strange[0]}, of which level {levels[-1]} knows nothing and which would be lost; "
                    "name another `output`"
                )
            said, paths = str(archive.array("precision")), frozenset(archive.array("paths").tolist())
            precision: Precision | None = next((known for known in get_args(Precision) if known == said), None)
            if precision is None:
                raise InputError(path, f"made in {said}, known are {', '.join(get_args(Precision))}; name another")
            return cls(path, stamp, paths, levels[-1], precision, str(archive.array("checkpoint")))

    def precision_for(self, wish: Precision | Literal["auto"]) -> Precision:
        """What is added is made as what is there, where nobody wishes otherwise."""
        return self.precision if wish == "auto" else wish

    def require_alike(self, *, level: Level, precision: Precision, checkpoint: str) -> None:
        """Raises OutputError where something else is asked for than the archive has, CheckpointError where it is of
        another model."""
        if checkpoint != self.checkpoint:
            raise CheckpointError(
                f"{self.path}: made with checkpoint {self.checkpoint[:12]}, this is {checkpoint[:12]}; "
                "give that `checkpoint`, or name another `output`"
            )
        asked = {"level": (self.level, level), "precision": (self.precision, precision)}
        for name, (there, wanted) in asked.items():
            if there != wanted:
                raise OutputError(
                    f"{self.path}: made with `{name}` {there}, {wanted} is asked for; "
                    f"give `{name}` {there}, or name another `output`"
                )

    def require_unchanged(self) -> None:
        """Raises OutputError where the file is not the one that was read: what another program has added would be
        lost."""
        if _stamp(self.path) != self.stamp:
            raise OutputError(f"{self.path}: has been changed meanwhile, and stays as it is now; run this again")


def _stamp(path: str) -> tuple[int, int, int]:
    try:
        status = os.stat(path)
    except OSError:
        return 0, 0, 0
    return status.st_ino, status.st_size, status.st_mtime_ns
