"""Notes played as people play them.

Drums go by the table of how drummers play (`drummers.py`). Other parts do so more gently: their accents are those of
the hat, their own deviations half as large, and they go with the drums in time, since all who play together share that.
The mean of a part stays, in time and, as far as accents have room below 127, in loudness. Where its pieces of the kit
are of different loudness, that stays; where notes are accented already, the accents are the user's, and only what a
player adds to them comes in.

What is played already is left, time and loudness each for itself: time where notes lie beside their places in many
ways, loudness where it has many values. A swing that is the same in every bar, and accents of a few levels, are written
and not played.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.playing.drummers import LATE, LOUD, Drummers, bundled_drummers
from symbolic_embed.playing.kit import PIECES
from symbolic_embed.playing.laying import Meant, Way, own_loudness
from symbolic_embed.playing.places import BarPlaces
from symbolic_embed.playing.strokes import Strokes
from symbolic_embed.score import Score, Track
from symbolic_embed.score.reading.timebase import TEMPO_120

GENTLE: Final = 0.5  # of what a drummer does, where others play
BESIDE: Final = 0.005  # quarters: further from its place a note is early or late
SOME: Final = 0.1  # of the notes
WAYS: Final = 5  # as many different latenesses are played
LEVELS: Final = 9  # and as many velocities
LOUDEST: Final = 127
WITH_ROOM: Final = 95  # per cent of the notes, which have room below the loudest
TIME: Final = "time"
LOUDNESS: Final = "loudness"


@dataclass(frozen=True)
class Human:
    """How notes are to be played: how far, in which style (None: as is usual at the tempo), by which random seed,
    and whether also where they are played already. `within`: quarters that none goes further early or late; None: as
    far as people do."""

    amount: float
    style: str | None = None
    random_seed: int = 0
    replace_played: bool = False
    within: float | None = None


def played_already(track: Track, places: BarPlaces) -> tuple[str, ...]:
    """What of a part is played already, of TIME and LOUDNESS."""
    meant = Meant.of(track, places)
    late, velocities = np.round(meant.late, 3), len(np.unique(track.notes.velocity))
    is_time = np.mean(np.abs(late) > BESIDE) > SOME and len(np.unique(late)) >= WAYS
    return (TIME,) * bool(is_time) + (LOUDNESS,) * (velocities >= LEVELS)


class Humaniser:
    """Plays the parts of one piece. All share one time, whichever of them are played."""

    def __init__(self, score: Score, places: BarPlaces, human: Human, drummers: Drummers | None = None) -> None:
        self.score, self.places, self.human = score, places, human
        self.drummers = drummers or bundled_drummers()
        self.already = tuple(played_already(track, places) for track in score.tracks)
        steps = [
            self._strokes(track, replaces=TIME in already)[0].step
            for track, already in zip(score.tracks, self.already, strict=True)
        ]
        self.steps = np.unique(np.concatenate([np.zeros(1, np.int64), *steps]))
        self.time = self.drummers.time_of(self.steps, random=np.random.default_rng([human.random_seed, 0]))

    def way(self, number: int, *, chosen: NDArray[np.bool_] | None = None) -> Way:
        """How far the notes of a part go; nan for what stays: notes that are not chosen, bool (n,), and what is
        played already. Raises UsageError for a style that nobody plays."""
        track = self.score.tracks[number]
        mine = np.ones(len(track.notes), bool) if chosen is None else chosen
        later, louder = np.full(len(mine), np.nan), np.full(len(mine), np.nan)
        already = self.already[number]
        if mine.any():
            new = self._played(replace(track, notes=track.notes.where(mine)), number, already)
            if TIME not in already or self.human.replace_played:
                later[mine] = new.later
            if LOUDNESS not in already or self.human.replace_played:
                louder[mine] = new.louder
        return Way(later, louder)

    def _played(self, track: Track, number: int, already: tuple[str, ...]) -> Way:
        strokes, of_note, meant = self._strokes(track, replaces=TIME in already)
        random = np.random.default_rng([self.human.random_seed, 1, number])
        tempo = self._tempo(track.notes.onset_ticks)[np.unique(of_note, return_index=True)[1]]
        shared = self.time[np.searchsorted(self.steps, strokes.step).clip(max=len(self.steps) - 1)]
        size = self.drummers.deviation(strokes, tempo=tempo)
        deviation = size * self.drummers.drawn(strokes, random=random, time=shared)
        mean = self.drummers.mean(strokes, tempo=tempo, style=self.human.style)
        gentle = 1.0 if track.is_drum else GENTLE
        mean, deviation = gentle * mean[of_note], gentle * deviation[of_note]
        late = (mean + deviation)[:, LATE]
        late = late - late.mean() - (meant.early() if TIME in already else 0.0)
        if self.human.within is not None:
            late = self.human.within * np.tanh(late / self.human.within)
        louder = self._louder(track, meant, mean[:, LOUD], deviation[:, LOUD], replaces=LOUDNESS in already)
        return Way(self.human.amount * late, louder)

    def _louder(
        self,
        track: Track,
        meant: Meant,
        mean: NDArray[np.float64],
        deviation: NDArray[np.float64],
        *,
        replaces: bool,
    ) -> NDArray[np.float64]:
        """How much louder each note is, once all fit."""
        velocity = track.notes.velocity.astype(np.float64)
        rows, row = np.unique(meant.row, return_inverse=True)
        levels = np.bincount(row, velocity) / np.bincount(row)
        is_accented = not replaces and np.abs(velocity - levels[row]).max() >= 1
        louder = deviation + (0.0 if is_accented else mean)
        if len(rows) > 1 and (replaces or np.ptp(levels) >= 1):
            louder = louder - (np.bincount(row, louder) / np.bincount(row))[row]
        louder = louder - louder.mean()
        if replaces:
            louder = louder + own_loudness(meant, velocity) - velocity
        goes: NDArray[np.float64] = self.human.amount * louder
        return goes - max(float(np.percentile(velocity + goes, WITH_ROOM)) - LOUDEST, 0.0)

    def _strokes(self, track: Track, *, replaces: bool) -> tuple[Strokes, NDArray[np.int64], Meant]:
        """The strokes of a part, each once, which of them each note is, and where notes are meant. `replaces`: they
        are where they are meant, not where they lie."""
        meant = Meant.of(track, self.places)
        position = meant.place if replaces else meant.place + meant.late
        piece = meant.row if track.is_drum else np.full(len(meant.row), PIECES.index("hat"))
        signatures = self.places.barred.metre.signatures
        every = Strokes.of(piece, meant.bar, np.maximum(position, 0.0), signatures)
        _, first, of_note = np.unique(every.step * len(PIECES) + piece, return_index=True, return_inverse=True)
        once = Strokes.of(piece[first], meant.bar[first], np.maximum(position[first], 0.0), signatures)
        return once, of_note, meant

    def _tempo(self, ticks: NDArray[np.int64]) -> NDArray[np.float64]:
        """The tempo at each tick, in beats a minute."""
        tempi = self.score.tempi
        after = np.searchsorted([tempo.tick for tempo in tempi], ticks, side="right")
        lasts = np.array([TEMPO_120, *(tempo.microseconds for tempo in tempi)])
        return 60e6 / lasts[after]
