"""`map`: files, formats, what is refused, and a blend that is written and shown."""

import json
import re
import shutil

import pytest
import tiny
from command_line import run


def mapped(checkpoint, *arguments):
    return run("map", *arguments, "--checkpoint", checkpoint)


def test_json_has_every_piece(songs, checkpoint):
    ran = mapped(checkpoint, "songs", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert list(ran.json) == ["pieces", "odd", "gaps"]
    assert [piece["path"] for piece in ran.json["pieces"]] == ["songs/a.mid", "songs/b.mid", "songs/deep/c.MID"]
    assert list(ran.json["pieces"][0]) == ["path", "x", "y", "group", "odd", "neighbour_distance", "nearest"]
    assert mapped(checkpoint, "songs", "--format", "json").out == ran.out
    assert mapped(checkpoint, "songs").text.split() == ["distance", "path"]


@pytest.mark.parametrize(("ending", "head"), [("html", b"<!DOCTYPE html>"), ("PNG", b"\x89PNG"), ("svg", b"<?xml")])
def test_the_map_is_one_file_the_same_each_time(songs, checkpoint, tmp_path, ending, head):
    first, second = tmp_path / f"first.{ending}", tmp_path / f"second.{ending}"
    for place in (first, second):
        assert mapped(checkpoint, "songs", "-o", place, "--colour", "role").code == 0
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(head)
    again = mapped(checkpoint, "songs", "-o", first)
    assert (again.code, again.out) == (1, b"")
    assert mapped(checkpoint, "songs", "-o", first, "--force").code == 0


def test_a_bad_file_is_named_and_the_others_are_mapped(songs, checkpoint):
    with open("songs/bad.mid", "wb") as file:
        file.write(b"nothing")
    ran = mapped(checkpoint, "songs", "--format", "json")
    assert ran.code == 3
    assert "songs/bad.mid" in ran.err
    assert len(ran.json["pieces"]) == 3


def test_where_nothing_can_be_used_nothing_is_written(songs, checkpoint, tmp_path):
    with open("bad.mid", "wb") as file:
        file.write(b"nothing")
    ran = mapped(checkpoint, "bad.mid", "-o", tmp_path / "map.html")
    assert (ran.code, ran.out) == (1, b"")
    assert not list(tmp_path.glob("map.*"))


def test_what_is_no_picture_is_refused(songs, checkpoint):
    ran = mapped(checkpoint, "songs", "-o", "map.pdf")
    assert (ran.code, ran.out) == (2, b"")
    assert "--output map.pdf: a map is a .html, .png, .svg file" in ran.err


def test_a_blend_is_written_and_stands_on_the_page(songs, checkpoint, tmp_path):
    asked = ("songs", "-o", "map.html", "--blend", "songs/a.mid", "songs/b.mid", "--blend-into", "way")
    ran = mapped(checkpoint, *asked)
    assert ran.code == 0, ran.err
    with open("map.html", encoding="utf-8") as file:
        (text,) = re.findall(r'id="music">(.*?)</script>', file.read(), re.DOTALL)
    data = json.loads(text)
    assert data["blends"] == 3
    assert [name for name in data["names"][3:] if name.startswith("way/a__b__blend0")] == data["names"][3:]
    shutil.copy("map.html", "before.html")
    refused = mapped(checkpoint, *asked[:2], "other.html", *asked[3:])
    assert (refused.code, refused.out) == (1, b"")
    assert "exists already" in refused.err


def test_a_library_is_mapped_as_its_files_are(songs, tmp_path_factory):
    """Its vectors are kept in half precision, so places differ in the fourth digit."""
    model = tiny.with_passages(tmp_path_factory.mktemp("model")).folder
    shutil.copy("songs/a.mid", "songs/copy.mid")
    assert run("library", "build", "lib", "songs", "--checkpoint", model).code == 0
    of_files = mapped(model, "songs", "--format", "json").json["pieces"]
    ran = mapped(model, "--library", "lib", "--format", "json", "-o", "map.html")
    assert ran.code == 0, ran.err
    assert [piece["path"] for piece in ran.json["pieces"]] == [piece["path"] for piece in of_files]
    for one, other in zip(ran.json["pieces"], of_files, strict=True):
        assert (one["x"], one["y"]) == pytest.approx((other["x"], other["y"]), abs=0.01)
    with open("map.html", encoding="utf-8") as file:
        (text,) = re.findall(r'id="music">(.*?)</script>', file.read(), re.DOTALL)
    assert all(json.loads(text)["pieces"])
