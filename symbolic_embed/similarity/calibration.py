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
(`benchmarks/calibration.py --write`), and else are those of the bundled one, below. They were fitted by logistic
regression to pairs of the validation split, every file transposed at random, unrelated pairs weighed as said; half of
these are of one data set, where pieces are more alike than any two: ten of them with equal shares and the synthetic
chord_loops with a twentieth.

The bundled model's own, with passages: in 118 pairs of one piece, 41 related and 54,285 unrelated ones of 330 pieces of
25 sets of the validation split, "same music" is said up to .58, of .85 of the pairs of one piece and of no unrelated
one; "related" up to .745, of half of the related (variations far from their theme go without) and of two of the
unrelated. The likeliest curve was a cliff, since the two hardly overlap; middle and width were set by hand so that it
lies between them, on these very pairs. What follows was measured of a model without passages, whose curves are below.

Pieces: 66 pairs of one piece (pop909, chopin_first_editions, mma_openewld, ruleband), 57 related (tavern_beethoven and
tunes of cre_irish and nottingham), 93,855 unrelated. By the joint distance the word "same music" is said up to .22, of
.85 of the pairs of one piece and .0001 of the unrelated; "related" up to .52, of .25 of the related: variations on a
theme are as far apart as many unrelated pieces, and go without. Synthetic loops of four chords, of which two share
three, are nearly all of the unrelated that are called either. (By "bars cosine" too few pairs were measured; its curves
are those of "bars", squared. Rhythm alone tells no piece from another, and no word is said by it.)

Tunes that are hummed (`benchmarks/humming.py`: 110 of the validation split, a third of them mildly distorted, each in
1,000 pieces): of those of up to 14 notes "same music" is said of .26 of their own pieces, and "related" or nearer of
.47; of longer ones of .48 and .82; of any other piece, where theirs is left out, "same music" to .01 of the tunes.

Fragments, with 300 pieces to lie in of which none is theirs, and with wrong notes in their own; the numbers of bars
between them take the nearest:

                              said up to   of its own, 5 % wrong   absent, of n   among 1,000
    2 bars (all, one, two)         .18              .81              .006  360        .018
    4 bars (all parts)             .31              .97              0     120        -

The last is what the one before would be with a thousand pieces, were chance the same in all. Two of the 360 were called
so, both of synthetic bands that play one style under other tunes, bass and drums nearly note for note. The curve of one
bar is drawn on from those of two and four, and eight bars take that of four.
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

    def of_pieces(self, by: By | Literal["sound"], metric: Metric) -> Scale | None:
        """The scale of the distances of pieces; None by rhythm, and by sound where nobody has fitted one."""
        return self.pieces.get(f"{by} cosine" if metric == "cosine" and by in ("all", "bars") else by)

    def of_fragment(self, bars: int) -> Scale:
        """The scale of the distances of a fragment; that of the nearest number of bars."""
        return self.fragments[min(self.fragments, key=lambda known: abs(math.log(known / max(bars, 1))))]


def scale_of_tune(notes: int) -> Scale:
    """The scale of the distances of a tune of so many notes; that of the nearest number of notes. No model has a share
    in them."""
    return TUNES[min(TUNES, key=lambda known: abs(math.log(known / notes)))]


def _scale(same: tuple[float, float], related: tuple[float, float]) -> dict[str, dict[str, float]]:
    return {
        name: {"middle": middle, "width": width} for name, (middle, width) in (("same", same), ("related", related))
    }


BUNDLED: Mapping[str, Any] = {
    "pieces": {
        "all": _scale((0.270, 0.0703), (0.516, 0.0779)),
        "bars": _scale((0.171, 0.0989), (0.400, 0.1037)),
        "harmony": _scale((0.622, 0.0353), (0.746, 0.0373)),
        "melody": _scale((0.156, 0.0851), (0.411, 0.0921)),
        "all cosine": _scale((0.242, 0.0756), (0.451, 0.0858)),
        "bars cosine": _scale((0.029, 0.0338), (0.160, 0.0830)),
    },
    "fragments": {
        1: _scale((0.085, 0.0600), (0.210, 0.0862)),
        2: _scale((0.213, 0.0514), (0.358, 0.0724)),
        4: _scale((0.342, 0.0418), (0.506, 0.0585)),
    },
}
TUNES: Mapping[int, Scale] = {  # by the notes of a tune
    10: Scale(same=Curve(middle=0.213, width=0.0713), related=Curve(middle=0.359, width=0.0734)),
    20: Scale(same=Curve(middle=0.359, width=0.0581), related=Curve(middle=0.493, width=0.0550)),
}
