"""Who writes into a library on a server: whoever has the lease, which ends by itself when nobody renews it.

The server compares nothing before it writes. So whoever wants the lease writes its name where nobody's stands, waits
until any other that did the same at that moment has written too, and has it if its name still stands there.
"""

from __future__ import annotations

import secrets
import time
from typing import Any

from symbolic_embed.errors import LibraryInUseError
from symbolic_embed.library.stores.milvus.records import LEASE, only
from symbolic_embed.library.stores.milvus.server import Server

LASTS_S = 60.0
SETTLES_S = 0.25


class Lease:
    """The lease of a library, taken when it is made. Raises LibraryInUseError where somebody else has it."""

    def __init__(self, server: Server) -> None:
        self._server, self._name = server, secrets.token_hex(8)
        self._require(self._holder() in (None, self._name))
        self._write(LASTS_S)
        time.sleep(SETTLES_S)
        self._require(self._holder() == self._name)

    def renew(self) -> None:
        """Goes on holding it. Raises LibraryInUseError where it ended meanwhile and somebody else has it."""
        self._require(self._holder() in (None, self._name))
        self._write(LASTS_S)

    def give_back(self) -> None:
        """Somebody else may have it."""
        if self._holder() == self._name:
            self._write(0)

    def _holder(self) -> str | None:
        for record in self._server.find(f'sort == "{LEASE}"'):
            said: dict[str, Any] = record.said
            if said["until"] > time.time():
                return str(said["name"])
        return None

    def _write(self, seconds: float) -> None:
        self._server.put([only(LEASE, {"name": self._name, "until": time.time() + seconds})])

    def _require(self, is_ours: bool) -> None:
        if not is_ours:
            raise LibraryInUseError(
                f"{self._server.address}: somebody else is writing into it; wait until that is done "
                f"({LASTS_S:.0f} seconds after its end at most)"
            )
