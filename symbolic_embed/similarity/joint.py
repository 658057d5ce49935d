"""The likeness of two pieces: its parts, and three of them joined.

    bars      late interaction of bar embeddings: the same bars, in whatever order
    harmony   passages of pitch classes, eight bars each: what variations and arrangements keep
    melody    alignment of melodies: what settings of a tune keep
    passages  late interaction of what the passage encoder has learnt of two, four and eight bars, where there is one
    rhythm    what begins when, in two bars on end: what another tune over the same groove keeps; counts alone

Each part is brought to a scale on which the same content has 0 and unrelated pieces have about 1. Pieces belong
together when they have *either* their harmony or their melody in common, so of these two the smaller counts most (the
power mean of exponent -4). Beside them counts what is learnt, or, where the checkpoint has no passage encoder, what the
bars say:

    d = 3/10 min(p, 4 max(h, m)) + 7/10 e    or    d = 1/5 b + 4/5 e,    e = ((h^-4 + m^-4) / 2)^(-1/4)

(Vectors of passages turn with the key nearly, not exactly, so they alone would say of a copy in another key that it is
a little away.) Where a part has nothing to say (no melody of four notes, nothing but drums), it says what the bars say,
in the joint likeness and where it is asked for alone; by a model with a passage encoder the bars as they are, in no
other key. Everything is a function of the two pieces alone: no third one changes it.

Who weighs the parts otherwise (`Likeness.weights`) gets the weighted mean of those that are named, each on its scale,

    d = sum(w * part) / sum(w)

with what the bars say in place of a part that says nothing.

One more part is a row of PARTS, a field of `Comparable` and of `library.features.Features`, and a name in
`requests.asking.By`.

Where the numbers come from: the scales are medians over pairs of pieces of the training split (cre_irish, mutopia) and
of music21's chorales. Exponent and weights were chosen from more than 150 settings by the mean over six sets: tunes and
arrangements (mma_openewld) of the training split, variations within mutopia, of all splits, the chorales, and two that
the validation split holds, tavern_beethoven and the tune settings, whose figures are therefore a little too good. The
test files of mma_openewld and chopin_first_editions were not looked at. A weighted sum with its best weights has a mean
average precision lower by .01 to .03 on tunes, variations and arrangements alike. Weighing by how polyphonic the two
pieces are lost. All this was with n-grams of intervals as the melody; when alignment took their place (`melody.py`),
exponents from -2 to -6 and the scale of the part were found to make .004 at most on other groups, and stayed. The
weight of passages was chosen on tavern_beethoven and the tune settings with an unfinished encoder: .3 gave .788 and
.985, .5 .788 and .970, none (bars in their place) .741 and .975.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.similarity.harmony import PARTS_OF_BAR, PASSAGE_BARS, transposed_passages
from symbolic_embed.similarity.late_interaction import Nearest, nearest_bars
from symbolic_embed.similarity.learnt_passages import PassageVectors, passage_distances
from symbolic_embed.similarity.likeness import UNRELATED, Likeness
from symbolic_embed.similarity.melody import NO_MELODY, Melody, melody_distances
from symbolic_embed.similarity.rhythm import NO_RHYTHM, Rhythm, rhythm_distances
from symbolic_embed.similarity.transposing import TRANSPOSITIONS

BARS_WEIGHT = 0.2
EXPONENT = -4
PASSAGES_WEIGHT, AT_MOST_OTHERS = 0.3, 4.0
PASSAGES = Likeness()
UNRELATED_PASSAGES = 0.875 * (PASSAGE_BARS * PARTS_OF_BAR) ** 0.5  # of points of length sqrt(parts)
UNRELATED_MELODIES = 1 / 1.1

PartName = Literal["harmony", "melody", "rhythm", "passages"]


def _no_harmony() -> NDArray[np.float32]:
    return np.zeros((0, PASSAGE_BARS * PARTS_OF_BAR, 12), np.float32)


@dataclass(frozen=True, eq=False)
class Comparable:
    """What is compared of a piece. bars: points (`Likeness.points`), float32 (versions, bars, d), in the first of the
    TRANSPOSITIONS, and mostly in none; keys: in how many of them all else is compared, where the bars are not needed
    there. All else is untransposed, and says nothing where it was not needed: harmony,
    passages, float32 (passages, parts of bars, 12); melody; rhythm; the learnt vectors of passages."""

    bars: NDArray[np.float32]
    keys: int = 1
    harmony: NDArray[np.float32] = field(default_factory=_no_harmony)
    melody: Melody = NO_MELODY
    rhythm: Rhythm = NO_RHYTHM
    passages: PassageVectors = field(default_factory=dict)

    @property
    def is_transposed(self) -> bool:
        """Whether there are versions in other keys."""
        return self.versions > 1

    @property
    def versions(self) -> int:
        """In how many of the TRANSPOSITIONS it is compared."""
        return max(self.keys, len(self.bars))

    @property
    def harmony_points(self) -> NDArray[np.float32]:
        """The passages in all versions; float32 (versions, passages, d)."""
        return transposed_passages(self.harmony, TRANSPOSITIONS[: self.versions])


def _harmony(piece: Comparable, others: Sequence[Comparable], transpose: bool) -> NDArray[np.float64]:
    """Late interaction of passages; float64 (versions, others)."""
    distances = np.full((piece.versions, len(others)), np.nan)
    pitched = [number for number, other in enumerate(others) if len(other.harmony)]
    if len(piece.harmony) and pitched:
        points = [others[number].harmony.reshape(len(others[number].harmony), -1) for number in pitched]
        of_pitched = nearest_bars(piece.harmony_points, points).distances(PASSAGES)
        distances[:, pitched] = of_pitched / UNRELATED_PASSAGES
    return distances


def _melody(piece: Comparable, others: Sequence[Comparable], transpose: bool) -> NDArray[np.float64]:
    melodies = [other.melody for other in others]
    return melody_distances(piece.melody, melodies, transpose=transpose) / UNRELATED_MELODIES


def _rhythm(piece: Comparable, others: Sequence[Comparable], transpose: bool) -> NDArray[np.float64]:
    return rhythm_distances(piece.rhythm, [other.rhythm for other in others])


def _passages(piece: Comparable, others: Sequence[Comparable], transpose: bool) -> NDArray[np.float64]:
    return passage_distances(piece.passages, [other.passages for other in others], versions=piece.versions)


class Part(NamedTuple):
    """A part beside the bars. measured: of a piece, some others, and whether in whatever key, its distances, float64
    (versions, others) or (others,), NaN where it says nothing. is_joined: whether it counts in the joint likeness."""

    measured: Callable[[Comparable, Sequence[Comparable], bool], NDArray[np.float64]]
    is_joined: bool


PARTS: Mapping[PartName, Part] = {
    "harmony": Part(_harmony, is_joined=True),
    "melody": Part(_melody, is_joined=True),
    "rhythm": Part(_rhythm, is_joined=False),
    "passages": Part(_passages, is_joined=True),
}
ALL_PARTS: tuple[PartName, ...] = get_args(PartName)


def needed(likeness: Likeness, *, has_passages: bool) -> tuple[PartName, ...]:
    """The parts beside the bars that a distance is made of, by a model that `has_passages` or has not."""
    if likeness.weights:
        return tuple(name for name in ALL_PARTS if name in dict(likeness.weights))
    joined = (name for name in ALL_PARTS if PARTS[name].is_joined and (has_passages or name != "passages"))
    if likeness.parts == "all":
        return tuple(joined)
    return tuple(name for name in ALL_PARTS if name == likeness.parts)


def needs_bars_in_all_keys(likeness: Likeness, *, has_passages: bool) -> bool:
    """Whether pieces have to be embedded in other keys to be compared in them. By a model that `has_passages` only
    where their bars are asked for: all else is moved by turning, and where nothing else is said, nothing has a key."""
    counts = likeness.parts == "bars" or "bars" in dict(likeness.weights)
    return likeness.transpose and (counts or not has_passages)


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of the distances of each version of a piece to some others, each 0 for the same content and about 1 for
    unrelated pieces; float64 (versions, others), of those beside the bars NaN where one says nothing. `nearest`: which
    bars find each other, where that was looked for."""

    bars: NDArray[np.float64]
    others: Mapping[PartName, NDArray[np.float64]]
    nearest: Nearest | None = None

    def distances(self, likeness: Likeness) -> NDArray[np.float64]:
        """The joint distance, the one part that is asked for, or the weighted mean of several; float64 (versions,
        others)."""
        if likeness.weights:
            return np.average([self._said(name) for name, _ in likeness.weights], 0, [by for _, by in likeness.weights])
        if likeness.parts == "bars":
            return self.bars
        if likeness.parts != "all":
            return self._said(likeness.parts)
        harmony, melody = self._said("harmony"), self._said("melody")
        either = _either([harmony, melody])
        if "passages" not in self.others:
            return BARS_WEIGHT * self.bars + (1 - BARS_WEIGHT) * either
        learnt = np.minimum(self._said("passages"), AT_MOST_OTHERS * np.maximum(harmony, melody))
        return PASSAGES_WEIGHT * learnt + (1 - PASSAGES_WEIGHT) * either

    def _said(self, name: PartName | Literal["bars"]) -> NDArray[np.float64]:
        """What a part says, or in its place the bars."""
        if name == "bars":
            return self.bars
        return np.where(np.isnan(self.others[name]), self.bars, self.others[name])


def parts(piece: Comparable, others: Sequence[Comparable], *, likeness: Likeness, names: Collection[PartName]) -> Parts:
    """What a piece, in all its versions, has in common with each of `others` (one at least), as they are: bars, and
    the parts that are named."""
    nearest = nearest_bars(piece.bars, [other.bars[0] for other in others])
    of_bars = bar_distances(nearest, likeness, d=piece.bars.shape[2])
    bars = np.broadcast_to(of_bars, (piece.versions, len(others)))
    measured = {name: PARTS[name].measured(piece, others, likeness.transpose) for name in names}
    return Parts(bars, {name: np.broadcast_to(part, bars.shape) for name, part in measured.items()}, nearest)


def bar_distances(nearest: Nearest, likeness: Likeness, *, d: int) -> NDArray[np.float64]:
    """What bars of so many numbers say that find each other; float64 (versions, others)."""
    return nearest.distances(likeness) / (
        UNRELATED[likeness.metric] * (d**0.5 if likeness.metric == "euclidean" else 1)
    )


def _either(parts: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """The power mean of some distances, 0 where one is 0."""
    with np.errstate(divide="ignore", over="ignore"):
        mean: NDArray[np.float64] = np.mean([part**EXPONENT for part in parts], axis=0) ** (1 / EXPONENT)
    return mean
