"""Which piece of a drum kit a key strikes.

Keys of General MIDI that a drummer strikes with one hand or foot at one thing: the closed hat and the pedal are one
piece, all toms are one, so that what a player does on one can be told from few bars. What is no part of a kit (shakers,
congas) is one piece more.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

KEYS: Final = {
    "kick": (35, 36),
    "snare": (38, 40),
    "stick": (37, 39),
    "hat": (42, 44),
    "open hat": (46,),
    "ride": (51, 53, 59),
    "crash": (49, 52, 55, 57),
    "tom": (41, 43, 45, 47, 48, 50),
}
PIECES: Final = (*KEYS, "other")  # arrays know them by their places

_OF_KEY = np.full(128, len(KEYS), np.int64)
for _number, _keys in enumerate(KEYS.values()):
    _OF_KEY[list(_keys)] = _number


def pieces_of(pitch: NDArray[np.integer]) -> NDArray[np.int64]:
    """The piece, as its place in PIECES, that each key strikes; int64, the shape of `pitch` (0 to 127)."""
    pieces: NDArray[np.int64] = _OF_KEY[pitch]
    return pieces
