"""What goes out: whole or not at all, and over nothing that is there."""

import io
import os
import stat
import sys
from unittest.mock import patch

import pytest

from symbolic_embed.commands.shared.outputs import deliver, require_free, say
from symbolic_embed.errors import OutputError, OutputExistsError
from symbolic_embed.files import InUse


def write(content):
    return lambda file: file.write(content)


def test_a_file_is_written(here):
    deliver(write(b"abc"), "x.npz", force=False)
    assert (here / "x.npz").read_bytes() == b"abc"
    assert [path.name for path in here.iterdir()] == ["x.npz"]


def test_what_exists_stays_unless_forced(here):
    (here / "x.npz").write_bytes(b"old")
    with pytest.raises(
        OutputExistsError, match=r"^x\.npz: exists already, nothing was written; `force` overwrites it$"
    ):
        deliver(write(b"new"), "x.npz", force=False)
    assert (here / "x.npz").read_bytes() == b"old"
    deliver(write(b"new"), "x.npz", force=True)
    assert (here / "x.npz").read_bytes() == b"new"


def test_a_file_that_appears_during_the_work_is_not_overwritten(here):
    def slowly(file):
        (here / "x.npz").write_bytes(b"somebody else's")

    with pytest.raises(OutputExistsError):
        deliver(slowly, "x.npz", force=False)
    assert {path.name: path.read_bytes() for path in here.iterdir()} == {"x.npz": b"somebody else's"}


def test_a_failure_leaves_the_old_file_and_nothing_else(here):
    (here / "x.npz").write_bytes(b"old")

    def fail(file):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match=r"^x\.npz: cannot be written: no space left on device$"):
        deliver(fail, "x.npz", force=True)
    assert {path.name: path.read_bytes() for path in here.iterdir()} == {"x.npz": b"old"}


def test_an_input_and_a_device_stay(here):
    (here / "song.mid").write_bytes(b"song")
    os.link("song.mid", "other.mid")
    for ask in (require_free, lambda path, **options: deliver(write(b"new"), path, **options)):
        with pytest.raises(OutputError, match=r"^\./other\.mid: this command reads that file"):
            ask("./other.mid", force=True, in_use=InUse(["song.mid"]))
        with pytest.raises(OutputError, match="is a device; only files are written"):
            ask(os.devnull, force=True)
    assert (here / "song.mid").read_bytes() == b"song"
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


def test_stdout_is_never_in_the_way(here):
    (here / "-").write_bytes(b"mine")
    require_free("-", force=False, in_use=InUse(["-"]))
    assert (here / "-").read_bytes() == b"mine"


def test_a_missing_folder_is_named_before_the_work(here):
    with pytest.raises(OutputError, match=r"there is no folder no/such; make it first$"):
        require_free("no/such/x.npz", force=False)


def test_a_folder_is_no_place_for_an_archive(here):
    (here / "out").mkdir()
    with pytest.raises(OutputError, match=r"^out: is a folder; name a file in it$"):
        require_free("out", force=True)


class Pipe(io.RawIOBase):
    """Takes ten bytes at a time, as a pipe that is nearly full."""

    def __init__(self):
        self.content = b""

    def writable(self):
        return True

    def write(self, data):
        self.content += bytes(data[:10])
        return min(len(data), 10)


def test_an_unbuffered_stdout_gets_everything():
    pipe = Pipe()
    with patch.object(sys, "stdout", io.TextIOWrapper(pipe, write_through=True)):
        say("0123456789" * 1000)
        say("end")
        deliver(write(b"!" * 500), "-", force=False)
    assert pipe.content == b"0123456789" * 1000 + b"end" + b"!" * 500
