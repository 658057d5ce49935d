"""Files in the making: where they lie, what they are called, and what is left when the work is broken off."""

import errno
import os
import stat

import pytest
from disk import contents
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.errors import OutputError
from symbolic_embed.files.beside import (
    each,
    errors_named,
    is_unfinished,
    made_folder,
    name_beside,
    new_file,
    refused,
    sync_folder,
)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@given(folder=st.sampled_from(["", "out", "/a/b"]), name=st.text("abc.é", min_size=1, max_size=300))
def test_a_file_in_the_making_lies_beside_its_place_under_a_name_that_always_fits(folder, name):
    path = os.path.join(folder, name)
    beside, another = name_beside(path), name_beside(path)
    assert os.path.dirname(beside) == os.path.dirname(path)
    assert beside != another  # nobody foresees it
    assert is_unfinished(os.path.basename(beside))
    assert len(os.fsencode(os.path.basename(beside))) < 60
    assert not is_unfinished(name)


def test_a_new_file_is_new(here):
    (here / "a").write_bytes(b"old")
    os.symlink("nowhere", "link")
    for name in ("a", "link"):
        with pytest.raises(FileExistsError):
            new_file(name)
    assert (here / "a").read_bytes() == b"old"
    assert not os.path.exists("nowhere")


def make(folder, during=lambda: None):
    with made_folder(folder):
        assert os.path.isdir(folder or ".")
        during()


def test_folders_that_nothing_has_come_into_go_again(here):
    (here / "there").mkdir()
    make("there/deep/deeper")
    assert contents(here) == {"there": None}
    make("there/deep/deeper", lambda: (here / "there" / "deep" / "file").write_bytes(b""))
    assert contents(here) == {"there": None, "there/deep": None, "there/deep/file": b""}


def test_a_folder_that_was_there_stays_though_it_is_empty(here):
    (here / "there").mkdir()
    make("there")
    make("")
    assert contents(here) == {"there": None}


def test_folders_go_also_when_the_work_fails(here):
    with pytest.raises(ZeroDivisionError):
        make("deep/deeper", lambda: 1 / 0)
    assert contents(here) == {}


def test_a_folder_that_somebody_else_makes_at_the_same_time_is_his(here, monkeypatch):
    really = os.mkdir

    def mkdir(path):
        really(path)
        raise FileExistsError(errno.EEXIST, "File exists", path)

    monkeypatch.setattr(os, "mkdir", mkdir)
    make("out")
    assert contents(here) == {"out": None}


def test_what_cannot_be_a_folder_is_named(here):
    (here / "file").write_bytes(b"")
    for folder in ("file", "file/deep"):
        with pytest.raises(OutputError, match=rf"^{folder}: (is no folder|cannot be made: not a directory)"):
            make(folder)
    assert contents(here) == {"file": b""}


def raising(error):
    with errors_named("x.mid"):
        raise error


@pytest.mark.parametrize("filename", [None, "x.mid", "out/.symbolic_embed-0.part", b".symbolic_embed-0.part"])
def test_an_error_names_the_file_as_the_user_knows_it(filename):
    with pytest.raises(OutputError, match=r"^x\.mid: cannot be written: permission denied$"):
        raising(PermissionError(errno.EACCES, "Permission denied", filename))


def test_an_error_about_another_file_keeps_its_name():
    with pytest.raises(PermissionError) as caught:
        raising(PermissionError(errno.EACCES, "Permission denied", "other.mid"))
    assert caught.value.filename == "other.mid"


def test_an_error_stays_on_one_line_and_says_what_the_system_said():
    assert str(refused("a\nb", OSError("odd"), what="cannot be made")) == r"a\nb: cannot be made: odd"


@pytest.mark.parametrize("error", [errno.EINVAL, errno.ENOTSUP, errno.EACCES])
def test_a_file_system_that_syncs_no_folders_is_no_failure(here, monkeypatch, error):
    monkeypatch.setattr(os, "fsync", lambda _: raise_(OSError(error, "no")))
    sync_folder(".")


def test_a_disk_that_fails_to_sync_is_a_failure(here, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: raise_(OSError(errno.EIO, "Input/output error")))
    with pytest.raises(OSError, match="Input/output error"):
        sync_folder("")


def test_a_folder_that_cannot_be_opened_is_no_failure(here):
    """Windows opens none."""
    sync_folder("missing")


def test_a_folder_is_synced(here, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda opened: synced.append(stat.S_ISDIR(os.fstat(opened).st_mode)))
    sync_folder(here)
    assert synced == [True]


def raise_(error):
    raise error


def test_everything_is_done_whatever_interrupts_and_the_first_error_is_told():
    done = []
    with pytest.raises(KeyboardInterrupt):
        each(
            [
                lambda: done.append(1),
                lambda: raise_(KeyboardInterrupt()),
                lambda: raise_(OSError()),
                lambda: done.append(2),
            ]
        )
    assert done == [1, 2]
    each([])
