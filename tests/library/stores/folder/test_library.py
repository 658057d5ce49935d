"""A library that is a folder does what every library does."""

import library_contract

from symbolic_embed.library.stores.folder import FolderLibrary, Header


class TestFolderLibrary(library_contract.LibraryContract):
    def empty(self, checkpoint, kinds, folder):
        return FolderLibrary.made(str(folder / "library"), Header(checkpoint, kinds))

    def again(self, library):
        return FolderLibrary(library.folder)
