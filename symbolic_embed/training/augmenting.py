"""More music from the music there is.

Every pair is transposed as a whole by a random interval between a fourth down and a tritone up, so that each key is met
as often as any other. Beyond that some pairs are changed so that what follows what stays true:

- drums are scarce (a hundred files), and a model that learns them by heart writes back no others. So in many pairs the
  kit is dealt out anew: each drum's part goes to another drum, the same in both windows; and in some the bar begins
  elsewhere, by whole sixteenths;
- from some windows notes are left out, so that cells nobody has written are met as well.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import Windows
from symbolic_embed.bars.merging import merge

TRANSPOSITIONS = np.arange(-5, 7)
KIT = np.arange(35, 82)  # the drums of General MIDI
OTHER_KIT, OTHER_BEGINNING, THINNED = 0.5, 0.25, 0.2  # shares of pairs
SIXTEENTH = 3


def varied_pair(anchors: Windows, positives: Windows, *, random: np.random.Generator) -> tuple[Windows, Windows]:
    """Both windows of each pair (equally many, row i belongs to row i): transposed and dealt out alike, then thinned
    each by itself."""
    count = len(anchors)
    kits = np.argsort(random.random((count, len(KIT))), axis=1)
    kits[random.random(count) >= OTHER_KIT] = np.arange(len(KIT))
    rotations = random.integers(0, 16, count) * SIXTEENTH * (random.random(count) < OTHER_BEGINNING)
    semitones = random.choice(TRANSPOSITIONS, count)
    dealt = (_redealt(one.transposed(semitones), kits=kits, rotations=rotations) for one in (anchors, positives))
    windows = (_thinned(one, random) for one in dealt)
    first, second = (merge(one, groups=np.arange(count), steps=one.steps) for one in windows)
    return first, second


def _redealt(windows: Windows, *, kits: NDArray[np.int64], rotations: NDArray[np.int64]) -> Windows:
    """Drums given to other drums, and begun `rotations` steps later, going round the bar; pitched notes stay."""
    owner = windows.note_window
    drum = windows.is_drum
    number = windows.pitch.astype(np.int64) - KIT[0]  # of the drum in the kit
    in_kit = drum & (number >= 0) & (number < len(KIT))
    pitch = np.where(in_kit, KIT[kits[owner, np.clip(number, 0, len(KIT) - 1)]], windows.pitch)
    onset = (windows.onset.astype(np.int64) + rotations[owner]) % windows.steps[owner]
    onset = np.where(drum, onset, windows.onset)
    return replace(windows, pitch=pitch.astype(np.uint8), onset=onset.astype(np.uint8))


def _thinned(windows: Windows, random: np.random.Generator) -> Windows:
    """Some windows with some of their notes left out; one that begins there always stays."""
    lost = random.uniform(0.1, 0.5, len(windows)) * (random.random(len(windows)) < THINNED)
    owner = windows.note_window
    stays = random.random(len(owner)) >= lost[owner]
    begins = np.flatnonzero(windows.begins)
    stays[begins[np.unique(owner[begins], return_index=True)[1]]] = True
    return windows.keeping(stays)
