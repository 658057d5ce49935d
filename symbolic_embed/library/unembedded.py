"""What the notes of a piece say by themselves, before any model: without torch, so that a worker that only reads is
started quickly, and small."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ROLES, BarredScore, Windows, bar_windows, cell_windows
from symbolic_embed.bars.keys import pitch_class_durations
from symbolic_embed.bars.tunes import tunes
from symbolic_embed.library.facts import main_metre, opening_tempo
from symbolic_embed.library.features import Bars, Cells, Features, Needs, Outline, Part
from symbolic_embed.similarity import harmony
from symbolic_embed.similarity.melody import melody
from symbolic_embed.similarity.rhythm import rhythm
from symbolic_embed.similarity.transposing import precedence


def unembedded(path: str, barred: BarredScore, needs: Needs) -> Features:
    """What the notes of a piece say by themselves. Its bars and cells, where they are needed, are numbered, come with
    their notes, and have no version yet."""
    piece, kinds = Features(path), needs.kinds
    if kinds & {"bars", "bar_notes", "precedence"}:
        windows, is_sounding = _bars(barred)
        sounding = windows
        if not is_sounding.all():
            sounding = windows.where(np.flatnonzero(is_sounding[windows.bar]))
        notes = windows if needs.silence else sounding
        number = notes.bar[notes.part_of_bar == 0]
        bars = Bars(number, is_sounding[number], _no_versions(len(number)))
        piece = replace(piece, bars=bars, bar_notes=notes)
        if "precedence" in kinds:
            piece = replace(piece, precedence=precedence(sounding))
    if kinds & {"cells", "cell_notes", "passages"}:
        notes = cell_windows(barred)
        track, bar = (column[notes.part_of_bar == 0] for column in (notes.track, notes.bar))
        roles = np.array([ROLES.index(role) for role in barred.roles], np.int64)
        piece = replace(piece, cells=Cells(track, bar, roles[track], _no_versions(len(track))), cell_notes=notes)
    return replace(
        piece,
        content=_content(barred) if "content" in kinds else None,
        outline=_outline(barred) if "outline" in kinds else None,
        harmony=harmony.passages(barred) if "harmony" in kinds else None,
        melody=melody(barred) if "melody" in kinds else None,
        rhythm=rhythm(barred) if "rhythm" in kinds else None,
        tunes=tunes(barred) if "tunes" in kinds else None,
    )


def _no_versions(count: int) -> NDArray[np.float32]:
    return np.zeros((0, count, 0), np.float32)


def _bars(barred: BarredScore) -> tuple[Windows, NDArray[np.bool_]]:
    """All bars as windows; and in which of them something sounds, or all of them where nothing does, bool (bars,)."""
    windows = bar_windows(barred)
    is_sounding = np.bincount(windows.bar, windows.note_counts, minlength=barred.bars) > 0
    return windows, is_sounding | (not is_sounding.any())


def _content(barred: BarredScore) -> str:
    """SHA-256 of the notes as they lie in bars, part by part, and of which parts are drums."""
    notes = barred.notes
    columns = (barred.grid.bar_steps, barred.part_is_drum, notes.track, notes.onset_steps, notes.length_steps)
    return hashlib.sha256(b"".join(column.astype("<i8").tobytes() for column in (*columns, notes.pitch))).hexdigest()


def _outline(barred: BarredScore) -> Outline:
    score = barred.score
    return Outline(
        bars=barred.bars,
        metre=main_metre(barred),
        tempo=opening_tempo(barred),
        parts=tuple(
            Part(track.name, track.program, role) for track, role in zip(score.tracks, barred.roles, strict=True)
        ),
        pitch_classes=pitch_class_durations(score),
    )
