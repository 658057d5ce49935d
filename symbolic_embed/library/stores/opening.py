"""Libraries by name: a folder, or the address of a server."""

from __future__ import annotations

from collections.abc import Mapping

from symbolic_embed.errors import CheckpointError, LibraryError
from symbolic_embed.library.features import Kind
from symbolic_embed.library.stores.folder import DamagedError, FolderLibrary, Header, is_library
from symbolic_embed.library.stores.library import Library


def open_library(name: str, *, checkpoint: str | None = None) -> Library:
    """The library of a name. Raises LibraryError where there is none; with `checkpoint`, the hash of a model,
    CheckpointError where it belongs to another."""
    library = FolderLibrary(name)
    if checkpoint is not None:
        _require_checkpoint(name, library, checkpoint)
    return library


def new_library(
    name: str, *, checkpoint: str, kinds: frozenset[Kind], options: Mapping[str, str] | None = None
) -> Library:
    """The library of a name to add to, made where there is none. Raises LibraryError where none can be made, or where
    one is there that holds other kinds or has other options, CheckpointError where it is of another checkpoint."""
    wanted = Header(checkpoint, kinds, dict(options or {}))
    if not is_library(name):
        return FolderLibrary.made(name, wanted)
    try:
        library = open_library(name, checkpoint=checkpoint)
    except DamagedError:
        library = FolderLibrary.with_head_again(name, wanted)
    _require_alike(name, library, wanted)
    return library


def _require_checkpoint(name: str, library: Library, checkpoint: str) -> None:
    if library.checkpoint != checkpoint:
        raise CheckpointError(
            f"{name}: the library was built with checkpoint {library.checkpoint[:12]}, this is {checkpoint[:12]}; "
            "give that checkpoint, or build the library again with this one"
        )


def _require_alike(name: str, library: Library, wanted: Header) -> None:
    there = {"kinds": ", ".join(sorted(library.kinds)), **library.options}
    asked = {"kinds": ", ".join(sorted(wanted.kinds)), **wanted.options}
    for field in sorted(there.keys() | asked.keys()):
        if there.get(field) != asked.get(field):
            raise LibraryError(
                f"{name}: built with {field} {there.get(field, 'unset')}, {asked.get(field, 'unset')} is asked for; "
                "ask for the same, or name another library"
            )
