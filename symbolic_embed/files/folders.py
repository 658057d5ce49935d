"""Where the music is: files of MIDI and of notation.

A folder is walked to its depths. A file counts as music by its name (.mid, .musicxml, .abc and others in any case,
hidden ones too) or, whatever its name, by its first bytes: see `kinds.py`. Recordings are passed over. A link to a file
is followed, a link to a folder never, so that no walk goes in circles. What is named like MIDI but is no regular file
(a folder, a pipe, a device, a broken link) is listed with the reason why it cannot be read. A file that the user names
is always listed, a recording too.

A Mac keeps what it knows of `song.mid` in a companion, `._song.mid`, which its archives carry along (in `__MACOSX`) and
which is no music: a walk passes over it, as over a file of ours that was never finished.

Paths stay as they were walked, unresolved; odd names (line breaks, bytes that are no UTF-8) come through and back to
the file system unharmed (`os.fsdecode`), and are escaped only where they are printed (`errors.printable`).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from symbolic_embed.files.beside import is_unfinished
from symbolic_embed.files.kinds import AUDIO_EXTENSIONS, EXTENSIONS, LOOKED_AT, kind_by_content

COMPANION = "._"  # how AppleDouble files begin


@dataclass(frozen=True)
class Found:
    """A file to read, or, with `problem`, something that looked like one and why it cannot be."""

    path: str
    problem: str | None = None


def find_midi(paths: Iterable[str | os.PathLike[str] | bytes], *, recordings: bool = False) -> list[Found]:
    """The MIDI files among `paths` and in the folders among them, and with `recordings` what is named like one there.

    In the order of `paths`, each folder's files sorted by path; the same path only once. What does not exist, and
    folders that may not be opened, are listed with their problem.
    """
    found: dict[str, Found] = {}
    for path in map(os.fsdecode, paths):
        is_folder = os.path.isdir(path)
        inside = list(_walked(path, recordings=recordings)) if is_folder else [named_file(path)]
        for one in sorted(inside, key=lambda one: os.fsencode(one.path)):
            found.setdefault(one.path, one)
    return list(found.values())


def named_file(path: str) -> Found:
    """A file that the user named, with its problem where it is none to read."""
    return Found(path, _problem(path))


def _walked(folder: str, *, recordings: bool) -> Iterator[Found]:
    """All of a folder and the folders in it, in no order."""
    endings = (*EXTENSIONS, *(AUDIO_EXTENSIONS if recordings else ()))
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                inside = list(entries)
        except OSError as refusal:
            yield Found(here, f"the folder cannot be opened: {_reason(refusal)}")
            continue
        for entry in inside:
            if _is_folder(entry):
                waiting.append(entry.path)
            if _is_passed_over(entry):
                continue
            if entry.name.lower().endswith(endings):
                yield Found(entry.path, _problem(entry.path))
            elif _begins_like_music(entry.path):
                yield Found(entry.path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_passed_over(entry: os.DirEntry[str]) -> bool:
    """Whether a file is the companion of another one, or one of ours in the making."""
    return is_unfinished(entry.name) or (entry.name.startswith(COMPANION) and not _begins_like_music(entry.path))


def _problem(path: str) -> str | None:
    """Why `path` is nothing to read; None where it is a regular file or a link to one."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError) as refusal:
        return "a link that leads nowhere" if os.path.islink(path) else f"cannot be opened: {_reason(refusal)}"
    if stat.S_ISREG(mode):
        return None
    return "a folder, not a MIDI file" if stat.S_ISDIR(mode) else "not a regular file (a pipe or a device)"


def _begins_like_music(path: str) -> bool:
    """Whether the first bytes of a regular file are those of MIDI or of notation."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return False
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        with open(os.open(path, flags), "rb", buffering=0) as file:
            return kind_by_content(file.read(LOOKED_AT)) not in (None, "audio")
    except OSError:
        return False


def _reason(refusal: OSError | ValueError) -> str:
    return (getattr(refusal, "strerror", None) or str(refusal)).lower()
