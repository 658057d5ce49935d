"""The lines of a piece in which somebody may hear a tune: each part's, and that of all parts together.

Of a part that plays one note at a time there is one line. Of one that plays chords, or a tune and its accompaniment,
there are two: the top line of what sounds, and that of what begins (`bars.lines`), which differ where a held note lies
above moving ones. Of several parts the top line of what sounds in all of them is one more, that lies in no part. A line
of fewer than FEWEST notes is left out, and one that is note for note an earlier one of the piece. Drums have none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.bars.cutting import BarredScore, PlacedNotes
from symbolic_embed.bars.lines import Line, Pitched, struck_highest, top_line

FEWEST = 4  # notes of a line, and of a query
TOGETHER = -1  # the track of the line of all parts


@dataclass(frozen=True, eq=False)
class Tunes:
    """The lines of a piece. Of each line, int64 (lines,): track: its part, from 0, TOGETHER for all of them; counts:
    how many notes it has. Of their notes, line after line, int64 (notes,): onset_steps, rising in each line; pitch;
    bar, from 0."""

    track: NDArray[np.int64]
    counts: NDArray[np.int64]
    onset_steps: NDArray[np.int64]
    pitch: NDArray[np.int64]
    bar: NDArray[np.int64]

    @property
    def begins(self) -> NDArray[np.int64]:
        """The first note of each line; int64 (lines,)."""
        return ranges.offsets(self.counts)[:-1]


def tunes(barred: BarredScore) -> Tunes:
    """The lines of a piece; none where nothing but drums plays, or hardly anything."""
    lines: dict[tuple[bytes, bytes], tuple[int, Line]] = {}
    for track, line in _lines(barred):
        if len(line.pitch) >= FEWEST:
            lines.setdefault((line.onset_steps.tobytes(), line.pitch.tobytes()), (track, line))
    none = np.zeros(0, np.int64)
    onset = np.concatenate([none, *(line.onset_steps for _, line in lines.values())])
    return Tunes(
        track=np.array([track for track, _ in lines.values()], np.int64),
        counts=np.array([len(line.pitch) for _, line in lines.values()], np.int64),
        onset_steps=onset,
        pitch=np.concatenate([none, *(line.pitch for _, line in lines.values())]),
        bar=barred.grid.bar_of(onset),
    )


def _lines(barred: BarredScore) -> Iterator[tuple[int, Line]]:
    """Each line with its track."""
    pitched = barred.notes.where(~barred.note_is_drum)
    tracks = np.unique(pitched.track).tolist()
    for track in tracks:
        notes = pitched.where(pitched.track == track)
        yield track, top_line(_sounding(notes))
        struck = struck_highest(notes.onset_steps, notes.pitch)
        yield track, Line(notes.onset_steps[struck], notes.pitch[struck])
    if len(tracks) > 1:
        yield TOGETHER, top_line(_sounding(pitched))


def _sounding(notes: PlacedNotes) -> Pitched:
    return Pitched(notes.onset_steps, notes.length_steps, notes.pitch)
