"""Archives: the bytes that NumPy writes, whether rows are in memory or in a file."""

import io
import tempfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.errors import OutputError
from symbolic_embed.files import archives
from symbolic_embed.files.archives import Rows, write_npz


@given(counts=st.lists(st.integers(0, 9), max_size=5), dim=st.integers(1, 5), block=st.integers(1, 50))
def test_an_archive_of_rows_has_the_bytes_that_numpy_writes(counts, dim, block):
    random = np.random.default_rng(sum(counts))
    pieces = [random.normal(size=(count, dim)).astype(np.float32) for count in counts]
    whole = np.concatenate([np.zeros((0, dim), np.float32), *pieces])
    others = {"paths": np.array(["a.mid", "bé.mid"]), "bar_piece": np.arange(7), "precision": np.array("float32")}
    ours, numpys = io.BytesIO(), io.BytesIO()
    with pytest.MonkeyPatch.context() as patch, Rows(dim) as rows:
        patch.setattr(archives, "BLOCK", block)
        for piece in pieces:
            rows.append(piece)
        assert rows.shape == whole.shape
        assert len(rows) == len(whole)
        np.testing.assert_array_equal(np.array(rows), whole)
        write_npz(ours, {"bar_embedding": rows, **others})
    np.savez(numpys, bar_embedding=whole, **others)
    assert ours.getvalue() == numpys.getvalue()


def test_rows_may_be_read_between_two_of_them():
    with Rows(2) as rows:
        rows.append(np.ones((1, 2), np.float32))
        assert np.asarray(rows).tolist() == [[1, 1]]
        rows.append(np.zeros((1, 2), np.float32))
        assert np.asarray(rows).tolist() == [[1, 1], [0, 0]]
        assert np.asarray(rows, np.float64).dtype == np.float64


def test_the_file_of_rows_has_no_name_and_goes(tmp_path):
    with Rows(2, folder=tmp_path) as rows:
        rows.append(np.ones((9, 2), np.float32))
        assert not list(tmp_path.glob("*.npy"))
    assert list(tmp_path.iterdir()) == []


def test_rows_that_find_no_room_name_the_folder(tmp_path, monkeypatch):
    class Full:
        def seek(self, *_):
            pass

        def write(self, data):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Full())
    rows = Rows(2, folder=tmp_path)
    with pytest.raises(OutputError) as caught:
        rows.append(np.ones((9, 2), np.float32))
    assert str(caught.value) == f"{tmp_path}: cannot be written: no space left on device"


def test_nothing_is_pickled():
    with pytest.raises(ValueError, match="allow_pickle=False"):
        write_npz(io.BytesIO(), {"paths": np.array([{}], object)})
