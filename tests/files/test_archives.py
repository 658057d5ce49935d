"""Archives: the bytes that NumPy writes, whether rows are in memory or in a file."""

import io
import tempfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.errors import InputError, OutputError
from symbolic_embed.files import archives
from symbolic_embed.files.archives import Npz, Rows, write_npz


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


@given(count=st.integers(0, 9), dim=st.integers(1, 5), block=st.integers(1, 50), half=st.booleans())
def test_rows_are_read_again_in_blocks(tmp_path_factory, count, dim, block, half):
    path = tmp_path_factory.mktemp("x") / "x.npz"
    kept = np.float16 if half else np.float32
    whole = np.random.default_rng(count).normal(size=(count, dim)).astype(kept)
    with pytest.MonkeyPatch.context() as patch, Rows(dim, dtype=kept) as rows, open(path, "wb") as file:
        patch.setattr(archives, "BLOCK", block)
        rows.append(whole)
        write_npz(file, {"vectors": rows, "paths": np.array(["a.mid"])})
        file.flush()
        with Npz(path) as found:
            assert found.names == ("vectors", "paths")
            blocks = list(found.rows("vectors", dim=dim))
            assert found.array("paths").tolist() == ["a.mid"]
    again = np.concatenate([np.zeros((0, dim), kept), *blocks])
    assert again.dtype == kept
    assert np.array_equal(again, whole)


def test_what_is_no_archive_or_damaged_is_refused(tmp_path):
    path = tmp_path / "x.npz"
    vectors = np.arange(4000, dtype=np.float32).reshape(-1, 4)
    with open(path, "wb") as file:
        write_npz(file, {"vectors": vectors, "numbers": np.arange(1000)})
    whole = path.read_bytes()

    def refusal(content, ask):
        path.write_bytes(content)
        with pytest.raises(InputError) as caught, Npz(path) as archive:
            ask(archive)
        return str(caught.value).removeprefix(f"{path}: ")

    def rows(archive, name="vectors", dim=4):
        return list(archive.rows(name, dim=dim))

    assert refusal(b"mine", rows).startswith("cannot be read as NumPy's (File is not a zip file")
    assert refusal(whole[:-9], rows).startswith("cannot be read as NumPy's")
    assert refusal(whole, lambda archive: rows(archive, dim=5)).startswith("vectors cannot be read as NumPy's (float32")
    assert refusal(whole, lambda archive: archive.array("words")).startswith("there is no words in it")
    flipped = whole.replace(vectors[-1].tobytes(), vectors[0].tobytes())
    assert "Bad CRC-32" in refusal(flipped, rows)
    flipped = whole.replace(np.int64(999).tobytes(), np.int64(0).tobytes())
    assert "Bad CRC-32" in refusal(flipped, lambda archive: archive.array("numbers"))
    path.unlink()
    with pytest.raises(InputError, match=r"x\.npz: cannot be read \(no such file"):
        Npz(path)
