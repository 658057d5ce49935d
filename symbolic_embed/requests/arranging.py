"""Requests for what is made of a collection: what goes on well, an order, what is there twice."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from symbolic_embed.requests.base import Tracks
from symbolic_embed.requests.roles import RolesRequest
from symbolic_embed.requests.where import WhereRequest
from symbolic_embed.settings import refused


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
    """What is there twice: files, in whatever key, or passages inside them.

    within     what is no further apart than this is there twice, by the joint distance
    passages   stretches of bars that are there again in other files, instead of whole files
    shortest   of how many bars such passages are, at least
    transpose  passages in whatever key; files are compared so as it is
    same_file  passages that are there again in their own file too
    """

    within: float = Field(0.1, ge=0, le=0.3, description="How far apart duplicates may be, as `rank` measures it.")
    passages: bool = Field(False, description="Stretches of bars that are there again in other files.")
    shortest: int = Field(4, ge=2, le=1_000, description="Of how many bars such passages are, at least.")
    transpose: bool = Field(False, description="Passages in whatever key; whole files are compared so as it is.")
    same_file: bool = Field(False, description="Also passages that are there again in their own file.")

    @model_validator(mode="after")
    def _require_passages(self) -> Self:
        for name in ("shortest", "same_file"):
            if not self.passages and getattr(self, name) != type(self).model_fields[name].default:
                raise refused(f"`{name}` is of passages: add `passages`, or leave it out")
        return self
