"""Batches for training the composer: passages, with everything that has to be embedded for them.

The context of a part's step is its own last cell, the last whole bar, what the parts before it have written in this
bar, and what the plan says of it. All are windows, embedded by the finished encoder; beside them lies what is planned,
and what may be copied (`composer_material.py`).

Bands double: in some passages a part is doubled by another, in unison or in octaves.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symbolic_embed.bars import ROLES, WINDOW_STEPS, Windows
from symbolic_embed.bars.chords import chord_numbers
from symbolic_embed.bars.merging import merge
from symbolic_embed.composing.surroundings import around, chord_rows
from symbolic_embed.corpus.passages import Passages, PassageSampler
from symbolic_embed.embedding.model import Representation, encoder_input
from symbolic_embed.encodings.cell_rolls import cell_rolls
from symbolic_embed.encodings.patterns import PLACES
from symbolic_embed.networks.copying import Material
from symbolic_embed.networks.encoder import Bags, Tokens
from symbolic_embed.training.augmenting import TRANSPOSITIONS
from symbolic_embed.training.batches import Batches, RowGroup, row_groups
from symbolic_embed.training.composer_material import Beside, Passage, PlanTargets, heard
from symbolic_embed.training.settings import ComposerTraining

DOUBLED = 0.15  # of passages; in them another part plays what one plays
OCTAVES = (-12, 0, 0, 12)
DRUMS = ROLES.index("drums")


class ComposerBatch(NamedTuple):
    """Windows to embed, and where their embeddings belong; what is planned, and what may be copied.

    cells: (parts * (steps + 1)) windows; bars: (pieces * (steps + 1)) windows; written: one window for each part and
    step that follows another part. piece, roles: (parts,). follows: bool (parts,), whether another part was before.
    targets: what the decoder must write, windows numbered part * steps + step, as `material` is. goes_on: bool (pieces,
    steps), whether the piece has not ended. places: int64 (pieces, steps), of each window in its phrase.
    """

    cells: Bags | Tokens
    bars: Bags | Tokens
    written: Bags | Tokens
    piece: Tensor
    roles: Tensor
    follows: Tensor
    targets: tuple[RowGroup, ...]
    plan: PlanTargets
    material: Material
    goes_on: Tensor
    places: Tensor


class ComposerBatches(Batches[ComposerBatch]):
    """The batches of a composer's run."""

    def __init__(
        self, sampler: PassageSampler, *, settings: ComposerTraining, representation: Representation, first: int = 0
    ) -> None:
        super().__init__(seed=settings.seed, first=first)
        self.sampler, self.settings, self.representation = sampler, settings, representation

    def drawn(self, random: np.random.Generator) -> ComposerBatch:
        steps = int(random.choice(self.settings.windows))
        passages = self.sampler.draw(pieces=self.settings.pieces, parts=self.settings.parts, steps=steps, random=random)
        passages, octaves = doubled(passages, random=random, most=self.settings.parts)
        semitones = random.choice(TRANSPOSITIONS, len(passages.bars))
        lengths = passages.length[passages.piece]  # of cells; a rest is as long as its bar
        cells = replace(self.sampler.cells.windows(passages.cells.ravel()), steps=lengths.ravel())
        cells = cells.transposed(np.repeat(semitones[passages.piece] + octaves, steps + 1))
        bars = replace(self.sampler.bars.windows(passages.bars.ravel()), steps=passages.length.ravel())
        bars = bars.transposed(np.repeat(semitones, steps + 1))
        now = np.arange(cells.steps.size).reshape(-1, steps + 1)[:, 1:]  # the windows to be written
        follows = np.append(False, passages.piece[1:] == passages.piece[:-1])
        sources, groups = written_before(passages, now)
        written = merge(cells.where(sources), groups=groups, steps=lengths[follows, 1:].ravel())
        passage = side_by_side(passages, cells, bars)
        plan, beside = heard(passage, random=random)
        chords = passage.chords[passages.piece, 1:].ravel()
        return ComposerBatch(
            cells=self._input(cells),
            bars=self._input(bars),
            written=self._input(written),
            piece=torch.from_numpy(passages.piece),
            roles=torch.from_numpy(passages.role),
            follows=torch.from_numpy(follows),
            targets=row_groups(cells.where(now.ravel()), longest=self.settings.longest_window),
            plan=plan,
            material=material_of(beside, written, chords=chords, follows=follows, roles=passages.role),
            goes_on=torch.from_numpy(passages.bars[:, 1:] >= 0),
            places=torch.from_numpy(self.sampler.bars.ordinal[passages.bars[:, 1:]].astype(np.int64) % PLACES),
        )

    def _input(self, windows: Windows) -> Bags | Tokens:
        return encoder_input(windows, representation=self.representation)


def doubled(passages: Passages, *, random: np.random.Generator, most: int) -> tuple[Passages, NDArray[np.int64]]:
    """Passages in some of which a part, not of drums, plays what another plays: one more, written last, where there are
    fewer than `most`, else in the place of the last that is not of drums either; and by how many semitones each part is
    moved, int64 (parts,)."""
    rows: list[NDArray[np.int64]] = []  # which part each one plays, of each piece
    followers = []  # the number of each part that doubles another
    for piece in range(len(passages.bars)):
        own = np.flatnonzero(passages.piece == piece)
        pitched = np.flatnonzero(passages.role[own] != DRUMS)
        if random.random() < DOUBLED and len(pitched) > (len(own) >= most):
            place = len(own) if len(own) < most else int(pitched[-1])
            leader = own[random.choice(pitched[pitched != place])]
            followers.append(sum(map(len, rows)) + place)
            own = np.append(own[:place], [leader, *own[place + 1 :]]).astype(np.int64)
        rows.append(own)
    parts = np.concatenate(rows)
    octaves = np.zeros(len(parts), np.int64)
    octaves[followers] = random.choice(OCTAVES, len(followers))
    columns = {name: getattr(passages, name)[parts] for name in ("piece", "role", "cells")}
    return replace(passages, **columns), octaves


def side_by_side(passages: Passages, cells: Windows, bars: Windows) -> Passage:
    """The windows of passages as pieces of equally many parts, some of which are none."""
    pieces, windows = passages.bars.shape
    place = np.arange(len(passages.piece)) - np.searchsorted(passages.piece, passages.piece)
    present = np.zeros((pieces, int(place.max()) + 1), bool)
    present[passages.piece, place] = True
    rolls = np.zeros((*present.shape, windows, WINDOW_STEPS, 128), np.uint8)
    rolls[passages.piece, place] = cell_rolls(cells).reshape(len(place), windows, WINDOW_STEPS, 128)
    drums = np.zeros_like(present)
    drums[passages.piece, place] = passages.role == DRUMS
    chords = chord_numbers(bars).reshape(pieces, windows)
    return Passage(rolls, passages.length, chords, drums, present)


def material_of(
    beside: Beside,
    written: Windows,
    *,
    chords: NDArray[np.int64],
    follows: NDArray[np.bool_],
    roles: NDArray[np.int64],
) -> Material:
    """What lies beside the cells of all parts (parts * steps); `written`, of those that follow another, what others
    have written there; chords (parts * steps,); roles (parts,)."""
    steps = len(chords) // len(roles)
    after = np.repeat(follows, steps)
    sounding = np.zeros((len(after), WINDOW_STEPS, 12), np.float32)
    struck = np.zeros((len(after), WINDOW_STEPS), np.float32)
    sounding[after], struck[after] = around(written)
    habits = (beside.trust, beside.pitches, beside.onsets, beside.lengths, beside.classes)
    drums = np.repeat(roles == DRUMS, steps)
    columns = (beside.rolls, beside.keys, *habits, chord_rows(chords), sounding, struck, drums)
    return Material(*(torch.from_numpy(np.ascontiguousarray(column)) for column in columns))


def written_before(passages: Passages, now: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which cell windows make up what has been written before each part's turn, at each step.

    now: (parts, steps) numbers of the cell windows. Returns the numbers of windows, and for each the number of its
    union among those of the parts that follow another, in order of part, then step.
    """
    steps = now.shape[1]
    sources, groups = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    union = -1
    for part in range(1, len(now)):
        earlier = np.flatnonzero(passages.piece[:part] == passages.piece[part])
        if len(earlier):
            union += 1
            sources.append(now[earlier].ravel())
            groups.append(np.tile(union * steps + np.arange(steps), len(earlier)))
    return np.concatenate(sources), np.concatenate(groups)
