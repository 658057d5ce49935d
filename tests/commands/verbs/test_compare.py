"""`compare`: the matrix as an archive and as a table, and that it is what `rank` says."""

import csv
import io

import numpy as np
import pytest
from command_line import run


@pytest.mark.parametrize("options", [[], ["--transpose"], ["--metric", "cosine", "--transpose"]])
def test_rows_are_what_rank_sorts_by(songs, checkpoint, options):
    ran = run("compare", "songs", "-o", "m.npz", *options, "--checkpoint", checkpoint)
    assert (ran.code, ran.out, ran.err) == (0, b"", "")
    with np.load("m.npz", allow_pickle=False) as found:
        assert list(found) == ["paths", "distance"]
        paths, distance = found["paths"].tolist(), found["distance"]
    assert paths == ["songs/a.mid", "songs/b.mid", "songs/deep/c.MID"]
    assert distance.dtype == np.float32
    assert (distance.diagonal() == 0).all()
    for path, row in zip(paths, distance, strict=True):
        matches = run("rank", path, "songs", *options, "--format", "json", "--checkpoint", checkpoint).json
        assert {match["path"]: np.float32(match["distance"]) for match in matches} == dict(zip(paths, row, strict=True))


def test_a_table_holds_the_same(songs, checkpoint):
    assert run("compare", "songs", "-o", "m.npz", "--checkpoint", checkpoint).code == 0
    assert run("compare", "songs", "-o", "m.csv", "--checkpoint", checkpoint).code == 0
    piped = run("compare", "songs", "-o", "-", "--format", "csv", "--checkpoint", checkpoint)
    text = (songs.parent / "m.csv").read_text(encoding="utf-8")
    assert piped.text == text
    (corner, *header), *rows = csv.reader(io.StringIO(text))
    with np.load("m.npz") as found:
        assert corner == "path"
        assert header == [row[0] for row in rows] == found["paths"].tolist()
        assert np.array_equal(np.array([row[1:] for row in rows], np.float32), found["distance"])


def test_rejected_files_are_left_out(mixed, checkpoint):
    ran = run("compare", "songs", "-o", "m.npz", "--checkpoint", checkpoint)
    assert ran.code == 3
    with np.load("m.npz") as found:
        assert found["paths"].tolist() == ["songs/a.mid", "songs/b.mid", "songs/deep/c.MID", "songs/odd.mid"]
        assert found["distance"].shape == (4, 4)


def test_nothing_usable_writes_nothing(mixed, checkpoint):
    assert run("compare", "songs/words.mid", "-o", "m.npz", "--checkpoint", checkpoint).code == 1
    assert not (mixed.parent / "m.npz").exists()


def test_what_exists_is_not_touched(songs, checkpoint):
    (songs.parent / "m.npz").write_bytes(b"mine")
    assert run("compare", "songs", "-o", "m.npz", "--checkpoint", checkpoint).code == 1
    assert (songs.parent / "m.npz").read_bytes() == b"mine"


def test_what_is_not_meant_is_left_out_and_counted(songs, checkpoint):
    ran = run("compare", "songs", "-o", "m.npz", "--where", "path~deep", "--checkpoint", checkpoint)
    assert (ran.code, ran.err_lines[-1]) == (0, "left out: 2 of 3 files (--where: 2)")
    with np.load("m.npz") as arrays:
        assert arrays["paths"].tolist() == ["songs/deep/c.MID"]
