"""Recordings by what is heard in them, among the embeddings of notes.

A recording has no barlines, so it is embedded in every way in which its beats can be counted: a window from each beat,
for each metre and tempo. One of them lies where the bars of its notes do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from symbolic_embed.embedding.checkpoint import Checkpoint, requiring_fit
from symbolic_embed.embedding.model import ModelSettings, SoundSettings, build_sound_encoder
from symbolic_embed.embedding.units import BATCH, LEAST
from symbolic_embed.encodings.sound import FRAMES, SOUND_KINDS, Where, running_sums, sound_frames, sound_windows
from symbolic_embed.encodings.pianoroll import STEPS_PER_FRAME
from symbolic_embed.errors import CheckpointError
from symbolic_embed.listening.pulse import beats, countings
from symbolic_embed.listening.spectra import Spectra
from symbolic_embed.networks.sound import FrameEncoder, Frames


@dataclass(frozen=True, eq=False)
class Counted:
    """The bars of a recording as counted in one way. steps: how long a bar is; beats: how many beats lie between a bar
    and the next; vectors: float32 (beats of the recording, dim), the bar that begins on each beat."""

    steps: int
    beats: int
    vectors: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class SoundEmbedder:
    """An encoder of recordings with trained weights."""

    settings: SoundSettings
    encoder: FrameEncoder
    dim: int

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> SoundEmbedder:
        """The encoder of recordings of a checkpoint, that of chroma rather than that of MFCC. Raises CheckpointError
        where it has none, or card and weights do not fit."""
        kinds = [kind for kind in SOUND_KINDS if checkpoint.holds(kind)]
        if not kinds:
            raise CheckpointError(
                f"{checkpoint.folder}: no encoder of recordings in it; `symbolic-embed train embedder "
                f"--representation chroma --checkpoint {checkpoint.folder}` makes a checkpoint that has one"
            )
        with requiring_fit(checkpoint):
            settings, dim = SoundSettings(**checkpoint.card[kinds[0]]), ModelSettings.of_card(checkpoint.card).dim
            encoder = build_sound_encoder(settings, dim=dim)
            encoder.load_state_dict(checkpoint.weights(kinds[0]))
        return cls(settings, encoder.eval().requires_grad_(False), dim)

    def counted(self, heard: Spectra) -> list[Counted]:
        """A recording, in every way in which it can be counted."""
        sums = running_sums(sound_frames(heard, self.settings.kind))
        when = beats(heard)
        ways = list(countings(len(when)))
        windows = [self._windows(sums, when, way.begins, way.beats, way.steps) for way in ways]
        vectors = self._embedded(
            np.concatenate([np.zeros((0, FRAMES, sums.shape[1]), np.float32), *windows]),
            np.concatenate([np.zeros(0, np.int64), *(np.full(len(way.begins), way.steps) for way in ways)]),
        )
        ends = np.cumsum([len(way.begins) for way in ways])[:-1]
        return [Counted(way.steps, way.beats, own) for way, own in zip(ways, np.split(vectors, ends), strict=True)]

    def _windows(
        self, sums: NDArray[np.float32], when: NDArray[np.float64], begins: NDArray[np.int64], beats: int, steps: int
    ) -> NDArray[np.float32]:
        """Windows from some beats on, so many beats long."""
        share = np.minimum(np.arange(FRAMES + 1) * STEPS_PER_FRAME / steps, 1.0)
        edges = np.interp(begins[:, None] + share * beats, np.arange(len(when)), when)
        of_all = np.ones(len(begins), np.int64)
        return sound_windows(sums, edges, Where(0 * of_all, (len(sums) - 1) * of_all, steps * of_all))

    @torch.no_grad()
    def _embedded(self, windows: NDArray[np.float32], steps: NDArray[np.int64]) -> NDArray[np.float32]:
        """Embeddings (windows, dim), in batches of one size."""
        made = [np.zeros((0, self.dim), np.float32)]
        for start in range(0, len(windows), BATCH):
            count = min(BATCH, len(windows) - start)
            rows = start + np.arange(max(count, LEAST)) % count
            frames = Frames(torch.from_numpy(windows[rows]), torch.from_numpy(steps[rows]))
            made.append(self.encoder(frames).numpy()[:count])
        return np.concatenate(made)
