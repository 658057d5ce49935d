"""Pieces that stand alone on a page: what a browser needs to draw and to play them, as plain data, as short as it goes.

Unlike the takes of a seed (`page_music`) they share no parts, and nothing in them is measured by another. Notes lie in
one flat list a part, four numbers each: ticks since the onset before, length, pitch, and velocity, to which NEW is
added, as all of it is to be seen in full. A quarter has DIVISION ticks, whatever the file says.
"""

from __future__ import annotations

import json
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
MOST = 12_000_000  # characters of all pieces of a page


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


def shortened(piece: dict[str, Any], bars: int) -> dict[str, Any]:
    """The same piece without what comes after its first `bars`."""
    if len(piece["bars"]) <= bars + 1:
        return piece
    end = piece["bars"][bars]
    return piece | {
        "bars": piece["bars"][: bars + 1],
        "metres": [metre for metre in piece["metres"] if metre[0] < bars],
        "tempi": [tempo for tempo in piece["tempi"] if tempo[0] < end],
        "parts": [part | {"notes": notes} for part in piece["parts"] if (notes := _before(part["notes"], end))],
    }


def _before(flat: list[int], end: int) -> list[int]:
    """The notes of a flat list that begin before a tick, none longer than until there."""
    notes = np.array(flat).reshape(-1, 4)
    onset = np.cumsum(notes[:, 0])
    kept = notes[onset < end]
    kept[:, 1] = np.minimum(kept[:, 1], end - onset[onset < end])
    left: list[int] = kept.ravel().tolist()
    return left


class Excerpts:
    """The beginnings of many pieces, as JSON by path, in no more than `most` characters: as they become too many, all
    are cut to half as many bars, down to one, and then further ones are left out."""

    def __init__(self, *, bars: int, most: int = MOST) -> None:
        self.bars, self.left_out = bars, 0
        self._most, self._size = most, 0
        self._pieces: dict[str, str] = {}

    def add(self, path: str, barred: BarredScore) -> None:
        """Keeps the beginning of a piece."""
        if not self.bars:
            return
        text = _compact(page_piece(barred, bars=self.bars))
        while self._size + len(text) > self._most and self.bars > 1:
            self.bars //= 2
            self._pieces = {one: _cut(other, self.bars) for one, other in self._pieces.items()}
            self._size = sum(map(len, self._pieces.values()))
            text = _cut(text, self.bars)
        if self._size + len(text) > self._most:
            self.left_out += 1
            return
        self._pieces[path] = text
        self._size += len(text)

    def get(self, path: str) -> dict[str, Any] | None:
        """The beginning of the piece at a path; None where it was left out."""
        return json.loads(self._pieces[path]) if path in self._pieces else None

    def said(self, *, asked: int) -> str:
        """A line on what was left out of what was asked for; nothing where nothing was."""
        shorter = f"only the first {_counted(self.bars)} of a piece can be seen and heard" if self.bars < asked else ""
        without = f"{self.left_out:,} pieces can not" if self.left_out else ""
        return "; ".join(filter(None, [shorter, without]))


def _counted(bars: int) -> str:
    return "bar" if bars == 1 else f"{bars} bars"


def _compact(piece: dict[str, Any]) -> str:
    return json.dumps(piece, separators=(",", ":"))


def _cut(text: str, bars: int) -> str:
    return _compact(shortened(json.loads(text), bars))


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
