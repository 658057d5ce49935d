"""MIDI ports, real ones, virtual ones, and sockets, by name.

    Digital Piano          a port of the system, by its name or a part of it that no other has
    virtual:NAME           a port that others see by this name (Linux and macOS; Windows has no such ports)
    socket:HOST:PORT       a port of mido's on another machine, or in another process
    room:NAME@ADDRESS      a room of a server (`rooms`)

The system's ports come from python-rtmidi, which is loaded when the first is asked for (`pip install
symbolic-embed[live]`); which of its ways is taken can be said as mido has it, in MIDO_BACKEND.
"""

from __future__ import annotations

import contextlib
import difflib
import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import mido
from mido.sockets import connect

from symbolic_embed.errors import SoundError, UsageError
from symbolic_embed.live.rooms import ROOM, RoomInput, open_room_output, room_of

VIRTUAL, SOCKET = "virtual:", "socket:"
INSTALL = "`pip install symbolic-embed[live]` installs python-rtmidi"


class OpenPort(Protocol):
    """A port that is open."""

    def close(self) -> None:
        """Closes it."""


def input_names() -> list[str]:
    """The ports that can be listened to. Raises SoundError where the system has no MIDI."""
    return _names(mido.get_input_names)


def output_names() -> list[str]:
    """The ports that can be sent to. Raises SoundError where the system has no MIDI."""
    return _names(mido.get_output_names)


def open_input(name: str, hear: Callable[[bytes], None]) -> Any:
    """Opens a port; each message that comes in is handed to `hear`, in a thread of its own. Raises UsageError for a
    port that is not there, SoundError where it cannot be opened."""

    def heard(message: mido.Message) -> None:
        hear(bytes(message.bytes()))

    if name.startswith(ROOM):
        server, room = room_of(name, field="input")
        return RoomInput(server, room, hear)
    if name.startswith(SOCKET):
        port = _connected(name, field="input")
        threading.Thread(target=_listen, args=(port, heard), daemon=True, name="listening").start()
        return port
    return _opened(name, input_names, mido.open_input, field="input", callback=heard)


def open_output(name: str) -> Any:
    """Opens a port to send to. Raises as `open_input` does."""
    if name.startswith(ROOM):
        return open_room_output(name)
    if name.startswith(SOCKET):
        return _connected(name, field="out")
    return _opened(name, output_names, mido.open_output, field="out")


def is_there(port: Any) -> bool:
    """Whether an open port has not vanished."""
    if getattr(port, "closed", False):
        return False
    rtmidi = getattr(port, "_rt", None)
    if rtmidi is None or getattr(port, "is_virtual", False):
        return True
    with contextlib.suppress(Exception):  # whatever the system says of a device that was pulled out
        return port.name in rtmidi.get_ports()
    return False


def meant(name: str, names: Sequence[str], *, field: str) -> str:
    """The port that a name means: its own, or the only one that it is part of. Raises UsageError."""
    if name in names:
        return name
    parts = [one for one in names if name.casefold() in one.casefold()]
    if len(parts) == 1:
        return parts[0]
    near = difflib.get_close_matches(name, parts or names, n=1, cutoff=0.4)
    which = f"{len(parts)} ports have that in their names" if parts else "there is no such port"
    guess = f"; did you mean {near[0]!r}?" if near else "; no port is there" if not names else ""
    raise UsageError(f"`{field}` {name!r}: {which}{guess}; `ports` lists them, virtual:NAME makes one", field=field)


def _names(ask: Callable[[], list[str]]) -> list[str]:
    try:
        return list(dict.fromkeys(ask()))
    except ImportError:
        raise SoundError(f"no MIDI ports: {INSTALL}") from None
    except Exception as refusal:  # rtmidi has errors of its own, which cannot be named without loading it
        raise SoundError(f"no MIDI ports: {refusal}; is the system's MIDI running?") from None


def _opened(
    name: str, names: Callable[[], list[str]], open_port: Callable[..., Any], *, field: str, **more: Any
) -> Any:
    is_virtual = name.startswith(VIRTUAL)
    called = name.removeprefix(VIRTUAL) if is_virtual else meant(name, names(), field=field)
    try:
        port = open_port(called, virtual=is_virtual, **more)
    except ImportError:
        raise SoundError(f"no MIDI ports: {INSTALL}") from None
    except Exception as refusal:
        raise SoundError(f"{name}: cannot be opened ({refusal}); does another program use it?") from None
    port.is_virtual = is_virtual
    return port


def _connected(name: str, *, field: str) -> Any:
    host, _, number = name.removeprefix(SOCKET).rpartition(":")
    if not host or not number.isdigit() or not 0 < int(number) < 1 << 16:
        raise UsageError(f"`{field}` {name}: must be socket:HOST:PORT, such as socket:127.0.0.1:9080", field=field)
    try:
        return connect(host, int(number))
    except OSError as refusal:
        raise SoundError(
            f"{name}: nobody answers ({refusal.strerror or refusal}); is the other side running?"
        ) from None


def _listen(port: Any, heard: Callable[[mido.Message], None]) -> None:
    with contextlib.suppress(OSError, ValueError, EOFError):  # closed, here or there
        for message in port:
            heard(message)
