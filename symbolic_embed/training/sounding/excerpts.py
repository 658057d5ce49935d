"""A stretch of a piece as it may sound elsewhere: in another key, at another tempo, on other instruments, other parts
loud.

Its bars are known, and every way in which they might have been counted from another beat: whoever listens must hear
which beat is the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, Windows, bar_windows, cut
from symbolic_embed.score import Notes, Score, Tempo, TimeSignature, Track
from symbolic_embed.score.clock import seconds

LEAST_BARS, LONGEST = 4, 30.0  # seconds
TEMPI = ((0.7, 0.8), (0.88, 1.02), (1.1, 1.4))  # times the piece's own; between them lie those that tests are made at
KEYS = (-5, 6)
FAMILY = 8  # programmes
PROGRAMS = 104  # those behind are ethnic, percussive and sound effects
KEPT, SIBLING = 0.4, 0.85  # an instrument stays; it is one of its family; else it is any
LOUDNESS = (0.55, 1.15)


@dataclass(frozen=True, eq=False)
class Excerpt:
    """A stretch of a piece with one metre. signature: that metre."""

    score: Score
    signature: TimeSignature


@dataclass(frozen=True, eq=False)
class Counted:
    """The windows of an excerpt as counted from one beat; begin, end: seconds (windows,)."""

    windows: Windows
    begin: NDArray[np.float64]
    end: NDArray[np.float64]


def excerpt(barred: BarredScore, random: np.random.Generator, *, longest: float = LONGEST) -> Excerpt | None:
    """Some bars in a row of one metre, in no more than `longest` seconds; None where the piece has none, or no metre
    that can be told."""
    if barred.follows_beats or not barred.score.has_grid:
        return None
    lines = barred.metre.barline_ticks
    begins = seconds(lines, tempi=barred.score.tempi, division=barred.score.division)
    first = int(random.integers(0, max(barred.bars - LEAST_BARS, 0) + 1))
    signature = barred.metre.signatures[first]
    full = 4 * barred.score.division * signature.numerator // signature.denominator
    last = first
    while (
        last < barred.bars
        and str(barred.metre.signatures[last]) == str(signature)
        and lines[last + 1] - lines[last] == full
        and begins[last + 1] - begins[first] <= longest
    ):
        last += 1
    if last - first < LEAST_BARS:
        return None
    cut_out = between(barred.score, int(lines[first]), int(lines[last]), signature)
    return Excerpt(cut_out, signature) if cut_out.note_count else None


def between(score: Score, begin: int, end: int, signature: TimeSignature) -> Score:
    """What begins in a score from one tick up to another, as a score of its own, in one metre."""

    def inside(track: Track) -> Track:
        notes = track.notes
        chosen = (notes.onset_ticks >= begin) & (notes.onset_ticks < end)
        moved = notes.where(chosen)
        ends = np.minimum(moved.offset_ticks, end) - moved.onset_ticks
        return replace(track, notes=Notes.of(moved.onset_ticks - begin, ends, moved.pitch, moved.velocity))

    tracks = [inside(track) for track in score.tracks]
    before = [tempo for tempo in score.tempi if tempo.tick <= begin][-1:]
    tempi = [*before, *(tempo for tempo in score.tempi if begin < tempo.tick < end)]
    return Score(
        score.division,
        tuple(track for track in tracks if len(track.notes)),
        tuple(replace(tempo, tick=max(tempo.tick - begin, 0)) for tempo in tempi),
        (replace(signature, tick=0),),
        length_ticks=end - begin,
    )


def varied(music: Excerpt, random: np.random.Generator) -> Excerpt:
    """The same in another key (or not), at another tempo, by other instruments."""
    semitones = int(random.integers(KEYS[0], KEYS[1] + 1)) if random.random() < 0.5 else 0
    low, high = TEMPI[random.integers(len(TEMPI))]
    tracks = tuple(_played(track, semitones, random) for track in music.score.tracks)
    score = replace(music.score, tracks=tracks)
    return replace(music, score=at_tempo(score, random.uniform(low, high)))


def at_tempo(score: Score, factor: float) -> Score:
    """A score played so many times as fast."""
    tempi = score.tempi if score.tempi and score.tempi[0].tick == 0 else (Tempo(0, 500_000), *score.tempi)
    return replace(
        score, tempi=tuple(replace(one, microseconds=max(1, round(one.microseconds / factor))) for one in tempi)
    )


def counted(music: Excerpt) -> Iterator[Counted]:
    """The windows of an excerpt, counted from each beat of its first bar."""
    score, signature = music.score, music.signature
    is_compound = signature.denominator >= 8 and signature.numerator % 3 == 0
    beat = 3 if is_compound else max(1, signature.denominator // 4)  # in units of the denominator
    unit = 4 * score.division // signature.denominator
    for first in range(0, signature.numerator, beat):
        later = (replace(signature, numerator=first), replace(signature, tick=first * unit))
        barred = cut(replace(score, time_signatures=later if first else (signature,)))
        windows = bar_windows(barred)
        kept = windows.where(np.flatnonzero((windows.note_counts > 0) & (windows.bar >= min(first, 1))))
        steps = barred.grid.bar_steps[kept.bar] + kept.part_of_bar * 48
        when = [
            seconds(barred.grid.tick_of(at), tempi=score.tempi, division=score.division)
            for at in (steps, steps + kept.steps)
        ]
        yield Counted(kept, *when)


def _played(track: Track, semitones: int, random: np.random.Generator) -> Track:
    """A part in another key, on another instrument, louder or softer."""
    notes = track.notes
    loudness = random.uniform(*LOUDNESS)
    velocity = np.clip(np.rint(notes.velocity * loudness), 1, 127)
    if track.is_drum:
        return replace(track, notes=Notes.of(notes.onset_ticks, notes.duration_ticks, notes.pitch, velocity))
    pitch = notes.pitch.astype(np.int64) + semitones
    pitch = np.where(pitch > 127, pitch - 12, np.where(pitch < 0, pitch + 12, pitch))
    chance, program = random.random(), track.program
    if chance > SIBLING:
        program = int(random.integers(PROGRAMS))
    elif chance > KEPT:
        program = program // FAMILY * FAMILY + int(random.integers(FAMILY))
    moved = Notes.of(notes.onset_ticks, notes.duration_ticks, pitch, velocity)
    return replace(track, notes=moved, program=program)
