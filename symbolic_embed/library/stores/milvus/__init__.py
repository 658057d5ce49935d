"""A library on a Milvus server: for collections that are larger than a machine, or that several share.

    http://HOST:PORT          the library of the name NAME
    http://HOST:PORT/other    another on the same server

server   the server: one collection of records, and one of rows for each channel
records  what a record is
lease    who writes, as well as a server can say
writer   adding and removing, seen by others from a commit on
library  the library, open

It needs the extra `milvus`, which is imported when a library is opened by an address. Rows are in half precision, as in
a folder, and sent as float32, which every server takes.
"""

from symbolic_embed.library.stores.milvus.library import MilvusLibrary, is_address

__all__ = ["MilvusLibrary", "is_address"]
