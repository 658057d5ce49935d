"""What must stay when the rest is written anew: melody, chords, rhythm.

- *melody*: parts that are melodies stay as they are. In a piece without such a part, the highest notes of its highest
  part stay, and no new note of that part sounds at or above them, nor in a rest of less than a beat after them.
- *chords*: in each half of a bar (24 steps) new notes of pitched parts have only pitch classes that sound there in the
  seed, in any part, as long as they sound.
- *rhythm*: every cell keeps its onsets and lengths, note for note; only pitches are new. (A note still ends where its
  own pitch begins again.) A note that all locks together leave no choice is written as it was.

All are rules for the decoder, so they hold by construction, whatever the weights.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import WINDOW_STEPS, BarredScore, Windows, bar_windows, ranges
from symbolic_embed.bars.lines import struck_highest
from symbolic_embed.composing.idiom import Idiom, idiom_of
from symbolic_embed.embedding.decoding import DecodingRules
from symbolic_embed.encodings import note_rows

HALF_BAR = 24
SHORT_REST = 12
LOCKS = ("melody", "chords", "rhythm")


@dataclass(frozen=True)
class Locks:
    """Which of the three hold."""

    melody: bool = False
    chords: bool = False
    rhythm: bool = False

    @classmethod
    def of(cls, names: Iterable[str]) -> Locks:
        """From names of LOCKS."""
        return cls(**dict.fromkeys(names, True))

    def names(self) -> list[str]:
        return [name for name in LOCKS if getattr(self, name)]


NO_LOCKS = Locks()


@dataclass(frozen=True, eq=False)
class Rules:
    """What the locks mean for some cell windows.

    kept: bool (notes,), which of their notes stay. allowed: bool (windows, 48, pitch tokens) or None, what may sound,
    and with a rhythm what may begin. rhythm: int64 (windows, notes, 2) or None, as `networks.grammar.Grammar` takes it.
    idiom: what the parts play, locks or no locks.
    """

    kept: NDArray[np.bool_]
    allowed: NDArray[np.bool_] | None
    rhythm: NDArray[np.int64] | None
    idiom: Idiom

    def where(self, chosen: NDArray[np.bool_], cells: Windows) -> Rules:
        """The rules of those windows that a mask, bool (windows,), chooses; `cells` are the windows they are for."""
        allowed = None if self.allowed is None else self.allowed[chosen]
        rhythm = None if self.rhythm is None else self.rhythm[chosen]
        return Rules(self.kept[chosen[cells.note_window]], allowed, rhythm, self.idiom.where(chosen))

    def for_decoder(
        self, windows: NDArray[np.int64], *, steps: NDArray[np.int64], drums: NDArray[np.bool_]
    ) -> DecodingRules:
        """The same for the decoder, of some windows (an index array); `steps` and `drums` are theirs."""
        pitches = self.idiom.pitches[windows]
        return DecodingRules(
            steps,
            drums,
            allowed=pitches if self.allowed is None else self.allowed[windows] & pitches[:, None],
            rhythm=None if self.rhythm is None else self.rhythm[windows],
            single=self.idiom.single[windows],
        )

    def shortened(self, written: Windows, windows: NDArray[np.int64]) -> Windows:
        """Written notes end where they may no longer sound, at the latest with their window; with a rhythm they keep
        their lengths. `windows`: int64 (written windows,), whose rules hold for each."""
        if self.allowed is None or self.rhythm is not None:
            return written
        owner, onset = written.note_window, written.onset.astype(np.int64)
        sounds = self.allowed[windows[owner], :, note_rows.pitch_tokens(written)]  # (notes, 48)
        steps = np.arange(WINDOW_STEPS)
        silent = (~sounds | (steps >= written.steps[owner, None])) & (steps > onset[:, None])
        end = np.where(silent.any(axis=1), silent.argmax(axis=1), WINDOW_STEPS)
        return replace(written, length=np.minimum(written.length, end - onset).astype(written.length.dtype))

    def leave_choice(self, cells: Windows) -> NDArray[np.bool_]:
        """In which of the windows `cells`, for which these rules are, anything else than what is there may be written;
        bool (windows,). With a rhythm: where a note begins that could be one of more pitches than begin there."""
        if self.allowed is None:
            return np.ones(len(cells), bool)
        drums = cells.counted(cells.is_drum) > 0
        of_kind = (np.arange(note_rows.PITCH_TOKENS) >= note_rows.FIRST_DRUM) == drums[:, None]
        possible = (self.allowed & (self.idiom.pitches & of_kind)[:, None]).sum(axis=2)  # (windows, 48)
        if self.rhythm is None:
            return np.asarray((possible > 0).any(axis=1))
        begin = np.zeros((len(cells), WINDOW_STEPS), np.int64)
        free = ~self.kept
        np.add.at(begin, (cells.note_window[free], cells.onset[free]), 1)
        return np.asarray(((begin > 0) & (possible > begin)).any(axis=1))

    def admits(self, window: int, notes: Windows) -> bool:
        """Whether the notes of `notes`, one window, may be written in window `window`."""
        rows, _ = note_rows.encode(notes)
        if self.rhythm is not None:
            onsets_and_lengths = self.rhythm[window][self.rhythm[window, :, 0] < WINDOW_STEPS]
            if not np.array_equal(rows[:, [0, 2]], onsets_and_lengths):
                return False
        return self.allowed is None or bool(self.allowed[window, rows[:, 0], rows[:, 1]].all())


def melody_parts(barred: BarredScore) -> frozenset[int]:
    """The parts that are melodies."""
    return frozenset(part for part, role in enumerate(barred.roles) if role == "melody")


def rules_for(cells: Windows, barred: BarredScore, locks: Locks, *, idiom: Idiom | None = None) -> Rules:
    """The rules for cell windows of a piece; `idiom` is the piece's own unless given."""
    kept = ~cells.begins
    idiom = idiom or idiom_of(cells, barred)
    if not locks.names():
        return Rules(kept, None, None, idiom)
    allowed = np.ones((len(cells), WINDOW_STEPS, note_rows.PITCH_TOKENS), bool)
    if locks.melody and not melody_parts(barred):
        top = _top_line(cells, part=_highest_part(barred))
        kept |= top
        allowed &= _below(cells, top)
    if locks.chords:
        allowed &= _chord_tones(cells, barred)
    if not locks.rhythm:
        return Rules(kept, allowed, None, idiom)
    allowed = _throughout(allowed, cells, free=~kept)
    return Rules(kept, allowed, _rhythm(cells, free=~kept), idiom)


def _highest_part(barred: BarredScore) -> int:
    """The pitched part whose notes lie highest on average; -1 where all are drums."""
    means = [-1.0 if track.is_drum else float(track.notes.pitch.mean()) for track in barred.score.tracks]
    return int(np.argmax(means)) if max(means) >= 0 else -1


def _top_line(cells: Windows, *, part: int) -> NDArray[np.bool_]:
    """The highest note of each onset in the cells of a part; bool (notes,)."""
    owner = cells.note_window
    mine = np.flatnonzero((cells.track[owner] == part) & cells.begins)
    top = np.zeros(len(owner), bool)
    top[mine[struck_highest(cells.onset[mine], cells.pitch[mine], part=owner[mine])]] = True
    return top


def _below(cells: Windows, top: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What lies below the top line while it sounds, and in its short rests; everything where it is silent for longer;
    bool (windows, 48, tokens)."""
    window, onset = cells.note_window[top], cells.onset[top].astype(np.int64)
    same_window = np.append(window[1:] == window[:-1], False)[: len(window)]
    next_onset = np.where(same_window, np.append(onset[1:], 0)[: len(onset)], WINDOW_STEPS)
    end = onset + cells.length[top]
    end = np.where(next_onset - end < SHORT_REST, np.maximum(end, next_onset), end)
    owner, step = _spread(window, onset, end)
    ceiling = np.full((len(cells), WINDOW_STEPS), note_rows.FIRST_DRUM, np.int64)
    highest = np.repeat(cells.pitch[top].astype(np.int64), np.minimum(end, WINDOW_STEPS) - onset)
    np.minimum.at(ceiling, (owner, step), highest)
    tokens = np.arange(note_rows.PITCH_TOKENS)
    return (tokens < ceiling[..., None]) | (tokens >= note_rows.FIRST_DRUM)


def _spread(
    window: NDArray[np.int64], onset: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Window and step of each step at which each note sounds in its window, note by note."""
    length = np.minimum(end, WINDOW_STEPS) - onset
    return np.repeat(window, length), ranges.rows(onset, length)


def _chord_tones(cells: Windows, barred: BarredScore) -> NDArray[np.bool_]:
    """The pitches whose class sounds in the same half bar of the piece; all drums; bool (windows, 48, tokens)."""
    bars = bar_windows(barred)
    pitched = ~bars.is_drum
    sounding = np.zeros((len(bars), WINDOW_STEPS // HALF_BAR, 12), bool)
    owner, onset = bars.note_window[pitched], bars.onset[pitched].astype(np.int64)
    end = np.minimum(onset + bars.length[pitched], WINDOW_STEPS)
    pitch_class = bars.pitch[pitched] % 12
    for half in range(WINDOW_STEPS // HALF_BAR):
        here = (onset < (half + 1) * HALF_BAR) & (end > half * HALF_BAR)
        sounding[owner[here], half, pitch_class[here]] = True
    sounding |= ~sounding.any(axis=2, keepdims=True)  # silence forbids nothing
    first_window = np.flatnonzero(bars.part_of_bar == 0)
    halves = sounding[first_window[cells.bar] + cells.part_of_bar]  # (windows, halves, 12)
    by_step = np.repeat(halves, HALF_BAR, axis=1)
    tokens = np.arange(note_rows.PITCH_TOKENS)
    allowed: NDArray[np.bool_] = by_step[..., tokens % note_rows.FIRST_DRUM % 12]
    return allowed | (tokens >= note_rows.FIRST_DRUM)


def _throughout(allowed: NDArray[np.bool_], cells: Windows, *, free: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What may begin at each step if it is to sound as long as the longest free note that begins there does now; and
    those notes themselves; bool (windows, 48, tokens)."""
    owner, onset = cells.note_window[free], cells.onset[free].astype(np.int64)
    result = allowed.copy()
    window, step = _spread(owner, onset, onset + cells.length[free])
    begin = np.repeat(onset, np.minimum(cells.length[free], WINDOW_STEPS - onset))
    np.logical_and.at(result, (window, begin), allowed[window, step])
    result[owner, onset, note_rows.pitch_tokens(cells)[free]] = True
    return result


def _rhythm(cells: Windows, *, free: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Onset and length class of every free note, padded with the end; int64 (windows, most notes, 2)."""
    rows, counts = note_rows.encode(cells.keeping(free))
    place = np.arange(int(counts.max(initial=0)))
    inside = place < counts[:, None]
    rhythm = np.zeros((len(cells), len(place), 2), np.int64)
    rhythm[..., 0] = WINDOW_STEPS
    rhythm[inside] = rows[:, [0, 2]]
    return rhythm
