"""What is written of a part: each note on a place that a player can read.

The package's grid has twelve steps a quarter, on which both sixteenths and triplets lie; few players would read all
twelve in one beat. So each beat (each eighth in metres like 6/8) is written in the coarsest of these divisions that
hits all its notes: sixteenths, eighth triplets, thirty-seconds, sixteenth triplets, and all twelve where a program
wrote them exactly there. So music from a score is written exactly (but for fives and sevens, which the grid has not).
Where none fits, as in a performance, notes go to the nearest place of the division that moves them least, by a step of
the grid at most; only where that would join two strokes of one key the beat keeps all twelve.

Ends of notes are written where they are, if they are on such a place. If not, the player let go early or held on: then
the note lasts until the next one, or as long as the simplest symbol that is near. There are no rests too short to play.

Time is counted in units of a 24th of a quarter (`values.py`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

import numpy as np

from symbolic_embed.bars import BarredScore
from symbolic_embed.notation.writing.values import FINEST, UNITS
from symbolic_embed.score.score import TimeSignature

UNITS_A_STEP = 2
DIVISIONS = (6, 8, 3, 4)  # units between places: sixteenths, eighth triplets, thirty-seconds, sixteenth triplets
ALL_STEPS = 2
COMPLEXITY = {6: 0.0, 8: 0.7, 3: 1.2, 4: 1.2}  # units a note that a finer division must save to be preferred
NEAR = 0.5  # units: what lies so near a thirty-second is one
EXACT = 0.12  # units, a 200th of a quarter: what lies so near its place was put there by a program


class WrittenNote(NamedTuple):
    """A note as it is to be written, from `onset` to `end` in units through the piece. `is_exact`: the end is where
    the file has it; else it is near, and may be moved to make the writing simple."""

    onset: int
    end: int
    pitch: int
    velocity: int
    is_exact: bool


class PlayedNote(NamedTuple):
    """A note as it is in the file: on the grid, and where it truly begins and ends."""

    onset: int
    end: int
    true_onset: float
    true_end: float
    pitch: int
    velocity: int


class Window(NamedTuple):
    """A stretch of a bar that is divided in one way, in units through the piece."""

    start: int
    end: int


class WrittenPart(NamedTuple):
    """A part as it is written: its notes by onset and pitch, and how each window of the piece is divided: where they
    begin, and units from place to place."""

    notes: list[WrittenNote]
    starts: list[int]
    divisions: list[int]

    def places(self, first: int, last: int) -> Iterator[int]:
        """The places from `first` to `last` at which a note may begin or end."""
        number = max(bisect_right(self.starts, first) - 1, 0)
        for start, apart, end in zip(
            self.starts[number:], self.divisions[number:], [*self.starts[number + 1 :], last + 1], strict=True
        ):
            if start > last:
                return
            yield from (place for place in range(start, end, apart) if first <= place <= last)


def written_part(barred: BarredScore, track: int) -> WrittenPart:
    """The notes of a part as they are written: of those that begin together on one pitch the longest, and none beyond
    the next on its pitch."""
    notes = _played(barred, track)
    windows = beat_windows(barred)
    starts = [window.start for window in windows]
    begun: dict[int, list[PlayedNote]] = defaultdict(list)
    ended: dict[int, list[PlayedNote]] = defaultdict(list)
    for note in notes:
        begun[bisect_right(starts, note.onset) - 1].append(note)
        ended[bisect_left(starts, note.end) - 1].append(note)
    struck = {(note.onset, note.pitch) for note in notes}
    struck |= {(starts[-1], note.pitch) for note in notes}  # nothing begins after the last barline
    divisions = [_division(window, begun[number], ended[number], struck) for number, window in enumerate(windows)]
    longest: dict[tuple[int, int], WrittenNote] = {}
    for number, window in enumerate(windows):
        for note in begun[number]:
            onset = _place(note.onset, note.true_onset, window, divisions[number])
            last = bisect_left(starts, note.end) - 1
            end, is_exact = _end(note, windows[last], divisions[last])
            shortest = onset + min(divisions[number], FINEST)
            written = WrittenNote(onset, max(end, shortest), note.pitch, note.velocity, is_exact and end > onset)
            other = longest.get((onset, note.pitch))
            if other is None or other.end < written.end:
                longest[onset, note.pitch] = written
    return WrittenPart(_struck_anew(sorted(longest.values())), starts, divisions)


def _struck_anew(notes: Sequence[WrittenNote]) -> list[WrittenNote]:
    """The notes, in their order, each ended where its pitch is struck anew."""
    following: dict[int, int] = {}
    kept = []
    for note in reversed(notes):
        onset = following.get(note.pitch)
        kept.append(note._replace(end=onset, is_exact=True) if onset is not None and onset < note.end else note)
        following[note.pitch] = note.onset
    return kept[::-1]


def _played(barred: BarredScore, track: int) -> list[PlayedNote]:
    """The notes of a part, in units."""
    notes, grid = barred.notes.where(barred.notes.track == track), barred.grid
    last = int(barred.grid.bar_steps[-1])
    ends = np.minimum(
        notes.onset_steps + notes.length_steps, last
    )  # a tail behind the piece has no bar to be written in
    true = []
    for steps, residue in ((notes.onset_steps, notes.onset_residue), (ends, notes.offset_residue)):
        segment = np.maximum(np.searchsorted(grid.segment_steps, steps, side="right") - 1, 0)
        beside = np.clip(residue / grid.ticks_per_step[segment], -0.5, 0.5)  # more only where the grid itself is bent
        true.append(np.minimum(steps + beside, last) * UNITS_A_STEP)
    columns = (notes.onset_steps * UNITS_A_STEP, ends * UNITS_A_STEP, *true, notes.pitch, notes.velocity)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [PlayedNote(*row) for row in rows]


def beat_windows(barred: BarredScore) -> list[Window]:
    """The stretches, through the whole piece and a little beyond, that are divided each in one way."""
    barlines = (barred.grid.bar_steps * UNITS_A_STEP).tolist()
    windows = []
    for bar, signature in enumerate(barred.metre.signatures[: barred.bars]):
        start, end = barlines[bar], barlines[bar + 1]
        apart = window_length(signature)
        windows += [Window(place, min(place + apart, end)) for place in range(start, end, apart)]
    return [*windows, Window(barlines[-1], barlines[-1] + UNITS)]


def window_length(signature: TimeSignature) -> int:
    """What is divided: a quarter; in metres of eighths an eighth, of sixteenths a sixteenth."""
    return {8: UNITS // 2, 16: UNITS // 4}.get(signature.denominator, UNITS)


def _division(
    window: Window, begun: Sequence[PlayedNote], ended: Sequence[PlayedNote], struck: Set[tuple[int, int]]
) -> int:
    """How the window is divided: units from place to place. `struck`: (onset, pitch) of all notes of the part."""
    possible = [apart for apart in DIVISIONS if (window.end - window.start) % apart == 0] or [ALL_STEPS]
    onsets = [(note.onset, note.true_onset) for note in begun]
    ends = [(note.end, note.true_end) for note in ended if abs(note.true_end - note.end) <= EXACT]
    fitting = [apart for apart in possible if all(_is_hit(place, true, window, apart) for place, true in onsets)]
    fitting = [apart for apart in fitting if apart != FINEST or not _joins_strokes(window, begun, apart, struck)]
    if fitting:
        ends_are_finer = FINEST in fitting and any(not _is_hit(*end, window, fitting[0]) for end in ends)
        return FINEST if ends_are_finer and all(_is_hit(*end, window, FINEST) for end in ends) else fitting[0]
    if all(abs(true - place) <= EXACT for place, true in onsets):
        return ALL_STEPS
    fair = [apart for apart in possible if not _joins_strokes(window, begun, apart, struck)]
    return min(fair, key=lambda apart: _cost(window, begun, apart), default=ALL_STEPS)


def _is_hit(place: int, true: float, window: Window, apart: int) -> bool:
    """Whether a place of the division is what the grid has there; a thirty-second lies between two steps."""
    if apart == FINEST:
        nearest = round((true - window.start) / FINEST) * FINEST
        return abs(true - window.start - nearest) <= NEAR
    return (place - window.start) % apart == 0


def _place(place: int, true: float, window: Window, apart: int) -> int:
    """The place of the division nearest to a place of the grid."""
    exact = true if apart == FINEST and _is_hit(place, true, window, apart) else place
    return window.start + round((exact - window.start) / apart) * apart


def _cost(window: Window, begun: Sequence[PlayedNote], apart: int) -> float:
    """How far the notes are moved by a division, with what its complexity costs, a note."""
    moved = [abs(_place(note.onset, note.true_onset, window, apart) - note.true_onset) for note in begun]
    return sum(moved) / len(moved) + COMPLEXITY[apart]


def _joins_strokes(window: Window, begun: Sequence[PlayedNote], apart: int, struck: Set[tuple[int, int]]) -> bool:
    """Whether a division would put a note further than a step from its place, or two strokes of one key on one."""
    placed = {(_place(note.onset, note.true_onset, window, apart), note.pitch, note.onset) for note in begun}
    is_far = any(abs(place - onset) > UNITS_A_STEP for place, _, onset in placed)
    is_taken = any(place != onset and (place, pitch) in struck for place, pitch, onset in placed)
    return is_far or is_taken or len({(place, pitch) for place, pitch, _ in placed}) < len(placed)


def _end(note: PlayedNote, window: Window, apart: int) -> tuple[int, bool]:
    """Where a note ends, and whether it truly does."""
    if abs(note.true_end - note.end) <= EXACT and _is_hit(note.end, note.true_end, window, apart):
        return _place(note.end, note.true_end, window, apart), True
    if apart == FINEST and _is_hit(note.end, note.true_end, window, apart):
        return _place(note.end, note.true_end, window, apart), True
    return round(note.true_end), False
