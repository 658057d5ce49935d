"""Music between two pieces.

Parts of the two are paired by what they do and where they lie, bars by their order; the shorter piece is heard again
from its beginning until the longer one is over. Where both play, the two cells' embeddings are joined by the arc
between them on the sphere, and decoded at a place on it. The decoder corrects small errors, so the place is searched:
the written cell, embedded again, shall have gone the share of the way that was asked for. Where only one plays, its
cell stays or goes as a whole: each has a share, drawn by chance, from which on it has changed sides.

The second piece is heard in the key of the first: transposed so that its pitch classes sound most alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy.optimize import linear_sum_assignment

from symbolic_embed.bars import WINDOW_STEPS, BarredScore, Windows, cell_windows
from symbolic_embed.bars.keys import pitch_class_durations
from symbolic_embed.bars.merging import merge
from symbolic_embed.composing.idiom import idiom_of
from symbolic_embed.composing.locks import NO_LOCKS, Locks, Rules, melody_parts, rules_for
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.sphere import slerp
from symbolic_embed.outputs.changes import changes, placed_notes, voiced
from symbolic_embed.outputs.written_notes import WrittenNotes

HALVINGS = 6
OTHER_ROLE, OTHER_FAMILY = 4.0, 1.0  # how little two parts fit; a difference of pitch counts 1 an octave
NEVER = 1e6

Pair = tuple[int | None, int | None]


@dataclass(frozen=True, eq=False)
class Blend:
    """One step between two pieces, as changes to the first: `removed`, its notes that go, as indices into its
    `barred.notes`; `added`, the notes that come. Tracks of `added` are those of the first piece and, counting on, those
    that only the second has, in order. Steps beyond the first piece's last bar count on. `asked`: the share of the way;
    `measured`: the mean share that cells in which both play have gone, 0 where there are none."""

    removed: np.ndarray
    added: WrittenNotes
    asked: float
    measured: float


def paired_parts(first: BarredScore, second: BarredScore) -> list[Pair]:
    """Parts of two pieces, each in one pair: alike ones together, drums only with drums, and those left over with None.
    In the order of the first piece, then of the second."""
    cost = np.array(
        [[_unlikeness(first, a, second, b) for b in range(len(second.roles))] for a in range(len(first.roles))]
    )
    found = {int(a): int(b) for a, b in zip(*linear_sum_assignment(cost), strict=True) if cost[a, b] < NEVER}
    left = [b for b in range(len(second.roles)) if b not in found.values()]
    return [(a, found.get(a)) for a in range(len(first.roles))] + [(None, b) for b in left]


def transposition(first: BarredScore, second: BarredScore) -> int:
    """By how many semitones, -5 to 6, the second piece moves so that its pitch classes sound most like the first's."""
    profiles = [pitch_class_durations(barred.score) for barred in (first, second)]
    shifts = sorted(range(-5, 7), key=lambda shift: (abs(shift), -shift))
    return max(shifts, key=lambda shift: float(profiles[0] @ np.roll(profiles[1], shift)))


def blend_pieces(
    embedder: Embedder,
    first: BarredScore,
    second: BarredScore,
    *,
    shares: Iterable[float],
    seed: int,
    tracks: frozenset[int] | None = None,
    bars: frozenset[int] | None = None,
    locks: Locks = NO_LOCKS,
    progress: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> list[Blend]:
    """A blend for each of `shares`, 0 (the first piece) to 1 (the second, in the first's parts, metre and key).

    `tracks` and `bars` of the first piece (both from 0; None: all) say which cells may change, `locks` what of them
    must stay. A part that only the second has counts as no track of the first, and comes only where `tracks` is None.
    `progress` wraps the steps of the search.
    """
    pairs = paired_parts(first, second)
    way = _Way(embedder, first, second, pairs=pairs, seed=seed, tracks=tracks, bars=bars, locks=locks)
    arcs = [_Arc(way, share) for share in shares]
    for step in progress(range(HALVINGS * len(arcs))):
        arcs[step // HALVINGS].halve()
    return [way.blend(arc) for arc in arcs]


class _Way:
    """All cells of two pieces, side by side: every pair of parts in every window of the longer piece."""

    def __init__(
        self,
        embedder: Embedder,
        first: BarredScore,
        second: BarredScore,
        *,
        pairs: list[Pair],
        seed: int,
        tracks: frozenset[int] | None,
        bars: frozenset[int] | None,
        locks: Locks,
    ) -> None:
        self.embedder, self.first, self.locks = embedder, first, locks
        places = _places(first, bars=max(first.bars, second.bars))
        self.here = _looped(first, [a for a, _ in pairs], places)
        shift = transposition(first, second)
        self.there = _looped(second, [b for _, b in pairs], places).transposed(shift)
        # The number of each window's part among all: those of the first piece, then those that only the second has.
        self.part = np.repeat(np.arange(len(pairs)), len(places))
        self.start = np.tile([place.start for place in places], len(pairs))
        self.is_looped = np.tile([place.bar >= first.bars for place in places], len(pairs))
        self.drums = np.repeat([_is_drum(first, second, pair) for pair in pairs], len(places))
        idiom = idiom_of(self.here, first).or_that_of(idiom_of(self.there, second, semitones=shift))
        self.rules = rules_for(self.here, first, locks, idiom=idiom)
        self.kept = self.here.keeping(self.rules.kept)
        plays_here, plays_there = _plays(self.here), _plays(self.there)
        free = self._may_change(tracks, bars, locks)
        differ = self.here.content_hashes() != self.there.content_hashes()
        self.both = np.flatnonzero(plays_here & plays_there & free & differ)
        self.comes = ~plays_here & plays_there & free & ~np.array(locks.rhythm)
        self.goes = plays_here & ~plays_there & free & ~np.array(locks.rhythm)
        random = np.random.default_rng(seed)
        alone = np.repeat([a is None or b is None for a, b in pairs], len(places))
        of_part = np.repeat(random.random(len(pairs)), len(places))
        self.changes_at = np.where(alone, of_part, random.random(len(self.here)))
        self.points = [embedder.embed_windows(windows) for windows in (self.here, self.there)]

    def blend(self, arc: _Arc) -> Blend:
        """The piece when the share of the way is gone for which an arc has been searched."""
        share, written = arc.share, arc.best
        over = self.changes_at < share
        comes, goes = np.flatnonzero(self.comes & over), np.flatnonzero(self.goes & over)
        arrived = self.there.where(comes)
        if self.locks.names():
            arrived = self.decoded(comes, self.points[1][comes])
        new = Windows.concatenated([written, arrived, self.kept.where(goes)])
        changed = np.concatenate([self.both, comes, goes])
        stay = self.here.keeping(~np.isin(self.here.note_window, changed))
        groups = np.concatenate([np.arange(len(self.here)), changed])
        result = merge(Windows.concatenated([stay, new]), groups=groups, steps=self.here.steps)
        removed, added = self._changes(result)
        return Blend(removed, added, share, float(arc.gone.mean()) if len(arc.gone) else 0.0)

    def _may_change(self, tracks: frozenset[int] | None, bars: frozenset[int] | None, locks: Locks) -> np.ndarray:
        free = np.ones(len(self.here), bool)
        if tracks is not None:
            free &= np.isin(self.part, sorted(tracks))
        if bars is not None:
            free &= np.isin(self.here.bar, sorted(bars)) & ~self.is_looped
        if locks.melody:
            free &= ~np.isin(self.part, sorted(melody_parts(self.first)))
        return free

    def decoded(self, windows: np.ndarray, points: np.ndarray) -> Windows:
        """What the decoder makes of points for some of the windows under the rules, with what is kept."""
        rules: Rules = self.rules
        steps = self.here.steps[windows]
        decoded = self.embedder.decode(points, rules.for_decoder(windows, steps=steps, drums=self.drums[windows]))
        decoded = rules.shortened(decoded, windows)
        both = Windows.concatenated([self.kept.where(windows), decoded])
        return merge(both, groups=np.tile(np.arange(len(windows)), 2), steps=steps)

    def _changes(self, result: Windows) -> tuple[np.ndarray, WrittenNotes]:
        """`result` as changes to the first piece: in its own bars what differs, beyond them everything."""
        own = (self.part < len(self.first.roles)) & ~self.is_looped
        inside, beyond = np.flatnonzero(own), np.flatnonzero(~own)
        cells = replace(self.here, track=self.part)
        removed, added = changes(self.first, cells.where(inside), result.where(inside))
        rest = result.where(beyond)
        new = placed_notes(self.first, cells.where(beyond), rest)
        begins = rest.begins
        step = self.start[beyond][rest.note_window[begins]] + rest.onset[begins]
        added = WrittenNotes.concatenated(added, replace(new, onset_steps=step))
        end = int((self.start + self.here.steps).max())
        return removed, added if self.locks.rhythm else voiced(self.first, removed, added, end=end)


class _Arc:
    """The cells in which both pieces play, each at the place on its arc where it has gone `share` of the way: `best`,
    the nearest that was found, and `gone`, how far it has gone; float64 (cells,)."""

    def __init__(self, way: _Way, share: float) -> None:
        self.way, self.share = way, share
        self.best, self.gone = way.here.where(way.both), np.zeros(len(way.both))
        self.low, self.high = np.zeros(len(way.both)), np.ones(len(way.both))

    def halve(self) -> None:
        """Looks in the middle of each interval, and goes on in one half of it."""
        if len(self.way.both) == 0:
            return
        a, b = (points[self.way.both] for points in self.way.points)
        place = (self.low + self.high) / 2
        written = self.way.decoded(self.way.both, slerp(a, b, place))
        points = self.way.embedder.embed_windows(written)
        from_a, from_b = (np.linalg.norm(points - end, axis=1) for end in (a, b))
        gone = from_a / np.maximum(from_a + from_b, 1e-9)
        better = (np.abs(gone - self.share) < np.abs(self.gone - self.share)) & _plays(written)
        self.best, self.gone = _exchanged(self.best, written, better), np.where(better, gone, self.gone)
        self.low, self.high = (
            np.where(gone < self.share, place, self.low),
            np.where(gone < self.share, self.high, place),
        )


@dataclass(frozen=True)
class _Place:
    """A window of the result: its bar, its place in the bar, the step it starts at, its length in steps."""

    bar: int
    part_of_bar: int
    start: int
    steps: int


def _places(first: BarredScore, *, bars: int) -> list[_Place]:
    """The windows of `bars` bars: those of the piece, then more of the length of its last."""
    starts = [int(step) for step in first.grid.bar_steps]
    last = starts[-1] - starts[-2]
    while len(starts) <= bars:
        starts.append(starts[-1] + last)
    return [
        _Place(bar, number, start + number * WINDOW_STEPS, min(WINDOW_STEPS, end - start - number * WINDOW_STEPS))
        for bar, (start, end) in enumerate(pairwise(starts[: bars + 1]))
        for number in range(-(-(end - start) // WINDOW_STEPS))
    ]


def _looped(barred: BarredScore, parts: list[int | None], places: list[_Place]) -> Windows:
    """The cells of parts at places, again from the beginning where the piece is over; silent where a part is None or
    rests. Each has its part's number (-1 for None), its bar in the piece, and the length of its place."""
    sounding = cell_windows(barred)
    silent = len(sounding)
    cells = sounding.where(np.append(np.arange(silent), 0))
    cells = cells.keeping(cells.note_window != silent)
    keys = zip(sounding.track.tolist(), sounding.bar.tolist(), sounding.part_of_bar.tolist(), strict=True)
    number = {key: index for index, key in enumerate(keys)}
    wanted = [(part, place.bar % barred.bars, place.part_of_bar) for part in parts for place in places]
    looped = cells.where(np.array([number.get(key, silent) for key in wanted]))
    track, bar, part_of_bar = np.array([(-1 if key[0] is None else key[0], *key[1:]) for key in wanted]).T
    steps = np.tile([place.steps for place in places], len(parts))
    fitting = looped.onset < steps[looped.note_window]
    return replace(looped, track=track, bar=bar, part_of_bar=part_of_bar, steps=steps).keeping(fitting)


def _exchanged(windows: Windows, new: Windows, where: np.ndarray) -> Windows:
    """`windows`, but those of `new` where the mask says so."""
    both = Windows.concatenated([windows, new])
    return both.where(np.arange(len(windows)) + np.where(where, len(windows), 0))


def _plays(windows: Windows) -> np.ndarray:
    """In which windows a note begins; bool (windows,)."""
    return windows.counted(windows.begins) > 0


def _unlikeness(first: BarredScore, a: int, second: BarredScore, b: int) -> float:
    """How little a part of one piece fits a part of the other."""
    one, other = first.score.tracks[a], second.score.tracks[b]
    if one.is_drum != other.is_drum:
        return NEVER
    octaves = abs(float(one.notes.pitch.mean()) - float(other.notes.pitch.mean())) / 12
    other_role = OTHER_ROLE * (first.roles[a] != second.roles[b])
    return other_role + OTHER_FAMILY * (one.program // 8 != other.program // 8) + octaves


def _is_drum(first: BarredScore, second: BarredScore, pair: Pair) -> bool:
    a, b = pair
    track = first.score.tracks[a] if a is not None else second.score.tracks[b]
    return track.is_drum
