"""Keys of a kit."""

import numpy as np

from symbolic_embed.playing.kit import KEYS, PIECES, pieces_of


def test_every_key_strikes_one_piece():
    of_key = pieces_of(np.arange(128))
    for piece, keys in KEYS.items():
        assert {PIECES[number] for number in of_key[list(keys)]} == {piece}
    assert PIECES[of_key[70]] == "other"
    assert (of_key == len(KEYS)).sum() == 128 - sum(map(len, KEYS.values()))
