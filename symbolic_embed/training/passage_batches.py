"""Batches for training the passage encoder: passages and other versions of them, as cells to be embedded."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symbolic_embed.bars import WINDOW_STEPS, Windows, ranges
from symbolic_embed.bars.windows import DRUM
from symbolic_embed.corpus.tables import WindowTable
from symbolic_embed.corpus.versions import VersionRows, VersionSampler
from symbolic_embed.embedding.model import Representation, encoder_input
from symbolic_embed.embedding.units import BATCH
from symbolic_embed.networks.encoder import Bags, Tokens
from symbolic_embed.training.batches import Batches
from symbolic_embed.training.reworking.notes import PARTS, PassageNotes, some
from symbolic_embed.training.reworking.parts import one_of_each
from symbolic_embed.training.reworking.versions import altered, reworked
from symbolic_embed.training.reworking.wholes import doubled
from symbolic_embed.training.settings import PassageTraining

FRAMES, FRAME_STEPS = 8, 6


class PassageBatch(NamedTuple):
    """Cells of anchors (passages 0 to n - 1) and of others (n to 2n - 1).

    windows: the distinct ones, for the embedder's encoder, so many at a time as it is fastest with; window, cell: (n,),
    of each window of a cell which of these it is, and of which cell; slots, roles: (cells,), slots counting passage *
    bars + bar; is_slow: bool (n,), of
    which anchors the other is twice as slow, or the anchor twice as slow as the other (`slow_anchor`); ignored: bool
    (n, n); sounding: float32 (some, places, frames * kinds), what really sounds in the first of the windows.
    """

    windows: tuple[Bags | Tokens, ...]
    window: Tensor
    cell: Tensor
    slots: Tensor
    roles: Tensor
    is_slow: Tensor
    slow_anchor: Tensor
    ignored: Tensor
    sounding: Tensor


class PassageBatches(Batches[PassageBatch]):
    """The batches of a passage encoder's run."""

    def __init__(
        self, sampler: VersionSampler, *, settings: PassageTraining, representation: Representation, first: int = 0
    ) -> None:
        super().__init__(seed=settings.seed, first=first)
        self.sampler, self.settings, self.representation = sampler, settings, representation

    def drawn(self, random: np.random.Generator) -> PassageBatch:
        count = self.settings.pairs
        versions = self.sampler.draw(count, random=random)
        table = self.sampler.corpus.cells
        anchors, others = (notes_of(rows, table) for rows in (versions.anchors, versions.others))
        alone = some(count, self.settings.part_share, random)
        part = one_of_each(anchors, alone & ~versions.from_file, random)
        anchors, others = (_part_of(notes, part) for notes in (anchors, others))
        kept = others.where(versions.from_file[others.passage])
        made = reworked(others.where(~versions.from_file[others.passage]), random)
        others, _ = altered(kept.and_also(made), random)
        slow = some(count, self.settings.slow_share, random)
        slow_anchor = slow & some(count, 0.5, random)
        anchors, others = doubled(anchors, slow_anchor), doubled(others, slow & ~slow_anchor)
        mine, theirs = anchors.cells(), others.cells()
        windows = Windows.concatenated([mine.windows, theirs.windows])
        _, first, which = np.unique(windows.content_hashes(), return_index=True, return_inverse=True)
        order = random.permutation(len(first))
        distinct = windows.where(first[order])
        unfolded = distinct.where(np.arange(min(self.settings.unfolded, len(first))))
        return PassageBatch(
            windows=tuple(
                encoder_input(distinct.where(some_of_them), representation=self.representation)
                for some_of_them in np.split(np.arange(len(first)), np.arange(BATCH, len(first), BATCH))
            ),
            window=torch.from_numpy(np.argsort(order)[which]),
            cell=torch.from_numpy(np.concatenate([mine.cell, theirs.cell + len(mine.slot)])),
            slots=torch.from_numpy(np.concatenate([mine.slot, theirs.slot + count * anchors.bars])),
            roles=torch.from_numpy(np.concatenate([mine.role, theirs.role])),
            is_slow=torch.from_numpy(slow),
            slow_anchor=torch.from_numpy(slow_anchor),
            ignored=torch.from_numpy(versions.ignored),
            sounding=torch.from_numpy(sounding_frames(unfolded)),
        )


def notes_of(rows: VersionRows, table: WindowTable) -> PassageNotes:
    """Passages of a prepared corpus as notes. A note held over into a later window of its bar is there once."""
    windows = table.windows(rows.window)
    owner = ranges.owners(windows.note_counts)
    once = windows.begins | (rows.part_of_bar[owner] == 0)
    owner = owner[once]
    roles = np.full((len(rows.roles), PARTS), -1)
    roles[:, : rows.roles.shape[1]] = rows.roles
    columns = (windows.onset, windows.pitch, windows.length, windows.flags)
    onset, pitch, length, flags = (column[once].astype(np.int64) for column in columns)
    onset += rows.part_of_bar[owner] * WINDOW_STEPS
    return PassageNotes(
        rows.passage[owner], rows.part[owner], rows.bar[owner], onset, pitch, length, flags, roles, rows.steps
    )


def sounding_frames(windows: Windows) -> NDArray[np.float32]:
    """What sounds and what begins in each eighth of 4/4, by pitch class: the share of the time, at most 1, and whether
    a note begins; float32 (windows, 12, FRAMES * 2). Of drums nothing."""
    pitched = windows.flags & DRUM == 0
    owner, pitch_class = windows.note_window[pitched], windows.pitch[pitched] % 12
    onset = windows.onset[pitched].astype(np.int64)
    end = np.minimum(onset + np.maximum(windows.length[pitched], 1), windows.steps[owner])
    begins = windows.begins[pitched]
    frames = np.zeros((len(windows), 12, 2, FRAMES), np.float32)
    for frame in range(FRAMES):
        lasting = np.minimum(end, (frame + 1) * FRAME_STEPS) - np.maximum(onset, frame * FRAME_STEPS)
        here = lasting > 0
        np.add.at(frames, (owner[here], pitch_class[here], 0, frame), lasting[here] / FRAME_STEPS)
        here = begins & (onset // FRAME_STEPS == frame)
        frames[owner[here], pitch_class[here], 1, frame] = 1
    return np.minimum(frames, 1).reshape(len(windows), 12, -1)


def _part_of(notes: PassageNotes, part: NDArray[np.int64]) -> PassageNotes:
    """In each passage only its `part`; all, where that is below 0."""
    return notes.where((part[notes.passage] < 0) | (notes.part == part[notes.passage]))
