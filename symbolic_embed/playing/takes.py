"""Takes: what drummers played to a click, stroke by stroke, beside where and how loud it would be if nobody had.

A drummer plays sixteenths in one beat and triplets in the next, and neither is on the grid. So each stroke is taken for
the place nearest to it, beat by beat on the subdivision that fits better.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.playing.drummers import USUAL_TEMPO
from symbolic_embed.playing.kit import pieces_of
from symbolic_embed.playing.strokes import Strokes, beat_quarters
from symbolic_embed.score import Score
from symbolic_embed.score.metre import metre_map

BESIDE_THE_BEAT: Final = 1 / 8  # of a beat: nearer to it than this is on it
TRIPLETS_LATER: Final = 0.002  # squared beats that triplets must fit better than sixteenths, to be meant


@dataclass(frozen=True, eq=False)
class Take:
    """What one drummer played: strokes, how loud and late each was beside the mean of the take, float64 (n, 2), the
    tempo in beats a minute, and the style."""

    strokes: Strokes
    played: NDArray[np.float64]
    tempo: float
    style: str

    def __len__(self) -> int:
        return len(self.strokes)

    @property
    def tempi(self) -> NDArray[np.float64]:
        """The tempo at each stroke."""
        return np.full(len(self), self.tempo)


def take_of(score: Score, *, style: str) -> Take | None:
    """The drums of a score that was played to a click; None where it has none, or no whole beats. Of strokes of one
    piece at one place the loudest counts."""
    drums = [track.notes.rows() for track in score.tracks if track.is_drum]
    metre = metre_map(score)
    beat = np.array([beat_quarters(signature) for signature in metre.signatures])
    quarters = np.diff(metre.barline_ticks) / score.division
    if not drums or (quarters % beat).any():
        return None
    onset, _, pitch, velocity = np.concatenate(drums).T
    bar = np.minimum(metre.bar_at(onset), len(metre) - 1)
    begin = np.concatenate([[0], np.cumsum(quarters / beat)])
    beats = begin[bar] + (onset - metre.barline_ticks[bar]) / score.division / beat[bar]
    meant = meant_beats(beats)
    late = (beats - meant) * beat[bar]
    bar = np.minimum(np.searchsorted(begin, meant, side="right") - 1, len(metre) - 1)
    piece, loudest = pieces_of(pitch), np.argsort(-velocity, kind="stable")
    _, first = np.unique(np.stack([meant, piece])[:, loudest], axis=1, return_index=True)
    kept = loudest[first]
    strokes = Strokes.of(piece[kept], bar[kept], ((meant - begin[bar]) * beat[bar])[kept], metre.signatures)
    played = np.stack([velocity, late], axis=1)[kept].astype(np.float64)
    tempo = score.tempi[0].per_minute if score.tempi else USUAL_TEMPO
    return Take(strokes, played - played.mean(axis=0), tempo, style)


def meant_beats(beats: NDArray[np.float64]) -> NDArray[np.float64]:
    """The place, in beats, that each stroke is meant for: a sixteenth or, in beats where all lie nearer to those, a
    triplet; float64 (n,)."""
    sixteenth, triplet = np.rint(beats * 4) / 4, np.rint(beats * 3) / 3
    within = beats - np.floor(beats)
    inside = (within > BESIDE_THE_BEAT) & (within < 1 - BESIDE_THE_BEAT)
    number = np.floor(beats).astype(np.int64) - int(np.floor(beats.min(initial=0)))
    of_four, of_three = (np.bincount(number, inside * (beats - meant) ** 2) for meant in (sixteenth, triplet))
    in_triplets = (of_three + TRIPLETS_LATER < of_four)[number]
    return np.where(inside, np.where(in_triplets, triplet, sixteenth), np.rint(beats))
