"""What `keepable.py` has music written for, and the rivals that write by rule.

Half of the pieces of a split, as far as it has so many, have drums; all have two parts or more. The seed is eight bars,
and the eight bars that follow are the real continuation. A loop has none. The rivals know the seed alone:

    seed bars at random    every new bar is a bar of the seed
    parts shuffled         in every new bar each part has some cell of its own from the seed
    Markov                 the seed's rhythms in order, pitches by a chain of order 1 learnt from the part; its drums
    cells swapped          of a variation: some cells of each part are others of the same part
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from loops import Loop
from seeds_of_a_split import between, passages

from symbolic_embed.bars import BarredScore
from symbolic_embed.bars.patterns import Stretch
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.score.writing.layout import score_to_events

BARS = 8
WHOLE = 2 * BARS
MOST_TRIED = 12  # passages for each piece that is wanted, until there are as many with drums as without


@dataclass(frozen=True, eq=False)
class Piece:
    """A seed, its bars as a stretch, and the real bars that follow, None where there are none. whole: with these; a
    loop as often as fills WHOLE bars."""

    number: int
    whole: Seed
    seed: Seed
    before: Stretch
    after: Stretch | None

    @property
    def music(self) -> str:
        """Of which collection it is."""
        return "loops" if self.after is None else "split"

    def random(self, kind: int) -> np.random.Generator:
        """Chance for one purpose, always the same for the same piece."""
        return np.random.default_rng([self.number, self.after is None, kind])


def split_pieces(music: Path, *, split: str, count: int) -> Iterator[Piece]:
    """Pieces of a split, set by set in turn, half of them with drums as far as there are so many."""
    waiting: dict[bool, list[Piece]] = {True: [], False: []}
    found = {True: 0, False: 0}
    tried = passages(music, split=split, count=MOST_TRIED * count, bars=WHOLE, tracks=2)
    for number, passage in enumerate(tried):
        piece = _piece(passage, number=number)
        if piece is None:
            continue
        has_drums = bool(piece.before.part_is_drum.any())
        if found[has_drums] < (count + has_drums) // 2:
            found[has_drums] += 1
            yield piece
        else:
            waiting[has_drums].append(piece)
        if sum(found.values()) == count:
            return
    yield from (waiting[True] + waiting[False])[: count - sum(found.values())]


def loop_pieces(loops: list[Loop]) -> list[Piece]:
    """Loops as pieces that nothing follows."""
    pieces = []
    for number, loop in enumerate(loops):
        seed, whole = loop.seed(), loop.repeated(-(-WHOLE // loop.bars)).seed()
        pieces.append(Piece(number, whole, seed, Stretch.of(seed.barred), None))
    return pieces


def _piece(passage: BarredScore, *, number: int) -> Piece | None:
    """The first half of a passage as a seed, the second as what follows, with the parts of the first; None where it
    does not fill its bars, or is read otherwise than it was cut."""
    middle = int(passage.metre.barline_ticks[min(BARS, passage.bars)])
    score = between(passage.score, 0, middle, passage.metre.signatures[0])
    if passage.bars != WHOLE or len(score.tracks) < 2:
        return None
    seed = Seed.from_bytes(score_to_events(score).to_bytes(), path=f"passage{number}.mid")
    counts = [len(track.notes) for track in score.tracks]
    if seed.barred.bars != BARS or [len(track.notes) for track in seed.barred.score.tracks] != counts:
        return None
    sounding = np.unique(passage.notes.track[passage.note_bar < BARS])
    later = passage.notes.where((passage.note_bar >= BARS) & np.isin(passage.notes.track, sounding))
    part = np.searchsorted(sounding, later.track)
    notes = WrittenNotes(part, later.onset_steps, later.length_steps, later.pitch)
    is_drum = seed.barred.part_is_drum
    after = Stretch.placed(notes, grid=passage.grid, part_is_drum=is_drum, bars=range(BARS, WHOLE))
    whole = Seed.from_bytes(score_to_events(passage.score).to_bytes(), path=seed.path)
    return Piece(number, whole, seed, Stretch.of(seed.barred), after)


def seed_bars_at_random(seed: Stretch, random: np.random.Generator) -> Stretch:
    """New bars, each one of the seed's."""
    return of_cells(seed, np.tile(random.integers(seed.bars, size=BARS), (seed.parts, 1)))


def parts_shuffled(seed: Stretch, random: np.random.Generator) -> Stretch:
    """New bars in which each part has some cell of its own from the seed."""
    return of_cells(seed, random.integers(seed.bars, size=(seed.parts, BARS)))


def markov(seed: Stretch, random: np.random.Generator) -> Stretch:
    """The seed's bars in order, with other pitches in the pitched parts."""
    new = of_cells(seed, np.tile(np.arange(BARS) % seed.bars, (seed.parts, 1)))
    pitch = new.pitch.copy()
    for part in np.flatnonzero(~seed.part_is_drum):
        known, rows = seed.pitch[seed.part == part], np.flatnonzero(new.part == part)
        if not len(rows):
            continue
        now = int(random.choice(known))
        for row in rows:
            following = known[1:][known[:-1] == now]
            now = int(random.choice(following if len(following) else known))
            pitch[row] = now
    return replace(new, pitch=pitch)


def cells_swapped(seed: Stretch, random: np.random.Generator, *, share: float) -> Stretch:
    """The seed with a share of the cells of each part replaced by others of the part."""
    chosen = np.tile(np.arange(seed.bars), (seed.parts, 1))
    swapped = random.random(chosen.shape) < share
    chosen[swapped] = random.integers(seed.bars, size=int(swapped.sum()))
    return of_cells(seed, chosen)


def of_cells(seed: Stretch, chosen: np.ndarray) -> Stretch:
    """Bars in which each part plays what it does in some bar of the seed: int64 (parts, bars), the bar it takes. All
    are as long as the seed's first."""
    length = int(seed.bar_starts[1])
    bar_starts = length * np.arange(chosen.shape[1] + 1)
    part, bar, row = (
        np.array(
            [
                (part, bar, row)
                for part, bars in enumerate(chosen)
                for bar, taken in enumerate(bars)
                for row in np.flatnonzero((seed.part == part) & (seed.bar == taken))
            ],
            np.int64,
        )
        .reshape(-1, 3)
        .T
    )
    onset = bar_starts[bar] + seed.place[row]
    lasting = np.minimum(seed.length[row], bar_starts[-1] - onset)
    return Stretch(part, bar, seed.place[row], lasting, seed.pitch[row], bar_starts, seed.part_is_drum)
