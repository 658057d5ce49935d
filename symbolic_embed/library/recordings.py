"""Recordings that a library keeps beside its pieces: files of sound, as they are heard by the checkpoint's encoder.

They lie in a folder of their own inside that of the library:

    recordings/files.json   the encoder's hash, and each file: path, size, time of change, hash, or why it was rejected
    recordings/<hash>.npz   a recording in every way of counting it, in half precision; one for all files of its bytes

Each recording is put there whole before the list names it, so whatever ends the work costs one recording. Whoever adds
or removes holds the library alone.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from symbolic_embed.errors import InputError, LibraryError
from symbolic_embed.files import write_durably
from symbolic_embed.files.folders import Found
from symbolic_embed.library.by_sound import Sounding
from symbolic_embed.library.contents import inside
from symbolic_embed.library.indexing import Outcome, is_unchanged
from symbolic_embed.library.reading import trusted
from symbolic_embed.library.stores.folder.lock import held
from symbolic_embed.library.stores.library import File
from symbolic_embed.listening.countings import Counted

FOLDER, LIST = "recordings", "files.json"
COMMIT_SECONDS = 10.0
BLOCK = 1 << 20  # bytes hashed at a time

Heard = Callable[[str], Sequence[Counted]]


class KeptRecordings:
    """The recordings of the library in a folder, heard by the encoder of this hash, or by whichever it was where none
    is named. Raises LibraryError where those that are there are another encoder's, or the list is damaged."""

    def __init__(self, library: str, *, encoder: str | None = None) -> None:
        self.library, self.folder, self.encoder = library, os.path.join(library, FOLDER), encoder
        self._files = {file.path: file for file in self._listed()}

    def __len__(self) -> int:
        """How many files were heard."""
        return sum(file.problem is None for file in self._files.values())

    def files(self) -> list[File]:
        """All files, those that were rejected too, sorted by path."""
        return [self._files[path] for path in sorted(self._files, key=os.fsencode)]

    def sounding(self) -> Iterator[Sounding]:
        """Every recording, once for each of its files, by path."""
        for file in self.files():
            if file.problem is None:
                yield Sounding(file.path, self._ways(file.sha256))

    def add(self, found: Sequence[Found], heard: Heard, told: Callable[[Outcome], object]) -> None:
        """Adds files, and tells what became of each; what is there already, by its path and time or by its bytes, is
        not heard again. Raises LibraryInUseError."""
        with self._writing():
            committed = time.monotonic()
            for one in found:
                told(self._added(one, heard))
                if time.monotonic() - committed > COMMIT_SECONDS:
                    self._commit()
                    committed = time.monotonic()

    def remove(self, paths: Sequence[str]) -> int:
        """Forgets the files at `paths`, and those in the folders there; how many there were."""
        if not inside(list(self._files), paths):
            return 0
        with self._writing():
            named = inside(list(self._files), paths)
            for path in named:
                del self._files[path]
        return len(named)

    def _added(self, one: Found, heard: Heard) -> Outcome:
        known = self._files.get(one.path)
        if one.problem:
            return Outcome(one.path, "rejected", one.problem)
        if known is not None and is_unchanged(known):
            return Outcome(one.path, "rejected" if known.problem else "unchanged", known.problem)
        try:
            file = _as_it_lies(one.path)
        except OSError as refusal:
            reason = (refusal.strerror or str(refusal)).lower()
            return Outcome(one.path, "rejected", f"cannot be opened: {reason}")
        self._files[one.path] = file
        if os.path.exists(self._place(file.sha256)):
            return Outcome(one.path, "known")
        try:
            write_durably(self._place(file.sha256), _packed(heard(one.path)))
        except InputError as error:
            self._files[one.path] = replace(file, problem=error.reason)
            return Outcome(one.path, "rejected", error.reason)
        return Outcome(one.path, "embedded")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with held(self.library):
            os.makedirs(self.folder, exist_ok=True)
            try:
                yield
            finally:
                self._commit()
            self._tidy()

    def _commit(self) -> None:
        content = {"encoder": self.encoder, "files": [asdict(file) for file in self.files()]}
        write_durably(os.path.join(self.folder, LIST), json.dumps(content).encode("utf-8", "surrogateescape"))

    def _tidy(self) -> None:
        """Takes away recordings that no file is left of."""
        kept = {os.path.basename(self._place(file.sha256)) for file in self._files.values()}
        for name in os.listdir(self.folder):
            if name.endswith(".npz") and name not in kept:
                os.remove(os.path.join(self.folder, name))

    def _listed(self) -> list[File]:
        path = os.path.join(self.folder, LIST)
        if not os.path.exists(path):
            return []
        try:
            with open(path, "rb") as file:
                content = json.loads(file.read().decode("utf-8", "surrogateescape"))
            files = [File(**one) for one in content["files"]]
            encoder = str(content["encoder"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LibraryError(f"{path}: damaged ({error}); delete the folder {self.folder}, and build again") from None
        if self.encoder is None:
            self.encoder = encoder
        if encoder != self.encoder:
            raise LibraryError(
                f"{self.folder}: its recordings were heard by another encoder ({encoder[:12]}, this checkpoint has "
                f"{self.encoder[:12]}); delete that folder, and build again"
            )
        return files

    def _place(self, sha256: str) -> str:
        return os.path.join(self.folder, f"{sha256}.npz")

    def _ways(self, sha256: str) -> list[Counted]:
        path = self._place(sha256)
        try:
            with np.load(path) as arrays:
                ends = np.cumsum(arrays["lengths"])[:-1]
                vectors = np.split(arrays["vectors"].astype(np.float32), ends)
                ways = zip(arrays["ways"].tolist(), arrays["seconds"].tolist(), vectors, strict=True)
                return [Counted(steps, pulses, seconds, own) for (steps, pulses), seconds, own in ways]
        except (OSError, ValueError, KeyError) as error:
            raise LibraryError(f"{path}: damaged ({error}); delete it, and build again") from None


def _packed(ways: Sequence[Counted]) -> bytes:
    """A recording as an archive of arrays."""
    out = io.BytesIO()
    arrays: dict[str, Any] = {
        "ways": np.array([(way.steps, way.pulses) for way in ways], np.int64).reshape(-1, 2),
        "seconds": np.array([way.seconds for way in ways], np.float64),
        "lengths": np.array([len(way.vectors) for way in ways], np.int64),
        "vectors": np.concatenate([way.vectors for way in ways]).astype(np.float16),
    }
    np.savez(out, **arrays)
    return out.getvalue()


def _as_it_lies(path: str) -> File:
    """A file as it is now."""
    now = time.time_ns()
    status, digest = os.stat(path), hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return File(path, status.st_size, trusted(status.st_mtime_ns, seen_ns=now), digest.hexdigest())
