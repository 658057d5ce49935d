"""`library build`, `remove`, `info`: what is kept, left alone, forgotten, and said."""

import json
import os
import shutil

import pieces
import pytest
import tiny
from command_line import report_of, run

from symbolic_embed.library.adding import KEPT
from symbolic_embed.library.stores.opening import open_library
from symbolic_embed.requests.libraries import Shard

A, B, C = "songs/a.mid", "songs/b.mid", "songs/deep/c.MID"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    return tiny.with_passages(tmp_path_factory.mktemp("model")).folder


@pytest.fixture
def build(here, checkpoint):
    """Runs `library build LIB ...`."""
    return lambda *given: run("library", "build", *given, "--checkpoint", checkpoint, "--jobs", 1)


@pytest.fixture
def grown(songs):
    """The songs, and eight more files in the folder more; all of them from long ago."""
    names = {f"more/{seed}.mid": pieces.piece(seed, bars=2) for seed in range(10, 18)}
    pieces.folder_of(songs.parent, names)
    for folder, _, files in os.walk(songs.parent):
        for name in files:
            os.utime(os.path.join(folder, name), (1_000_000_000, 1_000_000_000))
    return songs


def paths_in(place):
    return [file.path for file in open_library(str(place)).files()]


def test_a_library_is_made_grows_and_leaves_alone_what_is_there(grown, build, here):
    ran = build("lib", "songs", "--report", "first.jsonl")
    assert (ran.code, ran.out, ran.err) == (0, b"", "lib: 3 files; embedded 3\n")
    report = report_of(here / "first.jsonl")
    said = {path: (line["status"], line["bars"]) for path, line in report.items()}
    assert said == dict.fromkeys((A, B, C), ("ok", 3))
    library = open_library("lib")
    assert (len(library), library.kinds, library.options) == (3, KEPT | {"passages"}, {"join_channels": "no"})
    shutil.copy2(A, "songs/copy.mid")
    ran = build("lib", "songs", "more", "--report", "second.jsonl")
    assert (ran.code, ran.err) == (0, "lib: 12 files; embedded 8, unchanged 3, known 1\n")
    report = report_of(here / "second.jsonl")
    assert report[B]["reason"] == "in lib already, left as it is"
    assert report["songs/copy.mid"]["reason"] == "its content is in lib already"


def test_bad_files_are_named_each_time(mixed, build, here):
    first = build("lib", "songs")
    assert first.code == 3
    rejected = sorted(line for line in first.err_lines if line.startswith("rejected"))
    assert [line.split(": ")[1] for line in rejected] == ["songs/empty.mid", "songs/gone.mid", "songs/words.mid"]
    assert first.err_lines[-1] == "lib: 4 files; embedded 4, rejected 3"
    second = build("lib", "songs")
    assert second.code == 3
    assert sorted(line for line in second.err_lines if line.startswith("rejected")) == rejected


def test_nothing_usable_is_an_error(mixed, build):
    ran = build("lib", "songs/words.mid", "songs/empty.mid")
    assert (ran.code, ran.err_lines[-1]) == (1, "error: nothing was done: 2 of 2 inputs were rejected")


def test_what_is_gone_stays_until_it_is_pruned(grown, build):
    build("lib", "songs", "more")
    os.unlink(A)
    shutil.rmtree("songs/deep")
    os.rename("more", "elsewhere")
    ran = build("lib", "songs")
    assert ran.err_lines[0] == "gone from the disk, still in the library, --prune forgets them: 2 files"
    assert len(paths_in("lib")) == 11
    ran = build("lib", "songs", "more", "--prune")  # a folder that is missing may be out of reach
    assert ran.err_lines[1] == "gone from the disk, and forgotten: 2 files"
    assert paths_in("lib") == [*(f"more/{seed}.mid" for seed in range(10, 18)), B]
    ran = build("lib", "songs", "more/10.mid", "--prune")
    assert ran.code == 3
    assert len(paths_in("lib")) == 9


def test_shards_share_the_files_out(grown, build):
    for number in (1, 2, 3):
        ran = build(f"lib{number}", "songs", "more", "--shard", f"{number}/3", "--prune")
        assert ran.code == 0
    shares = [paths_in(f"lib{number}") for number in (1, 2, 3)]
    assert sorted(path for share in shares for path in share) == sorted(
        [A, B, C, *(f"more/{seed}.mid" for seed in range(10, 18))]
    )
    assert all(Shard(number, 3).holds(path) for number, share in enumerate(shares, start=1) for path in share)
    assert min(map(len, shares)) > 0


@pytest.mark.parametrize(
    ("given", "code", "line"),
    [
        (["--shard", "4/3"], 2, 'error: --shard must be a share such as "3/8", the third of eight'),
        (["-"], 2, "error: stdin (-) is no file that a library could keep; save it to one, and name that"),
        ([], 2, "error: no files or folders were named; name some, or give a list with --files-from"),
    ],
)
def test_what_cannot_be_meant(songs, build, given, code, line):
    ran = build("lib", *(["songs", *given] if "--shard" in given else given))
    assert (ran.code, ran.err_lines[-1]) == (code, line)
    assert not os.path.exists("lib")


def test_who_composes_does_not_matter_to_a_library(songs, tmp_path_factory):
    """A checkpoint with one part more embeds as before."""
    without, more = (make(tmp_path_factory.mktemp("model")) for make in (tiny.with_passages, tiny.with_anchor))
    assert without.hash != more.hash
    assert run("library", "build", "lib", "songs", "--checkpoint", without.folder).code in (0, 3)
    asked = ("rank", A, "--library", "lib", "--format", "json", "--checkpoint")
    assert run(*asked, more.folder).json == run(*asked, without.folder).json != []


def test_another_way_of_reading_and_another_model_are_refused(songs, build, tmp_path_factory):
    assert build("lib", A).code == 0
    ran = build("lib", B, "--join-channels")
    assert (ran.code, ran.err) == (
        1,
        "error: lib: built with join_channels no, yes is asked for; ask for the same, or name another library\n",
    )
    other = tiny.with_passages(tmp_path_factory.mktemp("other"), seed=1)
    ran = run("library", "build", "lib", B, "--checkpoint", other.folder)
    assert ran.code == 1
    assert f"this is {other.embedding_hash[:12]}; give that checkpoint" in ran.err
    assert paths_in("lib") == [A]


def test_what_is_no_library_is_not_made_one(songs, build):
    assert build("songs", A).code == build(A, B).code == 1
    assert "is a folder with other things in it" in build("songs", A).err
    assert sorted(os.listdir("songs")) == ["a.mid", "b.mid", "deep"]


def test_a_library_may_lie_in_the_folder_that_it_is_built_from(songs, build):
    for _ in range(2):
        ran = build("songs/lib", ".")
        assert ran.code == 0
    assert paths_in("songs/lib") == ["./songs/a.mid", "./songs/b.mid", "./songs/deep/c.MID"]


def test_odd_names_links_and_empty_folders(songs, build, here):
    os.rename(A, os.fsdecode(b"songs/new\nline \xff.mid"))
    os.mkdir("songs/empty")
    os.symlink("b.mid", "songs/link.mid")
    os.symlink("deep", "songs/folder")  # never followed
    os.mkfifo("songs/pipe.mid")
    ran = build("lib", "songs")
    assert ran.code == 3
    assert ran.err_lines[0] == "rejected: songs/pipe.mid: not a regular file (a pipe or a device)"
    assert [os.fsencode(path) for path in paths_in("lib")] == [
        b"songs/b.mid", b"songs/deep/c.MID", b"songs/link.mid", b"songs/new\nline \xff.mid"
    ]  # fmt: skip
    assert len({file.piece for file in open_library("lib").files()}) == 3  # the link is b.mid


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_folder_that_may_not_be_opened_is_named(songs, build):
    os.chmod("songs/deep", 0)
    ran = build("lib", "songs")
    os.chmod("songs/deep", 0o700)
    assert ran.code == 3
    assert "rejected: songs/deep: the folder cannot be opened: permission denied" in ran.err_lines


def test_remove_forgets_files_and_folders_and_touches_none(grown, build):
    build("lib", "songs", "more")
    ran = run("library", "remove", "lib", "./songs/deep/", "more/10.mid")
    assert (ran.code, ran.err) == (0, "lib: 2 files forgotten\n")
    assert len(paths_in("lib")) == 9
    assert os.path.exists(C)
    ran = run("library", "remove", "lib", "nowhere")
    assert (ran.code, ran.err) == (1, "error: lib has no file nowhere; `library info` says what it has\n")


def test_info_says_what_there_is_and_what_has_changed(grown, build, checkpoint):
    build("lib", "songs")
    shutil.copy2(A, "songs/copy.mid")
    build("lib", "songs")
    with open(A, "ab") as file:
        file.write(b"\0")
    os.unlink(B)
    ran = run("library", "info", "lib", "--format", "json")
    known = json.loads(ran.text)
    assert {name: known[name] for name in ("files", "pieces", "rejected", "bars", "parts", "changed", "gone")} == {
        "files": 4, "pieces": 3, "rejected": 0, "bars": 9, "parts": 12, "changed": 1, "gone": 1
    }  # fmt: skip
    assert known["rows"]["passages"] > 0
    assert known["bytes"]["bars"] > 0
    assert known["bytes_a_bar"] == round(sum(known["bytes"].values()) / 9)
    assert known["options"] == {"join_channels": "no"}
    lines = run("library", "info", "lib").text.splitlines()
    assert ["files", "4"] in [line.split() for line in lines]
    assert ["options:", "join_channels", "no"] in [line.split() for line in lines]
