"""Another accompaniment over the same harmony.

Which pitch classes sound in each half of a bar is heard from the notes; the three that sound longest (fewer, where the
others hardly sound) are a chord, the lowest note its bass. They are played in one of the ways pianists and guitarists
have: held, struck again on each beat, bass and chord in turn, broken upwards, broken as Alberti did, bass alone.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.training.reworking.notes import ACCOMPANIMENT, LEAD, PassageNotes

HALVES = 2  # of a bar
FAINT = 0.25  # of the loudest: what sounds for less of the time is no part of the chord
OF_LEAD = 0.5  # how much of the harmony the melody tells
BEAT = 12  # steps
# A way of playing, over one half of a bar: (when, in steps; which note: 0 the bass, 1 to 3 the chord, 4 all of it; how
# long, in steps). What would begin after the half's end is left out, and what would last beyond it is cut.
WAYS: tuple[tuple[tuple[int, int, int], ...], ...] = (
    ((0, 0, 48), (0, 4, 48)),
    ((0, 0, 12), (0, 4, 12), (12, 4, 12)),
    ((0, 0, 12), (12, 4, 10)),
    ((0, 0, 6), (6, 4, 6), (12, 0, 6), (18, 4, 6)),
    ((0, 0, 6), (6, 1, 6), (12, 2, 6), (18, 3, 6)),
    ((0, 1, 6), (6, 3, 6), (12, 2, 6), (18, 3, 6)),
    ((0, 1, 3), (3, 2, 3), (6, 3, 3), (9, 2, 3), (12, 1, 3), (15, 2, 3), (18, 3, 3), (21, 2, 3)),
    ((0, 0, 24),),
    ((0, 0, 12), (12, 0, 12)),
    ((6, 4, 6), (18, 4, 6)),
)
_SPREAD = tuple(
    tuple((when, note, length) for when, which, length in way for note in ((1, 2, 3) if which == 4 else (which,)))
    for way in WAYS
)
LARGEST = max(len(way) for way in _SPREAD)
TABLE = np.array([way + ((999, 0, 1),) * (LARGEST - len(way)) for way in _SPREAD])  # (ways, LARGEST, 3)


def another_accompaniment(notes: PassageNotes, chosen: NDArray[np.bool_], random: np.random.Generator) -> PassageNotes:
    """In the chosen passages, whose melody is in a part of its own: all else that has pitches played anew."""
    of_passage = chosen[notes.passage] & notes.is_pitched
    heard = notes.where(of_passage)
    kept = notes.where(~of_passage | (notes.part == LEAD))
    if not len(heard):
        return kept
    rows, chord, bass = _chords(heard)
    passage, half = np.divmod(rows, heard.bars * HALVES)
    bar, half = np.divmod(half, HALVES)
    ways = random.integers(0, len(TABLE), len(notes.steps))
    low, middle = random.integers(36, 49, len(notes.steps)), random.integers(48, 64, len(notes.steps))
    when, which, length = TABLE[ways[passage]].transpose(2, 0, 1)  # (halves, LARGEST) each
    span = notes.steps[passage, bar] // HALVES
    inside = when < span[:, None]
    pitch_class = np.where(which == 0, bass[:, None], np.take_along_axis(chord, np.maximum(which - 1, 0), axis=1))
    bottom = np.where(which == 0, low[passage][:, None], middle[passage][:, None])
    pitch = bottom + (pitch_class - bottom) % 12
    onset = half[:, None] * span[:, None] + when
    counts = inside.sum(axis=1)
    owner = ranges.owners(counts)
    made = replace(
        notes,
        passage=passage[owner],
        part=np.full(len(owner), ACCOMPANIMENT),
        bar=bar[owner],
        onset=onset[inside],
        pitch=pitch[inside],
        length=np.minimum(length, span[:, None] - when)[inside],
        flags=np.zeros(len(owner), np.int64),
    )
    return kept.and_also(made)


def _chords(heard: PassageNotes) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Of each half of a bar in which something sounds: its number through all passages, three pitch classes (fewer
    repeat), and that of its lowest note; int64 (halves,), (halves, 3), (halves,)."""
    size = len(heard.steps) * heard.bars * HALVES
    span = heard.bar_steps // HALVES
    end = np.minimum(heard.onset + heard.length, heard.bar_steps)
    sounding = np.zeros((size, 12))
    lowest = np.full(size, 128)
    first = (heard.passage * heard.bars + heard.bar) * HALVES
    for half in range(HALVES):
        inside = np.minimum(end, (half + 1) * span) - np.maximum(heard.onset, half * span)
        here = inside > 0
        weight = inside[here] * np.where(heard.part[here] == LEAD, OF_LEAD, 1.0)
        np.add.at(sounding, (first[here] + half, heard.pitch[here] % 12), weight)
        np.minimum.at(lowest, first[here] + half, heard.pitch[here])
    rows = np.flatnonzero(lowest < 128)
    order = np.argsort(-sounding[rows], axis=1, kind="stable")[:, :3]
    weights = np.take_along_axis(sounding[rows], order, axis=1)
    chord = np.where(weights >= FAINT * weights[:, :1], order, order[:, :1])
    return rows, chord, lowest[rows] % 12
