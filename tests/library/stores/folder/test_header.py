"""What a folder must be to be a library, and what is said where it is none."""

import json
import re

import pytest
import small_pieces as small

from symbolic_embed.errors import CheckpointError, LibraryError
from symbolic_embed.library.stores.folder import FolderLibrary, Header, is_library
from symbolic_embed.library.stores.opening import new_library, open_library


def new(folder, **options):
    return new_library(str(folder), **{"checkpoint": small.CHECKPOINT, "kinds": small.KINDS, **options})


def test_a_new_library_is_made_once_and_opened_after_that(tmp_path):
    small.add(new(tmp_path / "a" / "lib", options={"quantise": "no"}), [1])
    again = new(tmp_path / "a" / "lib", options={"quantise": "no"})
    assert small.there(again) == {1}
    assert again.options == {"quantise": "no"}
    assert is_library(str(tmp_path / "a" / "lib"))


@pytest.mark.parametrize("act", [new, lambda path: open_library(str(path))])
def test_a_file_is_no_library(tmp_path, act):
    (tmp_path / "lib").write_bytes(b"music")
    with pytest.raises(LibraryError, match=r"lib: is a file, a library is a folder; name another"):
        act(tmp_path / "lib")
    assert (tmp_path / "lib").read_bytes() == b"music"


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "song.mid").write_bytes(b"music")
    with pytest.raises(LibraryError, match="is a folder with other things in it; name a new or an empty one"):
        new(tmp_path)
    with pytest.raises(LibraryError, match=r"no library there; `library build .* FOLDERS...` makes one"):
        open_library(str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["song.mid"]


def test_making_that_was_cut_off_is_done_again(tmp_path):
    new(tmp_path / "lib").close()
    (tmp_path / "lib" / "library.json").unlink()
    small.add(new(tmp_path / "lib"), [3])
    assert small.there(open_library(str(tmp_path / "lib"))) == {3}


def test_another_checkpoint_is_refused(tmp_path):
    new(tmp_path / "lib").close()
    for act in (
        lambda: open_library(str(tmp_path / "lib"), checkpoint="d" * 64),
        lambda: new(tmp_path / "lib", checkpoint="d" * 64),
    ):
        with pytest.raises(CheckpointError, match="built with checkpoint cccccccccccc, this is dddddddddddd"):
            act()


def test_other_kinds_and_options_are_refused(tmp_path):
    new(tmp_path / "lib", options={"a": "1"}).close()
    with pytest.raises(LibraryError, match="built with kinds bars, content, passages, bars is asked for"):
        new(tmp_path / "lib", kinds=frozenset({"bars"}), options={"a": "1"})
    with pytest.raises(LibraryError, match="built with a 1, unset is asked for"):
        new(tmp_path / "lib")


def test_another_format_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("symbolic_embed.library.stores.folder.header.FORMAT", 7)
    new(tmp_path / "lib").close()
    monkeypatch.undo()
    with pytest.raises(LibraryError, match="format 7, this version reads 1"):
        open_library(str(tmp_path / "lib"))


def test_every_changed_letter_of_the_header_is_noticed_and_mended(tmp_path):
    small.add(new(tmp_path / "lib"), [1, 2])
    path = tmp_path / "lib" / "library.json"
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        if json.loads(whole) == _perhaps(path.read_bytes()):
            continue  # white space
        with pytest.raises(LibraryError, match=re.escape(str(path))):
            open_library(str(tmp_path / "lib"))
        assert small.there(new(tmp_path / "lib")) == {1, 2}
        assert path.read_bytes() == whole


def test_a_damaged_header_is_not_mended_by_another_checkpoint(tmp_path):
    new(tmp_path / "lib").close()
    (tmp_path / "lib" / "library.json").write_bytes(b"{}")
    with pytest.raises(LibraryError, match="its head is damaged, and was another"):
        new(tmp_path / "lib", checkpoint="d" * 64)


def _perhaps(content):
    try:
        return json.loads(content)
    except ValueError:
        return None


def test_an_unknown_kind_is_refused_by_name(tmp_path):
    with pytest.raises(LibraryError, match="holds smell, which this version does not know"):
        FolderLibrary.made(str(tmp_path / "lib"), Header(small.CHECKPOINT, frozenset({"smell"})))
