"""Features as what is compared: points of the metric, in the versions that are there."""

import numpy as np
import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.library.building import featured
from symbolic_embed.library.comparing import comparable
from symbolic_embed.library.features import Needs, always
from symbolic_embed.similarity.harmony import passages
from symbolic_embed.similarity.joint import ALL_PARTS
from symbolic_embed.similarity.learnt_passages import together
from symbolic_embed.similarity.likeness import Likeness
from symbolic_embed.similarity.melody import melody
from symbolic_embed.similarity.rhythm import rhythm


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_points_and_parts_are_those_of_the_piece(embedder_with_passages, metric):
    embedder = embedder_with_passages
    barred, likeness = cut(pieces.piece(1)), Likeness(metric=metric)
    (piece,) = featured([("a", barred)], embedder, Needs.of("bars", *ALL_PARTS, in_all_keys=always))
    compared = comparable(piece, likeness, embedder, names=ALL_PARTS)
    assert compared.is_transposed
    assert np.array_equal(compared.bars[0], likeness.points(embedder.embed_bars(barred), model=embedder.settings))
    assert np.array_equal(compared.harmony, passages(barred))
    assert np.array_equal(compared.melody.pitch, melody(barred).pitch)
    assert np.array_equal(compared.rhythm.pitched, rhythm(barred).pitched)
    learnt = together(piece.passages)
    assert compared.passages.keys() == learnt.keys() == {2, 4}  # of six bars none of eight
    assert all(np.array_equal(compared.passages[size], learnt[size]) for size in learnt)
    assert compared.harmony_points.shape[:2] == (12, len(passages(barred)))


def test_what_was_not_needed_says_nothing_and_what_is_named_must_be_known(embedder):
    (piece,) = featured([("a", cut(pieces.piece(1)))], embedder, Needs.of("bars", "harmony"))
    compared = comparable(piece, Likeness(), embedder, names=("harmony",))
    assert not len(compared.melody.pitch)
    with pytest.raises(LookupError, match="`Needs`"):
        comparable(piece, Likeness(), embedder, names=("melody",))
