"""Plain files through the cache: every verb says the same with and without it, and embeds nothing twice."""

import json
import os
import shutil

import pieces
import pytest
import tiny
from command_line import run

from symbolic_embed.bars import cut
from symbolic_embed.library import building
from symbolic_embed.notation import read

QUERY = "songs/b.mid"
ASKED = {
    "rank": ("rank", QUERY, "--why"),
    "rank in any key": ("rank", QUERY, "--transpose", "--format", "json"),
    "rank by bars in any key": ("rank", QUERY, "--transpose", "--by", "bars", "--metric", "cosine", "--format", "json"),
    "rank by rhythm": ("rank", QUERY, "--by", "rhythm", "--tracks", "0", "--format", "csv"),
    "rank bars": ("rank", QUERY, "--level", "bar", "--top", 5, "--transpose"),
    "rank some": ("rank", QUERY, "--where", "bars>2"),
    "find": ("find", QUERY, "--format", "json"),
    "next": ("next", QUERY, "--transpose"),
    "order": ("order",),
    "duplicates": ("duplicates", "--within", 0.3),
    "passages": ("duplicates", "--passages", "--same-file", "--transpose"),
    "map": ("map", "--format", "json"),
    "map by metre": ("map", "--colour", "metre", "--format", "json"),
    "compare": ("compare", "-o", "-", "--format", "csv"),
    "compare in any key": ("compare", "-o", "-", "--transpose", "--by", "bars", "--format", "csv"),
}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A model that every verb can be asked of."""
    return tiny.with_anchor(tmp_path_factory.mktemp("model")).folder


@pytest.fixture
def embedded(monkeypatch):
    """The paths of the pieces that something is embedded of, as they come."""
    paths, in_keys = [], building.in_keys

    def noted(embedder, music):
        def heard():
            for piece, windows, keys in music:
                if len(keys) and getattr(piece, "path", "").startswith("songs"):
                    paths.append(piece.path)
                yield piece, windows, keys

        return in_keys(embedder, heard())

    monkeypatch.setattr(building, "in_keys", noted)
    return paths


def asked(verb, model, *more):
    """The answer, what was said, and the report."""
    name, *rest = ASKED[verb]
    ran = run(name, *rest, "songs", "--checkpoint", model, "--report", "report.jsonl", *more)
    with open("report.jsonl", encoding="utf-8") as file:
        report = sorted(file.read().splitlines())
    return ran.code, ran.out, ran.err, report


@pytest.mark.parametrize("verb", ASKED)
def test_every_verb_says_the_same_without_the_first_time_and_the_second(verb, mixed, model, embedded):
    shutil.copy(mixed / "a.mid", mixed / "copy.mid")
    without = asked(verb, model, "--no-cache")
    assert without[0] == 3
    assert "rejected: songs/words.mid" in without[2]
    assert "songs/odd.mid" in without[2]  # warned of
    assert asked(verb, model) == without
    embedded.clear()
    assert asked(verb, model) == without
    moved = verb in ("rank by bars in any key",)  # the other keys are embedded each time
    assert bool(embedded) == moved
    assert embedded.count("songs/odd.mid") <= 1


def test_a_second_question_reads_nothing_but_its_query_and_who_was_rejected(mixed, model, monkeypatch):
    read_now = []

    def noted(data, *, source, join_channels):
        read_now.append(source)
        return read_bytes(data, source=source, join_channels=join_channels)

    from symbolic_embed.commands.shared import inputs

    read_bytes = inputs.read_bytes
    asked("find", model)
    monkeypatch.setattr(inputs, "read_bytes", noted)
    asked("find", model)
    assert read_now == [QUERY, "songs/empty.mid", "songs/words.mid"]


def test_a_changed_file_is_embedded_again_and_a_moved_one_is_not(songs, model, embedded):
    asked("rank", model)
    os.remove("songs/a.mid")
    pieces.folder_of(songs, {"a.mid": pieces.piece(77, bars=3)})
    os.rename("songs/b.mid", "songs/moved.mid")
    shutil.copy("songs/moved.mid", QUERY)
    embedded.clear()
    cached = asked("rank", model)
    assert set(embedded) == {"songs/a.mid"}
    assert asked("rank", model, "--no-cache") == cached


def test_what_more_is_needed_is_made_from_the_notes_and_nothing_is_embedded_twice(songs, model, embedded):
    asked("rank", model)
    embedded.clear()
    without = asked("rank by rhythm", model, "--no-cache")
    embedded.clear()
    assert asked("rank by rhythm", model) == without
    assert embedded == []


def test_without_the_cache_nothing_is_kept(songs, model):
    for more in (("--no-cache",), ("--cache-size", 0)):
        asked("rank", model, *more)
        assert json.loads(run("library", "cache", "--format", "json").out)["pieces"] == 0


def test_what_is_kept_is_said_and_cleared(songs, model):
    asked("rank", model)
    table = run("library", "cache").text
    assert os.environ["SYMBOLIC_EMBED_CACHE"] in table
    assert json.loads(run("library", "cache", "--format", "json").out)["pieces"] == 3
    cleared = run("library", "cache", "--clear", "--format", "json").json
    assert (cleared["pieces"], cleared["bytes"], cleared["most_bytes"]) == (0, 0, 2_000_000_000)


def test_who_has_no_place_for_a_cache_is_answered_after_a_line(songs, model, monkeypatch, here):
    (here / "file").write_text("mine")
    without = asked("rank", model, "--no-cache")
    monkeypatch.setenv("SYMBOLIC_EMBED_CACHE", str(here / "file"))
    code, out, err, report = asked("rank", model)
    assert (code, out, report) == (without[0], without[1], without[3])
    (line,) = set(err.splitlines()) - set(without[2].splitlines())
    assert line.startswith("without the cache ")


def test_stdin_and_a_picture_of_it(songs, model):
    data = (songs / "a.mid").read_bytes()
    for _ in range(2):
        ran = run("rank", QUERY, "-", "songs", "--plot", "why.svg", "--force", "--checkpoint", model, stdin=data)
        assert ran.code == 0
        assert "not drawn" not in ran.err


def test_a_page_of_files_that_are_known_holds_their_music(songs, model):
    pages = []
    for _ in range(2):
        assert run("map", "songs", "-o", "map.html", "--force", "--checkpoint", model).code == 0
        with open("map.html", encoding="utf-8") as file:
            pages.append(file.read())
    assert pages[0] == pages[1]
    assert cut(read("songs/a.mid")).score.tracks[0].name in pages[1]
