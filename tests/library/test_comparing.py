"""Features as what is compared: points of the metric, in the versions that are there."""

import numpy as np
import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.library.building import featured
from symbolic_embed.library.comparing import COMPARED, comparable
from symbolic_embed.library.features import Needs, always
from symbolic_embed.similarity.harmony import passages
from symbolic_embed.similarity.likeness import Likeness
from symbolic_embed.similarity.melody import melody


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_points_harmony_and_melody_are_those_of_the_piece(embedder, metric):
    barred, likeness = cut(pieces.piece(1)), Likeness(metric=metric)
    (piece,) = featured([("a", barred)], embedder, Needs.of(*COMPARED, in_all_keys=always))
    compared = comparable(piece, likeness, embedder)
    assert compared.is_transposed
    assert np.array_equal(compared.bars[0], likeness.points(embedder.embed_bars(barred), model=embedder.settings))
    assert np.array_equal(compared.harmony, passages(barred))
    assert np.array_equal(compared.melody.pitch, melody(barred).pitch)
    assert compared.harmony_points.shape[:2] == (12, len(passages(barred)))
