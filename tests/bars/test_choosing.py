"""Some parts of a piece."""

import numpy as np
import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.bars.choosing import only_tracks
from symbolic_embed.errors import UsageError

BAND = cut(pieces.piece(1, bars=3))


def test_all_are_the_piece_itself():
    assert only_tracks(BAND, None) is BAND


@pytest.mark.parametrize("chosen", [(2,), (2, 0), (1, 2, 3)])
def test_parts_keep_their_notes_their_order_and_their_bars(chosen):
    some = only_tracks(BAND, chosen)
    assert some.roles == tuple(BAND.roles[number] for number in sorted(chosen))
    assert some.bars == BAND.bars
    for number, track in enumerate(sorted(chosen)):
        for bar in range(BAND.bars):
            mine, theirs = some.cell(track=number, bar=bar), BAND.cell(track=track, bar=bar)
            assert np.array_equal(mine.onset_steps, theirs.onset_steps)
            assert np.array_equal(mine.pitch, theirs.pitch)


def test_a_part_that_is_not_there_is_refused_by_name():
    with pytest.raises(UsageError, match=r"`tracks`: there is no track 'flute'") as caught:
        only_tracks(BAND, ("flute",))
    assert caught.value.field == "tracks"
