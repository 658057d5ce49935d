"""A song that training data may hold, and a band that plays it, for tests of what was copied."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from composers import QUARTER, band_seed

from symbolic_embed.originality.fingerprint import Fingerprint, fingerprint_of, run_hashes, top_lines
from symbolic_embed.outputs.seed_file import Output
from symbolic_embed.score import Notes
from symbolic_embed.score.editing.in_place import replace_notes

SONG = [72, 76, 74, 77, 76, 79, 77, 81, 79, 83, 81, 84, 83, 86, 84, 88]  # above all that the band plays


def known(pitches: Sequence[int] = SONG, *, length: int = 6) -> Fingerprint:
    """A fingerprint that holds a song, in notes of `length` steps."""
    steps = length * np.arange(len(pitches))
    runs = run_hashes(top_lines(np.zeros(len(steps)), steps, np.array(pitches)))[0]
    return fingerprint_of([runs, np.arange(1000, dtype=np.uint64)])  # and others, so that chance is as in earnest


def played(pitches: Sequence[int], *, at: int = 0, track: int = 0, up: int = 0, random_seed: int = 0) -> Output:
    """The band with eighths of these pitches, from a tick on, in place of all that a part plays."""
    seed = band_seed()
    part = seed.events.parts()[track]
    onsets = at + QUARTER // 2 * np.arange(len(pitches))
    new = Notes.of(onsets, [200] * len(pitches), np.array(pitches) + up, [70] * len(pitches))
    events = replace_notes(seed.events, part, remove=range(len(part.track.notes)), add=new)
    return Output(f"s{random_seed}", events, {"settings": {"variation": 1}})
