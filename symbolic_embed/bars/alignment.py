"""Do the notes lie on the file's own grid?

Three cases are told apart by where onsets fall inside the quarter note:

- on the grid: most lie near a sixteenth or an eighth triplet. Played a little unevenly still counts;
- beside it: they would lie on the grid if all were moved by one and the same amount (an export that began recording
  before the first beat). The grid is moved instead, and a warning names the amount;
- nowhere: the barlines are an accident of recording. Beats are estimated from the music (`beats.py`).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.beats import UNSAID, Beats, Said, estimate_beats
from symbolic_embed.bars.grid import STEPS_PER_QUARTER, Grid, beat_grid, metric_grid
from symbolic_embed.score.metre import MetreMap, metre_map
from symbolic_embed.score.score import Score, ScoreWarning, TimeSignature

# Strong places of the quarter, and how strongly music prefers each: the beat, its half, sixteenths, triplets.
PLACES = np.array([0, 1 / 2, 1 / 4, 3 / 4, 1 / 3, 2 / 3])
PLACE_WEIGHTS = np.array([4.0, 3.0, 2.0, 2.0, 1.5, 1.5])
TOLERANCE = 1 / 24  # of a quarter
CANDIDATE_OFFSETS = np.arange(-48, 48) / 96

# Thresholds read off 3,500 scores and the raw files of POP909, where the three cases lie far apart: a score has a
# concentration above .4 (random onsets: .1), an offset makes onsets fall at least 3 times better, else 1.5 at most.
SCATTERED = 0.2
CHANCE = 2.65  # of few onsets: one random piece in a hundred has a concentration above CHANCE / sqrt(onsets)
PLAINLY_ON_GRID = 0.7
MUCH_BETTER = 2.0
SHARE_WHEN_MOVED = 0.55
FEWEST_ONSETS = 24
FEWEST_FOR_SCATTER = 64


def align(score: Score, said: Said = UNSAID) -> tuple[MetreMap, Grid, tuple[ScoreWarning, ...]]:
    """The barlines, the grid, and what has to be said about them. The file's own barlines stay where they are; where
    the notes lie beside them, the grid is moved, and reaches as far as the notes do. `said`: of a performance."""
    metre = metre_map(score)
    if not score.has_grid:
        return _by_estimated_beats(score, metre, said)
    onsets = np.sort(np.concatenate([np.zeros(0, np.int64), *(track.notes.onset_ticks for track in score.tracks)]))
    onsets = onsets[np.diff(onsets, prepend=-1) > 0]
    if len(onsets) < FEWEST_ONSETS:
        return metre, metric_grid(score, metre), ()
    bar = np.minimum(metre.bar_at(onsets), len(metre) - 1)
    offsets, counts = np.unique((onsets - metre.barline_ticks[bar]) % score.division, return_counts=True)
    phase = offsets / score.division
    scattered = max(SCATTERED, CHANCE / len(onsets) ** 0.5)
    if len(onsets) >= FEWEST_FOR_SCATTER and _concentration(phase, counts) < scattered:
        return _by_estimated_beats(score, metre, said)
    ticks = round(_offset(phase, counts) * score.division)
    if ticks == 0:
        return metre, metric_grid(score, metre), ()
    metre = metre_map(score, offset_ticks=ticks)
    amount = f"{ticks:+d} ticks beside the file's own grid ({ticks / score.division:+.3f} quarter)"
    text = f"the notes lie {amount}; bars follow the notes"
    return metre, metric_grid(score, metre, offset_ticks=ticks), (ScoreWarning("grid-offset", text),)


def _by_estimated_beats(score: Score, metre: MetreMap, said: Said) -> tuple[MetreMap, Grid, tuple[ScoreWarning, ...]]:
    beats = estimate_beats(score, said)
    if beats is None:
        text = "the notes follow no grid, and beats cannot be estimated; bars are stretches of the file's own clock"
        return metre, metric_grid(score, metre), (ScoreWarning("no-grid", text),)
    numerator, denominator = beats.metre
    grid = beat_grid(
        beats.ticks,
        pick_up=beats.pick_up,
        beats_per_bar=beats.per_bar,
        steps_per_beat=STEPS_PER_QUARTER * 3 // 2 if beats.has_thirds else STEPS_PER_QUARTER,
        period_ticks=beats.period_ticks,
    )
    grid = replace(grid, confidence=beats.confidence)
    barlines = grid.tick_of(grid.bar_steps)
    signatures = (TimeSignature(int(barlines[0]), numerator, denominator),) * grid.bars
    return MetreMap(barlines, signatures), grid, (ScoreWarning("beats-estimated", _in_words(beats)),)


def _in_words(beats: Beats) -> str:
    number = {2: "two", 3: "three", 4: "four", 5: "five"}[beats.per_bar]
    dotted = " dotted" if beats.has_thirds else ""
    text = f"the notes follow no grid: {len(beats.ticks)} beats were estimated, bars are {number}{dotted} beats each"
    if beats.is_guess:
        return f"{text}; no steady beat is heard, so they are a guess"
    return f"{text}; what writes can be told otherwise with `played_tempo`, `played_metre`"


# Below, `phase` is where in the quarter onsets fall, 0 to 1, each place once, and `counts` how many fall there.


def _concentration(phase: NDArray[np.float64], counts: NDArray[np.int64]) -> float:
    """How unevenly onsets fall in the quarter, 0 to 1: the largest mean resultant length over the ways to divide it."""
    ways = np.array([1, 2, 3, 4, 6, 8, 12, 24])
    return float(np.abs(np.exp(2j * np.pi * ways[:, None] * phase) @ counts).max() / counts.sum())


def _offset(phase: NDArray[np.float64], counts: NDArray[np.int64]) -> float:
    """By how many quarters the notes lie beside the grid; 0 unless moving it makes them lie much better."""
    if _share_near(_distance_to_places(phase), counts) >= PLAINLY_ON_GRID:
        return 0.0
    scores = np.array([_fit(phase - offset, counts) for offset in CANDIDATE_OFFSETS])
    best = float(CANDIDATE_OFFSETS[int(np.argmax(scores))])
    distance = _distance_to_places(phase - best)
    if scores.max() < MUCH_BETTER * _fit(phase, counts) or _share_near(distance, counts) < SHARE_WHEN_MOVED:
        return 0.0
    deviation = (phase - best - PLACES[np.argmin(distance, axis=1)] + 0.5) % 1.0 - 0.5
    near = distance.min(axis=1) <= TOLERANCE
    return best + float(np.median(np.repeat(deviation[near], counts[near])))


def _share_near(distance: NDArray[np.float64], counts: NDArray[np.int64]) -> float:
    """The share of onsets that lie near a place of the quarter."""
    return float(((distance.min(axis=1) <= TOLERANCE) * counts).sum() / counts.sum())


def _fit(phase: NDArray[np.float64], counts: NDArray[np.int64]) -> float:
    """How well onsets lie on the places of the quarter, strong places counting more."""
    return float(((_distance_to_places(phase) <= TOLERANCE / 2) * PLACE_WEIGHTS).max(axis=1) @ counts)


def _distance_to_places(phase: NDArray[np.float64]) -> NDArray[np.float64]:
    """The distance round the quarter from each phase to each place; float64 (phases, places)."""
    distance: NDArray[np.float64] = np.abs((phase[:, None] - PLACES + 0.5) % 1.0 - 0.5)
    return distance
