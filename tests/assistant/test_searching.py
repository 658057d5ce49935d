"""Libraries searched for an assistant."""

import pieces
import pytest
from command_line import run

import symbolic_embed
from symbolic_embed.assistant.workplace import library_names


@pytest.fixture
def library(folder, listening):
    """A library of two pieces that lie beside the folder, as it does itself."""
    loops = pieces.folder_of(folder.parent / "loops", {f"{seed}.mid": pieces.piece(seed, bars=3) for seed in (5, 6)})
    place = folder.parent / "own library"
    symbolic_embed.build_library(place, loops, checkpoint=listening).close()
    return str(place)


def test_the_folder_itself_is_searched_where_there_is_no_library(searching):
    assistant = searching()
    told = assistant.call("rank", clip="songs/a.mid")["matches"]
    assert {row["name"] for row in told} == {"band.mid", "songs/b.mid"}
    assert [row["rank"] for row in told] == [1, 2]
    assert assistant.call("read_clip", clip=told[0]["clip"], notes=False)["name"] == told[0]["name"]


def test_a_clip_that_came_since_is_found(searching, folder):
    assistant = searching()
    assert len(assistant.call("rank", clip="band.mid")["matches"]) == 2
    (folder / "copy.mid").write_bytes((folder / "band.mid").read_bytes())
    best = assistant.call("rank", clip="band.mid", top=1)["matches"]
    assert [(row["name"], row["distance"], row["likeness"]) for row in best] == [("copy.mid", 0.0, "same music")]
    (folder / "copy.mid").unlink()
    assert len(assistant.call("rank", clip="band.mid")["matches"]) == 2


def test_a_library_answers_as_the_command_line_does(searching, library, listening):
    assistant = searching(library)
    told = assistant.call("rank", clip="band.mid", transpose=True)["matches"]
    ran = run(
        "rank", "band.mid", "--library", library, "--transpose", "--format", "json", "--checkpoint", listening
    ).json
    assert [row["name"] for row in told] == [row["path"] for row in ran]
    assert [row["distance"] for row in told] == [pytest.approx(row["distance"], abs=1e-4) for row in ran]
    assert [row["transposition"] for row in told] == [row["transposition"] for row in ran]


def test_a_piece_of_a_library_can_be_read_by_its_handle_and_by_no_path(searching, library):
    assistant = searching(library)
    (best,) = assistant.call("find", clip="band.mid", top=1)["places"]
    assert assistant.call("read_clip", clip=best["clip"])["bars"] == 3
    assert assistant.error("read_clip", clip=best["name"]).endswith("name a file in it, as list_clips does")


def test_what_goes_on_is_told_best_first(searching):
    rows = searching().call("next", clip="band.mid", top=1)["continuations"]
    assert len(rows) == 1
    assert set(rows[0]) == {"rank", "clip", "name", "distance", "transposition", "query_bar", "bar"}


def test_why_is_told_where_it_is_asked_for(searching):
    assistant = searching()
    (best,) = assistant.call("rank", clip="band.mid", why=True, top=1)["matches"]
    assert set(best["why"]) == {"bars", "harmony", "melody", "rhythm", "passages"}
    assert "why" not in assistant.call("rank", clip="band.mid", top=1)["matches"][0]


def test_libraries_are_listed_by_name(searching, library):
    assert searching(library, "nowhere").call("libraries")["libraries"] == [
        {"name": "own library", "files": 2},
        {"name": "nowhere", "problem": "nowhere: no library there; `library build nowhere FOLDERS...` makes one"},
        {"name": "folder", "files": 3},
    ]


def test_one_that_is_not_there_is_said(searching, library):
    said = searching(library).error("rank", clip="band.mid", library="mine")
    assert said == "`library` mine: there is no such library; there are own library, folder"


def test_libraries_of_one_name_are_called_by_their_places():
    assert library_names(["a/loops", "b/loops", "c"]) == {"a/loops": "a/loops", "b/loops": "b/loops", "c": "c"}
    assert library_names(["x/folder"]) == {"x/folder": "x/folder"}


def test_a_folder_without_music_is_said(searching, folder):
    assistant = searching()
    (kept,) = [assistant.call("read_clip", clip="band.mid", notes=False)["clip"]]
    data = (folder / "band.mid").read_bytes()
    unsaved = assistant.place.clips.unsaved("kept.mid", data)
    for path in folder.rglob("*.mid"):
        path.unlink()
    assert assistant.error("rank", clip=unsaved.handle) == "folder: no music in it (0 files, 1 needed)"
    assert assistant.error("rank", clip=kept).startswith("band.mid: cannot be opened")
