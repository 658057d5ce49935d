"""Where what is made of a clip lies, and what was made already.

Each clip has a folder beside it, `riff.variants`. In it lies a hidden file, MARKER, written together with the results:
of which clip they are, by its name and the hash of its bytes, and what was asked. So a restart finds what is done, and
deleting the folder has it done again. A clip of other bytes, or another wish, gets the next folder, `riff.variants-2`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from symbolic_embed.errors import OutputError, printable
from symbolic_embed.files import FileSet, InUse
from symbolic_embed.files.names import file_stem
from symbolic_embed.watching.snapshot import Stamp

MARKER = ".symbolic_embed_watch.json"
FOLDER_ENDING = ".variants"
MOST_FOLDERS = 1_000  # of one clip


@dataclass(frozen=True)
class Done:
    """What was done: the clip's name, the hash of its bytes, its stamp then, and what was asked, all of it."""

    clip: str
    sha256: str
    stamp: Stamp
    asked: Mapping[str, Any]

    def is_of(self, clip: str, sha256: str, asked: Mapping[str, Any]) -> bool:
        """Whether it is what a clip of these bytes is to get."""
        return (self.clip, self.sha256, dict(self.asked)) == (clip, sha256, dict(asked))

    def as_marker(self) -> bytes:
        """The same as the file that `_read` reads."""
        return json.dumps(asdict(self) | {"asked": dict(self.asked)}).encode() + b"\n"


@dataclass(frozen=True)
class Places:
    """The folders of what was made, beside the clips of one folder."""

    folder: str

    def done(self, clip: str) -> list[Done]:
        """What was made of clips of this name."""
        return [done for place in self._folders(clip) if (done := _read(place)) is not None]

    def put(self, done: Done, contents: Mapping[str, bytes], *, in_use: InUse) -> Path:
        """Writes all files, by name, and the marker, into the first folder of the clip that is free, and returns it.
        All of them, or none. What is there already byte for byte, left by a run that was killed, is not written again.
        Raises OutputError where they cannot be written."""
        for place in self._candidates(done.clip):
            there = _read(place)
            if there is not None and there.is_of(done.clip, done.sha256, done.asked):
                return place  # another one, who watches the same folder, was quicker
            if there is None and (missing := _missing(place, contents)) is not None:
                self._write(place, {**missing, MARKER: done.as_marker()}, in_use)
                return place
        where = printable(str(Path(self.folder) / _stem(done.clip)))
        raise OutputError(f"{where}{FOLDER_ENDING}: {MOST_FOLDERS} folders of this clip are there; delete some")

    def _write(self, place: Path, contents: Mapping[str, bytes], in_use: InUse) -> None:
        with FileSet(in_use=in_use) as files:
            for name, content in contents.items():
                files.add(place / name, content)

    def _candidates(self, clip: str) -> list[Path]:
        name = f"{_stem(clip)}{FOLDER_ENDING}"
        return [Path(self.folder) / (name if n == 1 else f"{name}-{n}") for n in range(1, MOST_FOLDERS + 1)]

    def _folders(self, clip: str) -> list[Path]:
        """The folders of a clip that are there, and perhaps of others whose names begin like it."""
        return sorted(Path(self.folder).glob(f"{_stem(clip)}{FOLDER_ENDING}*"))


def is_of_ours(path: str) -> bool:
    """Whether a file lies in a folder of what was made of a clip."""
    return os.path.exists(os.path.join(os.path.dirname(path), MARKER))


def _stem(clip: str) -> str:
    return file_stem(Path(clip).stem)


def _read(place: Path) -> Done | None:
    """What the marker of a folder says; None where there is none, or one that nobody wrote."""
    try:
        said = json.loads((place / MARKER).read_bytes())
        return Done(str(said["clip"]), str(said["sha256"]), Stamp(*map(int, said["stamp"])), dict(said["asked"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _missing(place: Path, contents: Mapping[str, bytes]) -> dict[str, bytes] | None:
    """The files that are not in a folder yet; None where one of them is there and holds something else, or the place is
    no folder."""
    if os.path.lexists(place) and not place.is_dir():
        return None
    missing = {}
    for name, content in contents.items():
        if not os.path.lexists(place / name):
            missing[name] = content
        elif not _holds(place / name, content):
            return None
    return missing


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False
