"""In which keys two pieces are compared, and which of the two is moved.

Two pieces may be the same but for their key. One of them is then transposed: its notes are moved by each of -5 to 6
semitones (drums stay), embedded again each time, and the nearest of the twelve counts. (Passages of harmony are
transposed by rotating them, and a melody is moved to where it fits.)

Transposing A and transposing B give nearly, not exactly, the same distance, since a network is no musician. So that the
distance of A and B is one number from whichever side it is seen, the *shorter* piece is always the one that is moved
(fewer bars that sound; of two equally long the one whose content comes first in a fixed order). That is also the least
to embed. On 120 pieces each of two labelled sets (tavern_beethoven, mma_openewld, a first checkpoint) moving the one or
the other changed distances by 1 % and mean average precision by .007 at most, where its standard error was .02.
"""

from __future__ import annotations

import numpy as np

from symbolic_embed.bars import Windows

# In semitones. The first of two that are equally near counts: the smaller interval, and upwards before downwards.
TRANSPOSITIONS = (0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6)

Precedence = tuple[int, bytes]


def precedence(bars: Windows) -> Precedence:
    """Of two pieces, given as the bars of each that sound, the one with the smaller precedence is transposed."""
    return int(np.count_nonzero(bars.part_of_bar == 0)), bars.content_hashes().tobytes()
