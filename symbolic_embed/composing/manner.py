"""How a part goes on playing as it does while its notes become others: its line, the harmony it stands in, its groove.

- *Line*: a note lies within NEAR semitones of the notes of its own cell around it, so lines leap where they leapt.
- *Harmony*: where other parts sound, of two pitch classes a semitone apart only one may come: that which the others
  sound there, else that which sounds longer in the bar, in the bars around, in the piece. So what is new
  in two parts at once does not clash. What a part sounds there itself it may sound again.
- *Groove*: crashes stay where they are, and no new ones are struck: they say where a section begins. A bass drum on the
  first beat stays. As long as the groove holds, so do all bass drums and snares, side stick and hand clap too, where
  they are what a part strikes on its beats.

`idiom.py` says what a part may play in a whole bar, this what it may play at each step. A note that begins in harmony
ends where it would clash.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import STEPS_PER_QUARTER, WINDOW_STEPS, BarredScore, Windows, bar_windows, ranges
from symbolic_embed.encodings import note_rows

NEAR = 3  # semitones
CRASHES = (49, 52, 55, 57)
BASS_DRUMS, SNARES, STICKS = (35, 36), (38, 40), (37, 39)
HOLDS_BELOW = 0.5  # of a dial
AROUND = 2  # windows
OTHERS, FAR = 10.0, 0.01  # the weight of what others sound now, and of what sounds further away, beside that of the bar


@dataclass(frozen=True, eq=False)
class Manner:
    """For some cell windows: kept, bool (notes,), which of their notes stay; may_begin and may_sound, bool (windows,
    48, tokens), what may do so at each step. All other notes of the windows may, where they sound."""

    kept: NDArray[np.bool_]
    may_begin: NDArray[np.bool_]
    may_sound: NDArray[np.bool_]


def manner_of(cells: Windows, barred: BarredScore, *, groove_holds: NDArray[np.bool_]) -> Manner:
    """The manner of cell windows of a piece. groove_holds: bool (parts,), in which parts, if they are drums."""
    tokens = note_rows.pitch_tokens(cells)
    held = _held_drums(barred, groove_holds)  # (parts, tokens)
    kept = held[cells.track[cells.note_window], tokens]
    kept |= cells.is_drum & np.isin(cells.pitch, BASS_DRUMS) & (cells.onset + cells.part_of_bar[cells.note_window] == 0)
    may_begin = np.repeat(~held[cells.track][:, None], WINDOW_STEPS, axis=1)
    may_begin[..., : note_rows.FIRST_DRUM] &= _near_line(cells)
    own = cells.keeping(~kept)
    onset = own.onset.astype(np.int64)
    window, step = spread(own.note_window, onset, onset + own.length)
    count = np.minimum(own.length, WINDOW_STEPS - onset)
    may_begin[window, step, np.repeat(tokens[~kept], count)] = True
    classes = np.arange(note_rows.FIRST_DRUM) % 12
    may_sound = np.ones_like(may_begin)
    may_sound[..., : note_rows.FIRST_DRUM] = _in_harmony(cells, barred)[..., classes]
    return Manner(kept, may_begin, may_sound)


def spread(
    window: NDArray[np.int64], onset: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Window and step of each step at which each note sounds in its window, note by note."""
    length = np.minimum(end, WINDOW_STEPS) - onset
    return np.repeat(window, length), ranges.rows(onset, length)


def sounding_classes(windows: Windows) -> NDArray[np.int64]:
    """How many notes of each pitch class sound at each step of each window; int64 (windows, 48, 12)."""
    windows = windows.keeping(~windows.is_drum)
    onset = windows.onset.astype(np.int64)
    window, step = spread(windows.note_window, onset, onset + windows.length)
    classes = np.repeat(windows.pitch % 12, np.minimum(windows.length, WINDOW_STEPS - onset))
    counts = np.zeros((len(windows), WINDOW_STEPS, 12), np.int64)
    np.add.at(counts, (window, step, classes), 1)
    return counts


def _held_drums(barred: BarredScore, groove_holds: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The drums that stay as they are; bool (parts, tokens)."""
    held = np.zeros((len(barred.roles), note_rows.PITCH_TOKENS), bool)
    for part, role in enumerate(barred.roles):
        if role != "drums":
            continue
        keys = [*CRASHES]
        if groove_holds[part]:
            keys += [*BASS_DRUMS, *SNARES, *(key for key in STICKS if _is_on_beats(barred, part=part, key=key))]
        held[part, note_rows.FIRST_DRUM + np.array(keys)] = True
    return held


def _is_on_beats(barred: BarredScore, *, part: int, key: int) -> bool:
    """Whether a drum is mostly struck on a quarter that is not the first of its bar."""
    notes = barred.notes
    mine = (notes.track == part) & (notes.pitch == key)
    step = notes.onset_steps[mine] - barred.grid.bar_steps[barred.note_bar[mine]]
    return bool(len(step)) and bool(((step > 0) & (step % STEPS_PER_QUARTER == 0)).mean() > 0.5)


def _near_line(cells: Windows) -> NDArray[np.bool_]:
    """Pitches within NEAR semitones of the notes that begin last and next in the same cell, or between them; bool
    (windows, 48, 128)."""
    begun = cells.keeping(cells.begins)
    low = np.full((len(cells), WINDOW_STEPS), 128, np.int64)
    high = np.full((len(cells), WINDOW_STEPS), -1, np.int64)
    np.minimum.at(low, (begun.note_window, begun.onset), begun.pitch)
    np.maximum.at(high, (begun.note_window, begun.onset), begun.pitch)
    last, following = _nearest(high >= 0)
    rows = np.arange(len(cells))[:, None]
    low = np.minimum(low[rows, last], low[rows, following]) - NEAR
    high = np.maximum(high[rows, last], high[rows, following]) + NEAR
    pitch = np.arange(note_rows.FIRST_DRUM)
    near: NDArray[np.bool_] = (pitch >= low[..., None]) & (pitch <= high[..., None])
    return near


def _nearest(there: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The nearest steps before (or at) and after (or at) each at which something is there, the other of them where one
    side has none; int64 (windows, 48) each."""
    steps = np.arange(there.shape[1])
    before = np.maximum.accumulate(np.where(there, steps, -1), axis=1)
    after = np.minimum.accumulate(np.where(there, steps, len(steps))[:, ::-1], axis=1)[:, ::-1]
    before, after = np.where(before < 0, after, before), np.where(after >= len(steps), before, after)
    return np.clip(before, 0, len(steps) - 1), np.clip(after, 0, len(steps) - 1)


def _in_harmony(cells: Windows, barred: BarredScore) -> NDArray[np.bool_]:
    """The pitch classes that are in harmony at each step; bool (windows, 48, 12)."""
    bars = bar_windows(barred)
    window = np.flatnonzero(bars.part_of_bar == 0)[cells.bar] + cells.part_of_bar
    by_step = sounding_classes(bars)
    own = sounding_classes(cells)
    others = by_step[window] > own
    weight = OTHERS * others + _weights(by_step.sum(axis=1))[window, None]
    wins = (weight > np.roll(weight, 1, axis=2)) & (weight > np.roll(weight, -1, axis=2))
    free: NDArray[np.bool_] = (own > 0) | wins | ~others.any(axis=2, keepdims=True)
    return free


def _weights(time: NDArray[np.int64]) -> NDArray[np.float64]:
    """How much each pitch class weighs in each window: its share of the sounding time there, then in the windows
    around, then in the piece, each far more than the next. `time`: (windows, 12); float64 (windows, 12)."""
    here = time / np.maximum(time.sum(axis=1, keepdims=True), 1)
    around = np.zeros_like(here)
    for distance in range(1, AROUND + 1):
        around[distance:] += here[:-distance]
        around[:-distance] += here[distance:]
    weights: NDArray[np.float64] = here + FAR * around + FAR**2 * here.mean(axis=0) + FAR**4 * np.arange(12)
    return weights
