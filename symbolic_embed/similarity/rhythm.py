"""How alike the rhythm of two pieces goes, whatever their pitches, their key and their instruments: what begins when,
in the time of a bar of 4/4 from each barline on.

Two *patterns* begin with each bar. That of the pitched parts, all together, says how many notes begin on each step,
counted as its square root. That of the drums says the same of four groups of the kit each for itself: kicks; snares,
claps and sticks; hats and cymbals; all else. A stroke counts half on the steps beside its own (a twelfth of a quarter
either way), so that a player's timing is no other rhythm. Patterns of either sort are brought to length one and
compared as `late_interaction` compares bars: each of one piece looks for the nearest of the other.

Where both pieces have pitched parts, and both have drums, the mean of the two distances counts; where they share one
sort, the distance of that. A piece of drums alone and one without are compared by all that begins, whatever it is. So
every two pieces that sound have a rhythm to be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import WINDOW_STEPS, BarredScore, ranges
from symbolic_embed.similarity.late_interaction import nearest_bars
from symbolic_embed.similarity.likeness import Likeness

PATTERN_STEPS = WINDOW_STEPS
KICKS, SNARES, CYMBALS = (35, 36), (37, 38, 39, 40), (42, 44, 46, 49, 51, 52, 53, 55, 57, 59)
GROUPS = 4
BESIDE = 0.5  # what a stroke counts on the steps beside its own
PATTERNS = Likeness()
UNRELATED_PITCHED, UNRELATED_DRUMS = 0.6, 1.14  # medians over pairs of pieces of eight sets of the training split

_GROUP = np.full(128, GROUPS - 1)
for _number, _keys in enumerate((KICKS, SNARES, CYMBALS)):
    _GROUP[list(_keys)] = _number


class Rhythm(NamedTuple):
    """The patterns of a piece, each of length one: of its pitched parts, float32 (n, PATTERN_STEPS), and of its drums,
    float32 (m, GROUPS * PATTERN_STEPS). None where nothing of the sort is played."""

    pitched: NDArray[np.float32]
    drums: NDArray[np.float32]

    @property
    def together(self) -> NDArray[np.float32]:
        """What begins, whatever it is, of a piece that has one sort alone; float32 (n, PATTERN_STEPS)."""
        if len(self.pitched):
            return self.pitched
        return _of_length_one(self.drums.reshape(len(self.drums), GROUPS, PATTERN_STEPS).sum(axis=1))


NO_RHYTHM = Rhythm(np.zeros((0, PATTERN_STEPS), np.float32), np.zeros((0, GROUPS * PATTERN_STEPS), np.float32))


def rhythm(barred: BarredScore) -> Rhythm:
    """The patterns of a piece, from each bar on in which something of the sort begins, none beyond the end. A piece no
    longer than a bar of 4/4 goes round."""
    pitched = _patterns(barred, ~barred.note_is_drum, groups=1)
    return Rhythm(pitched, _patterns(barred, barred.note_is_drum, groups=GROUPS))


def rhythm_distances(query: Rhythm, others: Sequence[Rhythm]) -> NDArray[np.float64]:
    """The distance of one rhythm to each of some others; float64 (others,), NaN where either has none."""
    pitched = _distances(query.pitched, [other.pitched for other in others]) / UNRELATED_PITCHED
    drums = _distances(query.drums, [other.drums for other in others]) / UNRELATED_DRUMS
    shared = 2 - np.isnan(pitched) - np.isnan(drums)
    distances: NDArray[np.float64] = (np.nan_to_num(pitched) + np.nan_to_num(drums)) / np.maximum(shared, 1)
    strangers = np.flatnonzero(shared == 0).tolist()
    if strangers:
        together = _distances(query.together, [others[number].together for number in strangers])
        distances[strangers] = together / UNRELATED_PITCHED
    return distances


def _distances(query: NDArray[np.float32], others: Sequence[NDArray[np.float32]]) -> NDArray[np.float64]:
    distances = np.full(len(others), np.nan)
    played = [number for number, other in enumerate(others) if len(other)]
    if len(query) and played:
        distances[played] = nearest_bars(query[None], [others[number] for number in played]).distances(PATTERNS)[0]
    return distances


def _patterns(barred: BarredScore, chosen: NDArray[np.bool_], *, groups: int) -> NDArray[np.float32]:
    """The patterns of some notes, all together or in GROUPS; float32 (n, groups * PATTERN_STEPS)."""
    notes, lines = barred.notes.where(chosen), barred.grid.bar_steps
    order = np.argsort(notes.onset_steps, kind="stable")
    onset, group = notes.onset_steps[order], _GROUP[notes.pitch[order]] * (groups > 1)
    begins = lines[np.unique(barred.note_bar[chosen])]
    if lines[-1] > PATTERN_STEPS:
        begins = np.minimum(begins, _last_line(lines))
        begins = begins[np.diff(begins, prepend=-1) > 0]
    else:
        rounds = np.arange(-(-2 * PATTERN_STEPS // lines[-1]) + 1)
        onset = (onset + lines[-1] * rounds[:, None]).ravel()
        group = np.tile(group, len(rounds))
    # One step more on either side, whose strokes count half on the first step and on the last.
    first, last = (np.searchsorted(onset, begins + edge) for edge in (-1, PATTERN_STEPS + 1))
    note, pattern = ranges.rows(first, last - first), ranges.owners(last - first)
    place = (pattern * groups + group[note]) * (PATTERN_STEPS + 2) + onset[note] + 1 - begins[pattern]
    struck = np.sqrt(np.bincount(place, minlength=len(begins) * groups * (PATTERN_STEPS + 2)))
    struck = struck.reshape(-1, PATTERN_STEPS + 2)
    spread = struck[:, 1:-1] + BESIDE * (struck[:, :-2] + struck[:, 2:])
    return _of_length_one(spread.reshape(len(begins), groups * PATTERN_STEPS).astype(np.float32))


def _last_line(lines: NDArray[np.int64]) -> np.int64:
    """The last barline from which a whole pattern is left."""
    line: np.int64 = lines[np.searchsorted(lines, lines[-1] - PATTERN_STEPS, side="right") - 1]
    return line


def _of_length_one(patterns: NDArray[np.float32]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = patterns / np.maximum(np.linalg.norm(patterns, axis=1, keepdims=True), 1e-9)
    return scaled
