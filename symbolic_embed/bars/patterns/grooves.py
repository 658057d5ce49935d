"""Grooves: what the drums do in a bar, and how alike two bars of them are.

The strokes of all drum parts in a bar are one set of pairs, a sixteenth and a key. Two bars are as alike as the Jaccard
index of their sets. Bass drum and snare are keys of General MIDI.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars.patterns.doubling import overlaps
from symbolic_embed.bars.patterns.stretch import Stretch
from symbolic_embed.score import TimeSignature

BASS_DRUMS = (35, 36)
SNARES = (37, 38, 39, 40)  # side stick and hand clap too: what is struck on a backbeat


def drum_bars(stretch: Stretch) -> NDArray[np.bool_]:
    """In which bars drums are struck; bool (bars,)."""
    return np.bincount(stretch.drums.bar, minlength=stretch.bars) > 0


def best_likeness(new: Stretch, *, before: Stretch) -> float | None:
    """How alike a drum bar of `new` is to the drum bar of `before` that is most like it, on average over the drum bars
    of `new`. None where either has none."""
    mine, theirs = _strokes(new, before)
    mine, theirs = mine[mine.any(axis=1)], theirs[theirs.any(axis=1)]
    if not len(mine) or not len(theirs):
        return None
    return float(overlaps(mine, theirs)[1].max(axis=1).mean())


def barwise_likeness(before: Stretch, after: Stretch) -> float | None:
    """How alike the drums are bar by bar in two stretches of the same bars, on average over the bars in which either
    has drums. None where there are none."""
    first, second = _strokes(before, after)
    both, either = (first & second).sum(axis=1), (first | second).sum(axis=1)
    return float((both / np.maximum(either, 1))[either > 0].mean()) if either.any() else None


def neighbour_likeness(stretch: Stretch) -> float | None:
    """How alike neighbouring bars are, on average over the pairs in which either has drums. None where no pair has."""
    strokes = _strokes(stretch, stretch)[0]
    both, either = (strokes[1:] & strokes[:-1]).sum(axis=1), (strokes[1:] | strokes[:-1]).sum(axis=1)
    return float((both / np.maximum(either, 1))[either > 0].mean()) if either.any() else None


def equal_neighbours(stretch: Stretch) -> float | None:
    """The share of the bars with drums that are the bar before over again, of those that follow one with drums. None
    where none does."""
    strokes = _strokes(stretch, stretch)[0]
    plays = drum_bars(stretch)
    both = plays[1:] & plays[:-1]
    changes = (strokes[1:] ^ strokes[:-1]).sum(axis=1)
    return float((changes[both] == 0).mean()) if both.any() else None


def bass_drum_on_one(stretch: Stretch) -> NDArray[np.bool_]:
    """In which bars the bass drum falls on the first beat; bool (bars,)."""
    return struck_at(stretch, BASS_DRUMS, place=0)


def struck_at(stretch: Stretch, keys: tuple[int, ...], *, place: int) -> NDArray[np.bool_]:
    """In which bars one of the keys is struck on a sixteenth of the bar; bool (bars,)."""
    drums = stretch.drums
    return np.bincount(drums.bar[np.isin(drums.pitch, keys) & (drums.place == place)], minlength=stretch.bars) > 0


def has_backbeat(stretch: Stretch, *, beat: int) -> NDArray[np.bool_]:
    """In which bars a snare falls on every second beat, where a beat is `beat` sixteenths; bool (bars,). A bar of less
    than two beats, or of an odd number of them, has no backbeat."""
    beats, rest = np.divmod(np.diff(stretch.bar_starts), beat)
    has: NDArray[np.bool_] = (beats >= 2) & (beats % 2 == 0) & (rest == 0)
    for number in range(1, int(beats.max(initial=0)), 2):
        has &= struck_at(stretch, SNARES, place=number * beat) | (number >= beats)
    return has


def backbeat_clarity(stretch: Stretch, *, beat: int) -> float | None:
    """How clear the backbeat is, on average over the bars with drums: of the places on which a snare is struck, or of
    every second beat where these are more, the share that are both. None where no bar with drums has an even number of
    beats, of `beat` sixteenths each."""
    beats, rest = np.divmod(np.diff(stretch.bar_starts), beat)
    counted = (beats >= 2) & (beats % 2 == 0) & (rest == 0) & drum_bars(stretch)
    if not counted.any():
        return None
    drums = stretch.drums
    snares = np.unique(np.stack([drums.bar, drums.place], axis=1)[np.isin(drums.pitch, SNARES)], axis=0)
    bar, place = snares.T
    struck = np.bincount(bar, minlength=stretch.bars)
    both = np.bincount(bar[place % (2 * beat) == beat], minlength=stretch.bars)
    return float((both / np.maximum(np.maximum(struck, beats // 2), 1))[counted].mean())


def beat_sixteenths(signature: TimeSignature) -> int:
    """The length of a beat in sixteenths, 1 at the least: in 6/8, 9/8, 12/8 of three of its units."""
    is_compound = signature.denominator >= 8 and signature.numerator % 3 == 0
    return max((3 if is_compound else 1) * 16 // signature.denominator, 1)


def _strokes(first: Stretch, second: Stretch) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """What is struck in each bar of two stretches, in common columns; bool (bars, strokes) each."""
    drums = [stretch.drums for stretch in (first, second)]
    strokes = [one.place * 128 + one.pitch for one in drums]
    kinds, column = np.unique(np.concatenate(strokes), return_inverse=True)
    tables = [np.zeros((one.bars, len(kinds)), bool) for one in drums]
    for table, one, columns in zip(tables, drums, np.split(column, [len(strokes[0])]), strict=True):
        table[one.bar, columns] = True
    return tables[0], tables[1]
