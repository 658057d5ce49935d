"""A collection as a map."""

from __future__ import annotations

from typing import Any

from symbolic_embed.api.music import Paths, Rejected, collected
from symbolic_embed.api.session import Model, Session, request_of
from symbolic_embed.library.map import Map, mapped
from symbolic_embed.library.stores.library import Library
from symbolic_embed.requests import MapRequest


def map(
    paths: Paths | Library,
    request: MapRequest | None = None,
    *,
    checkpoint: Model = None,
    rejected: Rejected | None = None,
    **fields: Any,
) -> Map:
    """Files as points in a plane, near to those that they are like; the odd ones, and the gaps between.

    Parameters
    ----------
    paths : path, paths or Library
        Files, and folders to walk; or a library (`symbolic_embed.open_library`).
    request : MapRequest, optional
        All of what follows `rejected` in one; then nothing else is given.
    checkpoint, rejected, where
        As in `rank`.
    method : "pca" or "tsne", default "pca"
        The plane in which pieces differ most, or one in which neighbours stay neighbours (openTSNE, an extra).
    colour : "folder", "metre", "key", "group" or "role", default "folder"
        What the group of each point is; "group": as a meta.jsonl beside the files says.
    heard : int, 0 to 256, default 16
        How many bars of a piece a page holds (the command alone makes pages).
    random_seed : int, at least 0, default 0
        Where t-SNE begins.
    join_channels : bool, default False
        Channels of one track and programme are one part, drums apart: a guitar with a channel a string.

    Returns
    -------
    Map
        points, in the order of the paths, each with path, x, y, group, distance to its nearest neighbours, the nearest,
        and is_odd; gaps, each with x, y, radius and the numbers of the points around; odd, the numbers of the odd ones.

    Examples
    --------
    >>> import symbolic_embed
    >>> drawn = symbolic_embed.map("datasets/samples/midi", colour="metre")
    >>> drawn.points[3].path.rpartition("/")[2], drawn.points[3].group
    ('auld_lang_syne.mid', '4/4')
    """
    request = request_of(MapRequest, request, fields)
    pieces = collected(paths, rejected, request, where=request.conditions)
    return mapped(pieces, Session.of(checkpoint).embedder, request)
