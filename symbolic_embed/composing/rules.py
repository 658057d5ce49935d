"""What may be written in a window: what stays there, what may begin and sound, in which rhythm.

Three things say so: locks, which hold whatever comes (`locks.py`); the idiom of the part (`idiom.py`); and its manner,
where it goes on in it (`manner.py`). Here they are one: for the decoder, for notes that come from elsewhere, and for
cells that are varied together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import WINDOW_STEPS, Windows, ranges
from symbolic_embed.composing.idiom import Idiom
from symbolic_embed.composing.patterns import Patterns
from symbolic_embed.embedding.decoding import DecodingRules
from symbolic_embed.encodings import note_rows


@dataclass(frozen=True, eq=False)
class Rules:
    """What holds for some cell windows.

    kept: bool (notes,), which of their notes stay. allowed: bool (windows, 48, pitch tokens) or None, what the locks
    let sound, and with a rhythm begin. rhythm: int64 (windows, notes, 2) or None, as `networks.grammar.Grammar` takes
    it. idiom: what the parts play, locks or no locks. may_begin, may_sound: bool (windows, 48, pitch tokens) or None,
    what their manner is.
    """

    kept: NDArray[np.bool_]
    allowed: NDArray[np.bool_] | None
    rhythm: NDArray[np.int64] | None
    idiom: Idiom
    may_begin: NDArray[np.bool_] | None = None
    may_sound: NDArray[np.bool_] | None = None

    def where(self, chosen: NDArray[np.bool_], cells: Windows) -> Rules:
        """The rules of those windows that a mask, bool (windows,), chooses; `cells` are the windows they are for."""
        names = ("allowed", "rhythm", "may_begin", "may_sound")
        columns = {name: None if (rule := getattr(self, name)) is None else rule[chosen] for name in names}
        return Rules(self.kept[chosen[cells.note_window]], idiom=self.idiom.where(chosen), **columns)

    def together(self, patterns: Patterns) -> Rules:
        """The rules of the models of patterns, where these are those of their cells: what holds for one cell holds for
        its pattern. What a model has may begin where it does."""
        cells, kept = patterns.cells, patterns.agreed(self.kept)
        models = cells.where(patterns.model)
        kept = kept[ranges.rows(cells.offsets[:-1][patterns.model], models.note_counts)]
        names = ("allowed", "may_begin", "may_sound")
        columns = {
            name: None if (rule := getattr(self, name)) is None else patterns.allowed_to_all(rule) for name in names
        }
        own = models.keeping(~kept)
        for rule in columns.values():
            if rule is not None:
                rule[own.note_window, own.onset, note_rows.pitch_tokens(own)] = True
        single = np.zeros(len(patterns), bool)
        np.logical_or.at(single, patterns.pattern, self.idiom.single)
        rhythm = None if self.rhythm is None else rhythm_of(models, free=~kept)
        idiom = Idiom(patterns.allowed_to_all(self.idiom.pitches), single)
        return Rules(kept, rhythm=rhythm, idiom=idiom, **columns)

    def for_decoder(
        self, windows: NDArray[np.int64], *, steps: NDArray[np.int64], drums: NDArray[np.bool_]
    ) -> DecodingRules:
        """The same for the decoder, of some windows (an index array); `steps` and `drums` are theirs."""
        return DecodingRules(
            steps,
            drums,
            allowed=self._beginning(windows),
            rhythm=None if self.rhythm is None else self.rhythm[windows],
            single=self.idiom.single[windows],
        )

    def _beginning(self, windows: NDArray[np.int64] | slice) -> NDArray[np.bool_]:
        """What may begin in some windows; bool (n, pitch tokens), or (n, 48, pitch tokens) where it depends on the
        step."""
        pitches = self.idiom.pitches[windows]
        for rule in (self.allowed, self.may_begin, self.may_sound):
            if rule is not None:
                pitches = rule[windows] & (pitches[:, None] if pitches.ndim == 2 else pitches)
        return pitches

    def with_free_pitches(self, windows: NDArray[np.bool_]) -> Rules:
        """The same, but in some windows, a mask, the manner leaves all pitches of parts that are no drums free."""
        if self.may_begin is None or self.may_sound is None or not windows.any():
            return self
        pitches = windows[:, None, None] & (np.arange(note_rows.PITCH_TOKENS) < note_rows.FIRST_DRUM)
        return replace(self, may_begin=self.may_begin | pitches, may_sound=self.may_sound | pitches)

    def shortened(self, written: Windows, windows: NDArray[np.int64]) -> Windows:
        """Written notes end where they may no longer sound, at the latest with their window; with a rhythm they keep
        their lengths. `windows`: int64 (written windows,), whose rules hold for each."""
        if self.rhythm is not None or (self.allowed is None and self.may_sound is None):
            return written
        owner, onset = written.note_window, written.onset.astype(np.int64)
        sounds = np.ones((len(owner), WINDOW_STEPS), bool)
        for rule in (self.allowed, self.may_sound):
            if rule is not None:
                sounds &= rule[windows[owner], :, note_rows.pitch_tokens(written)]
        steps = np.arange(WINDOW_STEPS)
        silent = (~sounds | (steps >= written.steps[owner, None])) & (steps > onset[:, None])
        end = np.where(silent.any(axis=1), silent.argmax(axis=1), WINDOW_STEPS)
        return replace(written, length=np.minimum(written.length, end - onset).astype(written.length.dtype))

    def leave_choice(self, cells: Windows) -> NDArray[np.bool_]:
        """In which of the windows `cells`, for which these rules are, anything else than what is there may be written;
        bool (windows,). With a rhythm: where a note begins that could be one of more pitches than begin there."""
        if self.allowed is None and self.may_begin is None:
            return np.ones(len(cells), bool)
        drums = cells.counted(cells.is_drum) > 0
        of_kind = (np.arange(note_rows.PITCH_TOKENS) >= note_rows.FIRST_DRUM) == drums[:, None]
        possible = (self._beginning(slice(None)) & of_kind[:, None]).sum(axis=2)  # (windows, 48)
        if self.rhythm is None:
            return np.asarray((possible > 0).any(axis=1))
        begin = np.zeros((len(cells), WINDOW_STEPS), np.int64)
        free = ~self.kept
        np.add.at(begin, (cells.note_window[free], cells.onset[free]), 1)
        return np.asarray(((begin > 0) & (possible > begin)).any(axis=1))

    def without_held(self, window: int, notes: Windows) -> Windows:
        """The notes of `notes`, one window, that are to be written in window `window`, without drums that its groove
        holds."""
        if self.may_begin is None:
            return notes
        return notes.keeping(~notes.is_drum | self.may_begin[window, notes.onset, note_rows.pitch_tokens(notes)])

    def admits(self, window: int, notes: Windows) -> bool:
        """Whether the locks let the notes of `notes`, one window, be written in window `window`."""
        rows, _ = note_rows.encode(notes)
        if self.rhythm is not None:
            onsets_and_lengths = self.rhythm[window][self.rhythm[window, :, 0] < WINDOW_STEPS]
            if not np.array_equal(rows[:, [0, 2]], onsets_and_lengths):
                return False
        return self.allowed is None or bool(self.allowed[window, rows[:, 0], rows[:, 1]].all())


def rhythm_of(cells: Windows, *, free: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Onset and length class of every free note, padded with the end; int64 (windows, most notes, 2)."""
    rows, counts = note_rows.encode(cells.keeping(free))
    place = np.arange(int(counts.max(initial=0)))
    inside = place < counts[:, None]
    rhythm = np.zeros((len(cells), len(place), 2), np.int64)
    rhythm[..., 0] = WINDOW_STEPS
    rhythm[inside] = rows[:, [0, 2]]
    return rhythm
