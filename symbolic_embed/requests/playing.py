"""Requests about how notes are played: when they are struck and how loud, whatever they are."""

from __future__ import annotations

import re

from pydantic import Field, field_validator

from symbolic_embed.requests.base import Tracks
from symbolic_embed.requests.roles import RolesRequest
from symbolic_embed.settings import refused

AMOUNT = 0.7
MIX = "mix"  # in place of a style: as is usual at the tempo


class PlayingRequest(RolesRequest):
    """What can be asked where notes stay and only the way they are played changes.

    amount   how far it goes: 0: as it was; 1: all the way
    tracks   which are played otherwise: numbers from 0 or names; None: all
    """

    amount: float = Field(AMOUNT, ge=0, le=1, description="How far it goes: 0: as it was; 1: all the way.")
    tracks: Tracks = Field(None, description="Only these tracks: numbers or names, as `show` has them.")


class GrooveRequest(PlayingRequest):
    """The timing and loudness of one piece on another. `tracks` and `roles` are of the other."""


class HumaniseRequest(PlayingRequest):
    """Notes played as people play them.

    style         whose manner: a style that drummers were heard in; None: as is usual at the tempo
    played        also what is played already, time and loudness each for itself
    random_seed   another seed, other playing; the same one, the same bytes
    """

    style: str | None = Field(None, description="Whose manner: rock, funk, jazz, latin, hiphop, soul, ...")
    played: bool = Field(False, description="Also what is played already.")
    random_seed: int = Field(0, ge=0, description="Another seed, other playing.")

    @field_validator("style")
    @classmethod
    def _require_word(cls, style: str | None) -> str | None:
        if style is None or style == MIX:
            return None
        if not re.fullmatch("[a-z]+", style):
            raise refused(f"must be a word such as rock, funk or jazz, or {MIX}")
        return style
