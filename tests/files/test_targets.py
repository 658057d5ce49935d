"""What may be written where: nothing that is there, unless it is a file and forced, and never a file in use."""

import os
import socket

import pytest

from symbolic_embed.errors import OutputError, OutputExistsError
from symbolic_embed.files.identity import InUse
from symbolic_embed.files.targets import Target, require_folder, require_free, target


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "song.mid").write_bytes(b"song")
    (tmp_path / "folder").mkdir()
    os.symlink("song.mid", "link")
    os.symlink("folder", "way")
    os.symlink("nowhere", "gone")
    os.symlink(os.devnull, "void")
    return tmp_path


def refusal(path, **options):
    with pytest.raises(OutputError) as caught:
        require_free(path, **options)
    return str(caught.value)


def test_where_nothing_is_a_file_may_be(shelf):
    assert target("new.mid") == target("new.mid", force=True) == Target("new.mid", "new.mid", exists=False)


def test_a_file_stays_unless_forced(shelf):
    with pytest.raises(OutputExistsError, match=r"^song\.mid: exists already, nothing was written; `force` overwrites"):
        target("song.mid")
    assert target("song.mid", force=True) == Target("song.mid", "song.mid", exists=True)


def test_a_link_to_a_file_means_the_file(shelf):
    with pytest.raises(OutputExistsError, match=r"^link: exists already"):
        target("link")
    assert target("link", force=True) == Target("link", str(shelf / "song.mid"), exists=True)


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("folder", "folder: is a folder; name a file in it"),
        ("way", "way: is a link to a folder; name a file in it"),
        ("gone", "gone: is a link that leads nowhere; name the file itself"),
        ("void", "void: is a link to a device; only files are written, name another"),
        (os.devnull, f"{os.devnull}: is a device; only files are written, name another"),
        ("", ": names no file; name one in a folder"),
        ("new/", "new/: names no file; name one in a folder"),
        ("nul\0", r"nul\x00: names no file; name one in a folder"),
        ("no/such/new.mid", "no/such/new.mid: cannot be written: there is no folder no/such; make it first"),
        ("song.mid/new.mid", "song.mid: is no folder, results cannot go into it; name another"),
    ],
)
def test_what_is_never_written(shelf, path, message, force):
    assert refusal(path, force=force) == message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes and sockets in folders")
def test_pipes_and_sockets_are_named_as_what_they_are(shelf):
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        assert refusal("pipe", force=True) == "pipe: is a pipe; only files are written, name another"
        assert refusal("socket", force=True) == "socket: is a socket; only files are written, name another"


@pytest.mark.parametrize("force", [False, True])
def test_a_file_in_use_stays_under_every_name(shelf, force):
    os.link("song.mid", "other.mid")
    for name in ("song.mid", "./song.mid", "other.mid", "link"):
        assert refusal(name, force=force, in_use=InUse(["song.mid"])) == (
            f"{name}: this command reads that file, or writes it elsewhere; name another"
        )
    assert "reads that file" in refusal("later.npz", force=force, in_use=InUse([shelf / "later.npz"]))


def test_a_folder_that_takes_no_files_is_named_before_the_work(shelf, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: path != "folder")
    assert refusal("folder/new.mid") == "folder/new.mid: cannot be written: permission denied in folder"
    require_free("new.mid")


def test_where_a_folder_can_be(shelf):
    for folder in ("folder", "way", "new", "new/deeper", "folder/new", ".", "", shelf / "new"):
        require_folder(folder)
    for folder in ("song.mid", "song.mid/deeper", "link/deeper"):
        with pytest.raises(OutputError, match="is no folder, results cannot go into it; name another"):
            require_folder(folder)
