"""The arrays of pieces: rows for every bar, silent ones too, in the order of pieces, parts and bars."""

import numpy as np
import pieces

from symbolic_embed.bars import cut
from symbolic_embed.library.arrays import embedded
from symbolic_embed.score import Notes, Score, Track

GAP = Score(480, (Track(Notes.of([0, 8 * 480], [480, 480], [60, 62], [80, 80])),))
SEVERAL = {"gap.mid": cut(GAP), "band.mid": cut(pieces.piece(1, bars=2)), "silent.mid": cut(Score(480))}


def arrays_of(embedder, several, **fields):
    with embedded(several.items(), embedder=embedder, **fields) as arrays:
        return {name: np.array(array) for name, array in arrays.items()}


def test_every_bar_has_a_row_and_the_piece_is_the_mean_of_those_that_sound(embedder):
    arrays = arrays_of(embedder, SEVERAL)
    assert arrays["paths"].tolist() == list(SEVERAL)
    assert arrays["bar_piece"].tolist() == [0, 0, 0, 1, 1, 2]
    assert arrays["bar_number"].tolist() == [1, 2, 3, 1, 2, 1]
    bars = np.concatenate([embedder.embed_bars(barred) for barred in SEVERAL.values()])
    assert np.array_equal(arrays["bar_embedding"], bars)
    means = [bars[[0, 2]].mean(axis=0), bars[3:5].mean(axis=0), bars[5]]
    assert np.allclose(arrays["piece_embedding"], means, atol=1e-6)
    assert arrays["precision"] == "float32"


def test_cells_come_by_piece_part_and_bar(embedder):
    arrays = arrays_of(embedder, SEVERAL, level="cell")
    cells = [embedder.embed_cells(barred) for barred in SEVERAL.values()]
    assert np.array_equal(arrays["cell_embedding"], np.concatenate([of_piece.vectors for of_piece in cells]))
    assert arrays["cell_track"].tolist() == [track for of_piece in cells for track in of_piece.track]
    assert arrays["cell_bar"].tolist() == [bar + 1 for of_piece in cells for bar in of_piece.bar]
    assert arrays["cell_piece"].tolist() == [0, 0] + [1] * 8


def test_no_pieces_have_arrays_without_rows(embedder):
    arrays = arrays_of(embedder, {}, level="cell")
    assert {name: array.shape for name, array in arrays.items() if name.endswith("embedding")} == {
        "piece_embedding": (0, embedder.dim),
        "bar_embedding": (0, embedder.dim),
        "cell_embedding": (0, embedder.dim),
    }
    assert len(arrays["cell_bar"]) == len(arrays["bar_number"]) == len(arrays["paths"]) == 0
