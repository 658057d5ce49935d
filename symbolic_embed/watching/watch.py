"""The loop: look at the folder, do what is whole, wait, and so on until somebody ends it."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from symbolic_embed.errors import OutputExistsError, SymbolicEmbedError, printable
from symbolic_embed.files import InUse
from symbolic_embed.progress import Progress
from symbolic_embed.score import file_bytes
from symbolic_embed.watching.making import Batch, Workshop
from symbolic_embed.watching.places import Done, Places
from symbolic_embed.watching.settling import Settling
from symbolic_embed.watching.snapshot import clips_in, stamp_at


@dataclass
class Watch:
    """A folder that is watched. `asked`: all that was asked, as it is written down with what was made; `finished`: is
    told the folder of each clip that is done; `interval`: seconds between two looks. It counts the clips that
    are `done`, now or before, and those that were `rejected`."""

    folder: str
    workshop: Workshop
    asked: Mapping[str, Any]
    progress: Progress
    finished: Callable[[Path], object]
    interval: float = 1.0
    sleep: Callable[[float], object] = time.sleep
    clock: Callable[[], float] = time.monotonic
    settling: Settling = field(default_factory=Settling)
    done: int = 0
    rejected: int = 0
    _is_gone: bool = False

    def once(self) -> None:
        """Does what is there, and waits for what is still being written. Raises OSError where the folder is gone."""
        self._look()
        while self.settling.waits():
            self.step()
            if self.settling.waits():
                self.sleep(self.interval)
                self._look()

    def forever(self) -> None:
        """Does what is there and whatever comes, until somebody ends it."""
        while True:
            try:
                self._look()
            except OSError as refusal:
                self._tell_gone(refusal)
            else:
                self._tell_back()
                self.step()
            self.sleep(self.interval)

    def step(self) -> None:
        """Does all clips that are whole."""
        for name in self.settling.whole(now=self.clock()):
            self._do(name)

    def _look(self) -> None:
        self.settling.look(clips_in(self.folder), now=self.clock())

    def _do(self, name: str) -> None:
        """One clip. Whatever is wrong with it is told once."""
        path, stamp = os.path.join(self.folder, name), self.settling.stamp_of(name)
        places = Places(self.folder)
        earlier = places.done(name)
        if any(done.stamp == stamp and dict(done.asked) == dict(self.asked) for done in earlier):
            self.done += 1
            self.settling.done(name)
            return
        try:
            data = file_bytes(path)
            if stamp_at(path) != stamp:
                self.settling.again(name, now=self.clock())
                return
            done = Done(name, hashlib.sha256(data).hexdigest(), stamp, self.asked)
            if not any(one.is_of(name, done.sha256, self.asked) for one in earlier):
                self._make(places, done, data, path)
            self.done += 1
        except OutputExistsError:  # somebody else watches the same folder, and is writing just now
            self.settling.again(name, now=self.clock())
            return
        except SymbolicEmbedError as error:
            self.rejected += 1
            self.progress.tell(f"rejected: {_of(path, str(error))}", needed=True)
        self.settling.done(name)

    def _make(self, places: Places, done: Done, data: bytes, path: str) -> None:
        started = self.clock()
        batch = self.workshop.make(data, path=path)
        place = places.put(done, batch.contents, in_use=InUse([path]))
        for problem in batch.problems:
            self.progress.tell(f"warning: {_of(path, problem)}")
        self.finished(place)
        self.progress.tell(f"{printable(done.clip)}: {_in_words(batch)} ({self.clock() - started:.1f} s)")

    def _tell_gone(self, refusal: OSError) -> None:
        if not self._is_gone:
            reason = (refusal.strerror or str(refusal)).lower()
            self.progress.tell(f"{printable(self.folder)}: cannot be opened: {reason}; waiting for it", needed=True)
        self._is_gone = True
        self.settling.look({}, now=self.clock())

    def _tell_back(self) -> None:
        if self._is_gone:
            self.progress.tell(f"{printable(self.folder)}: is there again", needed=True)
        self._is_gone = False


def _of(path: str, message: str) -> str:
    """A message that begins with the file it is about."""
    shown = printable(path)
    return message if message.startswith(shown) else f"{shown}: {message}"


def _in_words(batch: Batch) -> str:
    parts = [(batch.made, "new clip"), (batch.neighbours, "neighbour")]
    return ", ".join(f"{count:,} {what}{'s' * (count != 1)}" for count, what in parts if count) or "nothing new"
