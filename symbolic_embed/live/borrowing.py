"""Our next bar, out of the player's own music: what was played there behind a bar like the one that is heard.

The bar that is heard is brought to C major or A minor, as is all that can be borrowed, and compared with what sounds
beside each part there. The nearest place counts, and what the part plays in the bar behind it is ours; a place that
goes on from where we are costs less. All of it comes in the key that is heard.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from symbolic_embed.bars import STEPS_PER_QUARTER, cut
from symbolic_embed.bars.keys import MAJOR, best_transposition
from symbolic_embed.composing.borrowing import JUMP, Loans, gathered
from symbolic_embed.composing.context import windows_of
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.building import Pieces
from symbolic_embed.live.asking import CLOSING, LIBRARY, Answer, Ask, Request
from symbolic_embed.live.cells import given_of
from symbolic_embed.live.hearing import Hearing
from symbolic_embed.live.notes import Metre, Note
from symbolic_embed.requests.live import LiveRequest
from symbolic_embed.score import Notes, Score, Track
from symbolic_embed.similarity.likeness import squares

C_MAJOR = (60, 62, 64, 65, 67, 69, 71)
DRUMS = "drums"


class Borrowing:
    """Answers one session from what can be borrowed for each part."""

    def __init__(self, embedder: Embedder, loans: Sequence[Loans], request: LiveRequest, parts: Sequence[str]) -> None:
        self.embedder, self.loans, self.parts = embedder, tuple(loans), tuple(parts)
        self.metre = Metre.of(request.metre)
        self.hearing = Hearing(self.metre)
        self._places: list[int | None] = [None] * len(self.parts)

    @classmethod
    def of(
        cls,
        embedder: Embedder,
        lenders: Pieces,
        request: LiveRequest,
        *,
        parts: Sequence[str],
    ) -> Borrowing:
        """From pieces, (path, piece). Raises UsageError for a part that none has beside others."""
        scale = Notes.of(np.arange(7) * STEPS_PER_QUARTER, [STEPS_PER_QUARTER] * 7, C_MAJOR, [80] * 7)
        key = cut(Score(STEPS_PER_QUARTER, (Track(scale),)))
        loans = gathered(embedder, lenders, seed=key, roles=parts)
        return cls(embedder, [loans[role] for role in parts], request, parts)

    def take(self, request: Request) -> Answer | None:
        """Takes what is said or asked; the answer to a question."""
        if not isinstance(request, Ask):
            self.hearing = self.hearing.after(request.heard)
            return None
        began = time.perf_counter()
        hearing = self.hearing.after(request.heard)
        up = best_transposition(MAJOR, hearing.durations)
        window = (0, min(self.metre.steps, 48))
        rows = given_of(request.heard, window, roles=("chords",)).rows[0].copy()
        rows[:, 1] = np.clip(rows[:, 1] + up, 0, 127)
        here = self.embedder.embed_few(windows_of([rows], steps=np.array([window[1]])))
        notes: list[Note] = []
        for part, loans in enumerate(self.loans):
            row = self._place(part, loans, here)
            notes += _notes_at(
                loans, row, part=part, up=0 if self.parts[part] == DRUMS else -up, steps=self.metre.steps
            )
        by = CLOSING if request.wish.closes else LIBRARY
        milliseconds = (time.perf_counter() - began) * 1e3
        return Answer(request.bar, tuple(sorted(notes)), by, milliseconds, hearing.chord, hearing.key)

    def _place(self, part: int, loans: Loans, here: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> int:
        """The place of a part's next bar among what can be borrowed."""
        distances = np.sqrt(np.maximum(squares(here, loans.cells.vectors), 0.0))[0] + JUMP
        before = self._places[part]
        if before is not None:
            distances[before] -= JUMP
        behind = np.where(loans.goes_on, np.arange(len(distances)) + 1, np.arange(len(distances)))
        distances[~loans.goes_on] += JUMP
        distances[loans.cells.notes.steps[behind] != min(self.metre.steps, 48)] += 100.0
        self._places[part] = int(behind[int(np.argmin(distances))])
        return int(behind[int(np.argmin(distances))])


def _notes_at(loans: Loans, row: int, *, part: int, up: int, steps: int) -> list[Note]:
    """What is played at a place, moved by some semitones."""
    window = loans.cells.notes.where(np.array([row]))
    window = window.keeping(window.begins & (window.onset < steps)).transposed(up)
    columns = zip(window.onset.tolist(), window.length.tolist(), window.pitch.tolist(), strict=True)
    return [Note(part, onset, max(length, 1), pitch, 0) for onset, length, pitch in columns]
