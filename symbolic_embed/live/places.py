"""Where a session listens, sends, and asks: on this machine, or on others."""

from __future__ import annotations

from typing import NamedTuple

from symbolic_embed.live.helpers import AnsweringProcess, SendingProcess
from symbolic_embed.live.keeping import Respondent
from symbolic_embed.live.performance import HORIZON
from symbolic_embed.live.remote import RemoteAnswering, RemoteSending
from symbolic_embed.live.wire import Address
from symbolic_embed.live.worker import Start

SPARE = 0.02  # seconds more than there and back that a note is sent on before it sounds
FURTHEST = 1.0  # seconds


class Places(NamedTuple):
    """A port to listen to; a port to send to, or the address of one; the address of a model, None: one is loaded here;
    the token of those that are elsewhere."""

    input: str
    out: str | Address
    model: Address | None = None
    token: str = ""

    def sender(self) -> SendingProcess | RemoteSending:
        """Whoever sends. Raises UsageError for a port that is not there, SoundError where it cannot be opened, or
        nobody answers."""
        if isinstance(self.out, Address):
            return RemoteSending(self.out, self.token)
        return SendingProcess(self.out)

    def answerer(self, start: Start) -> Respondent:
        """Whoever answers. Raises what loading the model does, and SoundError where nobody answers."""
        return AnsweringProcess(start) if self.model is None else RemoteAnswering(self.model, self.token, start)


def horizon_of(sender: SendingProcess | RemoteSending) -> float:
    """How many seconds before it sounds a note is sent on, to be there in time."""
    if isinstance(sender, SendingProcess):
        return HORIZON
    return min(HORIZON + SPARE + 2 * sender.compared.delay, FURTHEST)
