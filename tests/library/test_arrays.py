"""The arrays of pieces: rows for every bar, silent ones too, in the order of pieces, parts and bars."""

import numpy as np
import pieces
import pytest
import tiny

from symbolic_embed.bars import ROLES, cut
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.passages import PassageCells
from symbolic_embed.errors import CheckpointError
from symbolic_embed.files.archives import write_npz
from symbolic_embed.library.arrays import NAMES, embedded
from symbolic_embed.score import Notes, Score, Track
from symbolic_embed.similarity import harmony
from symbolic_embed.similarity.melody import melody

GAP = Score(480, (Track(Notes.of([0, 8 * 480], [480, 480], [60, 62], [80, 80])),))
SEVERAL = {"gap.mid": cut(GAP), "band.mid": cut(pieces.piece(1, bars=2)), "silent.mid": cut(Score(480))}
TUNE = Notes.of(np.arange(36) * 480 + 2 * 1920, np.full(36, 480), 60 + np.arange(36) % 7, np.full(36, 80))
LONGER = {"silence first.mid": cut(Score(480, (Track(TUNE),))), **SEVERAL, "ten.mid": cut(pieces.piece(2, bars=10))}


@pytest.fixture(scope="module")
def with_passages(tmp_path_factory):
    return Embedder.of(tiny.with_passages(tmp_path_factory.mktemp("passages")))


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


def test_passages_are_those_of_the_passage_encoder_with_their_places(with_passages):
    arrays = arrays_of(with_passages, LONGER, level="passage")
    assert list(arrays)[8:] == list(NAMES["passage"][4:])
    expected = [(number, passages_of(with_passages, barred)) for number, barred in enumerate(LONGER.values())]
    assert set(arrays["passage_bars"].tolist()) == {2, 4, 8}
    assert set(arrays["passage_track"].tolist()) == {-1, 0, 1, 2, 3}
    columns = {
        "passage_piece": [np.full(len(found), number) for number, found in expected],
        "passage_track": [found.track for _, found in expected],
        "passage_bar": [found.bar + 1 for _, found in expected],
        "passage_bars": [found.bars for _, found in expected],
        "passage_vector": [found.blind for _, found in expected],
        "passage_turning": [found.turning.reshape(-1, 36) for _, found in expected],
    }
    for name, values in columns.items():
        assert np.array_equal(arrays[name], np.concatenate(values)), name
    assert arrays["passage_vector"].dtype == arrays["passage_turning"].dtype == np.float32


def passages_of(embedder, barred):
    cells = embedder.embed_cells(barred)
    roles = np.array([ROLES.index(role) for role in barred.roles], np.int64)[cells.track]
    bars = int(cells.bar.max(initial=-1)) + 1
    return embedder.passage_model.passages(PassageCells(cells.vectors, cells.track, cells.bar, roles, bars))


def test_harmony_and_melody_are_what_pieces_are_compared_by(with_passages):
    arrays = arrays_of(with_passages, LONGER, level="passage")
    for number, barred in enumerate(LONGER.values()):
        own = arrays["harmony_piece"] == number
        assert np.array_equal(arrays["harmony"][own].reshape(-1, 16, 12), harmony.passages(barred))
        line = melody(barred)
        for name, notes in (("melody_pitch", line.pitch), ("melody_weight", line.weight)):
            assert np.array_equal(arrays[name][arrays["melody_piece"] == number], notes)
    bars = {number: arrays["harmony_bar"][arrays["harmony_piece"] == number].tolist() for number in range(5)}
    assert bars == {0: [3, 4], 1: [1], 2: [1], 3: [], 4: [1, 2, 3]}  # two silent bars before the tune of nine


def test_half_precision_is_single_precision_rounded_and_counters_stay(with_passages):
    single = arrays_of(with_passages, LONGER, level="passage")
    half = arrays_of(with_passages.with_precision("bfloat16"), LONGER, level="passage", precision="float16")
    assert half.pop("precision") == "float16"
    single.pop("precision")
    assert list(half) == list(single)
    for name, array in single.items():
        is_vectors = array.dtype == np.float32
        assert half[name].dtype == (np.float16 if is_vectors else array.dtype)
        assert np.array_equal(half[name], array.astype(np.float16) if is_vectors else array)


def test_passages_need_a_passage_encoder(tmp_path):
    embedder = Embedder.of(tiny.embedder_checkpoint(tmp_path))
    with pytest.raises(CheckpointError, match="no passage encoder in it"):
        arrays_of(embedder, SEVERAL, level="passage")


@pytest.mark.parametrize("level", ["bar", "cell", "passage"])
@pytest.mark.parametrize("precision", ["float32", "float16"])
def test_added_to_an_earlier_archive_it_is_as_if_made_at_once(tmp_path, with_passages, level, precision):
    several = list(LONGER.items())
    asked = {"embedder": with_passages, "level": level, "precision": precision}
    with embedded(several[:2], **asked) as arrays, open(tmp_path / "x.npz", "wb") as file:
        write_npz(file, arrays)
    with embedded(several[2:], **asked, earlier=tmp_path / "x.npz") as arrays:
        added = {name: np.array(array) for name, array in arrays.items()}
    with embedded(several, **asked) as arrays:
        for name, array in arrays.items():
            assert np.array_equal(added[name], np.array(array)), name
            assert added[name].dtype == array.dtype
