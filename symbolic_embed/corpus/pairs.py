"""Adjacent windows, drawn for training: anchor and positive follow each other in one part (or in all parts together).

Windows are drawn by role, then by set, then evenly, since sets differ a hundredfold in size: within a role a set
counts by the square root of its pairs, and no set for more than a quarter, a synthetic one (rules made it, not people)
for no more than a tenth. Half of each batch comes from one set, so
that negatives are not told apart by style alone. A pair whose two windows hold the same notes teaches nothing about
what follows what, and is not drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.bars import ROLES
from symbolic_embed.corpus.prepared import PreparedCorpus
from symbolic_embed.corpus.tables import WindowTable
from symbolic_embed.errors import CorpusError

LARGEST_SHARE = 0.25
LARGEST_SYNTHETIC = 0.1
ROLE_SHARES = {"melody": 0.32, "chords": 0.36, "bass": 0.14, "drums": 0.18}


@dataclass(frozen=True, eq=False)
class Pairs:
    """Anchors and positives as window numbers, int64 (pairs,), and whether two pairs must not be each other's
    negatives, bool (pairs, pairs): they come from one piece, or their positives hold the same notes."""

    anchors: NDArray[np.int64]
    positives: NDArray[np.int64]
    ignored: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.anchors)


class PairSampler:
    """Draws pairs from the windows of some pieces of a prepared corpus."""

    def __init__(self, corpus: PreparedCorpus, table: WindowTable, *, split: str, by_role: bool) -> None:
        successors = table.successors()
        chosen = np.zeros(len(corpus.pieces), bool)
        chosen[corpus.pieces_of(split)] = True
        first = np.flatnonzero((successors >= 0) & chosen[table.piece])
        first = first[table.content[first] != table.content[successors[first]]]
        if len(first) == 0:
            raise CorpusError(f"no two adjacent bars with notes in the {split} split; more or longer pieces are needed")
        self.table, self.successors = table, successors
        names = sorted({piece.set_name for piece in corpus.pieces})
        sets = np.array([names.index(piece.set_name) for piece in corpus.pieces])[table.piece[first]]
        roles = table.role[first] if by_role else np.full(len(first), -1)
        keys = (roles.astype(np.int64) + 1) * len(names) + sets
        order = np.argsort(keys, kind="stable")
        group_keys, starts = np.unique(keys[order], return_index=True)
        self.groups = np.split(first[order], starts[1:])
        self.group_sets = group_keys % len(names)
        synthetic = np.isin(names, sorted(corpus.synthetic_sets))[self.group_sets]
        self.group_shares = _shares(group_keys // len(names) - 1, [len(group) for group in self.groups], synthetic)

    @property
    def size(self) -> int:
        """How many pairs there are to draw from."""
        return sum(len(group) for group in self.groups)

    def draw(self, count: int, *, random: np.random.Generator) -> Pairs:
        """`count` pairs, with replacement."""
        is_of_set = self.group_sets == self.group_sets[random.choice(len(self.groups), p=self.group_shares)]
        within = np.where(is_of_set, self.group_shares, 0.0)
        half = count // 2
        groups = np.concatenate(
            [
                random.choice(len(self.groups), half, p=within / within.sum()),
                random.choice(len(self.groups), count - half, p=self.group_shares),
            ]
        )
        draws = random.random(count)
        anchors = np.array([self.groups[g][int(p * len(self.groups[g]))] for g, p in zip(groups, draws, strict=True)])
        positives = self.successors[anchors]
        piece, content = self.table.piece[anchors], self.table.content[positives]
        return Pairs(anchors, positives, (piece[:, None] == piece) | (content[:, None] == content))


def _shares(roles: NDArray[np.int64], counts: list[int], synthetic: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How often each group is drawn; float64, sums to 1."""
    shares = np.sqrt(np.array(counts, float))
    wanted: Mapping[int, float] = {ROLES.index(role): share for role, share in ROLE_SHARES.items()}
    for role in np.unique(roles):
        of_role = roles == role
        capped = capped_shares(shares[of_role] / shares[of_role].sum(), synthetic=synthetic[of_role])
        shares[of_role] = capped * wanted.get(int(role), 1.0)
    drawn: NDArray[np.float64] = shares / shares.sum()
    return drawn


def capped_shares(shares: NDArray[np.float64], *, synthetic: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Shares, float64 (sets,), of which none exceeds LARGEST_SHARE, none of a `synthetic` set LARGEST_SYNTHETIC; the
    others grow in proportion. Where the sets are too few for that, those that are not synthetic have no limit; where
    that is too few as well, nobody has."""
    limits = np.where(synthetic, LARGEST_SYNTHETIC, LARGEST_SHARE)
    if limits.sum() <= 1:
        limits[~synthetic] = 1.0
    if limits.sum() <= 1:
        return shares
    fixed = np.zeros(len(shares), bool)
    while (over := ~fixed & (shares > limits + 1e-12)).any():
        fixed |= over
        shares = np.where(fixed, limits, shares)
        free = ~fixed
        shares[free] *= (1 - limits[fixed].sum()) / shares[free].sum()
    return shares
