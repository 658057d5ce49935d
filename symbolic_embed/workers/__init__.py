"""Work on what nobody can trust, in processes of its own: what kills a reader costs one file, which is named.

A damaged or hostile file may hang whoever reads it, eat all memory, or crash the process. So it is read in another one,
within limits of time and memory. A worker that dies is replaced, and the task it died of is lost, with the reason; all
others are done.

pool      many tasks, answered in their order by some workers
process   one process, its pipes, its clock
serving   what runs in a worker
limits    time and memory
frames    bytes through a pipe
"""

from symbolic_embed.workers.limits import Limits, Lost
from symbolic_embed.workers.pool import Workers

__all__ = ["Limits", "Lost", "Workers"]
