"""Being in a room: files that come are played on a port, or kept in a folder; messages are played as they come."""

from __future__ import annotations

import contextlib
import io
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import mido

from symbolic_embed.client import Server, told
from symbolic_embed.errors import OutputExistsError, SymbolicEmbedError
from symbolic_embed.files import place
from symbolic_embed.files.names import file_stem
from symbolic_embed.live import ports
from symbolic_embed.live.rooms import Even, messages_of
from symbolic_embed.live.sending import panic
from symbolic_embed.score import file_bytes, parse

CHANNELS = range(16)


def play_there(server: Server, room: str, path: str) -> int:
    """Plays a file in a room, which is named by its path on the server; how many hear it. Raises MidiError for what is
    none, SymbolicEmbedError."""
    data = file_bytes(path)
    parse(data, source=path)
    edge = secrets.token_hex(16)
    name = json.dumps(f"{file_stem(Path(path).stem)}.mid")
    head = f'--{edge}\r\ncontent-disposition: form-data; name="file"; filename={name}\r\n\r\n'
    body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
    kind = {"content-type": f"multipart/form-data; boundary={edge}"}
    with server.answer("POST", room, body, kind) as answer:
        words = told(answer)
        if answer.status != 200:
            raise server.refusal(words)
        return int(words["told"])


class Listener:
    """Somebody in a room. A context: at its end nothing sounds any more.

    out      the port on which is played; None: none
    folder   where files are kept; None: nowhere
    told     what is said about it
    """

    def __init__(
        self, server: Server, room: str, *, out: str | None, folder: Path | None, told: Callable[[str], object]
    ) -> None:
        self._server, self._room, self._folder, self._told = server, room, folder, told
        self._port: Any = None if out is None else ports.open_output(out)
        self._lock = threading.Lock()
        self._even = Even()
        self._stopped = threading.Event()
        self._player: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._silence()
        if self._port is not None:
            self._port.close()

    def kept(self, *, once: bool) -> Iterator[Path | None]:
        """Stays; for each file that comes, where it was kept, None where nowhere. `once`: the first is the last. Raises
        SymbolicEmbedError where the server goes."""
        for name, said in self._server.events(f"{self._room}/events"):
            if name == "midi":
                self._play_messages(said)
            elif name == "stop":
                self._silence()
            elif name == "play":
                data = self._server.data(said["url"])
                yield self._keep(said["name"], data)
                self._play(said["name"], data)
                if once:
                    self._finish()
                    return
        raise SymbolicEmbedError(f"{self._server.name}: the server has gone; start it again, and come back")

    def _keep(self, name: str, data: bytes) -> Path | None:
        """Puts a file into the folder, under a name that is free there."""
        if self._folder is None:
            return None
        self._folder.mkdir(parents=True, exist_ok=True)
        stem, number = file_stem(Path(name).stem), 1
        while True:
            path = self._folder / (f"{stem}.mid" if number == 1 else f"{stem}_{number}.mid")
            try:
                place(data, path)
                return path
            except OutputExistsError:
                number += 1

    def _play(self, name: str, data: bytes) -> None:
        """Plays a file in the place of what is played now."""
        if self._port is None:
            return
        self._silence()
        try:
            music = mido.MidiFile(file=io.BytesIO(data), clip=True)
        except Exception as fault:  # mido has no error of its own for what is no file
            self._told(f"{name}: cannot be played ({fault})")
            return
        self._told(f"playing {name}")
        self._stopped = threading.Event()
        self._player = threading.Thread(target=self._send_all, args=(music, self._stopped), daemon=True)
        self._player.start()

    def _send_all(self, music: Any, stopped: threading.Event) -> None:
        due = time.monotonic()
        for message in music:
            due += message.time
            if stopped.wait(max(0.0, due - time.monotonic())):
                return
            if not message.is_meta:
                self._send(message)

    def _play_messages(self, said: Any) -> None:
        if self._port is None:
            return
        for played, data in messages_of(said):
            delay = self._even.due(played, now=time.monotonic()) - time.monotonic()
            if delay > 0:
                time.sleep(delay)
            with contextlib.suppress(ValueError):
                self._send(mido.Message.from_bytes(data))

    def _finish(self) -> None:
        """Waits until what is played is over."""
        if self._player is not None:
            self._player.join()

    def _silence(self) -> None:
        """Ends what is played, and all notes."""
        self._stopped.set()
        if self._player is not None:
            self._player.join()
            self._player = None
        if self._port is not None:
            for message in panic(CHANNELS):
                self._send(mido.Message.from_bytes(message))

    def _send(self, message: Any) -> None:
        with self._lock:
            self._port.send(message)
