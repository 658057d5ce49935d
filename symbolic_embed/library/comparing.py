"""Features as what `similarity.joint` compares: bars as points of a metric, harmony, melody."""

from __future__ import annotations

from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.library.features import Features, Kind, known
from symbolic_embed.similarity.joint import Comparable
from symbolic_embed.similarity.likeness import Likeness

COMPARED: tuple[Kind, ...] = ("bars", "harmony", "melody")
TO_TRANSPOSE: tuple[Kind, ...] = ("precedence", "bar_notes")  # which of two pieces, and from what


def comparable(piece: Features, likeness: Likeness, embedder: Embedder) -> Comparable:
    """A piece of which the kinds COMPARED are known, in all versions of its bars."""
    points = likeness.points(known(piece.bars).versions, model=embedder.settings)
    return Comparable(points, known(piece.harmony), known(piece.melody))
