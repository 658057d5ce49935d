"""Do the notes lie on the file's own grid?

Three cases are told apart by where onsets fall inside the quarter note:

- on the grid: most lie near a sixteenth or an eighth triplet. Played a little unevenly still counts;
- beside it: they would lie on the grid if all were moved by one and the same amount (an export that began recording
  before the first beat). The grid is moved instead, and a warning names the amount;
- nowhere: the barlines are an accident of recording. Beats are estimated from the music (`beats.py`).
"""

from __future__ import annotations

import numpy as np

from symbolic_embed.bars.beats import estimate_beats
from symbolic_embed.bars.grid import Grid, beat_grid, metric_grid
from symbolic_embed.score.meter import MeterMap, meter_map
from symbolic_embed.score.score import Score, ScoreWarning, TimeSignature

# Strong places of the quarter, and how strongly music prefers each: the beat, its half, sixteenths, triplets.
PLACES = np.array([0, 1 / 2, 1 / 4, 3 / 4, 1 / 3, 2 / 3])
PLACE_WEIGHTS = np.array([4.0, 3.0, 2.0, 2.0, 1.5, 1.5])
TOLERANCE = 1 / 24  # of a quarter
CANDIDATE_OFFSETS = np.arange(-48, 48) / 96

# Thresholds read off 3,500 scores and the raw files of POP909, where the three cases lie far apart: a score has a
# concentration above .4 (random onsets: .1), an offset makes onsets fall at least 3 times better, else 1.5 at most.
SCATTERED = 0.2
PLAINLY_ON_GRID = 0.7
MUCH_BETTER = 2.0
SHARE_WHEN_MOVED = 0.55
FEWEST_ONSETS = 24
FEWEST_FOR_SCATTER = 64


def align(score: Score) -> tuple[MeterMap, Grid, tuple[ScoreWarning, ...]]:
    """The barlines, the grid, and what has to be said about them."""
    meter = meter_map(score)
    onsets = np.unique(np.concatenate([np.zeros(0, np.int64), *(track.notes.onset_ticks for track in score.tracks)]))
    if len(onsets) < FEWEST_ONSETS:
        return meter, metric_grid(score, meter), ()
    bar = np.minimum(meter.bar_at(onsets), len(meter) - 1)
    phase = ((onsets - meter.barline_ticks[bar]) / score.division) % 1.0
    if not score.has_grid or (len(onsets) >= FEWEST_FOR_SCATTER and _concentration(phase) < SCATTERED):
        return _by_estimated_beats(score, meter)
    offset = _offset(phase)
    ticks = round(offset * score.division)
    if ticks == 0:
        return meter, metric_grid(score, meter), ()
    text = f"the notes lie {ticks:+d} ticks beside the file's own grid ({offset:+.3f} quarter); bars follow the notes"
    return meter, metric_grid(score, meter, offset_ticks=ticks), (ScoreWarning("grid-offset", text),)


def _by_estimated_beats(score: Score, meter: MeterMap) -> tuple[MeterMap, Grid, tuple[ScoreWarning, ...]]:
    beats = estimate_beats(score)
    if beats is None:
        text = "the notes follow no grid, and beats cannot be estimated; bars are stretches of the file's own clock"
        return meter, metric_grid(score, meter), (ScoreWarning("no-grid", text),)
    grid = beat_grid(beats)
    barlines = grid.tick_of(grid.bar_steps)
    signatures = (TimeSignature(int(barlines[0]), 4, 4),) * grid.bars
    text = f"the notes follow no grid: {len(beats)} beats were estimated, bars are four beats each"
    return MeterMap(barlines, signatures), grid, (ScoreWarning("beats-estimated", text),)


def _concentration(phase: np.ndarray) -> float:
    """How unevenly onsets fall in the quarter, 0 to 1: the largest mean resultant length over the ways to divide it."""
    return max(float(np.abs(np.exp(2j * np.pi * parts * phase).mean())) for parts in (1, 2, 3, 4, 6, 8, 12, 24))


def _offset(phase: np.ndarray) -> float:
    """By how many quarters the notes lie beside the grid; 0 unless moving it makes them lie much better."""
    if (_distance_to_places(phase).min(axis=1) <= TOLERANCE).mean() >= PLAINLY_ON_GRID:
        return 0.0
    scores = np.array([_fit(phase - offset) for offset in CANDIDATE_OFFSETS])
    best = float(CANDIDATE_OFFSETS[int(np.argmax(scores))])
    distance = _distance_to_places(phase - best)
    near = distance.min(axis=1) <= TOLERANCE
    if scores.max() < MUCH_BETTER * _fit(phase) or near.mean() < SHARE_WHEN_MOVED:
        return 0.0
    deviation = (phase - best - PLACES[np.argmin(distance, axis=1)] + 0.5) % 1.0 - 0.5
    return best + float(np.median(deviation[near]))


def _fit(phase: np.ndarray) -> float:
    """How well onsets lie on the places of the quarter, strong places counting more."""
    return float(((_distance_to_places(phase) <= TOLERANCE / 2) * PLACE_WEIGHTS).max(axis=1).sum())


def _distance_to_places(phase: np.ndarray) -> np.ndarray:
    """The distance round the quarter from each phase to each place; float64 (onsets, places)."""
    return np.abs((phase[:, None] - PLACES + 0.5) % 1.0 - 0.5)
