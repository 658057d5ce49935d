"""Where features of pieces are kept.

store    what every store can do
memory   a store that ends with the program
library  what a library can do: a store of files that lasts, grows, and is searched
opening  libraries by name
folder/  a library that is a folder
milvus/  a library on a Milvus server
packing  features of a piece as bytes, section by section
buffers  arrays as bytes
pieces_file pieces by their content, as the user's cache has them
"""

from symbolic_embed.library.stores.memory import MemoryStore
from symbolic_embed.library.stores.store import Store

__all__ = ["MemoryStore", "Store"]
