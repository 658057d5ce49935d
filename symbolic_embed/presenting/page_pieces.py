"""Pieces that stand alone on a page: what a browser needs to draw and to play them, as plain data, as short as it goes.

Unlike the takes of a seed (`page_music`) they share no parts, and nothing in them is measured by another. Notes lie in
one flat list a part, four numbers each: ticks since the onset before, length, pitch, and velocity, to which NEW is
added, as all of it is to be seen in full. A quarter has DIVISION ticks, whatever the file says.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore
from symbolic_embed.errors import printable
from symbolic_embed.presenting.page_music import NEW
from symbolic_embed.score.instruments import drum_name, instrument_name
from symbolic_embed.score.score import Track

DIVISION = 48
LONGEST_NAME = 40


def page_piece(barred: BarredScore, *, bars: int | None = None) -> dict[str, Any]:
    """A piece, or its first `bars`, ready for JSON: `division`, `bars` (barlines), `metres`, `tempi`, and its `parts`,
    each with `name`, `instrument`, `program`, `drum` and `notes`."""
    last = barred.bars if bars is None else min(bars, barred.bars)
    scale = DIVISION / barred.score.division
    end = int(barred.metre.barline_ticks[last])
    signatures = [str(signature) for signature in barred.metre.signatures[:last]]
    parts = [_part(track, scale=scale, end=end) for track in barred.score.tracks]
    return {
        "division": DIVISION,
        "bars": _ticks(barred.metre.barline_ticks[: last + 1], scale),
        "metres": [[n, text] for n, text in enumerate(signatures) if n == 0 or text != signatures[n - 1]],
        "tempi": [[round(tempo.tick * scale), tempo.microseconds] for tempo in barred.score.tempi if tempo.tick < end],
        "seedEnd": None,
        "parts": [{"part": number, **part} for number, part in enumerate(part for part in parts if part["notes"])],
    }


def struck(pieces: list[dict[str, Any]]) -> dict[str, str]:
    """The names of the drums that are struck in some pieces, by pitch."""
    keys = {pitch for piece in pieces for part in piece["parts"] if part["drum"] for pitch in part["notes"][2::4]}
    return {str(pitch): drum_name(pitch) for pitch in sorted(keys)}


def _part(track: Track, *, scale: float, end: int) -> dict[str, Any]:
    instrument = instrument_name(track.program, is_drum=track.is_drum)
    here = track.notes.onset_ticks < end
    onset = np.rint(track.notes.onset_ticks[here] * scale).astype(np.int64)
    offset = np.rint(np.minimum(track.notes.offset_ticks[here], end) * scale).astype(np.int64)
    pitch, velocity = (column[here].astype(np.int64) for column in (track.notes.pitch, track.notes.velocity))
    columns = (np.diff(onset, prepend=0), np.maximum(offset - onset, 1), pitch, velocity + NEW)
    return {
        "name": printable(track.name.strip())[:LONGEST_NAME] or instrument,
        "instrument": instrument,
        "program": track.program,
        "drum": track.is_drum,
        "notes": np.stack(columns, axis=1).ravel().tolist(),
    }


def _ticks(ticks: NDArray[np.int64], scale: float) -> list[int]:
    whole: list[int] = np.rint(ticks * scale).astype(np.int64).tolist()
    return whole
