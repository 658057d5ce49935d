"""Recordings by what is heard in them, among the embeddings of notes.

A recording has no barlines, so it is embedded in every way in which its pulse can be counted: for each metre and tempo
a bar from each pulse on. One of them lies where the bars of its notes do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from symbolic_embed.bars.grid import WINDOW_STEPS
from symbolic_embed.embedding.checkpoint import Checkpoint, requiring_fit
from symbolic_embed.embedding.model import ModelSettings, SoundSettings, build_sound
from symbolic_embed.embedding.units import BATCH, LEAST
from symbolic_embed.encodings.pianoroll import STEPS_PER_FRAME
from symbolic_embed.encodings.sound import FRAMES, SOUND_KINDS, Where, running_sums, sound_frames, sound_windows
from symbolic_embed.errors import CheckpointError
from symbolic_embed.listening.countings import Counted, Counting, countings, pulse
from symbolic_embed.listening.spectra import Spectra
from symbolic_embed.networks.sound import Frames, SoundNetworks


def sound_hash(card: Mapping[str, Any]) -> str | None:
    """Which weights recordings are embedded by, as a checkpoint's card has them; None where it has none."""
    weights = card.get("weights", {})
    return next((str(weights[kind]) for kind in SOUND_KINDS if kind in weights), None)


@dataclass(frozen=True, eq=False)
class SoundEmbedder:
    """An encoder of recordings with trained weights."""

    settings: SoundSettings
    networks: SoundNetworks
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
            networks = build_sound(settings, dim=dim)
            networks.load_state_dict(checkpoint.weights(kinds[0]))
        return cls(settings, networks.eval().requires_grad_(False), dim)

    def counted(self, heard: Spectra) -> list[Counted]:
        """A recording, in every way in which it can be counted."""
        sums = running_sums(sound_frames(heard, self.settings.kind))
        when = pulse(heard)
        return [self._counted(sums, when, way) for way in countings(when)]

    def _counted(self, sums: NDArray[np.float32], when: NDArray[np.float64], way: Counting) -> Counted:
        """The bars of one way. A bar longer than a window is embedded as of notes: by the direction of the mean of its
        windows."""
        count = len(when) - way.pulses
        total = np.zeros((count, self.dim), np.float32)
        for begin in range(0, way.steps, WINDOW_STEPS):
            steps = min(WINDOW_STEPS, way.steps - begin)
            share = np.minimum(begin + np.arange(FRAMES + 1) * STEPS_PER_FRAME, begin + steps) / way.steps
            edges = np.interp(np.arange(count)[:, None] + share * way.pulses, np.arange(len(when)), when)
            every = np.ones(count, np.int64)
            windows = sound_windows(sums, edges, Where(0 * every, (len(sums) - 1) * every, steps * every))
            total += self._embedded(windows, steps)
        kept = self.audible(total).astype(np.float16)  # as libraries keep it, so that they answer as files do
        seconds = way.pulses * float(np.median(np.diff(when)))
        return Counted(way.steps, way.pulses, seconds, kept.astype(np.float32))

    @torch.no_grad()
    def audible(self, embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
        """What can be heard of embeddings (n, dim), of recordings or of notes, whatever their length; float32
        (n, audible), all of one length."""
        made = [np.zeros((0, self.settings.audible), np.float32)]
        for start in range(0, len(embeddings), BATCH):
            count = min(BATCH, len(embeddings) - start)
            rows = start + np.arange(max(count, LEAST)) % count
            made.append(self.networks.heard(torch.from_numpy(embeddings[rows])).numpy()[:count])
        return np.concatenate(made)

    @torch.no_grad()
    def _embedded(self, windows: NDArray[np.float32], steps: int) -> NDArray[np.float32]:
        """Embeddings (windows, dim) of windows of so many steps, in batches of one size."""
        made = []
        for start in range(0, len(windows), BATCH):
            count = min(BATCH, len(windows) - start)
            rows = start + np.arange(max(count, LEAST)) % count
            frames = Frames(torch.from_numpy(windows[rows]), torch.full((len(rows),), steps))
            made.append(self.networks.encoder(frames).numpy()[:count])
        return np.concatenate(made)
