"""Requests about recordings: how one is heard as a melody."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator, model_validator

from symbolic_embed.requests.base import Request
from symbolic_embed.settings import refused

Tracker = Literal["swift_f0", "pyin", "yin"]


class HumRequest(Request):
    """A recording as the MIDI of its melody.

    tempo    beats a minute, where they are known and never change; None: as heard
    metre    such as "3/4"; None: four beats a bar, barlines as heard
    begin    where in the recording to begin, in seconds
    end      where to end; None: at its end
    tracker  who hears the pitch
    """

    tempo: float | None = Field(None, ge=20, le=400, description="Beats a minute, where they never change.")
    metre: str | None = Field(None, description="Such as 3/4 or 6/8.")
    begin: float = Field(
        0.0, ge=0, description="Begin so many seconds into the recording; that is where the MIDI begins, too."
    )
    end: float | None = Field(None, gt=0, description="End so many seconds into it.")
    tracker: Tracker = Field("swift_f0", description="Who hears the pitch.")

    @field_validator("metre")
    @classmethod
    def _require_metre(cls, metre: str | None) -> str | None:
        if metre is not None and not re.fullmatch(r"([1-9]|1[0-6])/[248]", metre.strip(), re.ASCII):
            raise refused("must be a metre such as 4/4, 3/4 or 6/8")
        return metre and metre.strip()

    @model_validator(mode="after")
    def _require_stretch(self) -> HumRequest:
        if self.end is not None and self.end <= self.begin:
            raise refused(f"`begin` {self.begin:g} must lie before `end` {self.end:g}")
        return self
