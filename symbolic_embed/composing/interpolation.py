"""Music between two pieces, by interpolation.

The two are laid side by side (`pairing.py`). Where both play, the two cells' embeddings are joined by the arc between
them on the sphere (slerp: Shoemake, Animating rotation with quaternion curves, 1985), and a point of it is decoded. The
decoder corrects small errors, so the point is searched: the written cell, embedded again, shall lie at the share of the
arc that was asked for. Where only one plays, its notes go, or come, one by one (`fading.py`): so no part falls silent
before the end of the way, nor waits for it. In each half bar the harmony of one of the two holds (`joint_harmony.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import BarredScore, Windows
from symbolic_embed.bars.merging import merge
from symbolic_embed.composing.fading import weakness
from symbolic_embed.composing.half_bars import tokens_in
from symbolic_embed.composing.idiom import idiom_of
from symbolic_embed.composing.joint_harmony import JointHarmony, moved_into
from symbolic_embed.composing.locks import melody_parts, rules_for
from symbolic_embed.composing.pairing import SideBySide
from symbolic_embed.composing.scope import EVERYTHING, Scope
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.sphere import slerp
from symbolic_embed.outputs.changes import changes, placed_notes, voiced
from symbolic_embed.outputs.written_notes import WrittenNotes

HALVINGS = 6


@dataclass(frozen=True, eq=False)
class Blend:
    """One step between two pieces, as changes to the first: `removed`, its notes that go, as indices into its
    `barred.notes`; `added`, the notes that come. Tracks of `added` are those of the first piece and, counting on, those
    that only the second has, in order. Steps beyond the first piece's last bar count on. `asked`: the share of the
    interpolation."""

    removed: NDArray[np.int64]
    added: WrittenNotes
    asked: float


class Interpolation:
    """Two pieces side by side, and which of their cells may change, come or go."""

    def __init__(
        self,
        embedder: Embedder,
        first: BarredScore,
        second: BarredScore,
        *,
        scope: Scope = EVERYTHING,
        random_seed: int = 0,
    ) -> None:
        """`scope` is of the first piece. A part that only the second has is no track of the first, and comes only where
        all tracks may change."""
        self.embedder, self.piece, self.locks = embedder, first, scope.locks
        self.cells = cells = SideBySide.of(first, second)
        idiom = idiom_of(cells.first, first).or_that_of(idiom_of(cells.second, second, semitones=cells.semitones))
        self.rules = rules_for(cells.first, first, scope.locks, idiom=idiom)
        self.kept = cells.first.keeping(self.rules.kept)
        first_plays, second_plays = _plays(cells.first), _plays(cells.second)
        free = self._may_change(scope)
        differ = cells.first.content_hashes() != cells.second.content_hashes()
        self.both = np.flatnonzero(first_plays & second_plays & free & differ)
        may_come_or_go = free & np.array(not scope.locks.rhythm)
        self.comes = np.flatnonzero(~first_plays & second_plays & may_come_or_go)
        self.goes = np.flatnonzero(first_plays & ~second_plays & may_come_or_go)
        stays = first_plays & ~free & ~cells.is_drum
        place = np.arange(len(cells)) % cells.windows_a_part
        self.harmony = JointHarmony.of(cells.first, cells.second, place=place, stays=stays)
        self.ends = [embedder.embed_windows(windows) for windows in (cells.first, cells.second)]
        self.random_seed = random_seed

    def at(self, shares: Iterable[float], *, progress: Callable[[Sequence[int]], Iterable[int]] = iter) -> list[Blend]:
        """A blend for each share, from 0 (the first piece) to 1 (the second, in the first's parts, metre and key).
        `progress` wraps the steps of the search."""
        arcs = [_Arc(self, share) for share in shares]
        for step in progress(range(HALVINGS * len(arcs))):
            arcs[step // HALVINGS].halve()
        return [self._blend(arc) for arc in arcs]

    def in_both(self) -> tuple[NDArray[np.int64], Windows]:
        """Which of the cells in which both pieces play lie in the first piece's own bars, and those cells in it."""
        rows = self.both[~self.cells.is_looped[self.both]]
        return rows, replace(self.cells.first, track=self.cells.pair).where(rows)

    def fates(self) -> list[str]:
        """What becomes of each pair of parts on the way: "blended", both play and are joined; "fades", "enters", one of
        them plays alone, and goes or comes note by note; "stays", nothing of it may change, or both are the same; "left
        out", only the second piece has it, and it may not come, or finds no place in the bars of the first."""
        of = self.cells.pair
        kinds = {"blended": self.both, "fades": self.goes, "enters": self.comes}
        fates = []
        for number, (a, _) in enumerate(self.cells.pairs):
            here = [kind for kind, windows in kinds.items() if (of[windows] == number).any()]
            fates.append(here[0] if here else "left out" if a is None else "stays")
        return fates

    def share_at(self, rows: NDArray[np.int64], written: Windows) -> float:
        """The mean share of the way at which windows lie that were written in place of some cells; 0 of none."""
        if len(rows) == 0:
            return 0.0
        points = self.embedder.embed_windows(written)
        from_start, from_end = (np.linalg.norm(points - ends[rows], axis=1) for ends in self.ends)
        return float((from_start / np.maximum(from_start + from_end, 1e-9)).mean())

    def _blend(self, arc: _Arc) -> Blend:
        """The piece at the share for which an arc has been searched."""
        (coming, later), (going, sooner) = self._coming, self._going
        arrived, left = coming.keeping(later < arc.share), going.keeping(sooner < 1 - arc.share)
        if not self.locks.chords:
            holds = self.harmony.at(arc.share)
            arrived, left = moved_into(arrived, holds[self.comes]), moved_into(left, holds[self.goes])
        new = Windows.concatenated([arc.best, arrived, left, self.kept.where(self.goes)])
        changed = np.concatenate([self.both, self.comes, self.goes, self.goes])
        stay = self.cells.first.keeping(~np.isin(self.cells.first.note_window, changed))
        groups = np.concatenate([np.arange(len(self.cells)), changed])
        blended = merge(Windows.concatenated([stay, new]), groups=groups, steps=self.cells.first.steps)
        removed, added = self._changes(blended)
        return Blend(removed, added, arc.share)

    @cached_property
    def _coming(self) -> tuple[Windows, NDArray[np.float64]]:
        """What comes where only the second piece plays, and at which share each note does."""
        coming = self.cells.second.where(self.comes)
        coming = coming.keeping(coming.begins)
        if self.locks.names():
            decoded = self.decoded(self.comes, self.ends[1][self.comes], share=1.0)
            coming = replace(decoded, bar=coming.bar, part_of_bar=coming.part_of_bar)
        return coming, weakness(coming, part=self.cells.pair[self.comes], random_seed=self.random_seed)

    @cached_property
    def _going(self) -> tuple[Windows, NDArray[np.float64]]:
        """What goes where only the first piece plays, and how long before the end each note does."""
        going = self.cells.first.where(self.goes)
        going = going.keeping(going.begins)
        return going, weakness(going, part=self.cells.pair[self.goes], random_seed=self.random_seed)

    def _may_change(self, scope: Scope) -> NDArray[np.bool_]:
        """In which windows anything may change; bool (windows,)."""
        free = scope.admits(self.cells.pair, self.cells.first.bar)
        if scope.limits_bars:
            free &= ~self.cells.is_looped
        if scope.locks.melody:
            free &= ~np.isin(self.cells.pair, sorted(melody_parts(self.piece)))
        return free

    def decoded(self, windows: NDArray[np.int64], points: NDArray[np.float32], *, share: float) -> Windows:
        """What the decoder makes of points for some of the windows under the rules, with what is kept; `share` of the
        way lies behind."""
        steps = self.cells.first.steps[windows]
        rules = self.rules.for_decoder(windows, steps=steps, drums=self.cells.is_drum[windows])
        if not (self.locks.chords or self.locks.rhythm) and rules.allowed is not None:
            allowed = rules.allowed if rules.allowed.ndim == 3 else rules.allowed[:, None]
            rules = replace(rules, allowed=allowed & tokens_in(self.harmony.at(share)[windows]))
        decoded = self.rules.shortened(self.embedder.decode(points, rules), windows)
        both = Windows.concatenated([self.kept.where(windows), decoded])
        return merge(both, groups=np.tile(np.arange(len(windows)), 2), steps=steps)

    def _changes(self, blended: Windows) -> tuple[NDArray[np.int64], WrittenNotes]:
        """What is blended as changes to the first piece: in its own bars what differs, beyond them everything."""
        cells = self.cells
        own = (cells.pair < len(self.piece.roles)) & ~cells.is_looped
        inside, beyond = np.flatnonzero(own), np.flatnonzero(~own)
        places = replace(cells.first, track=cells.pair)
        removed, added = changes(self.piece, places.where(inside), blended.where(inside))
        rest = blended.where(beyond)
        new = placed_notes(self.piece, places.where(beyond), rest)
        step = cells.start[beyond][rest.note_window[rest.begins]] + rest.onset[rest.begins]
        added = WrittenNotes.concatenated(added, replace(new, onset_steps=step))
        end = int((cells.start + cells.first.steps).max())
        return removed, added if self.locks.rhythm else voiced(self.piece, removed, added, end=end)


class _Arc:
    """The cells in which both pieces play, each on its arc where `share` of it lies behind: `best`, the nearest that
    was found, and `measured`, the share at which it lies; float64 (cells,)."""

    def __init__(self, interpolation: Interpolation, share: float) -> None:
        both = interpolation.both
        self.interpolation, self.share = interpolation, share
        self.best, self.measured = interpolation.cells.first.where(both), np.zeros(len(both))
        self.low, self.high = np.zeros(len(both)), np.ones(len(both))

    def halve(self) -> None:
        """Looks in the middle of each interval, and goes on in one half of it."""
        both = self.interpolation.both
        if len(both) == 0:
            return
        start, end = (points[both] for points in self.interpolation.ends)
        middle = (self.low + self.high) / 2
        written = self.interpolation.decoded(both, slerp(start, end, middle), share=self.share)
        points = self.interpolation.embedder.embed_windows(written)
        from_start, from_end = (np.linalg.norm(points - point, axis=1) for point in (start, end))
        measured = from_start / np.maximum(from_start + from_end, 1e-9)
        better = (np.abs(measured - self.share) < np.abs(self.measured - self.share)) & _plays(written)
        self.best, self.measured = _exchanged(self.best, written, better), np.where(better, measured, self.measured)
        self.low = np.where(measured < self.share, middle, self.low)
        self.high = np.where(measured < self.share, self.high, middle)


def _exchanged(windows: Windows, new: Windows, where: NDArray[np.bool_]) -> Windows:
    """`windows`, but those of `new` where the mask says so."""
    both = Windows.concatenated([windows, new])
    return both.where(np.arange(len(windows)) + np.where(where, len(windows), 0))


def _plays(windows: Windows) -> NDArray[np.bool_]:
    """In which windows a note begins; bool (windows,)."""
    return windows.counted(windows.begins) > 0
