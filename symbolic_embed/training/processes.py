"""Which of the processes of a run this is.

A run may be shared by several processes, on one machine or several (PyTorch's DistributedDataParallel, through
Lightning). All run the same command. The first one starts the others of its machine; it alone speaks, writes and looks
at held-out music. Each computes the gradient of a batch of its own; every step follows the mean of all.

On several machines the command is typed on each, with the variables that Lightning and torchrun know: MASTER_ADDR and
MASTER_PORT of the first, and NODE_RANK, 0 there and counted up.
"""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

from symbolic_embed.errors import UsageError

if TYPE_CHECKING:
    from symbolic_embed.progress import Progress
    from symbolic_embed.training.settings import BudgetSettings

MINUTES = 30  # that one machine waits for another, which is PyTorch's own limit
WAY_OUT = "run it on each machine with NODE_RANK (0, 1, ...) and the MASTER_ADDR and MASTER_PORT of the first"


def is_first_process() -> bool:
    """Whether this process is the first of its run, or the only one."""
    rank = os.environ.get("RANK")  # torchrun's, of all machines
    if rank is not None:
        return int(rank) == 0
    return all(int(os.environ.get(name, "0")) == 0 for name in ("NODE_RANK", "LOCAL_RANK"))


def require_place(settings: BudgetSettings) -> None:
    """Raises UsageError where a run is shared by several machines, and the variables do not say which of them this is,
    or where the first one is."""
    if settings.machines == 1 or "RANK" in os.environ:
        return
    rank, address, port = (os.environ.get(name, "") for name in ("NODE_RANK", "MASTER_ADDR", "MASTER_PORT"))
    if not rank.isdecimal() or int(rank) >= settings.machines:
        wrong = f"NODE_RANK is {rank!r}, and must be 0 to {settings.machines - 1}"
    elif not port.isdecimal() or not 0 < int(port) < 1 << 16:
        wrong = f"MASTER_PORT is {port!r}, and must be a port of the first machine"
    elif not _is_known(address):
        wrong = f"MASTER_ADDR is {address!r}, and must be the first machine's address or name"
    else:
        return
    raise UsageError(f"`machines` {settings.machines}: {wrong}; {WAY_OUT}", field="machines")


def tell_waiting(settings: BudgetSettings, progress: Progress) -> None:
    """Says which machine this is, and that it waits until all have met; once on each."""
    if settings.machines == 1 or "RANK" in os.environ or os.environ.get("LOCAL_RANK", "0") != "0":
        return
    at = f"{os.environ['MASTER_ADDR']}:{os.environ['MASTER_PORT']}"
    which = f"machine {int(os.environ['NODE_RANK']) + 1} of {settings.machines}"
    progress.tell(f"{which}: waiting for the others at {at}, {MINUTES} minutes at most", needed=True)


def _is_known(address: str) -> bool:
    try:
        return bool(address) and bool(socket.getaddrinfo(address, None))
    except OSError:
        return False
