"""How alike two melodies are, whatever their key and barlines, and where they are ornamented or shortened: the best
alignment of a stretch of one with a stretch of the other (`diagonals.py`), by which the settings of a folk song are
found (Van Kranenburg, Volk and Wiering, A comparison between global and local features for computational classification
of folk song melodies, 2013).

A melody is the top line (`bars.lines`) of the part that leads (`bars.leading`), and of all parts where that rests long
or none leads.

A note weighs as much as the square root of the time until the next one. Two notes of the same pitch earn the smaller of
their weights; of two that are a step apart nothing is said; wider intervals cost, up to four fifths of it; a note that
is left out costs three fifths of its weight. With the score of a line beside itself,

    d(A, B) = 1 - s(A, B) / sqrt(s(A, A) s(B, B))

Whatever the key: one line is moved to where the time spent on each pitch is most like the other's, and to where it is
second most like it, and the better score counts. Everything is in whole numbers, so that d(A, B) is d(B, A) to the last
bit. Only the first LONGEST notes are compared.

Settings were chosen on half of the groups of three collections (Essen by number, Essen by title, O'Neill and Ryan by
title) and on the tune settings of the validation split. On the other half, which chose nothing, the joint likeness had
a mean average precision of .26, .44 and .70 with n-grams of intervals in place of alignment, and has .29, .48 and .74.
Weights by other powers of the time (.35 to 1) and other costs of intervals and gaps changed the mean by .004 at most,
half as long lines lost .01 of tunes, one key instead of two .01.

All this was with the top line of all parts, whatever they do. That of the part that leads brought the arrangements of
mma_openewld's validation split (n = 225) from .932 to .999 (this part alone: from .425 to .967), and left .974 of the
tune settings, .740 of tavern_beethoven (.742) and 1.000 of chopin_first_editions and ruleband.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import STEPS_PER_QUARTER, BarredScore
from symbolic_embed.bars.leading import melody_notes
from symbolic_embed.bars.lines import top_line
from symbolic_embed.similarity.diagonals import padded_scores

LONGEST = 256  # notes
FEWEST = 4
LONGEST_STEPS = 4 * STEPS_PER_QUARTER  # a note weighs no more, however long it is
WEIGHT = 6  # of a quarter
EARNED = np.array([10, 0, 0, -3, -4, -6, -8])  # of two notes so many semitones apart, or more
LEFT_OUT = 6
KEYS = 2  # in which two melodies are compared
MOVES = np.arange(-127, 128)  # semitones
SHARES = 1000  # whole numbers instead of shares of the time
AT_A_TIME = 49_152  # notes that one melody is aligned with, in all keys
LIKELIEST = 8  # moves of which the best are chosen


class Melody(NamedTuple):
    """A melody: pitches, and what each note weighs; int64 (n,). No notes where it says nothing."""

    pitch: NDArray[np.int64]
    weight: NDArray[np.int64]

    @property
    def profile(self) -> NDArray[np.float64]:
        """How the time is shared among pitches, in whole numbers of about the same length; float64 (128,)."""
        shares = np.sqrt(np.bincount(self.pitch, self.weight, minlength=128))
        return np.rint(SHARES * shares / max(float(np.linalg.norm(shares)), 1e-9))


NO_MELODY = Melody(np.zeros(0, np.int64), np.zeros(0, np.int64))


def melody(barred: BarredScore) -> Melody:
    """The melody of a piece; none where fewer than four notes, or one note again and again, are all of it."""
    line = top_line(melody_notes(barred))
    if len(line.onset_steps) < FEWEST or not np.ptp(line.pitch[:LONGEST]):
        return NO_MELODY
    lasting = np.minimum(np.diff(line.onset_steps, append=line.onset_steps[-1] + STEPS_PER_QUARTER), LONGEST_STEPS)
    weight = np.maximum(np.rint(WEIGHT * np.sqrt(lasting / STEPS_PER_QUARTER)), 1).astype(np.int64)
    return Melody(line.pitch[:LONGEST], weight[:LONGEST])


def melody_distances(query: Melody, others: Sequence[Melody], *, transpose: bool) -> NDArray[np.float64]:
    """The distance of one melody to each of some others, where they are or (`transpose`) in whatever key; float64
    (others,), 0 to 1, NaN where either is none and nothing can be said."""
    distances = np.full(len(others), np.nan)
    sung = [number for number, other in enumerate(others) if len(other.pitch)] if len(query.pitch) else []
    keys = KEYS if transpose else 1
    for some in _of_about_a_length(sorted(sung, key=lambda number: len(others[number].pitch)), others, keys):
        distances[some] = _distances(query, [others[number] for number in some], transpose=transpose)
    return distances


def _of_about_a_length(numbers: Sequence[int], others: Sequence[Melody], keys: int) -> Iterator[list[int]]:
    """Melodies by their length, in groups that have AT_A_TIME notes in so many keys, filled up to the longest."""
    some: list[int] = []
    for number in numbers:
        if some and (len(some) + 1) * keys * len(others[number].pitch) > AT_A_TIME:
            yield some
            some = []
        some.append(number)
    if some:
        yield some


def _distances(query: Melody, others: Sequence[Melody], *, transpose: bool) -> NDArray[np.float64]:
    moves = _moves(query, others) if transpose else np.zeros((len(others), 1), np.int64)
    counts = np.array([len(other.pitch) for other in others])
    is_note = np.arange(counts.max())[:, None] < counts
    pitch, weight = np.zeros((2, *is_note.shape), np.int64)  # (places, others)
    pitch.T[is_note.T] = np.concatenate([other.pitch for other in others])
    weight.T[is_note.T] = np.concatenate([other.weight for other in others])
    in_keys = (pitch[:, :, None] - moves).reshape(len(pitch), -1)
    weights = np.repeat(weight, moves.shape[1], axis=1)
    kinds, line = np.unique(np.stack([query.pitch, query.weight]), axis=1, return_inverse=True)
    earned = _earned(kinds, in_keys, weights)
    scores = padded_scores(line.ravel(), LEFT_OUT * query.weight, earned=earned, gaps=LEFT_OUT * weights)
    alone = EARNED[0] ** 2 * query.weight.sum() * weight.sum(axis=0)
    distances: NDArray[np.float64] = 1 - scores.reshape(len(others), -1).max(axis=1) / np.sqrt(alone)
    return distances


def _earned(kinds: NDArray[np.int64], pitch: NDArray[np.int64], weight: NDArray[np.int64]) -> NDArray[np.int16]:
    """What each of some notes, pitch and weight (2, kinds), earns beside each of others (places, others); int16 (kinds,
    places, others)."""
    lowest, weights = pitch.min(), np.arange(weight.max() + 1)
    apart = np.minimum(np.abs(np.arange(lowest, pitch.max() + 1) - kinds[0][:, None]), len(EARNED) - 1)
    table = EARNED[apart][:, :, None] * np.minimum(weights, kinds[1][:, None, None])  # (kinds, pitches, weights)
    place = (pitch - lowest) * len(weights) + weight
    earned = np.empty((len(table), *place.shape), np.int16)
    for of_kind, row in zip(earned, table.reshape(len(table), -1).astype(np.int16), strict=True):
        np.take(row, place, out=of_kind, mode="clip")
    return earned


def _moves(query: Melody, others: Sequence[Melody]) -> NDArray[np.int64]:
    """By how many semitones `query` is moved to each of `others`: where their profiles have most in common, and where
    second most; int64 (others, KEYS). Of equally good ones the first is that which brings their mean pitches nearer to
    each other; of two that do so equally, one that is the same from either side and in all keys."""
    padded = np.pad(query.profile.astype(np.float32), MOVES.max())
    moved = np.lib.stride_tricks.sliding_window_view(padded, 128)[::-1]  # a row a move
    common = (
        np.stack([other.profile.astype(np.float32) for other in others]) @ moved.T
    )  # (others, moves), whole numbers
    likeliest = np.argpartition(-common, LIKELIEST, axis=1)[:, : LIKELIEST + 1]
    chosen = _in_order(query, others, np.take_along_axis(common, likeliest, axis=1), MOVES[likeliest])
    at = np.take_along_axis(common, chosen + MOVES.max(), axis=1)
    is_open = np.take_along_axis(common, likeliest[:, LIKELIEST:], axis=1)[:, 0] == at[:, -1]  # as good are left out
    for number in np.flatnonzero(is_open).tolist():
        chosen[number] = _in_order(query, [others[number]], common[number][None], MOVES[None])[0]
    return chosen


def _in_order(
    query: Melody, others: Sequence[Melody], common: NDArray[np.float32], moves: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The first KEYS of some moves, (others, moves), as `_moves` puts them in order."""
    mass, moment = np.array([(other.weight.sum(), other.weight @ other.pitch) for other in others]).T[:, :, None]
    own_mass, own_moment = query.weight.sum(), query.weight @ query.pitch
    apart = np.abs(moves * mass * own_mass - (moment * own_mass - own_moment * mass))
    upwards = np.where([[_contents(query) < _contents(other)] for other in others], moves, -moves)
    order = np.lexsort((upwards, apart, -common))[:, :KEYS]
    return np.take_along_axis(moves, order, axis=1)


def _contents(line: Melody) -> tuple[bytes, bytes]:
    return np.diff(line.pitch).tobytes(), line.weight.tobytes()
