"""Which of the processes of a run this is.

A run may be shared by several processes, on one machine or several (PyTorch's DistributedDataParallel, through
Lightning). All run the same command. The first one starts the others of its machine; it alone speaks, writes and looks
at held-out music. Each computes the gradient of a batch of its own; every step follows the mean of all.

On several machines the command is typed on each, with the variables that Lightning and torchrun know: MASTER_ADDR and
MASTER_PORT of the first, and NODE_RANK, 0 there and counted up.
"""

from __future__ import annotations

import os


def is_first_process() -> bool:
    """Whether this process is the first of its run, or the only one."""
    rank = os.environ.get("RANK")  # torchrun's, of all machines
    if rank is not None:
        return int(rank) == 0
    return all(int(os.environ.get(name, "0")) == 0 for name in ("NODE_RANK", "LOCAL_RANK"))
