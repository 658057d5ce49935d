"""Requests for a seed changed: other notes in it, or pieces on the way to another."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, NamedTuple, Self

from pydantic import Field, model_validator

from symbolic_embed.requests.per_part import per_part
from symbolic_embed.requests.scope import Kept, RegionsRequest, TracksRequest
from symbolic_embed.requests.writing import SEAM_HELP, HumanisedRequest, SeamMode, WritingRequest
from symbolic_embed.settings import refused

CHANGE = 0.3  # the share of notes that a variation changes where nothing was said


class EditingRequest(TracksRequest, RegionsRequest, WritingRequest):
    """What can be asked where a seed itself changes: in which tracks and bars, and

    keep   what stays in them: melody, chords, rhythm (`composing.locks`); and whole parts, by number, by name or by
           what they do: drums, bass
    """

    keep: Kept = Field((), description="What must stay: one of these, or a track; may be given several times.")


Amount = Annotated[float, Field(ge=0, le=1)]
PartAmounts = tuple[tuple[int | str, Amount], ...]


class Dial(NamedTuple):
    """How far a variation goes: the field that says so, the amount for all parts, and those of parts with their own."""

    field: str
    amount: float
    of_parts: tuple[tuple[int | str, float], ...]


def _amount(given: object, *, field: str) -> float:
    """How far a part shall go, from a number or text."""
    try:
        amount = float(given) if isinstance(given, (str, int, float)) else -1.0
    except ValueError:
        amount = -1.0
    if not 0 <= amount <= 1:
        raise refused(f"`{field}` of a track must be a number from 0 to 1, not {given!r}")
    return amount


class VaryRequest(EditingRequest, HumanisedRequest):
    """A seed with other notes, as far from it as asked, by one of two dials.

    strength       how far in the model's space, as a quantile of random distances, 0 to 1
    change         which share of the notes becomes another, 0 to 1; .3 where neither dial is given
    part_strength  the strength of parts that have their own; where nothing is said of all, no other part varies
    part_change    the same of `change`. `strength` and `change` take them too: "bass=.1,.3", {"bass": .1, None: .3}
    each_bar       every cell for itself: bars that were the same, and parts, need not be; drums are as free as others
    count          how many different variations
    """

    strength: float | None = Field(
        None,
        ge=0,
        le=1,
        description="How far in the model's space, as a quantile of random distances. .5: as far as any two bars are.",
    )
    change: float | None = Field(
        None, ge=0, le=1, description="Or: which share of the notes becomes another; bass=.1,.3 gives a track its own."
    )
    part_strength: PartAmounts = Field((), description="The strength of tracks that have their own.")
    part_change: PartAmounts = Field((), description="The change of tracks that have their own.")
    each_bar: bool = Field(False, description="Vary every bar for itself, also those that are the same.")
    count: int = Field(1, ge=1, le=1000, description="How many different variations.")

    @model_validator(mode="before")
    @classmethod
    def _divide_dials(cls, values: Any) -> Any:
        """Takes the amounts of single parts out of what says all."""
        for dial in ("strength", "change"):
            given = values.get(dial) if isinstance(values, dict) else None
            if isinstance(given, dict) or (isinstance(given, str) and ("=" in given or "," in given)):
                pairs = dict(per_part(given, partial(_amount, field=dial)))
                values = {**values, dial: pairs.pop(None, None), f"part_{dial}": tuple(pairs.items())}
        return values

    @model_validator(mode="after")
    def _require_one_dial(self) -> Self:
        by_strength = self.strength is not None or bool(self.part_strength)
        if by_strength and (self.change is not None or self.part_change):
            raise refused("`strength` and `change` are two dials for one thing; leave one out")
        return self

    @property
    def dial(self) -> Dial:
        """The dial that is turned, and how far."""
        if self.strength is not None or self.part_strength:
            return Dial("strength", self.strength or 0.0, self.part_strength)
        amount = CHANGE if self.change is None and not self.part_change else self.change
        return Dial("change", amount or 0.0, self.part_change)

    @property
    def is_still(self) -> bool:
        """Whether it asks for the seed as it is."""
        return not self.dial.amount and not any(amount for _, amount in self.dial.of_parts)

    @property
    def share_of_notes(self) -> float | None:
        """The share of notes that is asked of parts without their own; None where the dial is strength."""
        return self.dial.amount if self.dial.field == "change" else None


class BlendRequest(EditingRequest):
    """Pieces on the way from one seed to another. `tracks`, `bars` and `keep` are of the first.

    steps      how many pieces lie between the two
    seam       how bars after its last sound: as in its body, or as its end leaves them
    to_tempo   arrive at the second one's tempo, step by step
    to_key     arrive in the second one's key, step by step
    """

    steps: int = Field(3, ge=1, le=100, description="How many pieces lie between the two.")
    seam: SeamMode = Field("body", description=SEAM_HELP)
    to_tempo: bool = Field(False, description="Arrive at B's tempo, step by step.")
    to_key: bool = Field(False, description="Arrive in B's key, step by step.")
