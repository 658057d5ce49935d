"""Requests for what is made of a collection: what goes on well, an order, what is there twice."""

from __future__ import annotations

from pydantic import Field

from symbolic_embed.requests.base import Tracks
from symbolic_embed.requests.roles import RolesRequest
from symbolic_embed.requests.where import WhereRequest


class NextRequest(RolesRequest, WhereRequest):
    """Pieces by how well they go on from a loop. `roles` are of the loop.

    after      the bar of the loop after which it goes on, from 1; None: its last one
    transpose  the loop is moved to whichever of twelve keys a piece goes on from best
    tracks     which tracks of the loop count: numbers from 0 or names; None: all
    top        only so many of the best; None: all
    """

    after: int | None = Field(None, ge=1, description="Go on after this bar of the loop, from 1.")
    transpose: bool = Field(False, description="From whichever of the loop's twelve transpositions is best.")
    tracks: Tracks = Field(
        default=None, description="Only these tracks of the loop count: numbers or names, as `show` has them."
    )
    top: int | None = Field(None, ge=1, description="Only the N best.")


class OrderRequest(WhereRequest):
    """Loops as an arrangement: each where it goes on best from the one before."""


class DuplicatesRequest(WhereRequest):
    """What is there twice, in whatever key.

    within   pieces no further apart than this are duplicates, by the joint distance
    """

    within: float = Field(0.1, ge=0, le=0.3, description="How far apart duplicates may be, as `rank` measures it.")
