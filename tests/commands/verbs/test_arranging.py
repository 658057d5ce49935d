"""`next`, `order`, `duplicates`: what they print, and what they say of bad files."""

import os
import shutil

import pieces
import pytest
import tiny
from command_line import run

from symbolic_embed.score.writing.verified import write


@pytest.fixture(scope="session")
def listening(tmp_path_factory):
    """A checkpoint with passages and an anchor."""
    return tiny.with_anchor(tmp_path_factory.mktemp("model")).folder


def test_next_lists_all_files_the_best_first(songs, listening):
    ran = run("next", "songs/a.mid", "songs", "--format", "json", "--checkpoint", listening)
    assert [row["rank"] for row in ran.json] == list(range(1, len(ran.json) + 1))
    assert list(ran.json[0]) == ["rank", "path", "distance", "transposition", "query_bar", "bar"]
    distances = [row["distance"] for row in ran.json]
    assert distances == sorted(distances)
    again = run("next", "songs/a.mid", "songs", "--format", "json", "--top", "1", "--checkpoint", listening)
    assert again.json == ran.json[:1]


def test_next_without_an_anchor_says_what_to_do(songs, checkpoint):
    ran = run("next", "songs/a.mid", "songs", "--checkpoint", checkpoint)
    assert (ran.code, ran.text) == (1, "")
    assert "no anchor in it" in ran.err
    assert "Traceback" not in ran.err


def test_order_takes_each_file_once_and_keeps_its_ends(songs, listening):
    ran = run("order", "songs", "--first", "songs/b.mid", "--format", "json", "--checkpoint", listening)
    assert [row["place"] for row in ran.json] == list(range(1, len(ran.json) + 1))
    assert ran.json[0] == {"place": 1, "path": "songs/b.mid", "distance": None}
    assert len({row["path"] for row in ran.json}) == len(ran.json)
    assert ran.err_lines[-1].startswith("in all ")


def test_duplicates_names_groups_and_bad_files(songs, listening):
    shutil.copy("songs/a.mid", "songs/z.mid")
    with open("songs/bad.mid", "wb") as file:
        file.write(b"no")
    ran = run("duplicates", "songs", "--format", "json", "--checkpoint", listening)
    assert ran.code == 3
    assert ran.json[0] == {"group": 1, "paths": ["songs/a.mid", "songs/z.mid"], "distance": 0.0}
    assert any(line.startswith("rejected: songs/bad.mid") for line in ran.err_lines)
    table = run("duplicates", "songs", "--checkpoint", listening).text.splitlines()
    assert table[0].split() == ["group", "distance", "path"]
    assert table[1].split() == ["1", "0.0000", "songs/a.mid"]


def test_passages_that_are_there_twice_are_listed_with_their_bars(songs, listening):
    os.mkdir("twice")
    for name in ("a.mid", "b.mid"):
        write(pieces.twice(pieces.piece(5, bars=5), bars=5 if name == "a.mid" else 4), f"twice/{name}")
    with open("twice/bad.mid", "wb") as file:
        file.write(b"no")
    ran = run("duplicates", "twice", "--passages", "--format", "json", "--checkpoint", listening)
    assert ran.code == 3
    assert list(ran.json[0].items()) == [
        ("path", "twice/a.mid"),
        ("bar", 1),
        ("last_bar", 4),
        ("other_path", "twice/b.mid"),
        ("other_bar", 1),
        ("other_last_bar", 4),
        ("transposition", 0),
        ("distance", 0.0),
    ]
    assert [(row["bar"], row["other_bar"]) for row in ran.json] == [(1, 1), (6, 1)]
    assert "2 passages of 8 bars, in 2 files" in ran.err_lines
    table = run("duplicates", "twice", "--passages", "--same-file", "--checkpoint", listening).text.splitlines()
    assert table[0].split()[-3:] == ["path", "other", "path"]
    assert len(table) > 2
    refused = run("duplicates", "twice", "--bars", "8", "--checkpoint", listening)
    assert (refused.code, refused.text) == (2, "")
    assert "--bars is of passages: add --passages" in refused.err


@pytest.mark.parametrize("verb", [["next", "songs/a.mid"], ["order"], ["duplicates"], ["duplicates", "--passages"]])
def test_a_library_answers_as_its_files_do(songs, listening, verb):
    shutil.copy("songs/a.mid", "songs/copy.mid")
    assert run("library", "build", "lib", "songs", "--checkpoint", listening).code == 0
    of_files = run(*verb, "songs", "--format", "json", "--checkpoint", listening)
    of_library = run(*verb, "--library", "lib", "--format", "json", "--checkpoint", listening)
    assert of_library.code == 0
    assert of_library.json == of_files.json
    both = run(*verb, "songs", "--library", "lib", "--checkpoint", listening)
    assert (both.code, both.text) == (2, "")
