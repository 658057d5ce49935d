"""Libraries by name: a folder, or the address of a server."""

from __future__ import annotations

from collections.abc import Mapping

from symbolic_embed.errors import LibraryError
from symbolic_embed.library.features import Kind
from symbolic_embed.library.stores.folder import DamagedError, FolderLibrary, Header, is_library
from symbolic_embed.library.stores.library import Library
from symbolic_embed.library.stores.milvus import MilvusLibrary, is_address
from symbolic_embed.library.stores.store import require_checkpoint

LATER: frozenset[Kind] = frozenset({"tunes"})  # kinds of which there were none when there were libraries already


def open_library(name: str, *, checkpoint: str | None = None) -> Library:
    """The library of a name. Raises LibraryError where there is none; with `checkpoint`, the hash of a model,
    CheckpointError where it belongs to another."""
    library: Library = MilvusLibrary(name) if is_address(name) else FolderLibrary(name)
    if checkpoint is not None:
        require_checkpoint(library, checkpoint, named=name)
    return library


def new_library(
    name: str, *, checkpoint: str, kinds: frozenset[Kind], options: Mapping[str, str] | None = None
) -> Library:
    """The library of a name to add to, made where there is none, and mended where it is damaged. Raises LibraryError
    where none can be made, or where one is there that holds other kinds or has other options, CheckpointError where it
    is of another checkpoint. One that was built before there were some of the LATER kinds stays without them."""
    wanted = Header(checkpoint, kinds, dict(options or {}))
    if is_address(name):
        return _new_on_server(name, wanted)
    if not is_library(name):
        return FolderLibrary.made(name, wanted)
    try:
        library = FolderLibrary(name)
    except DamagedError:
        library = FolderLibrary.with_head_again(name, wanted)
    require_checkpoint(library, checkpoint, named=name)
    _require_alike(name, library, wanted)
    library.mend()
    return library


def _new_on_server(address: str, wanted: Header) -> Library:
    if not MilvusLibrary.is_there(address):
        return MilvusLibrary.made(address, checkpoint=wanted.checkpoint, kinds=wanted.kinds, options=wanted.options)
    library = open_library(address, checkpoint=wanted.checkpoint)
    _require_alike(address, library, wanted)
    return library


def _require_alike(name: str, library: Library, wanted: Header) -> None:
    there = {"kinds": ", ".join(sorted(library.kinds - LATER)), **library.options}
    asked = {"kinds": ", ".join(sorted(wanted.kinds - LATER)), **wanted.options}
    for field in sorted(there.keys() | asked.keys()):
        if there.get(field) != asked.get(field):
            raise LibraryError(
                f"{name}: built with {field} {there.get(field, 'unset')}, {asked.get(field, 'unset')} is asked for; "
                "ask for the same, or name another library"
            )
