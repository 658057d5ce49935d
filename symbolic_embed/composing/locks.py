"""What must stay when the rest is written anew: melody, chords, rhythm.

- *melody*: parts that are melodies stay as they are. In a piece without such a part, the highest notes of its highest
  part stay, and no new note of that part sounds at or above them, nor in a rest of less than a beat after them.
- *chords*: in each half of a bar (24 steps) new notes of pitched parts have only pitch classes that sound there in the
  seed, in any part, as long as they sound.
- *rhythm*: every cell keeps its onsets and lengths, note for note; only pitches are new. (A note still ends where its
  own pitch begins again.) A note that all locks together leave no choice is written as it was. The pitch of a drum is
  its instrument, and no less part of the rhythm: drums stay as they are.

All are rules for the decoder, so they hold by construction, whatever the weights.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import WINDOW_STEPS, BarredScore, Windows, bar_windows
from symbolic_embed.bars.lines import struck_highest
from symbolic_embed.composing.half_bars import classes_in_halves, tokens_in
from symbolic_embed.composing.idiom import Idiom, idiom_of
from symbolic_embed.composing.manner import Manner, spread
from symbolic_embed.composing.rules import Rules, rhythm_of
from symbolic_embed.encodings import note_rows

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


def melody_parts(barred: BarredScore) -> frozenset[int]:
    """The parts that are melodies."""
    return frozenset(part for part, role in enumerate(barred.roles) if role == "melody")


def rules_for(
    cells: Windows, barred: BarredScore, locks: Locks, *, idiom: Idiom | None = None, manner: Manner | None = None
) -> Rules:
    """The rules for cell windows of a piece; `idiom` is the piece's own unless given, and a `manner` holds beside the
    locks."""
    kept = ~cells.begins
    idiom = idiom or idiom_of(cells, barred)
    limits = {}
    if manner:
        kept |= manner.kept
        limits = {"may_begin": manner.may_begin, "may_sound": manner.may_sound}
    if not locks.names():
        return Rules(kept, None, None, idiom, **limits)
    allowed = np.ones((len(cells), WINDOW_STEPS, note_rows.PITCH_TOKENS), bool)
    if locks.melody and not melody_parts(barred):
        top = _top_line(cells, part=_highest_part(barred))
        kept |= top
        allowed &= _below(cells, top)
    if locks.chords:
        allowed &= _chord_tones(cells, barred)
    if not locks.rhythm:
        return Rules(kept, allowed, None, idiom, **limits)
    is_drum = np.arange(note_rows.PITCH_TOKENS) >= note_rows.FIRST_DRUM
    allowed = _throughout(allowed & ~is_drum, cells, free=~kept)
    return Rules(kept, allowed, rhythm_of(cells, free=~kept), idiom, **limits)


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
    owner, step = spread(window, onset, end)
    ceiling = np.full((len(cells), WINDOW_STEPS), note_rows.FIRST_DRUM, np.int64)
    highest = np.repeat(cells.pitch[top].astype(np.int64), np.minimum(end, WINDOW_STEPS) - onset)
    np.minimum.at(ceiling, (owner, step), highest)
    tokens = np.arange(note_rows.PITCH_TOKENS)
    return (tokens < ceiling[..., None]) | (tokens >= note_rows.FIRST_DRUM)


def _chord_tones(cells: Windows, barred: BarredScore) -> NDArray[np.bool_]:
    """The pitches whose class sounds in the same half bar of the piece; all drums; bool (windows, 48, tokens)."""
    bars = bar_windows(barred)
    sounding = classes_in_halves(bars, place=np.arange(len(bars)))
    first_window = np.flatnonzero(bars.part_of_bar == 0)
    return tokens_in(sounding[first_window[cells.bar] + cells.part_of_bar])


def _throughout(allowed: NDArray[np.bool_], cells: Windows, *, free: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What may begin at each step if it is to sound as long as the longest free note that begins there does now; and
    those notes themselves; bool (windows, 48, tokens)."""
    owner, onset = cells.note_window[free], cells.onset[free].astype(np.int64)
    result = allowed.copy()
    window, step = spread(owner, onset, onset + cells.length[free])
    begin = np.repeat(onset, np.minimum(cells.length[free], WINDOW_STEPS - onset))
    np.logical_and.at(result, (window, begin), allowed[window, step])
    result[owner, onset, note_rows.pitch_tokens(cells)[free]] = True
    return result
