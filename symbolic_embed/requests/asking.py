"""Requests for what is known of music: distances, places, embeddings."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from symbolic_embed.requests.base import Tracks
from symbolic_embed.requests.roles import RolesRequest
from symbolic_embed.requests.weighing import Weights
from symbolic_embed.requests.where import WhereRequest
from symbolic_embed.settings import refused

Metric = Literal["euclidean", "cosine"]
Method = Literal["pca", "tsne"]
Colour = Literal["folder", "metre", "key", "group", "role"]
RANK_CANDIDATES, FIND_CANDIDATES = 100, 100
By = Literal["all", "passages", "bars", "harmony", "melody", "rhythm"]
RankBy = Literal["all", "passages", "bars", "harmony", "melody", "rhythm", "tune", "sound"]
FindBy = Literal["bars", "tune"]


class MeasureRequest(WhereRequest):
    """How the likeness of pieces is measured.

    metric      how the distance of two bars is measured
    transpose   pieces are compared in whichever of the twelve transpositions is nearest
    weights     "harmony=.5,rhythm=2": what counts instead, the mean of these parts, weighed so (`requests.weighing`)
    """

    metric: Metric = Field("euclidean", description="How the distance of two bars is measured.")
    transpose: bool = Field(False, description="In whichever of the twelve transpositions is nearest.")
    weights: Weights = Field(
        default=(), description="Instead: the mean of some parts (bars too), each by its weight: harmony=.5,rhythm=2."
    )


class CompareRequest(MeasureRequest):
    """The distance of every pair of pieces.

    by          what counts: harmony, melody and learnt passages joined (all), or one part alone
    """

    by: By = Field(
        "all", description="What counts: harmony, melody and learnt passages joined (all), or one part alone."
    )

    @model_validator(mode="after")
    def _require_one_measure(self) -> Self:
        if self.weights and self.by != "all":
            raise _weighed_otherwise(self.by)
        return self


class RankRequest(MeasureRequest, RolesRequest):
    """Pieces, or single bars, by likeness to a query. `roles` are of the query.

    With `by` None, tune counts for a recording that was heard as a melody, sound for any other and wherever recordings
    are ranked, else all. Of a tune and of sound there is no `why`.

    by      all: harmony, melody, learnt passages joined; or one part alone; or tune, as it is sung; or sound
    level   piece: files are ranked; bar: every bar of every file
    tracks  which tracks of the query count: numbers from 0 or names; None: all
    top     only so many of the most alike; None: all
    why     what each distance is made of, the three nearest pairs of bars, and which bars lie along which
    candidates  of a library's pieces, how many are measured where `top` asks for the first alone; 0: all
    """

    by: RankBy | None = Field(
        None,
        description="What counts: harmony, melody and learnt passages joined (all), or one part alone; tune: where the "
        "query's melody lies, in whatever key, tempo and rhythm it is sung; sound: recordings beside MIDI and each "
        "other.",
    )
    level: Literal["piece", "bar"] = Field("piece", description="piece: rank files; bar: rank every bar of every file.")
    tracks: Tracks = Field(
        default=None, description="Only these tracks of the query count: numbers or names, as `show` has them."
    )
    top: int | None = Field(None, ge=1, description="Only the N most alike.")
    why: bool = Field(
        False,
        description="What each distance is made of, the three nearest pairs of bars, which bars lie along which.",
    )
    candidates: int = Field(
        default=RANK_CANDIDATES,
        ge=0,
        description="With a library and top: how many of its pieces are measured; 0: all.",
    )

    @property
    def measures_otherwise(self) -> bool:
        """Whether something is asked for that a tune has nothing of."""
        return self.level == "bar" or bool(self.weights)

    @model_validator(mode="after")
    def _require_one_measure(self) -> Self:
        if self.weights and self.by not in (None, "all"):
            raise _weighed_otherwise(self.by)
        return self

    @model_validator(mode="after")
    def _require_parts_to_tell_of(self) -> Self:
        if self.why and self.level == "bar":
            raise refused("`why` with `level` bar: bars have no parts to tell of; leave one out")
        if self.weights and self.level == "bar":
            raise refused("`weights` with `level` bar: bars have no parts to weigh; leave one out")
        if self.level == "bar" and self.by not in (None, "all", "bars"):
            raise refused(f"`by` {self.by} with `level` bar: single bars are ranked by their embeddings; leave one out")
        return self


def _weighed_otherwise(by: str | None) -> Exception:
    return refused(f"`weights` with `by` {by}: either says what counts; leave one out")


class FindRequest(RolesRequest, WhereRequest):
    """Which piece a fragment is from: the place in each piece where it fits best, in any key. `roles` are of the
    fragment.

    With `by` None, tune counts for a recording that was heard as a melody, else bars.

    by      bars: all of it is laid along a piece, bar beside bar; tune: its melody, in any tempo and rhythm
    tracks  which tracks of the fragment count: numbers from 0 or names; None: all
    top     only so many of the best; None: all
    candidates  of a library's pieces, how many are looked at, at most, where `top` asks for the first alone; 0: all
    """

    by: FindBy | None = Field(
        None,
        description="bars: all of the fragment, bar beside bar; tune: its melody, in whatever key, tempo and rhythm it "
        "is sung.",
    )
    tracks: Tracks = Field(
        default=None, description="Only these tracks of the fragment count: numbers or names, as `show` has them."
    )
    top: int | None = Field(None, ge=1, description="Only the N best places.")
    candidates: int = Field(
        default=FIND_CANDIDATES,
        ge=0,
        description="With a library and top: how many of its pieces are looked at, at most; 0: all.",
    )


class MapRequest(WhereRequest):
    """Pieces as points in a plane, near to each other where they are alike.

    method        which plane: where pieces differ most (pca), or where neighbours stay neighbours (tsne)
    colour        what points are coloured by
    heard         how many bars of a piece can be seen and heard on a page
    random_seed   where t-SNE, and a blend, begin
    """

    method: Method = Field(
        "pca",
        description="The plane in which pieces differ most, or (tsne: install symbolic-embed[map]) one in which "
        "neighbours stay neighbours.",
    )
    colour: Colour = Field("folder", description="What points are coloured by; group: as a meta.jsonl beside says.")
    heard: int = Field(16, ge=0, le=256, description="How many bars of a piece can be seen and heard on a page.")
    random_seed: int = Field(0, ge=0, description="Another seed, another t-SNE, another blend.")


class EmbedRequest(RolesRequest, WhereRequest):
    """Embeddings as arrays. `roles` are of a single file.

    level       bar: pieces and bars; cell: also each part's share of each bar; passage: also all that pieces and
                fragments are compared by, passages of two, four and eight bars, harmony and melody
    precision   of matrix products; auto measures which is faster here, float32 is what `rank` computes in; float16:
                computed in float32, kept in half precision
    """

    level: Literal["bar", "cell", "passage"] = Field(
        "bar",
        description="bar: pieces and bars; cell: also each part's share of each bar; passage: also passages of 2, 4 "
        "and 8 bars, harmony and melody.",
    )
    precision: Literal["auto", "float32", "bfloat16", "float16"] = Field(
        "auto",
        description="Of matrix products; auto measures which is faster here. float32 is what `rank` computes in; "
        "float16: the same, kept in half precision.",
    )


class PassagesRequest(RolesRequest):
    """The passages of a piece."""


class ReconstructRequest(RolesRequest):
    """Pieces through the model and back. `roles` are of a single file."""
