"""The pulse of a performance: when its beats are, in a tempo that changes.

A beat and the time to the next one are what is hidden; onsets are what is heard. The model is a point process: within a
beat onsets fall where music puts them (HALVES, or THIRDS where beats are dotted), each as far beside its place as a
player cannot help (SPREAD_SECONDS), and some anywhere. So an onset is worth the logarithm of how much likelier it is
there than by chance, which is right for beats of every length: too short a beat has all its places close together, so
that being near to one says little; too long a beat has to explain onsets by its rarer places. From beat to beat the
time between them changes by a ratio, a small one more likely than a large one.

The best sequence of beats is found by dynamic programming over moments (frames of 10 ms) and periods. It is that of the
bar pointer model (Whiteley, Cemgil, Godsill, Bayesian Modelling of Temporal Structure in Musical Audio, ISMIR 2006),
whose tempo may change at beats alone (Krebs, Böck, Widmer, ISMIR 2015), so that a beat is one step of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

FRAME_SECONDS: Final = 0.01
PERIODS: Final = 56
PREFERENCE: Final = 0.25  # nats a second at the distance of `spread_octaves` from the preferred period
# Nats for a change of the period by a factor of e, squared: 8 hundredths from one beat to the next cost 0.4.
CHANGE: Final = 60.0
REACH: Final = 8  # a period becomes one that is so many further on, a quarter longer, at most
SPREAD_SECONDS: Final = 0.022
SAID_WITHIN, SAID_OCTAVES = 1.6, 0.2  # a tempo that somebody says is that of the piece by and large
SURELY_THIRDS: Final = 0.1  # nats an onset: so much likelier are dotted beats where they are meant


@dataclass(frozen=True)
class Beat:
    """A kind of beat: which places of it onsets fall on, and the share of them that does, the rest lies anywhere; the
    shortest, the preferred and the longest period in seconds; how many octaves from it are as rare as a standard
    deviation. The shares are those of 70 pieces, played as in `benchmarks/beats.py`."""

    places: Mapping[float, float]
    seconds: tuple[float, float, float]
    spread_octaves: float = 0.7


HALVES: Final = Beat({0: 0.6, 1 / 2: 0.18, 1 / 4: 0.035, 3 / 4: 0.055, 1 / 3: 0.03, 2 / 3: 0.03}, (0.27, 0.55, 1.3))
THIRDS: Final = Beat({0: 0.56, 1 / 3: 0.1, 2 / 3: 0.19, 1 / 6: 0.015, 1 / 2: 0.015, 5 / 6: 0.02}, (0.36, 0.74, 1.75))


class Pulse(NamedTuple):
    """Beats in seconds from the first onset on, float64 (beats,), increasing: the first at it or less than a beat
    before, the last behind the last onset; how many nats an onset is likelier on them than anywhere; whether each has
    three thirds."""

    beats: NDArray[np.float64]
    gain: float
    has_thirds: bool


def pulse_of(
    times: NDArray[np.float64],
    weights: NDArray[np.float64],
    *,
    has_thirds: bool | None = None,
    period: float | None = None,
) -> Pulse:
    """The likeliest pulse of onsets at `times`, seconds, rising from 0; `weights` says how much each counts; float64
    (onsets,) both. Of beats of one kind, and of about so many seconds, where that is known."""
    if has_thirds is not None:
        return _pulse(times, weights, _about(THIRDS if has_thirds else HALVES, period))
    halves, thirds = (_pulse(times, weights, _about(beat, period)) for beat in (HALVES, THIRDS))
    return thirds if thirds.gain > halves.gain + SURELY_THIRDS else halves


def _about(beat: Beat, period: float | None) -> Beat:
    """The same kind of beat, about so many seconds long."""
    if period is None:
        return beat
    return replace(beat, seconds=(period / SAID_WITHIN, period, period * SAID_WITHIN), spread_octaves=SAID_OCTAVES)


def _pulse(times: NDArray[np.float64], weights: NDArray[np.float64], beat: Beat) -> Pulse:
    shortest, preferred, longest = (seconds / FRAME_SECONDS for seconds in beat.seconds)
    periods = np.unique(np.rint(np.geomspace(shortest, longest, PERIODS)).astype(np.int64))
    lead = int(periods[-1])
    frames = lead + np.rint(times / FRAME_SECONDS).astype(np.int64)
    heard = np.bincount(frames, weights, minlength=int(frames.max()) + 2 * lead).astype(np.float64)
    rarity = (np.log2(periods / preferred) / beat.spread_octaves) ** 2
    worth = _worth(heard, periods, beat.places) - PREFERENCE * FRAME_SECONDS * rarity * periods
    beats, total = _best(worth, periods, first=lead, last=int(frames.max()))
    moments = (beats - lead).astype(np.float64) * FRAME_SECONDS
    return Pulse(moments, total / float(weights.sum()), beat.places is THIRDS.places)


def _worth(
    heard: NDArray[np.float64], periods: NDArray[np.int64], places: Mapping[float, float]
) -> NDArray[np.float64]:
    """What a beat of each period is worth that begins at each frame; float64 (frames, periods)."""
    worth = np.zeros((len(heard), len(periods)))
    at = np.flatnonzero(heard)
    for column, period in enumerate(periods.tolist()):
        begins = at[:, None] - np.arange(period)
        of_onset = _likelier(period, places) * heard[at, None]
        worth[:, column] = np.bincount(begins.ravel(), of_onset.ravel(), minlength=len(heard))
    return worth


def _likelier(period: int, places: Mapping[float, float]) -> NDArray[np.float64]:
    """The logarithm of how much likelier an onset is at each frame of a beat than by chance; float64 (period,)."""
    frames, spread = np.arange(period), SPREAD_SECONDS / FRAME_SECONDS
    density = np.full(period, 1 - sum(places.values()))
    for place, share in places.items():
        beside = (frames - place * period + period / 2) % period - period / 2
        bump = np.exp(-0.5 * (beside / spread) ** 2)
        density += share * period * bump / bump.sum()
    likelier: NDArray[np.float64] = np.log(density)
    return likelier


def _best(
    worth: NDArray[np.float64], periods: NDArray[np.int64], *, first: int, last: int
) -> tuple[NDArray[np.int64], float]:
    """The frames of the best sequence of beats, and what it is worth. The first lies at frame `first` or less than a
    period before, the last behind frame `last`, by a period at most."""
    frames, columns = worth.shape
    column = np.arange(columns)
    near = np.clip(column[:, None] + np.arange(-REACH, REACH + 1), 0, columns - 1)
    changes = CHANGE * np.log(periods[near] / periods[:, None]) ** 2
    ended = np.full((frames, columns), -np.inf)  # worth of the best that ends with a beat here, after each period
    total = worth.copy()  # of the best that goes on from a beat here in each period, that beat's own worth with it
    before = np.full((frames, columns), -1, np.int16)  # the period before; -1: the first beat is here
    start = first - int(periods[-1]) + 1
    total[:start] = -np.inf
    flat_begin = column - periods * columns
    for frame in range(start, frames):
        reached = total.take(flat_begin + frame * columns, mode="clip")
        ended[frame] = reached
        through = reached[near] - changes
        best = through.argmax(axis=1)
        going = through[column, best]
        before[frame] = near[column, best]
        if frame <= first:
            begins = (periods > first - frame) & (going < 0)
            going[begins], before[frame, begins] = 0.0, -1
        total[frame] += going
    final = ended[last + 1 : last + 1 + int(periods[-1])]
    row, period = (int(index) for index in np.unravel_index(int(final.argmax()), final.shape))
    frame = last + 1 + row
    beats = [frame]
    while period >= 0:
        frame -= int(periods[period])
        beats.append(frame)
        period = int(before[frame, period])
    return np.array(beats[::-1], np.int64), float(final.max())
