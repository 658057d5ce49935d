"""The request for a watched folder: what appears beside each clip that is dropped into it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from symbolic_embed.requests.base import Words
from symbolic_embed.requests.changing import VaryRequest
from symbolic_embed.requests.writing import AccompanyRequest, ComposeRequest

Made = Literal["vary", "compose", "accompany"]
NOTHING = "none"


def _made(given: object) -> object:
    """Words, and none of them for "none"."""
    return () if given == NOTHING else given


class WatchRequest(VaryRequest):
    """What appears beside each clip: variations, as `vary` is asked for them, and

    verbs        which verbs are asked: vary, compose (the clip goes on), accompany (parts that it lacks); "none": none
    count        how many results of each verb
    new_bars     how many bars the clip goes on for
    neighbours   how many of the most alike pieces of a library
    transpose    neighbours in whichever of the twelve transpositions is nearest
    """

    verbs: Annotated[tuple[Made, ...], Words, BeforeValidator(_made)] = Field(
        ("vary",), description="What is made of each clip, with commas; none: only neighbours. Default: vary."
    )
    count: int = Field(4, ge=1, le=1000, description="How many results of each verb.")
    new_bars: int = Field(8, ge=1, le=10_000, description="With compose: for how many bars a clip goes on.")
    neighbours: int = Field(5, ge=0, le=1_000, description="How many of the most alike pieces of a library.")
    transpose: bool = Field(False, description="Neighbours in whichever of the twelve transpositions is nearest.")

    @property
    def varying(self) -> VaryRequest:
        """The variations that are asked for."""
        return VaryRequest(**{name: getattr(self, name) for name in VaryRequest.model_fields})

    @property
    def composing(self) -> ComposeRequest:
        """The continuations that are asked for, with what variations are asked that they share."""
        return ComposeRequest(bars=self.new_bars, variations=self._varies, **self._shared(ComposeRequest))

    @property
    def accompanying(self) -> AccompanyRequest:
        """The accompaniments that are asked for, likewise."""
        return AccompanyRequest(variations=self._varies, **self._shared(AccompanyRequest))

    @property
    def _varies(self) -> int:
        return min(self.count, 256)

    def _shared(self, kind: type[ComposeRequest] | type[AccompanyRequest]) -> dict[str, Any]:
        """What is asked of all new music."""
        names = ["random_seed", "max_copied", "normalise", "humanise", "roles", "join_channels"]
        names += ["barlines", "played_tempo", "played_metre"]
        return {name: getattr(self, name) for name in names if name in kind.model_fields}
