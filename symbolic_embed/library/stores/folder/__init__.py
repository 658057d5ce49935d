"""A library that is a folder: whatever is killed, flipped or asked meanwhile, nothing in it is lost, doubled or wrong.

    library.json              what it is: format, checkpoint, kinds, options          header
    catalogue.sqlite          files, pieces, facts, and where all lies                catalogue
    features-000000.data      features of pieces, one behind the other                data, stores/packing
    passages-000000.rows      the rows of a channel, records of one size              records
    lock                      who writes                                              lock

library  the folder, open
writer   adding and removing: data first, then the catalogue's commit
reader   places from the catalogue, contents from the data files
flat     the nearest rows, exactly
damage   what is not as it was written: said, and noted for who writes next
"""

from symbolic_embed.library.stores.folder.header import Header, is_library
from symbolic_embed.library.stores.folder.library import FolderLibrary

__all__ = ["FolderLibrary", "Header", "is_library"]
