"""rank and find over a library, and by several queries."""

import json
import os
import shutil

import pytest
import tiny
from command_line import report_of, run


@pytest.fixture
def library(mixed, checkpoint):
    assert run("library", "build", "lib", "songs", "--checkpoint", checkpoint).code == 3  # some are rejected
    return "lib"


def rows(ran):
    return json.loads(ran.out)


@pytest.mark.parametrize("verb", ["rank", "find"])
def test_a_library_answers_as_the_files_do(library, checkpoint, verb):
    said = ("songs/b.mid", "--format", "json", "--checkpoint", checkpoint)
    of_files, of_library = run(verb, *said, "songs"), run(verb, *said, "--library", library)
    assert of_files.code == 3
    assert of_library.code == 0
    assert of_library.out == of_files.out
    assert rows(of_library)


@pytest.mark.parametrize("verb", ["rank", "find"])
def test_files_beside_a_library_are_refused(library, checkpoint, verb):
    ran = run(verb, "songs/b.mid", "songs", "--library", library, "--checkpoint", checkpoint)
    assert (ran.code, ran.out) == (2, b"")
    assert "a library and files were named; leave out --library, or the files" in ran.err


@pytest.mark.parametrize("verb", ["rank", "find", "next", "order", "duplicates", "map"])
def test_conditions_that_leave_nothing_of_a_library_are_an_error(mixed, tmp_path_factory, verb):
    model = tiny.with_anchor(tmp_path_factory.mktemp("model")).folder
    run("library", "build", "lib", "songs", "--checkpoint", model)
    query = ["songs/b.mid"] if verb in ("rank", "find", "next") else []
    ran = run(verb, *query, "--library", "lib", "--where", "bars>1000", "--checkpoint", model)
    assert (ran.code, ran.out) == (1, b"")
    assert ran.err_lines[-1] == "error: lib: nothing was done: --where leaves none of its files"


@pytest.mark.parametrize("verb", ["rank", "find"])
def test_several_queries_are_named_and_a_bad_one_is_left_out(library, checkpoint, verb, songs):
    with open("queries.txt", "w", encoding="utf-8") as file:
        file.write("songs/b.mid\nsongs/nowhere.mid\nsongs/a.mid\n")
    ran = run(
        verb,
        "--queries-from",
        "queries.txt",
        "--library",
        library,
        "--top",
        1,
        "--format",
        "json",
        "--checkpoint",
        checkpoint,
    )
    assert ran.code == 3
    assert "rejected: songs/nowhere.mid: " in ran.err
    assert [(row["query"], row["rank"], row["path"]) for row in rows(ran)] == [
        ("songs/b.mid", 1, "songs/b.mid"),
        ("songs/a.mid", 1, "songs/a.mid"),
    ]
    of_files = run(
        verb, "--queries-from", "queries.txt", "songs", "--top", 1, "--format", "json", "--checkpoint", checkpoint
    )
    assert rows(of_files) == rows(ran)


def test_what_has_changed_and_gone_since_is_told_and_in_the_report(library, checkpoint, songs):
    shutil.copy("songs/b.mid", "query.mid")
    os.remove("songs/b.mid")
    os.utime("songs/a.mid", ns=(1, 1))
    ran = run("rank", "query.mid", "--library", library, "--report", "report.jsonl", "--checkpoint", checkpoint)
    assert ran.code == 0
    assert "1 are gone" in ran.err
    assert report_of(songs.parent / "report.jsonl")["songs/b.mid"]["reason"] == "gone since the library read it"


def test_a_library_of_rejected_files_alone_says_so(checkpoint, songs):
    with open("words.mid", "wb") as file:
        file.write(b"once upon a time")
    assert run("library", "build", "empty", "words.mid", "--checkpoint", checkpoint).code == 1
    ran = run("rank", "songs/b.mid", "--library", "empty", "--checkpoint", checkpoint)
    assert (ran.code, ran.out) == (1, b"")
    assert "empty: no music in it (0 files, 1 needed)" in ran.err


def test_no_query_is_a_mistake(library, checkpoint):
    ran = run("rank", "--library", library, "--checkpoint", checkpoint)
    assert (ran.code, ran.out) == (2, b"")
    assert "no query was named" in ran.err


@pytest.mark.parametrize(
    ("weights", "reason"),
    [
        ("harmny=1", "did you mean harmony?"),
        ("harmony=-1", "at least 0 for harmony"),
        ("harmony=0,rhythm=0", "must have a weight above 0"),
        ("harmony", "must be parts and their weights"),
        ("harmony=1,harmony=2", "must name each part once"),
        ("harmony=nan", "finite"),
    ],
)
def test_weights_that_cannot_be_meant_are_refused(checkpoint, songs, weights, reason):
    ran = run("rank", "songs/b.mid", "songs", "--weights", weights, "--checkpoint", checkpoint)
    assert ran.code == 2
    assert reason in ran.err


def test_weights_are_the_mean_of_the_parts_that_are_named(checkpoint, songs):
    said = ("songs/b.mid", "songs", "--format", "json", "--why", "--checkpoint", checkpoint)
    for row in rows(run("rank", *said, "--weights", "harmony=1,bars=3")):
        harmony = row["bars_distance"] if row["harmony_distance"] is None else row["harmony_distance"]
        assert row["distance"] == pytest.approx((harmony + 3 * row["bars_distance"]) / 4, abs=1e-6)
        assert row["likeness"] is None
