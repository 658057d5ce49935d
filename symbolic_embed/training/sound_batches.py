"""Batches for training an encoder of recordings: windows of recordings, and what their notes are embedded as.

Half of a batch comes from a few recordings, so that the wrong answers are other bars of the same piece and the same bar
counted from another beat; the other half comes from anywhere. Windows of the same notes are not each other's negatives.
No beat tracker is exact, so each window begins and ends a little beside where it should; and no two instruments sound
alike, so each of its features is a little louder or fainter.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symbolic_embed.bars import ranges
from symbolic_embed.encodings.sound import Where, even_edges, running_sums, sound_windows
from symbolic_embed.networks.sound import Frames
from symbolic_embed.training.batches import Batches
from symbolic_embed.training.settings import SoundTraining
from symbolic_embed.training.sounding.recordings import Recordings


class SoundBatch(NamedTuple):
    """heard: windows of recordings; meant: the embeddings of their notes, (batch, dim); ignored: bool (batch, batch),
    pairs that are no fair negatives."""

    heard: Frames
    meant: Tensor
    ignored: Tensor


class SoundBatches(Batches[SoundBatch]):
    """The batches of such a run."""

    def __init__(self, recordings: Recordings, *, settings: SoundTraining, first: int = 0) -> None:
        super().__init__(seed=settings.seed, first=first)
        self.recordings, self.settings = recordings, settings
        self.first_sum = recordings.offsets[:-1] + np.arange(len(recordings))  # each has one row more than frames
        between = zip(recordings.offsets[:-1], recordings.offsets[1:], strict=True)
        self.sums = np.concatenate([running_sums(recordings.frames[begin:end]) for begin, end in between])
        self.first_window = np.searchsorted(recordings.recording, np.arange(len(recordings) + 1))

    def drawn(self, random: np.random.Generator) -> SoundBatch:
        given, settings = self.recordings, self.settings
        chosen = self._chosen(random)
        begin, end = given.begin[chosen], given.end[chosen]
        lengths = end - begin
        begin = begin + random.normal(0, settings.beside, len(chosen)) * lengths
        end = end + random.normal(0, settings.beside, len(chosen)) * lengths
        edges = even_edges(begin, end, given.steps[chosen])
        recording = given.recording[chosen]
        where = Where(self.first_sum[recording], np.diff(given.offsets)[recording], given.steps[chosen])
        numbers = sound_windows(self.sums, edges, where)
        numbers *= np.exp(random.normal(0, settings.uneven, (len(chosen), 1, numbers.shape[2]))).astype(np.float32)
        content = given.content[chosen]
        return SoundBatch(
            Frames(torch.from_numpy(numbers), torch.from_numpy(given.steps[chosen])),
            torch.from_numpy(given.vector[chosen].astype(np.float32)),
            torch.from_numpy(content[:, None] == content),
        )

    def _chosen(self, random: np.random.Generator) -> NDArray[np.int64]:
        """Numbers of windows: half of a few recordings, half of any."""
        half = self.settings.windows // 2
        pieces = random.integers(0, len(self.recordings), self.settings.pieces)
        counts = self.first_window[pieces + 1] - self.first_window[pieces]
        there = ranges.rows(self.first_window[pieces], counts)
        some = random.permutation(there)[:half]
        return np.concatenate([some, random.integers(0, len(self.recordings.recording), self.settings.windows - half)])
