"""What is made of a collection: what goes on well, an order, what is there twice."""

from __future__ import annotations

import os
from typing import Any

from symbolic_embed.api.music import Music, Paths, Rejected, collected, piece_of
from symbolic_embed.api.session import Model, PathLike, Session, request_of
from symbolic_embed.errors import UsageError
from symbolic_embed.library import duplicates as grouping
from symbolic_embed.library import order as ordering
from symbolic_embed.library.duplicates import Group
from symbolic_embed.library.following import Continuation, following
from symbolic_embed.library.order import Arrangement
from symbolic_embed.library.recurring import Recurrence, recurring
from symbolic_embed.library.stores.library import Library
from symbolic_embed.requests import DuplicatesRequest, NextRequest, OrderRequest


def next(
    loop: Music,
    paths: Paths | Library,
    request: NextRequest | None = None,
    *,
    checkpoint: Model = None,
    rejected: Rejected | None = None,
    **fields: Any,
) -> list[Continuation]:
    """Files by how well they go on from a loop, the best first: what comes after what, not what is alike.

    Parameters
    ----------
    loop : path, bytes, or an object of symusic, mido, pretty_midi or music21
        What to go on from.
    paths : path, paths or Library
        Files, and folders to walk; or a library (`symbolic_embed.open_library`).
    request : NextRequest, optional
        All of what follows `rejected` in one; then nothing else is given.
    checkpoint, rejected, where, join_channels, roles
        As in `rank`; roles are of the loop.
    after : int, at least 1, optional
        The bar of the loop after which it goes on. Default: the last.
    transpose : bool, default False
        The loop is moved to whichever of twelve keys a piece goes on from best.
    tracks : text or iterable, optional
        Only these tracks of the loop count: numbers from 0 or names, "0,bass".
    top : int, at least 1, optional
        Only so many. Default: all.

    Returns
    -------
    list of Continuation
        path; distance, 1 where the loop adds nothing, less where it leads there; transposition, in semitones, of the
        loop; query_bar, the bar of the loop that it goes on from, and bar, the first of the piece, from 1.

    Raises
    ------
    CheckpointError
        The model has no anchor.
    UsageError
        The loop has no such bar.

    Examples
    --------
    >>> import symbolic_embed
    >>> samples = "datasets/samples/midi"
    >>> [best] = symbolic_embed.next(f"{samples}/ah_vous_dirai_je_variation_1.mid", samples, top=1)
    >>> best.query_bar, best.bar
    (24, 1)
    """
    request = request_of(NextRequest, request, fields)
    return following(
        piece_of(loop, request, request.roles),
        collected(paths, rejected, request, where=request.conditions),
        Session.of(checkpoint).embedder,
        request,
    )


def order(
    paths: Paths | Library,
    request: OrderRequest | None = None,
    *,
    first: PathLike | None = None,
    last: PathLike | None = None,
    checkpoint: Model = None,
    rejected: Rejected | None = None,
    **fields: Any,
) -> Arrangement:
    """Loops as an arrangement: all files once, each where it goes on best from the one before it.

    Parameters
    ----------
    paths : path, paths or Library
        Files, and folders to walk; or a library (`symbolic_embed.open_library`).
    request : OrderRequest, optional
        All of what follows `rejected` in one; then nothing else is given.
    first, last : path, optional
        Files, among those of `paths`, to begin and to end with.
    checkpoint, rejected, where, join_channels
        As in `rank`.

    Returns
    -------
    Arrangement
        loops, each with place (from 1), path and distance (as in `next`, from the one before); total, the sum of
        these; best_random and median_random, what a thousand drawn orders cost at best and in the middle.

    Examples
    --------
    >>> import symbolic_embed
    >>> arrangement = symbolic_embed.order("datasets/samples/midi")
    >>> len(arrangement.loops), arrangement.total < arrangement.best_random
    (16, True)
    """
    request = request_of(OrderRequest, request, fields)
    return ordering.order(
        collected(paths, rejected, request, where=request.conditions),
        Session.of(checkpoint).embedder,
        request,
        first=None if first is None else os.fspath(first),
        last=None if last is None else os.fspath(last),
    )


def duplicates(
    paths: Paths | Library,
    request: DuplicatesRequest | None = None,
    *,
    checkpoint: Model = None,
    rejected: Rejected | None = None,
    **fields: Any,
) -> list[Group]:
    """Files that are there twice: groups of near-duplicates, in whatever key. Nothing is deleted.

    Parameters
    ----------
    paths : path, paths or Library
        Files, and folders to walk; or a library (`symbolic_embed.open_library`).
    request : DuplicatesRequest, optional
        All of what follows `rejected` in one; then nothing else is given.
    checkpoint, rejected, where, join_channels
        As in `rank`.
    within : float, 0 to 0.3, default 0.1
        How far apart duplicates may be, by the distance of `rank` with `transpose`.
    passages, shortest, transpose, same_file
        Of passages inside files, which `duplicate_passages` lists.

    Returns
    -------
    list of Group
        paths; distance, the largest that had to be bridged. The nearest group first.

    Raises
    ------
    UsageError
        Passages are asked for.

    Examples
    --------
    >>> import symbolic_embed
    >>> [group] = symbolic_embed.duplicates(["datasets/samples/abc/ode_to_joy.abc", "datasets/samples/midi"])
    >>> group.distance, [path.rpartition("/")[2] for path in group.paths]
    (0.0, ['ode_to_joy.abc', 'ode_to_joy.mid'])
    """
    request = request_of(DuplicatesRequest, request, fields)
    if request.passages:
        raise UsageError("duplicates gives groups of files; `duplicate_passages` gives passages")
    return grouping.duplicates(
        collected(paths, rejected, request, where=request.conditions), Session.of(checkpoint).embedder, request
    )


def duplicate_passages(
    paths: Paths | Library,
    request: DuplicatesRequest | None = None,
    *,
    checkpoint: Model = None,
    rejected: Rejected | None = None,
    **fields: Any,
) -> list[Recurrence]:
    """Stretches of bars of files that are there again in other files, the longest first.

    Parameters
    ----------
    paths : path, paths or Library
        Files, and folders to walk; or a library (`symbolic_embed.open_library`).
    request : DuplicatesRequest, optional
        All of what follows `rejected` in one; then nothing else is given.
    checkpoint, rejected, where, join_channels
        As in `rank`.
    within : float, 0 to 0.3, default 0.1
        How far apart the bars of a stretch may be, in the mean.
    shortest : int, at least 2, default 4
        Of how many bars stretches are, at least.
    transpose : bool, default False
        In whatever key.
    same_file : bool, default False
        Also what is there again later in its own file.
    passages : bool
        Always true here.

    Returns
    -------
    list of Recurrence
        path, bar and last_bar, from 1; other_path, other_bar and other_last_bar, as many bars; transposition, by how
        many semitones the first are to be moved; distance, 0 for the same music. Files of the same notes count once.

    Examples
    --------
    >>> import symbolic_embed
    >>> variations = [f"datasets/samples/midi/ah_vous_dirai_je_variation_{number}.mid" for number in (1, 2)]
    >>> symbolic_embed.duplicate_passages(variations)
    []
    """
    request = request_of(DuplicatesRequest, request, {"passages": True, **fields} if request is None else fields)
    return recurring(
        collected(paths, rejected, request, where=request.conditions), Session.of(checkpoint).embedder, request
    )
