"""`embed`: the arrays that other programs read."""

import io
import os
import stat
import zipfile

import numpy as np
import pieces
import pytest
import tiny
from command_line import report_of, run

from symbolic_embed.bars import cell_windows, cut
from symbolic_embed.embedding import precision
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.score import read

BAR_ARRAYS = ["paths", "piece_embedding", "bar_embedding", "bar_piece", "bar_number"]
BAR_ARRAYS += ["precision", "checkpoint", "format"]
CELL_ARRAYS = ["cell_embedding", "cell_piece", "cell_track", "cell_bar"]


def test_every_bar_has_a_row(songs, checkpoint):
    ran = run("embed", "songs", "-o", "x.npz", "--precision", "float32", "--checkpoint", checkpoint)
    assert (ran.code, ran.out, ran.err) == (0, b"", "")
    with np.load("x.npz", allow_pickle=False) as found:
        assert list(found) == BAR_ARRAYS
        assert (found["checkpoint"], found["format"]) == (Embedder.load(checkpoint).hash, 2)
        assert found["paths"].tolist() == ["songs/a.mid", "songs/b.mid", "songs/deep/c.MID"]
        assert found["paths"].dtype.kind == "U"
        assert found["bar_piece"].tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
        assert found["bar_number"].tolist() == [1, 2, 3] * 3
        assert (found["bar_piece"].dtype, found["bar_number"].dtype) == (np.int64, np.int64)
        model = Embedder.load(checkpoint)
        bars = np.concatenate([model.embed_bars(cut(read(path))) for path in found["paths"]])
        assert np.array_equal(found["bar_embedding"], bars)
        assert found["bar_embedding"].dtype == found["piece_embedding"].dtype == np.float32
        assert np.allclose(found["piece_embedding"], bars.reshape(3, 3, -1).mean(axis=1), atol=1e-6)


def test_the_archive_says_in_which_precision_it_was_made(songs, checkpoint, monkeypatch):
    """Asked for, or measured: then the one that the measurement says is faster."""
    monkeypatch.setattr(precision, "_measured_once", lambda device: "bfloat16")
    found = {}
    for asked in ("float32", "bfloat16", "auto"):
        assert run("embed", "songs", "-o", f"{asked}.npz", "--precision", asked, "--checkpoint", checkpoint).code == 0
        with np.load(f"{asked}.npz", allow_pickle=False) as arrays:
            found[asked] = (str(arrays["precision"]), arrays["bar_embedding"])
            assert arrays["bar_embedding"].dtype == np.float32
    assert [said for said, _ in found.values()] == ["float32", "bfloat16", "bfloat16"]
    full, rounded, measured = (vectors for _, vectors in found.values())
    assert np.array_equal(measured, rounded)
    assert not np.array_equal(full, rounded)
    assert np.allclose(full, rounded, atol=0.1)


def test_cells_are_named_as_show_names_tracks(songs, checkpoint):
    asked = ["-o", "x.npz", "--level", "cell", "--precision", "float32", "--checkpoint", checkpoint]
    assert run("embed", "songs", *asked).code == 0
    with np.load("x.npz", allow_pickle=False) as found:
        assert list(found) == BAR_ARRAYS + CELL_ARRAYS
        scores = [cut(read(path)) for path in found["paths"]]
        expected = [
            (piece, track, bar + 1)
            for piece, barred in enumerate(scores)
            for windows in [cell_windows(barred)]
            for track, bar in zip(windows.track.tolist(), windows.bar.tolist(), strict=True)
        ]
        columns = (found[name].tolist() for name in CELL_ARRAYS[1:])
        assert list(zip(*columns, strict=True)) == expected
        cells = np.concatenate([Embedder.load(checkpoint).embed_cells(barred).vectors for barred in scores])
        assert np.array_equal(found["cell_embedding"], cells)


def test_empty_bars_have_rows_and_no_part_in_the_mean(here, checkpoint):
    whole = pieces.piece(1, bars=1)
    notes = whole.tracks[0].notes
    late = pieces.Notes.of(notes.onset_ticks + 3 * 4 * 480, notes.duration_ticks, notes.pitch, notes.velocity)
    pieces.folder_of(here, {"late.mid": pieces.Score(480, (pieces.Track(late),))})
    assert run("embed", "late.mid", "-o", "x.npz", "--checkpoint", checkpoint).code == 0
    with np.load("x.npz") as found:
        assert found["bar_number"].tolist() == [1, 2, 3, 4]
        assert np.array_equal(found["bar_embedding"][0], found["bar_embedding"][2])
        assert np.allclose(found["piece_embedding"][0], found["bar_embedding"][3], atol=1e-6)


def test_rejected_files_are_named_and_the_rest_is_done(mixed, checkpoint):
    ran = run("embed", "songs", "-o", "x.npz", "--report", "r.jsonl", "--checkpoint", checkpoint)
    assert (ran.code, ran.out) == (3, b"")
    rejected = [path for path, line in report_of(mixed.parent / "r.jsonl").items() if line["status"] == "rejected"]
    assert rejected == ["songs/empty.mid", "songs/gone.mid", "songs/words.mid"]
    assert [line.split(":")[1].strip() for line in ran.err_lines if line.startswith("rejected")] == rejected
    with np.load("x.npz") as found:
        assert found["paths"].tolist() == ["songs/a.mid", "songs/b.mid", "songs/deep/c.MID", "songs/odd.mid"]


def test_nothing_usable_writes_nothing(mixed, checkpoint):
    ran = run("embed", "songs/words.mid", "songs/empty.mid", "-o", "x.npz", "--checkpoint", checkpoint)
    assert ran.code == 1
    assert ran.err_lines[-1] == "error: nothing was done: 2 of 2 inputs were rejected"
    assert not (mixed.parent / "x.npz").exists()


def test_what_exists_is_not_touched(songs, checkpoint):
    (songs.parent / "x.npz").write_bytes(b"mine")
    ran = run("embed", "songs", "-o", "x.npz", "--checkpoint", checkpoint)
    assert (ran.code, ran.err) == (1, "error: x.npz: exists already, nothing was written; --force overwrites it\n")
    assert (songs.parent / "x.npz").read_bytes() == b"mine"
    assert run("embed", "songs", "-o", "x.npz", "--force", "--checkpoint", checkpoint).code == 0


def test_an_input_is_not_written_over_nor_a_device_whatever_is_forced(songs, checkpoint):
    before = {path.name: path.read_bytes() for path in songs.glob("*.mid")}
    os.link("songs/a.mid", "other.npz")
    (songs.parent / "list").write_text("songs/a.mid\n")
    asked = ["embed", "songs", "--files-from", "list", "--force", "--checkpoint", checkpoint]
    for name in ("songs/a.mid", "./other.npz", "list", checkpoint / "card.json"):
        ran = run(*asked, "-o", name)
        assert (ran.code, ran.out) == (1, b"")
        assert ran.err == f"error: {name}: this command reads that file, or writes it elsewhere; name another\n"
    ran = run(*asked, "-o", os.devnull)
    assert (ran.code, ran.err) == (1, f"error: {os.devnull}: is a device; only files are written, name another\n")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)
    assert {path.name: path.read_bytes() for path in songs.glob("*.mid")} == before
    assert run(*asked, "-o", "songs/x.npz").code == 0  # a result may lie among the inputs


def test_stdin_to_stdout(songs, checkpoint):
    ran = run("embed", "-", "-o", "-", "--checkpoint", checkpoint, stdin=(songs / "a.mid").read_bytes())
    assert ran.code == 0
    with np.load(io.BytesIO(ran.out)) as found:
        assert found["paths"].tolist() == ["-"]


def test_jobs_and_company_change_no_bit(songs, checkpoint):
    for name, arguments in (("1", ["--jobs", 1]), ("2", ["--jobs", 2]), ("alone", ["--seed", 7])):
        inputs = ["songs/b.mid"] if name == "alone" else ["songs"]
        assert run("embed", *inputs, "-o", f"{name}.npz", *arguments, "--checkpoint", checkpoint).code == 0
    contents = []
    for name in ("1", "2"):
        with zipfile.ZipFile(f"{name}.npz") as archive:
            contents.append({member: archive.read(member) for member in archive.namelist()})
    assert contents[0] == contents[1]
    with np.load("1.npz") as together, np.load("alone.npz") as alone:
        assert np.array_equal(together["bar_embedding"][3:6], alone["bar_embedding"])


def test_a_missing_checkpoint_is_named(songs):
    ran = run("embed", "songs", "-o", "x.npz", "--checkpoint", "nowhere")
    assert (ran.code, ran.out) == (1, b"")
    assert ran.err.startswith("error: nowhere: no checkpoint here")
    assert ran.err.count("\n") == 1


def test_what_is_not_meant_is_left_out_and_counted(songs, checkpoint):
    ran = run(
        "embed", "songs", "-o", "x.npz", "--precision", "float32", "--where", "path~deep", "--checkpoint", checkpoint
    )
    assert (ran.code, ran.err_lines[-1]) == (0, "left out: 2 of 3 files (--where: 2)")
    with np.load("x.npz") as arrays:
        assert arrays["paths"].tolist() == ["songs/deep/c.MID"]


def test_an_archive_under_another_name_is_said_to_be_one(songs, checkpoint):
    ran = run("embed", "songs", "-o", "x.txt", "--precision", "float32", "--checkpoint", checkpoint)
    assert (ran.code, ran.err) == (0, "warning: x.txt is a NumPy archive (.npz), whatever its name says\n")


@pytest.fixture(scope="module")
def with_passages(tmp_path_factory):
    return tiny.with_passages(tmp_path_factory.mktemp("passages")).folder


def content(path):
    with np.load(path, allow_pickle=False) as found:
        return {name: found[name] for name in found}


def test_passages_harmony_and_melody(songs, checkpoint, with_passages):
    asked = ["embed", "songs", "-o", "x.npz", "--level", "passage", "--precision", "float16", "--checkpoint"]
    ran = run(*asked, checkpoint)
    assert (ran.code, ran.out) == (1, b"")
    assert ran.err.startswith(f"error: {checkpoint}: no passage encoder in it; `train passages --checkpoint")
    assert not os.path.exists("x.npz")
    assert run(*asked, with_passages).code == 0
    found = content("x.npz")
    assert list(found)[: len(BAR_ARRAYS + CELL_ARRAYS)] == BAR_ARRAYS + CELL_ARRAYS
    assert str(found["precision"]) == "float16"
    assert found["passage_vector"].dtype == found["cell_embedding"].dtype == np.float16
    assert found["passage_vector"].shape == (len(found["passage_piece"]), 12 * tiny.PASSAGES.out)
    assert set(found["passage_piece"].tolist()) == set(found["melody_piece"].tolist()) == {0, 1, 2}
    assert found["harmony"].shape == (3, 192)  # three bars each


def test_added_to_an_archive_is_what_is_new_by_its_path(songs, checkpoint):
    asked = ["-o", "x.npz", "--append", "--level", "cell", "--precision", "float16", "--checkpoint", checkpoint]
    assert run("embed", "songs/b.mid", *asked).code == 0  # nothing is there: as without
    before = content("x.npz")
    (songs / "b.mid").write_bytes((songs / "a.mid").read_bytes())
    ran = run("embed", "songs", *asked, "--report", "r.jsonl")
    assert (ran.code, ran.out) == (0, b"")
    assert ran.err == "in x.npz already, left as they are: 1 of 3 files\n"
    assert [line["reason"] for line in report_of(songs.parent / "r.jsonl").values()].count(None) == 2
    after = content("x.npz")
    assert after["paths"].tolist() == ["songs/b.mid", "songs/a.mid", "songs/deep/c.MID"]
    assert after["bar_piece"].tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    for name, array in before.items():
        assert np.array_equal(after[name][: len(array)] if array.ndim else after[name], array)
    bars = Embedder.load(checkpoint).embed_bars(cut(read("songs/a.mid")))
    assert np.array_equal(after["bar_embedding"][3:6], bars.astype(np.float16))
    stamp = os.stat("x.npz").st_mtime_ns, os.stat("x.npz").st_ino
    ran = run("embed", "songs", *asked)
    assert (ran.code, ran.err) == (0, "in x.npz already, left as they are: 3 of 3 files\n")
    assert (os.stat("x.npz").st_mtime_ns, os.stat("x.npz").st_ino) == stamp


def test_nothing_is_added_that_is_made_otherwise_and_the_archive_stays(songs, checkpoint, with_passages):
    made = ["embed", "songs/a.mid", "-o", "x.npz", "--level", "cell", "--precision", "float32"]
    assert run(*made, "--checkpoint", checkpoint).code == 0
    before = (songs.parent / "x.npz").read_bytes()
    asked = ["embed", "songs", "-o", "x.npz", "--append"]
    refusals = {
        (): "made with --level cell, bar is asked for; give --level cell, or name another --output",
        ("--level", "cell", "--precision", "float16"): "made with --precision float32, float16 is asked for; ",
        (
            "--level",
            "cell",
            "--checkpoint",
            with_passages,
        ): f"made with checkpoint {Embedder.load(checkpoint).hash[:12]}, ",
    }
    for more, said in refusals.items():
        ran = run(*asked, *more, *(() if "--checkpoint" in more else ("--checkpoint", checkpoint)))
        assert (ran.code, ran.out) == (1, b"")
        assert ran.err.startswith(f"error: x.npz: {said}")
    for more, said in {
        "--force": "--append adds to the file, --force overwrites it",
        "-o-": "stdout holds nothing",
    }.items():
        ran = run(*asked, more, "--checkpoint", checkpoint)
        assert ran.code == 2
        assert said in ran.err
    assert (songs.parent / "x.npz").read_bytes() == before
    (songs.parent / "y.npz").write_bytes(b"mine")
    ran = run("embed", "songs", "-o", "y.npz", "--append", "--checkpoint", checkpoint)
    assert (ran.code, (songs.parent / "y.npz").read_bytes()) == (1, b"mine")
    assert ran.err.startswith("error: y.npz: cannot be read as NumPy's (File is not a zip file)")


def test_what_is_rejected_beside_what_is_there_leaves_the_archive(mixed, checkpoint):
    asked = ["-o", "x.npz", "--append", "--precision", "float32", "--checkpoint", checkpoint]
    assert run("embed", "songs/a.mid", *asked).code == 0
    before = (mixed.parent / "x.npz").read_bytes()
    ran = run("embed", "songs/a.mid", "songs/words.mid", *asked)
    assert (ran.code, (mixed.parent / "x.npz").read_bytes()) == (3, before)


def test_what_another_adds_meanwhile_is_not_lost(songs, checkpoint):
    asked = ["-o", "x.npz", "--append", "--precision", "float32", "--checkpoint", checkpoint]
    assert run("embed", "songs/a.mid", *asked).code == 0
    alone = Embedder.embed_batch

    def meanwhile(self, windows):
        os.utime("x.npz", ns=(0, 0))
        return alone(self, windows)

    before = (songs.parent / "x.npz").read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Embedder, "embed_batch", meanwhile)
        ran = run("embed", "songs", *asked)
    assert (ran.code, (songs.parent / "x.npz").read_bytes()) == (1, before)
    assert ran.err_lines[-1] == "error: x.npz: has been changed meanwhile, and stays as it is now; run this again"
    assert sorted(os.listdir()) == ["songs", "x.npz"]
