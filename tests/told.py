"""Music that is known, written choice by choice by an ensemble that is told what to choose."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pieces
from forced import Answer, Forced

from symbolic_embed.bars import BarredScore, bar_windows
from symbolic_embed.bars.chords import chord_numbers
from symbolic_embed.composing.context import cells_of_parts
from symbolic_embed.composing.ensemble import Ensemble
from symbolic_embed.encodings import note_rows
from symbolic_embed.encodings.patterns.past import NOWHERE, Past
from symbolic_embed.networks.tokens import TokenRange
from symbolic_embed.score import Notes, Score, TimeSignature

END = 48
TUNE, CHORDS = 0, 1  # tracks of `pieces.piece`
CHOICES = ("onset", "pitch", "length")
FORM = (0, 1, 0, 2, 0, 1, 3, 2, 0)


def song(*, seed: int = 0, numerator: int = 4) -> Score:
    """Bars that return, one of them with other chords; the tune silent in one; no note is held over."""
    score, length = pieces.piece(seed, bars=2 * len(FORM)), numerator * pieces.QUARTER
    tracks = []
    for number, track in enumerate(score.tracks):
        notes, rows = track.notes, []
        for bar, source in enumerate(FORM[: 36 // numerator]):
            other = source + 4 * (bar == 5 and number == CHORDS)
            here = notes.onset_ticks // length == (other if (number, bar) != (TUNE, 2) else -1)
            rows += zip(
                notes.onset_ticks[here] % length + bar * length,
                np.minimum(notes.duration_ticks[here], length - notes.onset_ticks[here] % length),
                notes.pitch[here],
                notes.velocity[here],
                strict=True,
            )
        tracks.append(replace(track, notes=Notes.of(*zip(*rows, strict=True))))
    return Score(pieces.QUARTER, tuple(tracks), (), (TimeSignature(0, numerator, 4),))


class Told:
    """What an ensemble must be told so that it writes a piece: the sources and chords of its windows, as training has
    them, and its cells."""

    def __init__(self, barred: BarredScore, *, order) -> None:
        self.barred, self.order = barred, order
        bars = bar_windows(barred)
        self.steps, self.bars = bars.steps, bars
        self.chords = chord_numbers(bars)
        self.cells = cells_of_parts(barred, order=order)  # (parts, windows, 48, 128)
        drums = np.array([[barred.roles[part] == "drums" for part in order]])
        past = Past(drums, room=len(bars) + 1)
        self.right, self.sources = [], []
        for window in range(-1, len(bars)):
            cells = np.zeros_like(self.cells[:, 0]) if window < 0 else self.cells[:, window]
            steps, chord = (48, 0) if window < 0 else (self.steps[window], self.chords[window])
            coming = past.coming(cells[None])
            right, source = past.likest(coming, steps=np.array([steps]))
            past.append(cells[None], coming, steps=np.array([steps]), chords=np.array([chord]), sources=source)
            if window >= 0:
                self.right.append(right[0])
                self.sources.append(int(source[0]))

    def answers(self, window: int) -> list[Answer]:
        """Everything that is asked in a window, in the order in which it is."""
        source, rows = self.sources[window], self._rows(window)
        none = len(self.right[window])
        right = np.flatnonzero(self.right[window]).tolist() or [none]
        plays = [len(part) > 0 for part in rows]
        chord = int(self.chords[window])
        asked: list[Answer] = [
            ("source", [none if source == NOWHERE else source], [right]),
            ("chord", [chord], [[chord]]),
            ("plays", [1] * len(rows), [[int(of_part)] for of_part in plays]),
        ]
        for part, notes in enumerate(rows):
            arises = plays[part] and source > 0 and self.cells[part, source - 1].any()
            same = arises and (self.cells[part, source - 1] == self.cells[part, window]).all()
            asked.append(("returning", [0], [[int(same)] if arises else []]))
            for note in notes:
                asked += [(name, [number], [[number]]) for name, number in zip(CHOICES, note, strict=True)]
            asked += [("onset", [END], [[END]]), ("pitch", [0], [[]]), ("length", [0], [[]])]
        return asked

    def _rows(self, window: int) -> list[list[list[int]]]:
        """The notes of each part, onset, token and length class."""
        rows = []
        for part, roll in zip(self.order, self.cells[:, window], strict=True):
            onset, pitch = np.nonzero(roll)
            token = pitch + note_rows.FIRST_DRUM * (self.barred.roles[part] == "drums")
            rows.append(np.stack([onset, token, roll[onset, pitch].astype(np.int64) - 1], axis=1).tolist())
        return rows


def all_tokens(allowed: np.ndarray) -> TokenRange:
    """Every pitch token, also those that are not allowed."""
    return TokenRange(0, allowed.shape[-1], allowed.shape[-1] // 2)


def forced_nats(ensemble: Ensemble, told: Told, windows) -> list[dict[str, list[float]]]:
    """What an ensemble that is told to write these windows thinks of each choice, window by window; pitches beside all
    others, as in training."""
    starts = np.concatenate([[0], np.cumsum(told.steps)]).tolist()
    nats = []
    for window in windows:
        choice = Forced(answers=told.answers(window))
        with patch.object(TokenRange, "of", all_tokens):
            ensemble.write_window(start=starts[window], steps=int(told.steps[window]), choice=choice)
        assert not choice.answers
        nats.append(dict(choice.nats))
    return nats
