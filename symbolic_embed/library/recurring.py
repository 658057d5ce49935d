"""Passages that recur: stretches of bars that are nearly the same in two pieces, or in two places of one, in one key or
in whatever key.

Comparing every bar with every bar of ten thousand files would take days. What is learnt of each passage of a few bars
is looked for among that of all others (`elsewhere`): as it is, or, in whatever key, by how strong the waves around the
circle are that it is made of (`duplicates.passage_waves`). Two passages that may be the same say which bar of one piece
lies beside which of the other, and by how many semitones it is moved: then all bars of the two are laid along each
other so. A bar is as far from the one beside it as its harmony is, half bar by half bar, and what is learnt of the
nearest passage that holds both: joined as `rank` joins them, harmony standing for melody too. Transposing turns harmony
exactly, and what is learnt nearly, so copies in another key are let off what turning costs in the middle.

Of two pieces the longest stretch comes first, and then others of which enough bars are in no longer one. Stretches with
fewer than CHANGES different halves of bars, as silence, a held note, the chords that close a movement, say nothing. Nor
do drums alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.building import Pieces
from symbolic_embed.library.duplicates import waves
from symbolic_embed.library.elsewhere import near_elsewhere
from symbolic_embed.library.features import Features, Needs, known
from symbolic_embed.library.laid_out import NOWHERE, LaidOut
from symbolic_embed.library.progress import Progress, in_silence
from symbolic_embed.library.within import features_of, meant
from symbolic_embed.requests import DuplicatesRequest
from symbolic_embed.similarity.harmony import harmony_apart, nearest_keys
from symbolic_embed.similarity.joint import PASSAGES_WEIGHT
from symbolic_embed.similarity.learnt_passages import UNRELATED_VECTORS
from symbolic_embed.similarity.stretches import best_stretches

TURNED = 0.25  # what is learnt of copies in two keys is so far apart, in the middle (100 pieces, validation split)
FURTHEST = {False: (0.4, 2.0), True: (0.3, 1.5)}  # how far what is learnt may be, by the waves alone in whatever key
BEYOND = 0.1  # by how much farther than all of a stretch a bar may be that does not end it
LONGEST_PASSAGE = 4  # bars: of longer ones fewer are left as they were where a few bars were changed
SILENCE = 1e-3  # what a bar costs in which neither sounds
CHANGES = 3  # different halves of bars, of which a stretch has fewer that says nothing
FINE = 25  # parts of 1 in which halves are told apart
AT_A_TIME = 16_384  # passages, or pairs of them

Pair = tuple[int, int]  # two pieces, by number


@dataclass(frozen=True)
class Recurrence:
    """A stretch of bars of one file that is there again in another, or later in it: their paths, their bars, from 1, as
    many of each; transposition: by how many semitones (-5 to 6) the first is to be moved; distance: 0 for the same
    music, the mean over the bars."""

    path: str
    bar: int
    last_bar: int
    other_path: str
    other_bar: int
    other_last_bar: int
    transposition: int
    distance: float

    @property
    def order(self) -> tuple[int, float, str, int, str, int]:
        """The longest first, then the nearest, then by path."""
        return self.bar - self.last_bar, self.distance, self.path, self.bar, self.other_path, self.other_bar


def recurring(
    pieces: Pieces, embedder: Embedder, request: DuplicatesRequest, *, progress: Progress = in_silence
) -> list[Recurrence]:
    """The passages that recur among `pieces`, (path, score) or a store, the longest first. Of pieces of one content the
    first stands for all. `progress` wraps the iteration over the pairs of pieces that are compared. Raises
    CheckpointError for a model without passages."""
    size = max(size for size in UNRELATED_VECTORS if size <= min(request.shortest, LONGEST_PASSAGE))
    paths: list[str] = []
    comparing = _Comparing(LaidOut.of(_different(pieces, embedder, request, paths), size=size), size, request)
    places = comparing.places()
    found: list[Recurrence] = []
    for (one, other), of_pair in progress(places.items(), len(places)):
        found += [stretch.named(paths[one], paths[other]) for stretch in comparing.stretches(one, other, of_pair)]
    return sorted(found, key=lambda recurrence: recurrence.order)


def _different(pieces: Pieces, embedder: Embedder, request: DuplicatesRequest, paths: list[str]) -> Iterator[Features]:
    """The pieces that have a harmony, of each content the first; their paths are added to `paths`."""
    needs = Needs.of("content", "bars", "harmony", "passages", together=True)
    contents = set()
    for piece in features_of(meant(pieces, request.conditions, embedder), embedder, needs):
        if known(piece.content) not in contents and len(known(piece.harmony)):
            contents.add(known(piece.content))
            paths.append(piece.path)
            yield piece


class _Place(NamedTuple):
    """How two pieces may lie along each other: the bar of the one, counted in all, less that of the other; and by how
    many semitones the one is moved."""

    ahead: int
    semitones: int


class _Stretch(NamedTuple):
    """Bars of two pieces that lie along each other, from 0; first is of the one, ahead how many later in the other."""

    first: int
    end: int
    ahead: int
    semitones: int
    distance: float

    def named(self, path: str, other: str) -> Recurrence:
        """The same, of files."""
        first, end = self.first + self.ahead, self.end + self.ahead
        distance = float(f"{self.distance:.4g}")
        return Recurrence(path, self.first + 1, self.end, other, first + 1, end, self.semitones, distance)


@dataclass(frozen=True, eq=False)
class _Comparing:
    """Pieces laid out by passages of so many bars, and what is asked of them."""

    laid: LaidOut
    size: int
    request: DuplicatesRequest

    def places(self) -> dict[Pair, list[_Place]]:
        """For each two pieces, or piece and itself, of which passages may be the same, how they may lie."""
        laid = self.laid
        if not len(laid.vectors):
            return {}
        least, more = FURTHEST[self.request.transpose]
        similarity = 1 - (least + more * self.request.within) ** 2 / 2
        near = near_elsewhere(self._searched(), laid.owner, similarity=similarity, at_home=self.request.same_file)
        places: dict[Pair, set[_Place]] = defaultdict(set)
        for begin in range(0, len(near.one), AT_A_TIME):
            one, other = near.one[begin : begin + AT_A_TIME], near.other[begin : begin + AT_A_TIME]
            semitones, is_near = self._moved(one, other)
            pairs = zip(
                laid.owner[one[is_near]].tolist(),
                laid.owner[other[is_near]].tolist(),
                (laid.bar[other] - laid.bar[one])[is_near].tolist(),
                semitones[is_near].tolist(),
                strict=True,
            )
            for first, second, ahead, moved in pairs:
                places[first, second].add(_Place(ahead, moved))
        return {pair: sorted(places[pair]) for pair in sorted(places)}

    def _searched(self) -> NDArray[np.float16]:
        """What passages are looked for by; float16 (passages, d), of length one."""
        vectors = self.laid.vectors
        if not self.request.transpose:
            return vectors.reshape(len(vectors), -1)
        parts = [vectors[begin : begin + AT_A_TIME] for begin in range(0, len(vectors), AT_A_TIME)]
        return np.concatenate([waves(part.astype(np.float32)).astype(np.float16) for part in parts])

    def _moved(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Of pairs of passages by how many semitones the first is nearest to the second in harmony, int64 (pairs,); and
        whether that is near enough."""
        laid, bars = self.laid, np.arange(self.size)
        first, second = (laid.harmony[laid.bar[rows][:, None] + bars].astype(np.float32) for rows in (one, other))
        semitones = nearest_keys(first, second) if self.request.transpose else np.zeros(len(one), np.int64)
        turned = (np.arange(12) - semitones[:, None]) % 12
        moved = np.take_along_axis(first, turned[:, None, None], axis=-1)
        farthest = (self.request.within + BEYOND) / (1 - PASSAGES_WEIGHT)
        return semitones, harmony_apart(moved, second).mean(axis=1) <= farthest

    def stretches(self, one: int, other: int, places: Sequence[_Place]) -> list[_Stretch]:
        """The stretches of two pieces, or of a piece and itself: in each way in which they may lie those that earn
        most, the longest of all first, and of the others what is left of the one piece."""
        found = [stretch for place in places for stretch in self._along(one, other, place)]
        is_left = np.ones(self.laid.begins[one + 1] - self.laid.begins[one], bool)
        kept = []
        for stretch in sorted(found, key=lambda some: (some.first - some.end, some.distance, some)):
            inside = slice(stretch.first, stretch.end)
            if np.count_nonzero(is_left[inside]) >= self.request.shortest:
                kept.append(stretch)
            is_left[inside] = False
        return kept

    def _along(self, one: int, other: int, place: _Place) -> Iterator[_Stretch]:
        """The stretches in which two pieces, laid so, are near enough."""
        laid, request = self.laid, self.request
        here, there = laid.piece(one), laid.piece(other)
        begin = max(here.start, there.start - place.ahead)
        bars = np.arange(begin, min(here.stop, there.stop - place.ahead))
        apart, sounds = self._bars_apart(bars, place)
        earned = np.where(sounds, request.within + BEYOND - apart, -SILENCE)
        for first, end in best_stretches(earned, shortest=request.shortest):
            if one == other:
                end = min(end, first + place.ahead)
            inside = slice(first, end)
            heard = laid.harmony[bars[inside]][sounds[inside]]
            distance = float(apart[inside][sounds[inside]].mean()) if len(heard) else np.inf
            if len(heard) >= request.shortest and distance <= request.within and not _stands_still(heard):
                moved = place.ahead + here.start - there.start
                yield _Stretch(begin + first - here.start, begin + end - here.start, moved, place.semitones, distance)

    def _bars_apart(self, bars: NDArray[np.int64], place: _Place) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """How far some bars are from those that lie beside them, float64 (bars,), and in which either sounds."""
        laid = self.laid
        first = np.roll(laid.harmony[bars].astype(np.float32), place.semitones, axis=-1)
        second = laid.harmony[bars + place.ahead].astype(np.float32)
        learnt = self._learnt_apart(bars, place)
        apart = PASSAGES_WEIGHT * learnt + (1 - PASSAGES_WEIGHT) * harmony_apart(first, second)
        sounds: NDArray[np.bool_] = np.logical_or(first.any(axis=(1, 2)), second.any(axis=(1, 2)))
        return apart, sounds

    def _learnt_apart(self, bars: NDArray[np.int64], place: _Place) -> NDArray[np.float64]:
        """How far the nearest passages are apart that hold bars and those beside them, float64 (bars,)."""
        laid, size = self.laid, self.size
        one, other = laid.passage[bars], laid.passage[bars + place.ahead]
        begin = np.flatnonzero((one != NOWHERE) & (other != NOWHERE))
        begin = begin[begin + size <= len(bars)]
        moved = np.roll(laid.vectors[one[begin]].astype(np.float32), place.semitones, axis=1)
        differences = (moved - laid.vectors[other[begin]]).reshape(len(begin), -1)
        distances = np.linalg.norm(differences, axis=1) / UNRELATED_VECTORS[size]
        if place.semitones:
            distances = np.maximum(distances - TURNED, 0)
        nearest = np.ones(len(bars))
        for step in range(size):
            nearest[begin + step] = np.minimum(nearest[begin + step], distances)
        return nearest


def _stands_still(harmony: NDArray[np.float16]) -> bool:
    """Whether there are fewer than CHANGES different halves among those of bars, (bars, parts of a bar, 12), in which
    something sounds."""
    halves = harmony.reshape(-1, 12)
    return len(np.unique((halves[halves.any(axis=1)] * FINE).round(), axis=0)) < CHANGES
