"""The request for playing along while somebody plays."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from symbolic_embed.requests.base import Request, Words
from symbolic_embed.requests.roles import Role
from symbolic_embed.settings import refused

NEAR, FAR = 0.15, 0.5
LEAST_BAR, MOST_BAR = 1, 8  # quarters
Toward = Literal["denser", "calmer", "higher", "lower"]
Sync = Literal["internal", "midi", "link"]


def _amount(given: object) -> object:
    """A number, or what a word comes to."""
    return {"near": NEAR, "far": FAR}.get(given.strip(), given) if isinstance(given, str) else given


class LiveRequest(Request):
    """What can be asked of whoever plays along.

    parts         what is played, by role
    player        what the player plays, by role; None: what the first bars sound like
    tempo         quarters a minute, until a tap or another clock says otherwise
    metre         "4/4", "7/8", ...
    sync          whose clock counts: our own, which starts with the first note; MIDI clock that comes in; Ableton Link
    clock_out     MIDI clock, start, stop and song position are sent
    offset_ms     what is sent comes so much earlier (negative: later), to make up for a slow synthesiser
    trade         the player so many bars, then we so many; None: all play together
    stand_in      the music of the player's own that is answered from answers only where the composer would be late
    perturb       how far each bar is moved from what would come next: near, far, 0 to 1
    toward        where to: denser, calmer, higher, lower
    end_after     end with a last bar after so many; None: when the player does
    lead_ms       so long before a barline the next bar is begun; None: as long as this machine needs
    temperature   0.9; lower: the likelier notes
    top_p         only the likeliest choices are drawn from, those that make up this share
    random_seed   another seed, other music; the same one and the same playing, the same bytes
    """

    parts: Annotated[tuple[Role, ...], Words] = Field(
        ("bass", "drums"), min_length=1, description="What to play: bass, drums, chords, melody."
    )
    player: Role | None = Field(None, description="What the player plays. Default: what it sounds like.")
    tempo: float = Field(120.0, ge=20, le=400, description="Quarters a minute.")
    metre: str = Field("4/4", description="Beats a bar.")
    sync: Sync = Field("internal", description="Whose clock counts; the internal one starts with the first note.")
    clock_out: bool = Field(False, description="Send MIDI clock, start, stop, song position.")
    offset_ms: float = Field(0.0, ge=-500, le=500, description="Send everything so much earlier.")
    trade: int | None = Field(None, ge=1, le=32, description="You N bars, it N bars, by turns.")
    stand_in: bool = Field(False, description="With --from: your music answers only where the model would be late.")
    perturb: Annotated[float, BeforeValidator(_amount)] = Field(
        0.0, ge=0, le=1, description="How far from what would come next: near, far or a number."
    )
    toward: Toward | None = Field(None, description="Play that way, beside what you play.")
    end_after: int | None = Field(None, ge=2, description="End after so many bars. Default: when you stop.")
    lead_ms: float | None = Field(None, ge=50, le=5000, description="Begin a bar so long before it sounds.")
    temperature: float = Field(0.9, ge=0.01, le=5, description="Lower: the likelier notes.")
    top_p: float = Field(0.95, ge=0.01, le=1, description="Draw from the likeliest choices only.")
    random_seed: int = Field(0, ge=0, description="Another seed, other music.")

    @field_validator("metre")
    @classmethod
    def _require_metre(cls, metre: str) -> str:
        signs = re.fullmatch(r"(\d{1,2})/(2|4|8|16)", metre.strip(), re.ASCII)
        if not signs or not LEAST_BAR <= 4 * int(signs[1]) / int(signs[2]) <= MOST_BAR:
            raise refused(f"must be a metre such as 4/4 or 7/8, of {LEAST_BAR} to {MOST_BAR} quarters")
        return f"{int(signs[1])}/{signs[2]}"

    @model_validator(mode="after")
    def _require_one_part_in_trades(self) -> Self:
        if self.trade is not None and "parts" in self.model_fields_set and len(self.parts) > 1:
            raise refused(f"`parts` {','.join(self.parts)} with `trade`: one answers the player; name one part")
        return self
