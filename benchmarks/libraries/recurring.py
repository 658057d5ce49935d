"""Are passages found that recur in another file, and nothing else?

    python benchmarks/libraries/recurring.py --music FOLDER [--split valid] [--pieces 200] [--bars 8] [--seed 0]
                                             [--library LIB]

FOLDER holds data sets, each with a meta.jsonl. PIECES pieces of the split take part, drawn from the sets in turn, no
two of one cluster or group. Half of them lend a stretch of BARS bars, altered as `altering.WRONG` says, the kinds in
turn, which is set before all bars of a piece of the other half. Prints for `duplicates --passages`, with and without
--transpose, and for two simple rivals, stretches of four bars whose notes are equal (pitch, onset and length in steps,
drums apart) or whose steps from note to note are, of how many stretches of each kind at least half of the bars are
found, bar beside bar (recall), and how many of all passages that are told have bars of one (precision): it may return
in the piece that lends it. What pieces of different names really have in common counts as an error.

With --library only the CPU seconds that takes over that library, and how many of the passages are of files that have a
label in common.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from altering import WRONG, altered, labels_of
from duplicates import share
from finding import bars_of, chosen_pieces, possible

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.building import build
from symbolic_embed.library.features import KINDS
from symbolic_embed.library.recurring import Recurrence, recurring
from symbolic_embed.library.stores import MemoryStore
from symbolic_embed.library.stores.opening import open_library
from symbolic_embed.requests import DuplicatesRequest
from symbolic_embed.score import Notes, Score, Track

SHORTEST = 4


@dataclass(frozen=True)
class Lent:
    """A stretch that a piece has from another: their paths, the first bar, from 1, in the one that lends; in the other
    it begins. bars: how many; kind: how it was altered."""

    path: str
    other: str
    bar: int
    bars: int
    kind: str

    def holds(self, told: Recurrence) -> int:
        """How many of its bars, in the piece that has them from the other, a passage of the two pieces has."""
        first = told.other_bar if told.path == self.path else told.bar
        return max(0, min(first + told.last_bar - told.bar, self.bars) - first + 1)

    def is_told_by(self, told: Recurrence) -> bool:
        """Whether a passage lays at least half of the bars along those that they are."""
        one, other = (told.bar, told.other_bar) if told.path == self.path else (told.other_bar, told.bar)
        return one - other == self.bar - 1 and 2 * self.holds(told) >= self.bars


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--split", default="valid")
    parser.add_argument("--pieces", type=int, default=200)
    parser.add_argument("--bars", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--library")
    given = parser.parse_args()
    embedder = Embedder.load(None, jobs=1)
    if given.library:
        time_library(given.library, embedder, given.music)
        return
    random = np.random.default_rng(given.seed)
    chosen = chosen_pieces(given.music, split=given.split, count=given.pieces, random=random)
    pieces, lent = with_lent(chosen, bars=given.bars, random=random)
    store = MemoryStore(embedder.embedding_hash, frozenset(KINDS) - {"bar_notes", "cell_notes"})
    build(pieces.items(), embedder, store, together=True)
    print(f"{len(pieces)} files, {sum(barred.bars for barred in pieces.values()):,} bars, {len(lent)} stretches\n")
    print(f"{'':<24} {'told':>5} {'precision':>14}  " + "  ".join(f"{kind:>14}" for kind in WRONG))
    for transpose in (False, True):
        for within in (0.1, 0.2):
            request = DuplicatesRequest(passages=True, transpose=transpose, within=within)
            name = f"within {within}" + ", in any key" * transpose
            print_row(name, recurring(store, embedder, request), lent)
    for moved in (False, True):
        print_row("equal steps" if moved else "equal notes", list(equal_bars(pieces, moved=moved)), lent)


def with_lent(
    chosen: Mapping[str, BarredScore], *, bars: int, random: np.random.Generator
) -> tuple[dict[str, BarredScore], list[Lent]]:
    """Pieces, half of which begin with bars of one of the others; drums alone lend nothing."""
    paths = [path for path in chosen if not all(role == "drums" for role in chosen[path].roles)]
    paths = [paths[number] for number in random.permutation(len(paths))]
    half = len(paths) // 2
    pieces, lent = {path: chosen[path] for path in paths[:half]}, []
    for lender, borrower in zip(paths[:half], paths[half:], strict=False):
        piece, kind = chosen[lender], list(WRONG)[len(lent) % len(WRONG)]
        places = list(possible(piece, parts="all", bars=bars, random=random))
        if not places:
            continue
        first, tracks = places[random.integers(len(places))]
        last = first + bars
        stretch = altered(bars_of(piece, first, last, tracks), kind, random=random)
        lines = piece.grid.tick_of(piece.grid.bar_steps)
        pieces[borrower] = cut(behind(chosen[borrower].score, stretch, ticks=int(lines[last] - lines[first])))
        lent.append(Lent(lender, borrower, first + 1, bars, kind))
    return pieces, lent


def behind(score: Score, stretch: Score, *, ticks: int) -> Score:
    """A piece after a stretch of so many ticks, in parts of their own."""
    scale = score.division / stretch.division
    end = round(ticks * scale)

    def laid(track: Track, by: float, begin: int) -> Track:
        notes = track.notes
        onset, length = (np.round(ticks * by).astype(np.int64) for ticks in (notes.onset_ticks, notes.duration_ticks))
        moved = Notes.of(onset + begin, np.maximum(length, 1), notes.pitch, notes.velocity)
        return replace(track, notes=moved)

    signatures = [replace(one, tick=round(one.tick * scale)) for one in stretch.time_signatures]
    later = [replace(one, tick=one.tick + end) for one in score.time_signatures]
    tracks = [laid(track, scale, 0) for track in stretch.tracks] + [laid(track, 1.0, end) for track in score.tracks]
    return Score(score.division, tuple(tracks), time_signatures=tuple(signatures + later))


def equal_bars(pieces: Mapping[str, BarredScore], *, moved: bool) -> Iterator[Recurrence]:
    """Stretches of SHORTEST bars whose notes are the same, in two files, put together where one follows the other."""
    places: defaultdict[Hashable, list[tuple[str, int]]] = defaultdict(list)
    for path, barred in pieces.items():
        for bar, notes in windows(barred, moved=moved):
            places[notes].append((path, bar))
    diagonals: defaultdict[tuple[str, str, int], set[int]] = defaultdict(set)
    for same in places.values():
        for (path, bar), (other, other_bar) in combinations(same, 2):
            if path != other:
                diagonals[path, other, other_bar - bar].add(bar)
    for (path, other, ahead), bars in diagonals.items():
        for first in sorted(bars):
            if first - 1 not in bars:
                last = first
                while last + 1 in bars:
                    last += 1
                end = last + SHORTEST
                yield Recurrence(path, first + 1, end, other, first + ahead + 1, end + ahead, 0, 0.0)


def windows(barred: BarredScore, *, moved: bool) -> Iterator[tuple[int, bytes]]:
    """The notes, but for drums, of every SHORTEST bars in which there are eight of them, and of two pitches."""
    notes, lines = barred.notes, barred.grid.bar_steps
    pitched = np.flatnonzero(~barred.part_is_drum[notes.track])
    bar_of = barred.note_bar[pitched]
    for bar in range(barred.bars - SHORTEST + 1):
        some = pitched[(bar_of >= bar) & (bar_of < bar + SHORTEST)]
        pitch = notes.pitch[some].astype(np.int64)
        if len(some) >= 8 and np.ptp(pitch):
            columns = np.stack(
                [notes.onset_steps[some] - lines[bar], notes.length_steps[some], pitch - moved * pitch.min()]
            )
            yield bar, columns[:, np.lexsort(columns)].tobytes()


def print_row(name: str, told: Sequence[Recurrence], lent: Sequence[Lent]) -> None:
    """Precision and recall of passages, with standard errors."""
    of_files: defaultdict[frozenset[str], list[Recurrence]] = defaultdict(list)
    for one in told:
        of_files[frozenset((one.path, one.other_path))].append(one)
    found: defaultdict[str, list[bool]] = defaultdict(list)
    right = 0
    for stretch in lent:
        of_pair = of_files[frozenset((stretch.path, stretch.other))]
        found[stretch.kind].append(any(map(stretch.is_told_by, of_pair)))
        right += sum(stretch.holds(one) > 0 for one in of_pair)
    precision = share([True] * right + [False] * (len(told) - right))
    print(f"{name:<24} {len(told):>5} {precision:>14}  " + "  ".join(f"{share(found[kind]):>14}" for kind in WRONG))


def time_library(place: str, embedder: Embedder, music: Path) -> None:
    """How long the passages of a library take, and of which files they are."""
    labels = labels_of(music)
    with closing(open_library(place)) as library:
        for transpose in (False, True):
            started = time.process_time()
            told = recurring(library, embedder, DuplicatesRequest(passages=True, transpose=transpose))
            seconds = time.process_time() - started
            same = sum(bool(labels[one.path] & labels[one.other_path]) for one in told)
            bars = sum(one.last_bar - one.bar + 1 for one in told)
            print(
                f"{'in any key' if transpose else 'as it is'}: {len(library):,} files, {seconds:.1f} CPU s; "
                f"{len(told):,} passages of {bars:,} bars, {same:,} of files with a label in common",
                flush=True,
            )


if __name__ == "__main__":
    main()
