"""Requests for new music: bars after a seed, parts beside it, a stretch in it."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from symbolic_embed.requests.base import Bars, Words
from symbolic_embed.requests.controls import ControlsRequest, PartTemperatureRequest
from symbolic_embed.requests.harmony import HarmonyRequest
from symbolic_embed.requests.roles import RolesRequest
from symbolic_embed.requests.scope import GoingOnRequest, TracksRequest
from symbolic_embed.settings import refused

SURE = 12  # notes: a shorter run may be chance, as `originality.provenance` shows

SEAM_HELP = "How the new bars sound: as the body of the seed (volume, programme, tempo ...), or as its end leaves it."

SECTION = r"[A-Za-z]['\u2019]?"  # a letter of a form, with either of the apostrophes that keyboards have

SeamMode = Literal["body", "keep"]
PlayedMetre = Literal["2/4", "3/4", "4/4", "5/4", "6/8", "9/8", "12/8"]
NewPart = Literal["chords", "bass", "drums", "melody"]


class WritingRequest(RolesRequest):
    """What can be asked of all new music.

    random_seed   another seed, other music; the same one, the same bytes
    max_copied    what shares more notes in a row with the training data is drawn again; None: whatever it shares
    normalise     lay results out as every DAW expects, one part a track
    played_tempo  of a seed played without a click: how many beats a minute, by and large; None: as it is heard
    played_metre  and in which metre; None: as it is heard
    barlines      of a seed played without a click: write the beats that were found as bars, every sound when it was
    """

    random_seed: int = Field(0, ge=0, description="Another seed, other music.")
    max_copied: int | None = Field(
        None,
        ge=SURE - 1,
        description="Draw again what shares more than N notes in a row with the training data.",
    )
    normalise: bool = Field(False, description="Lay the results out as every DAW expects: one part a track.")
    played_tempo: float | None = Field(
        None, ge=20, le=400, description="Of a seed played without a click: its beats a minute, where others are heard."
    )
    played_metre: PlayedMetre | None = Field(
        None, description="Of a seed played without a click: its metre, where another is heard."
    )
    barlines: bool = Field(
        False, description="Of a seed played without a click: write its beats as bars, every sound when it was."
    )


class HumanisedRequest(WritingRequest):
    """What can be asked of how new notes are played.

    humanise   how far they are played as people play, drums above all, 0 to 1; None: as the seed's notes are
    """

    humanise: float | None = Field(
        None, ge=0, le=1, description="Play new notes as people do, so far; what the seed plays already stays."
    )


class DrawingRequest(HumanisedRequest):
    """What can be asked of music that the composer draws, note by note.

    keep          how many of the takes are kept: `variations`, as it is said beside `takes`
    variations    how many different results
    takes         how many are drawn, of which the best are kept; None: four for each result
    temperature   0: the likeliest note each time; 1: as likely as the model finds them; above: less so
    top_p         only the likeliest choices are drawn from, those that make up this share
    """

    keep: int | None = Field(None, ge=1, le=256, description="How many of the takes are kept, the best of them.")
    variations: int = Field(1, ge=1, le=256, description="How many different ones.")
    takes: int | None = Field(
        None, ge=1, le=1024, description="Draw so many, test them, keep the best. Default: four for each result."
    )
    temperature: float = Field(0.9, ge=0, le=5, description="0: the likeliest note each time.")
    top_p: float = Field(0.95, ge=0.01, le=1, description="Draw from the likeliest choices only.")

    @model_validator(mode="before")
    @classmethod
    def _keep_so_many(cls, values: Any) -> Any:
        """What is kept of the takes are the variations."""
        kept = values.get("keep") if isinstance(values, dict) else None
        says_otherwise = kept is not None and values.get("variations") not in (None, 1)
        return values if kept is None or says_otherwise else {**values, "variations": kept}

    @model_validator(mode="after")
    def _require_takes_to_keep(self) -> Self:
        if self.keep is None:
            return self
        if self.takes is None:
            raise refused(f"`keep` {self.keep} without `takes`: of how many? `takes` {4 * self.keep}, for one")
        if self.keep > self.takes:
            raise refused(f"`keep` {self.keep}: only {self.takes} `takes` are drawn")
        if self.keep != self.variations:
            raise refused(f"`keep` {self.keep} with `variations` {self.variations}: one thing; leave one out")
        return self

    @model_validator(mode="after")
    def _require_enough_takes(self) -> Self:
        if self.takes is not None and self.takes < self.variations:
            raise refused(f"`takes` {self.takes}: fewer than the `variations` that are kept of them, {self.variations}")
        return self

    @model_validator(mode="after")
    def _require_chance_where_several_are_asked_for(self) -> Self:
        if self.variations > 1 and self.temperature == 0:
            raise refused(
                f"`variations` {self.variations} with `temperature` 0: the likeliest is always the same; leave one out"
            )
        return self


class ComposeRequest(GoingOnRequest, HarmonyRequest, ControlsRequest, PartTemperatureRequest, DrawingRequest):
    """New bars after a seed: which parts are written and which go on as they do, their harmony, how they play, and

    bars    how many
    form    sections that return, a letter each: A is the seed; A' begins like A and ends anew; None: all new
    alone   the new bars without the seed
    seam    how the parts sound in them: as in the body of the seed, or as its end leaves them
    """

    bars: int = Field(8, ge=1, le=10_000, description="How many new bars.")
    form: str | None = Field(None, description="Sections that return: A is the seed; A' begins like A and ends anew.")
    alone: bool = Field(False, description="Write the new bars alone, without the seed.")
    seam: SeamMode = Field("body", description=SEAM_HELP)

    @field_validator("keep", mode="before")
    @classmethod
    def _require_a_number(cls, given: object) -> object:
        """Other verbs are told by this word what of a seed stays."""
        if isinstance(given, str) and not given.strip().isdecimal():
            raise refused("must be how many of the `takes` are kept; tracks are named with `tracks`, `loop`")
        return given

    @field_validator("form")
    @classmethod
    def _require_letters(cls, form: str | None) -> str | None:
        if form is not None and not re.fullmatch(f"({SECTION})+", form):
            raise refused("must be letters, each a section, with or without an apostrophe, such as ABA'C")
        return form

    @model_validator(mode="after")
    def _require_a_bar_for_each_section(self) -> Self:
        if self.bars < len(self.sections):
            raise refused(
                f"`form` {self.form}: {self.bars} bars are too few for {len(self.sections)} sections; give more `bars`"
            )
        return self

    @property
    def sections(self) -> list[str]:
        """The letters of the form, each with its apostrophe; none without a form."""
        return re.findall(SECTION, self.form or "")


def _require_each_once(given: object) -> object:
    """Words as they are. A part that is named twice would be added once."""
    words = [word.strip() for word in given.split(",")] if isinstance(given, str) else given
    if isinstance(words, (list, tuple)):
        for number, word in enumerate(words):
            if word in words[:number]:
                raise refused(f"must name each part once, and {word} is there twice;")
    return given


class AccompanyRequest(DrawingRequest):
    """New parts beside those of a seed.

    parts   which; None: those of chords, bass and drums that it lacks
    """

    parts: Annotated[tuple[NewPart, ...] | None, Words, BeforeValidator(_require_each_once)] = Field(
        None, min_length=1, description="Which parts to add. Default: those of chords, bass, drums that it lacks."
    )


class FillRequest(TracksRequest, ControlsRequest, PartTemperatureRequest, DrawingRequest):
    """New music for a stretch of a seed: in which tracks, how they play, and

    bars     which are filled: "5-8,12" from 1, or indices from 0
    """

    bars: Bars = Field(None, description="These bars are filled, counted from 1.")
