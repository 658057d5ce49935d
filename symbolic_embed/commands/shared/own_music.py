"""The music of a run, in plain words: what was read, how it was split, and whether it is enough to learn from alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from symbolic_embed.bars import ROLES

if TYPE_CHECKING:
    from symbolic_embed.corpus.prepared import PreparedCorpus
    from symbolic_embed.progress import Progress

FEW_BARS = 20_000  # a rule of thumb: a thousand pieces of 50 bars come near the bundled model, sixty stay far from it
MEANING = {"train": "to learn from", "valid": "held out", "test": "kept for `evaluate`"}


def tell_music(corpus: PreparedCorpus, progress: Progress, *, fine_tuning: bool) -> None:
    """Says what a run is going to learn from."""
    progress.tell(read_line(corpus))
    progress.tell(split_line(corpus))
    bars = sum(piece.bars for piece in corpus.pieces if piece.split == "train")
    if bars < FEW_BARS and not fine_tuning:
        progress.tell(
            f"warning: {bars:,} bars to learn from are too few for a model that starts from nothing ({FEW_BARS:,} "
            "would do); with `start` bundled it goes on from the bundled model, which takes minutes"
        )


def read_line(corpus: PreparedCorpus) -> str:
    """How many files, bars and parts there are, and how many files were rejected."""
    part = corpus.cells.piece.astype(int) << 16 | corpus.cells.track
    counts = Counter(dict(zip(part.tolist(), corpus.cells.role.tolist(), strict=True)).values())
    roles = ", ".join(f"{counts[number]:,} {role}" for number, role in enumerate(ROLES) if counts[number])
    bars = sum(piece.bars for piece in corpus.pieces)
    rejected = f"; {len(corpus.rejected):,} rejected, each named above" if corpus.rejected else ""
    return f"read: {len(corpus.pieces):,} files, {bars:,} bars, {counts.total():,} parts ({roles}){rejected}"


def split_line(corpus: PreparedCorpus) -> str:
    """How many pieces each split has, and whether versions of one piece are kept in one."""
    counts = [f"{len(corpus.pieces_of(split)):,} {meaning} ({split})" for split, meaning in MEANING.items()]
    splits: dict[str, list[str]] = {}
    for piece in corpus.pieces:
        splits.setdefault(piece.cluster, []).append(piece.split)
    groups = [of_group for of_group in splits.values() if len(of_group) > 1]
    apart = sum(len(set(of_group)) > 1 for of_group in groups)
    kept = f"{apart:,} of them in several splits" if apart else "each kept in one split"
    versions = f"; {sum(map(len, groups)):,} are versions of each other, in {_groups(len(groups))}, {kept}"
    return f"split: {', '.join(counts)}{versions if groups else ''}"


def _groups(count: int) -> str:
    return "one group" if count == 1 else f"{count:,} groups"
