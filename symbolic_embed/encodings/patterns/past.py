"""What several pieces have played so far, window by window, and how like its windows are to each other.

Music is periodic, and its periods are its own: a riff of two bars, a cycle of four chords, a verse of sixteen. They
show in the piece itself, in how much of what it played so many windows ago it played again. So for each pair of windows
is kept how many of their notes are the same (onset and pitch; F1), for all parts together and for each part.

The pieces grow side by side: the variations that are written together, or the passages of a training batch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import WINDOW_STEPS
from symbolic_embed.encodings import note_rows
from symbolic_embed.encodings.cell_rolls import PITCHES, Rolls, places

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

RECENT = 0.7  # how much of a running mean stays when a window is added
REGISTER = 24  # two parts are never said to be farther apart, in semitones
LEAST_LIKE = 0.25  # a window that has less in common with every earlier one is like none of them
AS_GOOD = 0.02  # earlier windows that are so nearly as like are just as right
ALL = slice(None)
NOWHERE = -1  # the source of a window that is like no earlier one


@dataclass(frozen=True, eq=False)
class Coming:
    """How a window that comes is like all earlier ones: `like`, of all parts together, and `equal`, of the parts that
    sound in either the share that is the same, float32 (pieces, windows); `own`, of each part, (pieces, parts,
    windows), 1 where both are silent; `same`: which cells are the same notes, bool (pieces, parts, windows)."""

    like: Floats
    equal: Floats
    own: Floats
    same: NDArray[np.bool_]


class Past:
    """Pieces of equally many parts (where one has fewer, some never play), with room for so many windows. drums: bool
    (pieces, parts), which parts are drums.

    rolls: uint8 (pieces, parts, room, 48, 128); counts: how many notes each cell has; steps, chords, sources: of each
    window its length, its chord (`bars/chords.py`) and which earlier window it was like; like: float32 (pieces, room,
    room), own: (pieces, parts, room, room), as in `Coming`. Of all windows so far, for each part: how often each pitch,
    onset and length class stood.
    """

    def __init__(self, drums: NDArray[np.bool_], *, room: int) -> None:
        (pieces, parts), self.drums = drums.shape, drums
        self.length = 0
        self.rolls = np.zeros((pieces, parts, room, WINDOW_STEPS, PITCHES), np.uint8)
        self.counts = np.zeros((pieces, parts, room), np.int64)
        self.steps, self.chords = (np.zeros((pieces, room), np.int64) for _ in range(2))
        self.sources = np.full((pieces, room), NOWHERE)
        self.like = np.zeros((pieces, room, room), np.float32)
        self.equal = np.zeros((pieces, room, room), np.float32)
        self.own = np.zeros((pieces, parts, room, room), np.float32)
        self.same = np.zeros((pieces, parts, room, room), bool)
        self.pitches = np.zeros((pieces, parts, PITCHES), np.float32)
        self.onsets = np.zeros((pieces, parts, WINDOW_STEPS), np.float32)
        self.lengths = np.zeros((pieces, parts, len(note_rows.LENGTHS)), np.float32)
        self.by_lag = np.zeros((pieces, 3, room), np.float32)  # likeness: mean, recent mean; mean share of equal parts
        self.own_by_lag = np.zeros((pieces, parts, room), np.float32)  # recent mean
        self.together = np.zeros((pieces, parts, parts), np.float32)  # onsets that two parts have in common
        self.struck = np.zeros((pieces, parts), np.float32)  # onsets of each part
        self.apart = np.zeros((pieces, parts, parts, 2 * REGISTER + 1), np.float32)  # intervals between them there

    def coming(self, cells: Rolls, *, parts: slice = ALL) -> Coming:
        """How cells (pieces, parts, 48, 128) that come next are like all earlier ones, as far as some of the parts go
        (in `own` and `same` all of them stand)."""
        now = self.length
        pieces, part_count = cells.shape[:2]
        piece, part, onset, pitch = places(cells)
        there = self.rolls[piece, part, :now, onset, pitch]  # (notes, windows)
        shared = np.zeros((2, pieces * part_count, now), np.float32)
        cell = piece * part_count + part
        if len(cell):
            first = np.flatnonzero(np.diff(cell, prepend=-1))
            exactly = there == cells[piece, part, onset, pitch][:, None]
            for row, hits in enumerate((there > 0, exactly)):
                shared[row, cell[first]] = np.add.reduceat(hits.astype(np.float32), first, axis=0)
        near, exact = shared.reshape(2, pieces, part_count, now)
        own_counts = np.bincount(cell, minlength=pieces * part_count).reshape(pieces, part_count, 1)
        before = self.counts[:, :, :now]
        total = own_counts + before
        own = np.where(total > 0, 2 * near / np.maximum(total, 1), 1.0).astype(np.float32)
        same = (exact == own_counts) & (own_counts == before)
        sums = total[:, parts].sum(axis=1)
        like = np.where(sums > 0, 2 * near[:, parts].sum(axis=1) / np.maximum(sums, 1), 1.0).astype(np.float32)
        sounding = total[:, parts] > 0
        equal = (same[:, parts] & sounding).sum(axis=1) / np.maximum(sounding.sum(axis=1), 1)
        equal = np.where(sums > 0, equal, 1.0).astype(np.float32)
        return Coming(like, equal, own, same)

    def likest(self, coming: Coming, *, steps: Numbers) -> tuple[NDArray[np.bool_], Numbers]:
        """Which earlier windows a window that came is likest to, bool (pieces, windows); and of these one, int64
        (pieces,): that which goes on where the window before was taken from, else the latest; NOWHERE where it is like
        none. steps (pieces,): its length."""
        now, pieces = self.length, np.arange(len(steps))
        if now == 0:
            return np.zeros((len(steps), 0), bool), np.full(len(steps), NOWHERE)
        score = 0.6 * coming.equal + 0.4 * coming.like
        score = np.where(self.fitting(steps), score, 0.0)
        best = score.max(axis=1, keepdims=True)
        right = (score >= best - AS_GOOD) & (best >= LEAST_LIKE)
        latest = now - 1 - right[:, ::-1].argmax(axis=1)
        onward = self.sources[:, now - 1] + 1
        goes_on = (self.sources[:, now - 1] >= 0) & (onward < now) & right[pieces, np.minimum(onward, now - 1)]
        return right, np.where(right.any(axis=1), np.where(goes_on, onward, latest), NOWHERE)

    def returned(self, cells: Rolls, sources: Numbers, *, parts: slice = ALL) -> Numbers:
        """Whether the cells of some of the parts, in a window that comes (pieces, parts, 48, 128), are those of its
        source, note for note: 1 or -1; 0 where either is silent or there is no source, int64 (pieces, parts)."""
        row, source = np.arange(len(sources)), np.maximum(sources, 0)
        plays = cells[:, parts].any(axis=(2, 3))
        same = (self.rolls[row, parts, source] == cells[:, parts]).all(axis=(2, 3))
        arises = plays & (self.counts[row, parts, source] > 0) & (sources != NOWHERE)[:, None]
        return np.where(arises, np.where(same, 1, -1), 0)

    def fitting(self, steps: Numbers) -> NDArray[np.bool_]:
        """The earlier windows as long as one that comes, bool (pieces, windows); steps (pieces,)."""
        fits: NDArray[np.bool_] = self.steps[:, : self.length] == steps[:, None]
        return fits

    def append(self, cells: Rolls, coming: Coming, *, steps: Numbers, chords: Numbers, sources: Numbers) -> None:
        """Cells (pieces, parts, 48, 128), as they are like what was, become the past; steps, chords and sources
        (pieces,)."""
        now = self.length
        self.rolls[:, :, now] = cells
        self.steps[:, now], self.chords[:, now], self.sources[:, now] = steps, chords, sources
        self.like[:, now, :now], self.equal[:, now, :now] = coming.like, coming.equal
        self.own[:, :, now, :now], self.same[:, :, now, :now] = coming.own, coming.same
        self._by_lag(coming)
        piece, part, onset, pitch = places(cells)
        np.add.at(self.counts[:, :, now], (piece, part), 1)
        np.add.at(self.pitches, (piece, part, pitch), 1.0)
        np.add.at(self.onsets, (piece, part, onset), 1.0)
        np.add.at(self.lengths, (piece, part, cells[piece, part, onset, pitch] - 1), 1.0)
        self._side_by_side(cells)
        self.length += 1

    def last(self, windows: int) -> Past:
        """The same with room as before, in which only the last so many windows are known; what parts are used to, and
        how like windows so far apart have been, stays."""
        past = self._copied(self.length - windows, np.arange(len(self.steps)))
        past.sources = np.where(past.sources >= self.length - windows, past.sources - (self.length - windows), NOWHERE)
        return past

    def of(self, pieces: Numbers) -> Past:
        """The past of some of the pieces, by their numbers; what follows changes only this one."""
        return self._copied(0, pieces)

    def _copied(self, first: int, pieces: Numbers) -> Past:
        """A past of some of the pieces, from the window `first` on."""
        past, kept = Past(self.drums[pieces], room=self.steps.shape[1]), slice(first, self.length)
        past.length = length = self.length - first
        past.rolls[:, :, :length], past.counts[:, :, :length] = (
            self.rolls[pieces, :, kept],
            self.counts[pieces, :, kept],
        )
        for name in ("steps", "chords", "sources"):
            getattr(past, name)[:, :length] = getattr(self, name)[pieces, kept]
        for name in ("like", "equal", "own", "same"):
            getattr(past, name)[..., :length, :length] = getattr(self, name)[pieces][..., kept, kept]
        for name in ("pitches", "onsets", "lengths", "by_lag", "own_by_lag", "together", "struck", "apart"):
            getattr(past, name)[:] = getattr(self, name)[pieces]
        return past

    def window(self, numbers: Numbers) -> Rolls:
        """Of each piece the cells of a window (pieces,), silent ones for NOWHERE; (pieces, parts, 48, 128)."""
        cells = self.rolls[np.arange(len(numbers)), :, numbers]
        cells[numbers < 0] = 0
        return cells

    def cells(self, numbers: Numbers) -> Rolls:
        """Of each part the cell of a window (pieces, parts), silent for NOWHERE; (pieces, parts, 48, 128)."""
        pieces, parts = numbers.shape
        cells = self.rolls[np.arange(pieces)[:, None], np.arange(parts), numbers]
        cells[numbers < 0] = 0
        return cells

    def _by_lag(self, coming: Coming) -> None:
        """Running means of the likeness of windows so far apart."""
        now = self.length
        back = slice(1, now + 1)  # lag 1 belongs to the last window
        like, equal, own = (rows[..., ::-1] for rows in (coming.like, coming.equal, coming.own))
        seen = np.arange(now, 0, -1)  # how many pairs of each lag there have been, this one counted
        self.by_lag[:, 0, back] += (like - self.by_lag[:, 0, back]) / seen
        self.by_lag[:, 2, back] += (equal - self.by_lag[:, 2, back]) / seen
        stays = np.where(seen == 1, 0.0, RECENT).astype(np.float32)
        self.by_lag[:, 1, back] += (1 - stays) * (like - self.by_lag[:, 1, back])
        self.own_by_lag[:, :, back] += (1 - stays) * (own - self.own_by_lag[:, :, back])

    def _side_by_side(self, cells: Rolls) -> None:
        """Which parts begin notes together, and how far apart their lowest ones are."""
        begins = np.asarray(cells.any(axis=-1))  # (pieces, parts, 48)
        lowest = cells.astype(bool).argmax(axis=-1)
        self.struck += begins.sum(axis=-1)
        both = begins[:, :, None] & begins[:, None]  # (pieces, part, other, 48)
        self.together += both.sum(axis=-1)
        piece, part, other, onset = np.nonzero(both)
        interval = np.clip(lowest[piece, part, onset] - lowest[piece, other, onset], -REGISTER, REGISTER) + REGISTER
        np.add.at(self.apart, (piece, part, other, interval), 1.0)
