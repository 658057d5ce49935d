"""A library that is a folder: whatever is killed, flipped or asked meanwhile, nothing in it is lost, doubled or wrong.

    library.json              what it is: format, checkpoint, kinds, options          header
    catalogue.sqlite          files, pieces, facts, and where all lies                catalogue, tables
    features-000000.data      features of pieces, one behind the other                data, stores/packing
    passages-000000.rows      the rows of a channel, records of one size              records
    passages-000000.index     where to look for the nearest; a cache                  lists
    sketches.packed           all pieces, roughly; a cache                            library/sketch_file
    lock                      who writes                                              lock

library     the folder, open
writer      adding and removing: data first, then the catalogue's commit
tidying     what is done when all is committed
compacting  data files without what is dead
mending     a damaged library, as much of it as is whole
reader      places from the catalogue, contents from the data files
generations the data files as they are open
flat        the nearest rows, exactly
candidates  the nearest rows by an index, measured again
indexing    making an index, and adding to it
engine      what faiss does for an index
damage      what is not as it was written: said, and noted for who writes next
"""

from symbolic_embed.library.stores.folder.damage import DamagedError
from symbolic_embed.library.stores.folder.header import Header, is_library
from symbolic_embed.library.stores.folder.library import FolderLibrary

__all__ = ["DamagedError", "FolderLibrary", "Header", "is_library"]
