"""What a distance means: "same music", "related", "nothing alike", and how probable the first is.

    same music      one piece: in another edition or key, for other instruments, with some notes changed
    related         a variation on the theme, another setting of the tune, the same song taken further away
    nothing alike   no more in common than any two pieces have

A curve says how probable one of the first two is at a distance d, falling from 1 to 0:

    p(d) = 1 / (1 + exp((d - middle) / width))

*before looking, one piece of a thousand being the same, and ten related*: among many pieces some are near by chance,
and what is said of each is right for a collection of about that size. The word is "same music" where that has a
probability of two thirds or more, else "related" where that (or the same music) has one half or more, else "nothing
alike". Nothing else counts: what is said of two pieces is the same whatever they are compared among. Curves are for
what is asked for: one for each part of the likeness by which pieces are ranked, since each has a scale of its own, and
for fragments by how many bars they have, since two bars lie near something by chance more easily than eight. A fragment
of fewer than FEWEST_NOTES notes is in many pieces note for note, and is never called the same music.

Curves depend on the model. They stand in its card, under `calibration`, where somebody has fitted them
(`benchmarks/calibration.py --write`), and else are those of the bundled one, below. Fitted by logistic regression to
pairs of the validation split, every file transposed at random, unrelated pairs weighed as said; half of these are of
one data set, where pieces are more alike than any two.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple, Self

from pydantic import Field

from symbolic_embed.errors import CheckpointError, SettingsError
from symbolic_embed.requests.asking import By, Metric
from symbolic_embed.settings import Settings

Word = Literal["same music", "related", "nothing alike"]
SAME_MUSIC: Final = "same music"
RELATED: Final = "related"
NOTHING_ALIKE: Final = "nothing alike"
FEWEST_NOTES = 8
PRIOR, PRIOR_RELATED = 1 / 1000, 1 / 100
SURE, LIKELY = 2 / 3, 1 / 2  # probabilities from which on words are said
LARGEST = 700.0  # whose exponential is a number


class Verdict(NamedTuple):
    """What is said of two pieces, or of a fragment and a piece. probability: that it is the same music."""

    likeness: Word
    probability: float


class Curve(Settings):
    """A probability that falls with the distance: one half at `middle`."""

    middle: float
    width: float = Field(gt=0)

    def probability(self, distance: float) -> float:
        """At a distance."""
        return 1 / (1 + math.exp(min((distance - self.middle) / self.width, LARGEST)))

    def distance(self, probability: float) -> float:
        """At which it has a probability, more than 0 and less than 1."""
        return self.middle - self.width * math.log(probability / (1 - probability))


class Scale(Settings):
    """The curves of "same music", and of "related" or nearer."""

    same: Curve
    related: Curve

    def verdict(self, distance: float, *, can_be_same: bool = True) -> Verdict:
        """What a distance means. Where too little is there to be told the same, it is related at most."""
        probability = self.same.probability(distance)
        if not can_be_same:
            probability = min(probability, LIKELY)
        is_related = self.related.probability(distance) >= LIKELY
        word: Word = SAME_MUSIC if probability >= SURE else RELATED if is_related else NOTHING_ALIKE
        return Verdict(word, float(f"{probability:.3g}"))


class Calibration(Settings):
    """The scales of a model: of pieces, by what counts (and by "all cosine" and "bars cosine" where bars are compared
    so); of fragments, by how many bars they have."""

    pieces: dict[str, Scale]
    fragments: dict[int, Scale]

    @classmethod
    def of_card(cls, card: Mapping[str, Any]) -> Self:
        """That of a checkpoint's card, or of the bundled model. Raises CheckpointError for one that cannot be read."""
        try:
            return cls(**{**BUNDLED, **card.get("calibration", {})})
        except (SettingsError, TypeError) as error:
            raise CheckpointError(
                f"the card's `calibration` cannot be read ({error}); fit it again with benchmarks/calibration.py, or "
                "take it out of the card"
            ) from None

    def of_pieces(self, by: By, metric: Metric) -> Scale | None:
        """The scale of the distances of pieces; None by rhythm."""
        return self.pieces.get(f"{by} cosine" if metric == "cosine" and by in ("all", "bars") else by)

    def of_fragment(self, bars: int) -> Scale:
        """The scale of the distances of a fragment; that of the nearest number of bars."""
        return self.fragments[min(self.fragments, key=lambda known: abs(math.log(known / max(bars, 1))))]


def _scale(same: tuple[float, float], related: tuple[float, float]) -> dict[str, dict[str, float]]:
    return {
        name: {"middle": middle, "width": width} for name, (middle, width) in (("same", same), ("related", related))
    }


BUNDLED: Mapping[str, Any] = {
    "pieces": {
        "all": _scale((0.590, 0.0318), (0.763, 0.0385)),
        "bars": _scale((0.172, 0.1055), (0.372, 0.1179)),
        "harmony": _scale((0.639, 0.0372), (0.741, 0.0448)),
        "melody": _scale((0.385, 0.0579), (0.727, 0.0381)),
        "all cosine": _scale((0.555, 0.0318), (0.728, 0.0385)),
        "bars cosine": _scale((0.030, 0.0363), (0.138, 0.0877)),
    },
    "fragments": {
        1: _scale((0.085, 0.0600), (0.210, 0.0862)),
        2: _scale((0.213, 0.0514), (0.358, 0.0724)),
        4: _scale((0.342, 0.0418), (0.506, 0.0585)),
    },
}
