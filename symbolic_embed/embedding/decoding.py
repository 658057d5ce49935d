"""What windows that are to be decoded must be like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.encodings import note_rows
from symbolic_embed.networks.grammar import Grammar


@dataclass(frozen=True, eq=False)
class DecodingRules:
    """The rules of some windows.

    steps: int64 (windows,), how long each is. drums: bool (windows,), whether it is a drum part's, which decides which
    of the pitch tokens it may hold. allowed: bool (windows, pitch tokens) or (windows, 48, pitch tokens), narrows what
    may begin. rhythm: int64 (windows, notes, 2), and single: bool (windows,), as `networks.grammar.Grammar` has them.
    """

    steps: NDArray[np.int64]
    drums: NDArray[np.bool_]
    allowed: NDArray[np.bool_] | None = None
    rhythm: NDArray[np.int64] | None = None
    single: NDArray[np.bool_] | None = None

    def where(self, chosen: NDArray[np.int64] | NDArray[np.bool_] | slice) -> DecodingRules:
        """The rules of some of the windows."""
        return DecodingRules(
            self.steps[chosen],
            self.drums[chosen],
            allowed=None if self.allowed is None else self.allowed[chosen],
            rhythm=None if self.rhythm is None else self.rhythm[chosen],
            single=None if self.single is None else self.single[chosen],
        )

    def grammar(self) -> Grammar:
        """The same for the decoder."""
        pitches = pitches_by_kind(self.drums)
        if self.allowed is not None:
            pitches = self.allowed & (pitches if self.allowed.ndim == 2 else pitches[:, None])
        return Grammar.of(
            steps=np.asarray(self.steps, np.int64), pitches=pitches, rhythm=self.rhythm, single=self.single
        )


def pitches_by_kind(drums: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which pitch tokens each window may hold: drums or pitched notes; bool (windows, tokens)."""
    is_drum = np.arange(note_rows.PITCH_TOKENS) >= note_rows.FIRST_DRUM
    of_kind: NDArray[np.bool_] = is_drum == np.asarray(drums, bool)[:, None]
    return of_kind
