"""Where features of pieces are kept.

store    what every store can do
memory   a store that ends with the program
library  what a library can do: a store of files that lasts, grows, and is searched
"""

from symbolic_embed.library.stores.memory import MemoryStore
from symbolic_embed.library.stores.store import Store

__all__ = ["MemoryStore", "Store"]
