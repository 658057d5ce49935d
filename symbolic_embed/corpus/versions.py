"""Passages and other versions of them, drawn for training the passage encoder.

An *anchor* is some bars of a piece, all parts or one alone. Its *other* is the same bars again, to be reworked (that is
`training.reworking`'s business), or the same bars of another file of its cluster: another arrangement, another edition.
Two files are laid beside each other bar by bar only where they have equally many, and where these sound alike: the
pitch classes of bars that lie beside each other, in the best of twelve keys.

A bar that is longer than a window is several. Where all bars of a piece have equally many, they are taken together;
elsewhere (where long and short bars change) each window counts as a bar.

Pieces are drawn by style, which is set and metre, and each style of a batch has several of them: what is no version of
an anchor should not be told from one by style.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ranges
from symbolic_embed.corpus.pairs import capped_shares
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.errors import CorpusError

PARTS = 6  # of a passage at most
STYLES = 4  # in a batch
ALIKE = 0.7  # mean cosine of the pitch classes of bars that lie beside each other
WITH_OTHER_FILE = 0.25  # of the anchors, where their piece has one
SOUNDING = 0.75  # of the bars of an anchor, at least


@dataclass(frozen=True, eq=False)
class VersionRows:
    """Passages as the windows of their cells. passage, part, bar, part_of_bar: int64 (windows,), part numbered within
    the passage, part_of_bar 0 but in long bars; window: int64 (windows,), in the table of cells; roles: int64
    (passages, PARTS), -1 where there is no part; steps: int64 (passages, bars)."""

    passage: NDArray[np.int64]
    part: NDArray[np.int64]
    bar: NDArray[np.int64]
    part_of_bar: NDArray[np.int64]
    window: NDArray[np.int64]
    roles: NDArray[np.int64]
    steps: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Versions:
    """Anchors and others, row i belongs to row i. from_file: bool (passages,), whether the other is from another file.
    ignored: bool (passages, passages), which pairs are no fair negatives: those of one cluster."""

    anchors: VersionRows
    others: VersionRows
    from_file: NDArray[np.bool_]
    ignored: NDArray[np.bool_]


class VersionSampler:
    """Draws passages of `bars` bars from the pieces of one split of a prepared corpus."""

    def __init__(self, corpus: PreparedCorpus, *, split: str, bars: int) -> None:
        self.corpus, self.bars = corpus, bars
        self.windows = np.bincount(corpus.bars.piece, minlength=len(corpus.pieces))
        self.first_bar = ranges.offsets(self.windows)[:-1]
        self.first_cell = np.searchsorted(corpus.cells.piece, np.arange(len(corpus.pieces) + 1))
        written = np.array([piece.bars for piece in corpus.pieces])
        of_bar = np.array([_windows_of_bar(piece.signature) for piece in corpus.pieces])
        self.together = np.where(self.windows == of_bar * written, of_bar, 1)  # windows of a bar
        self.pieces = corpus.pieces_of(split)
        self.pieces = self.pieces[self.windows[self.pieces] >= bars * self.together[self.pieces]]
        if len(self.pieces) < 2:
            raise CorpusError(f"fewer than two pieces of {bars} bars in the {split} split; longer pieces are needed")
        self.cluster = np.unique([piece.cluster for piece in corpus.pieces], return_inverse=True)[1]
        self._group_by_style()
        self._find_others()

    def draw(self, count: int, *, random: np.random.Generator) -> Versions:
        """`count` anchors and their others, several of each of a few styles."""
        styles = random.choice(len(self.styles), min(STYLES, len(self.styles)), replace=False, p=self.style_shares)
        pieces: list[int] = []
        for number, style in enumerate(styles):
            wanted = (count - len(pieces)) // (len(styles) - number)
            pieces += random.choice(self.styles[style], wanted, p=self.piece_shares[style]).tolist()
        from_file = np.array([piece in self.others for piece in pieces]) & (random.random(count) < WITH_OTHER_FILE)
        starts = [self._start(piece, random) for piece in pieces]
        others = [
            int(random.choice(self.others[piece])) if other else piece
            for piece, other in zip(pieces, from_file, strict=True)
        ]
        clusters = self.cluster[pieces]
        seed = int(random.integers(2**62))  # the same for both: the same bars have the same parts, numbered alike
        return Versions(
            self._rows(pieces, starts, seed),
            self._rows(others, starts, seed),
            from_file,
            clusters[:, None] == clusters,
        )

    def _start(self, piece: int, random: np.random.Generator) -> int:
        """The window where a passage of a piece may begin, of a few tries the first in which most windows sound."""
        together = int(self.together[piece])
        span = self.bars * together
        latest = (int(self.windows[piece]) - span) // together
        for _ in range(4):
            start = int(random.integers(latest + 1)) * together
            first = self.first_bar[piece] + start
            if np.count_nonzero(self.corpus.bars.onsets[first : first + span]) >= SOUNDING * span:
                break
        return start

    def _rows(self, pieces: list[int], starts: list[int], seed: int) -> VersionRows:
        cells, columns = self.corpus.cells, []
        roles = np.full((len(pieces), PARTS), -1)
        steps = np.zeros((len(pieces), self.bars), np.int64)
        for number, (piece, start) in enumerate(zip(pieces, starts, strict=True)):
            rows = np.arange(self.first_cell[piece], self.first_cell[piece + 1])
            together = int(self.together[piece])
            bar, part_of_bar = np.divmod(cells.ordinal[rows].astype(np.int64) - start, together)
            inside = (bar >= 0) & (bar < self.bars) & ((cells.onsets[rows] > 0) | (together > 1))
            rows, bar, part_of_bar = rows[inside], bar[inside], part_of_bar[inside]
            tracks, part = np.unique(cells.track[rows], return_inverse=True)
            random = np.random.default_rng([seed, number])
            place = random.permutation(len(tracks))[part]  # where there are too many, chance says who is there
            few = place < PARTS
            roles[number, place[few]] = cells.role[rows[few]]
            windows = self.first_bar[piece] + start + np.arange(self.bars * together)
            steps[number] = self.corpus.bars.steps[windows].astype(np.int64).reshape(self.bars, together).sum(axis=1)
            columns.append(np.stack([np.full(few.sum(), number), place[few], bar[few], part_of_bar[few], rows[few]]))
        passage, part, bar, part_of_bar, window = np.concatenate(columns, axis=1)
        return VersionRows(passage, part, bar, part_of_bar, window, roles, steps)

    def _group_by_style(self) -> None:
        """Pieces by set and by the length of their second window, since the first may be a pick-up; all together where
        no two are of one style."""
        second = self.first_bar[self.pieces] + np.minimum(1, self.windows[self.pieces] - 1)
        names = [self.corpus.pieces[piece].set_name for piece in self.pieces]
        sets = np.unique(names, return_inverse=True)[1]
        keys = sets * 256 + self.corpus.bars.steps[second]
        order = np.argsort(keys, kind="stable")
        _, begins = np.unique(keys[order], return_index=True)
        self.styles = [members for members in np.split(self.pieces[order], begins[1:]) if len(members) > 1]
        self.styles = self.styles or [self.pieces]
        bars = [self.windows[members].astype(float) for members in self.styles]
        self.piece_shares = [np.sqrt(of_style) / np.sqrt(of_style).sum() for of_style in bars]
        weights = np.array([np.sqrt(of_style.sum()) for of_style in bars])
        sets_of_styles = [self.corpus.pieces[members[0]].set_name for members in self.styles]
        synthetic = np.isin(sets_of_styles, sorted(self.corpus.synthetic_sets))
        self.style_shares = capped_shares(weights / weights.sum(), synthetic=synthetic)

    def _find_others(self) -> None:
        """For each piece that has any, the pieces of its cluster that can be laid beside it."""
        self.others: dict[int, list[int]] = {}
        order = self.pieces[np.argsort(self.cluster[self.pieces], kind="stable")]
        starts = np.flatnonzero(np.diff(self.cluster[order], prepend=-1))
        for members in np.split(order, starts[1:]):
            if len(members) < 2:
                continue
            chroma = {int(piece): self._pitch_classes(int(piece)) for piece in members[:8]}
            for piece, own in chroma.items():
                laid = [one for one in chroma if one != piece and self.together[one] == self.together[piece]]
                found = [other for other in laid if _are_alike(own, chroma[other])]
                if found:
                    self.others[piece] = found

    def _pitch_classes(self, piece: int) -> NDArray[np.float64]:
        """How long each pitch class sounds in each window, of length one; float64 (windows, 12)."""
        windows = self.corpus.bars.windows(self.first_bar[piece] + np.arange(self.windows[piece]))
        pitched = ~windows.is_drum
        sums = np.zeros((len(windows), 12))
        until_end = windows.steps[windows.note_window] - windows.onset  # a note may last longer than its window
        sounding = np.minimum(windows.length, until_end)[pitched]
        np.add.at(sums, (windows.note_window[pitched], windows.pitch[pitched] % 12), sounding)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        shares: NDArray[np.float64] = sums / np.maximum(lengths, 1e-9)
        return shares


def _windows_of_bar(signature: str) -> int:
    """How many windows a bar of a time signature has, of which one is a whole note long."""
    numerator, denominator = map(int, signature.split("/"))
    return -(-numerator // denominator)


def _are_alike(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    if len(one) != len(other):
        return False
    return max(float((one * np.roll(other, key, axis=1)).sum(axis=1).mean()) for key in range(12)) >= ALIKE
