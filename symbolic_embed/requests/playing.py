"""Requests about how notes are played: when they are struck and how loud, whatever they are."""

from __future__ import annotations

from pydantic import Field

from symbolic_embed.requests.base import Tracks
from symbolic_embed.requests.roles import RolesRequest

AMOUNT = 0.7


class PlayingRequest(RolesRequest):
    """What can be asked where notes stay and only the way they are played changes.

    amount   how far it goes: 0: as it was; 1: all the way
    tracks   which are played otherwise: numbers from 0 or names; None: all
    """

    amount: float = Field(AMOUNT, ge=0, le=1, description="How far it goes: 0: as it was; 1: all the way.")
    tracks: Tracks = Field(None, description="Only these tracks: numbers or names, as `show` has them.")


class GrooveRequest(PlayingRequest):
    """The timing and loudness of one piece on another. `tracks` and `roles` are of the other."""
