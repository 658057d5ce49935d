"""Features as what `similarity.joint` compares: bars as points of a metric, and the parts beside them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.features import Features, Kind, known
from symbolic_embed.similarity.joint import Comparable, PartName
from symbolic_embed.similarity.learnt_passages import together
from symbolic_embed.similarity.likeness import Likeness

TO_TRANSPOSE: tuple[Kind, ...] = ("precedence", "bar_notes")  # which of two pieces, and from what


def comparable(
    piece: Features, likeness: Likeness, embedder: Embedder, *, names: Collection[PartName], keys: int = 1
) -> Comparable:
    """A piece of which the bars are known, and the parts that are named, in all versions of its bars or, where these
    are fewer, in so many `keys`."""
    points = likeness.points(known(piece.bars).versions, model=embedder.settings)
    parts: dict[str, Any] = {name: known(getattr(piece, name)) for name in names}
    if "passages" in parts:
        parts["passages"] = together(parts["passages"])
    return Comparable(points, keys, **parts)
