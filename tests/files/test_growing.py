"""Text that grows line by line: seen at once, kept when the work breaks off, and over nothing until the first line."""

import errno
import os

import pytest
from disk import Disk, contents

from symbolic_embed.errors import OutputError, OutputExistsError
from symbolic_embed.files import GrowingFile, InUse


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_line_can_be_read_at_once(here):
    file = GrowingFile("report")
    assert contents(here) == {}
    file.write("one")
    assert contents(here) == {"report": b"one\n"}
    file.write("caf\udce9")
    assert contents(here) == {"report": b"one\ncaf\xe9\n"}
    file.close()
    assert contents(here) == {"report": b"one\ncaf\xe9\n"}


def test_an_earlier_one_is_there_until_the_first_line(here):
    (here / "report").write_bytes(b"earlier\n")
    with pytest.raises(OutputExistsError):
        GrowingFile("report")
    file = GrowingFile("report", force=True)
    assert contents(here) == {"report": b"earlier\n"}
    file.write("one")
    file.write("two")
    file.close()
    assert contents(here) == {"report": b"one\ntwo\n"}


def test_without_a_line_nothing_is_written(here):
    GrowingFile("report").close()
    assert contents(here) == {}


def test_where_it_cannot_be_is_said_before_the_first_line(here):
    (here / "song.mid").write_bytes(b"song")
    with pytest.raises(OutputError, match="there is no folder no/such"):
        GrowingFile("no/such/report")
    with pytest.raises(OutputError, match="this command reads that file"):
        GrowingFile("song.mid", force=True, in_use=InUse(["./song.mid"]))


def test_a_file_that_comes_into_being_before_the_first_line_stays(here):
    file = GrowingFile("report")
    (here / "report").write_bytes(b"somebody else's")
    with pytest.raises(OutputExistsError):
        file.write("one")
    file.close()
    assert contents(here) == {"report": b"somebody else's"}


@pytest.mark.parametrize("number", range(1, 6))
def test_whatever_fails_at_the_first_line_the_earlier_one_is_whole(here, number):
    (here / "report").write_bytes(b"earlier\n")
    file, disk = GrowingFile("report", force=True), Disk(number)
    with pytest.raises(OutputError, match=r"^report: cannot be written: no space left on device$"), disk.in_place():
        file.write("one")
    assert disk.count >= number
    assert contents(here) == {"report": b"earlier\n"}


def test_in_the_end_every_line_is_on_the_disk(here, monkeypatch):
    file = GrowingFile("report")
    file.write("one")
    file.write("two")
    sizes = []
    monkeypatch.setattr(os, "fsync", lambda opened: sizes.append(os.fstat(opened).st_size))
    file.close()
    assert sizes == [len(b"one\ntwo\n")]
    with pytest.raises(ValueError, match="closed"):
        file.write("three")


def test_a_later_line_that_fails_leaves_those_before_it(here, monkeypatch):
    file = GrowingFile("report")
    file.write("one")

    class Full:
        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(file, "_file", Full())
    with pytest.raises(OutputError, match=r"^report: cannot be written: no space left on device$"):
        file.write("two")
    assert contents(here) == {"report": b"one\n"}
