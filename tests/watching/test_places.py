"""Where results go, and how it is known what is done."""

import os

import pytest

from symbolic_embed.errors import OutputError
from symbolic_embed.files import NOTHING_IN_USE
from symbolic_embed.watching import places as module
from symbolic_embed.watching.places import MARKER, Done, Places, is_of_ours
from symbolic_embed.watching.snapshot import Stamp

ASKED = {"count": 2, "keep": ["drums"]}
DONE = Done("riff.mid", "ab", Stamp(4, 5), ASKED)


@pytest.fixture
def places(tmp_path):
    return Places(str(tmp_path))


def put(places, done=DONE, **contents):
    contents = {f"{name}.mid": content for name, content in contents.items()}
    return places.put(done, contents, in_use=NOTHING_IN_USE)


def test_what_was_put_is_known_as_done(places, tmp_path):
    place = put(places, one=b"1", two=b"2")
    assert place == tmp_path / "riff.variants"
    assert sorted(path.name for path in place.iterdir()) == [MARKER, "one.mid", "two.mid"]
    assert places.done("riff.mid") == [DONE]
    assert DONE.is_of("riff.mid", "ab", ASKED)
    assert is_of_ours(str(place / "one.mid"))
    assert not is_of_ours(str(tmp_path / "riff.mid"))


def test_other_bytes_another_wish_and_another_clip_of_the_stem_get_a_folder_of_their_own(places):
    names = [
        put(places, Done(clip, sha, DONE.stamp, asked), one=b"1").name
        for clip, sha, asked in (
            ("riff.mid", "ab", ASKED),
            ("riff.mid", "cd", ASKED),
            ("riff.mid", "ab", {"count": 3}),
            ("riff.musicxml", "ab", ASKED),
        )
    ]
    assert names == ["riff.variants", "riff.variants-2", "riff.variants-3", "riff.variants-4"]
    assert {done.sha256 for done in places.done("riff.mid")} == {"ab", "cd"}


def test_what_somebody_else_was_quicker_to_make_is_taken(places, tmp_path):
    place = put(places, one=b"1")
    written = (place / "one.mid").stat().st_mtime_ns
    assert put(places, one=b"1") == place
    assert (place / "one.mid").stat().st_mtime_ns == written
    assert [path.name for path in tmp_path.iterdir()] == ["riff.variants"]


def test_what_a_killed_run_left_is_gone_on_with(places, tmp_path):
    left = tmp_path / "riff.variants"
    left.mkdir()
    (left / "one.mid").write_bytes(b"1")
    before = os.stat(left / "one.mid")
    assert places.done("riff.mid") == []
    assert put(places, one=b"1", two=b"2") == left
    assert os.stat(left / "one.mid").st_mtime_ns == before.st_mtime_ns
    assert (left / "two.mid").read_bytes() == b"2"


def test_what_is_somebody_elses_is_not_touched(places, tmp_path):
    (tmp_path / "riff.variants").write_bytes(b"a file")
    mine = tmp_path / "riff.variants-2"
    mine.mkdir()
    (mine / "one.mid").write_bytes(b"mine")
    assert put(places, one=b"1").name == "riff.variants-3"
    assert (tmp_path / "riff.variants").read_bytes() == b"a file"
    assert [path.name for path in mine.iterdir()] == ["one.mid"]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"clip": 1}', b"\xff"])
def test_a_marker_that_nobody_wrote_says_nothing(places, tmp_path, content):
    place = put(places, one=b"1")
    (place / MARKER).write_bytes(content)
    assert places.done("riff.mid") == []


def test_a_folder_that_was_deleted_is_made_again(places, tmp_path):
    place = put(places, one=b"1")
    for path in place.iterdir():
        path.unlink()
    place.rmdir()
    assert places.done("riff.mid") == []
    assert put(places, one=b"1") == place


def test_the_clips_of_a_hostile_name_stay_in_the_folder(places, tmp_path):
    place = put(places, Done("..\n[x]*.mid", "ab", DONE.stamp, ASKED), one=b"1")
    assert place.parent == tmp_path
    assert place.name == "x.variants"


def test_there_is_an_end_to_the_folders_of_a_clip(places, monkeypatch):
    monkeypatch.setattr(module, "MOST_FOLDERS", 1)
    put(places, one=b"1")
    with pytest.raises(OutputError, match=r"riff\.variants: 1 folders of this clip are there; delete some$"):
        put(places, Done("riff.mid", "cd", DONE.stamp, ASKED), one=b"2")
