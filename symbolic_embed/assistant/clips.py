"""Clips by their handles.

A clip is a file of the folder, a file that a library found, or music that was made and not saved. Each has a handle,
"clip:3", which is good until the session ends; one file has one. A file of the folder can be named as well.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass

from symbolic_embed.assistant.folder import WorkFolder
from symbolic_embed.errors import UsageError, printable
from symbolic_embed.score import file_bytes

HANDLE = re.compile(r"clip:(\d{1,9})")
MOST_UNSAVED = 256  # clips that are kept in memory alone; older ones are forgotten


@dataclass(frozen=True)
class Clip:
    """A clip. `name`: what it is called, which messages and records say; `path`: where its file lies; `data`: its
    bytes, where it has none."""

    handle: str
    name: str
    path: str | None = None
    data: bytes | None = None

    def read(self) -> bytes:
        """The bytes of its file. Raises MidiError."""
        return file_bytes(self.path) if self.data is None and self.path is not None else self.data or b""


class Clips:
    """All clips that have a handle. Several threads may ask at once."""

    def __init__(self, folder: WorkFolder) -> None:
        self.folder = folder
        self._by_handle: dict[str, Clip] = {}
        self._handles: dict[str, str] = {}  # of files, by their paths
        self._guard = threading.Lock()
        self._count = 0

    def named(self, said: str, *, field: str = "clip") -> Clip:
        """The clip of a handle, or the file of the folder of that name. Raises UsageError for a handle that nobody was
        given, and for what lies outside the folder."""
        if HANDLE.fullmatch(said) is None:
            return self.of_file(self.folder.place(said, field=field))
        with self._guard:
            clip = self._by_handle.get(said)
        if clip is None:
            reason = "there is no such clip, or it was not saved and is forgotten; list_clips has what is there"
            raise UsageError(f"`{field}` {printable(said)}: {reason}", field=field)
        return clip

    def of_file(self, path: str, *, name: str | None = None) -> Clip:
        """The clip of a file; `name`: what a file is called that is not of the folder."""
        with self._guard:
            known = self._handles.get(path)
            if known is None:
                known = self._handles[path] = self._next()
                self._by_handle[known] = Clip(known, name or path, path=path)
            return self._by_handle[known]

    def unsaved(self, name: str, data: bytes) -> Clip:
        """A clip that no file holds."""
        with self._guard:
            clip = Clip(self._next(), name, data=data)
            self._by_handle[clip.handle] = clip
            in_memory = [one.handle for one in self._by_handle.values() if one.data is not None]
            for old in in_memory[:-MOST_UNSAVED]:
                del self._by_handle[old]
        return clip

    def not_saved(self) -> list[Clip]:
        """The clips that no file holds, the oldest first."""
        with self._guard:
            return [clip for clip in self._by_handle.values() if clip.data is not None]

    def _next(self) -> str:
        self._count += 1
        return f"clip:{self._count}"
