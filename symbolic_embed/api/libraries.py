"""Libraries: music that is kept, to be searched."""

from __future__ import annotations

import os
from contextlib import closing
from typing import Any

from symbolic_embed.api.music import Paths, Rejected, paths_of
from symbolic_embed.api.session import Model, PathLike, Session, request_of
from symbolic_embed.errors import InputError
from symbolic_embed.files.folders import find_midi
from symbolic_embed.library.adding import Addition, opened_or_new
from symbolic_embed.library.contents import remove
from symbolic_embed.library.indexing import Outcome
from symbolic_embed.library.stores.library import Library
from symbolic_embed.library.stores.opening import open_library as opened
from symbolic_embed.requests import BuildLibraryRequest


def build_library(
    place: PathLike,
    paths: Paths,
    request: BuildLibraryRequest | None = None,
    *,
    checkpoint: Model = None,
    rejected: Rejected | None = None,
    **fields: Any,
) -> Library:
    """Adds files and folders to a library, which is made where there is none. What is in it already is left as it is;
    whatever ends the work, the same call goes on from the last seconds.

    Parameters
    ----------
    place : path
        The library: a folder of its own.
    paths : path or paths
        Files, and folders to walk; they are kept as they are named here.
    request : BuildLibraryRequest, optional
        All of what follows `rejected` in one; then nothing else is given.
    checkpoint : path, Session, Embedder or TrainedComposer, optional
        The model. Default: the bundled one, loaded anew. Its `jobs` are also the processes that read.
    rejected : callable, optional
        Is told (path, reason) of each file that cannot be used, each time. Default: the first such file is an error,
        once all others are added.
    prune : bool, default False
        Forget the files that are gone from what is named.
    shard : str, optional
        Only this share of the files: "3/8" is the third of eight. Default: all.
    engine : "local" or "ray", default "local"
        Who reads and embeds: this machine, or a Ray cluster.
    join_channels : bool, default False
        Channels of one track and programme are one part, drums apart: a guitar with a channel a string.

    Returns
    -------
    Library
        Open; `close` it. `len`: its files; `files()`: each with hash and piece; it is taken in place of files.

    Raises
    ------
    LibraryError
        Something else is at that place, or somebody else is writing into it.
    CheckpointError
        It is a library of another model.
    InputError
        A file cannot be used, and nobody is told.

    Examples
    --------
    >>> import symbolic_embed, tempfile
    >>> place = tempfile.mkdtemp() + "/library"
    >>> library = symbolic_embed.build_library(place, "datasets/samples/midi")
    >>> len(library)
    16
    >>> library.close()
    """
    request = request_of(BuildLibraryRequest, request, fields)
    session = Session.of(checkpoint)
    found = sorted(find_midi(paths_of(paths)), key=lambda file: os.fsencode(file.path))
    embedder = session.embedder
    refused: list[tuple[str, str]] = []

    def told(outcome: Outcome) -> None:
        if outcome.state == "rejected":
            refused.append((outcome.path, outcome.reason or ""))

    name = os.fspath(place)
    library = opened_or_new(name, request, checkpoint=embedder.embedding_hash, has_passages=embedder.has_passages)
    addition = Addition(library, request, lambda: embedder, jobs=session.jobs)
    meant = addition.meant(found, place=name)
    addition.add(meant, told)
    if request.prune:
        addition.gone([os.fspath(path) for path in paths_of(paths)], meant)
    for path, reason in refused:
        if rejected is None:
            library.close()
            raise InputError(path, reason)
        rejected(path, reason)
    return library


def open_library(place: PathLike) -> Library:
    """A library that is there.

    Parameters
    ----------
    place : path
        Its folder.

    Returns
    -------
    Library
        Open; `close` it. It is taken in place of files.

    Raises
    ------
    LibraryError
        There is none.

    Examples
    --------
    >>> import symbolic_embed, tempfile
    >>> place = tempfile.mkdtemp() + "/library"
    >>> symbolic_embed.build_library(place, "datasets/samples/midi/ode_to_joy.mid").close()
    >>> [file.path for file in symbolic_embed.open_library(place).files()]
    ['datasets/samples/midi/ode_to_joy.mid']
    """
    return opened(os.fspath(place))


def remove_from_library(place: PathLike, paths: Paths) -> int:
    """Forgets files, and those in folders; nothing on the disk is touched but the library.

    Parameters
    ----------
    place : path
        The library's folder.
    paths : path or paths
        Files and folders, as they were named when they were added.

    Returns
    -------
    int
        How many files there were.

    Examples
    --------
    >>> import symbolic_embed, tempfile
    >>> place = tempfile.mkdtemp() + "/library"
    >>> symbolic_embed.build_library(place, "datasets/samples/midi/ode_to_joy.mid").close()
    >>> symbolic_embed.remove_from_library(place, "datasets/samples")
    1
    """
    with closing(opened(os.fspath(place))) as library:
        return remove(library, [os.fspath(path) for path in paths_of(paths)])
