"""Which file a path means: two names of one file are one, whatever they look like."""

import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.files import identity as comparing
from symbolic_embed.files.identity import InUse, identity, ignores_case, kind


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.mid").write_bytes(b"a")
    (tmp_path / "b.mid").write_bytes(b"a")
    return tmp_path


def test_names_of_one_file_are_one(shelf):
    os.symlink("a.mid", "link.mid")
    os.symlink("link.mid", "link to the link.mid")
    os.link("a.mid", "other.mid")
    names = ["a.mid", "./a.mid", "deep/../a.mid", "link.mid", "link to the link.mid", "other.mid", shelf / "a.mid"]
    assert len({identity(name) for name in names}) == 1
    assert identity("b.mid") != identity("a.mid")  # equal content is not enough


def test_files_that_are_not_there_yet_are_compared_by_folder_and_name(shelf):
    os.symlink("deep", "way")
    names = ["deep/new.mid", "./deep/new.mid", "way/new.mid", shelf / "deep" / "new.mid"]
    assert len({identity(name) for name in names}) == 1
    assert len({identity(name) for name in ("new.mid", "deep/new.mid", "deep/other.mid", "no/such/new.mid")}) == 4


def test_a_name_that_cannot_be_is_still_a_name(shelf):
    assert identity("nul\0.mid") == identity("nul\0.mid")
    assert kind("nul\0.mid") is None


def test_a_file_system_without_inodes_is_compared_by_names(shelf, monkeypatch):
    really = os.stat

    def numberless(path, *_, **options):
        status = list(really(path))
        status[stat.ST_INO] = 0
        return os.stat_result(status)

    monkeypatch.setattr(os, "stat", numberless)
    monkeypatch.setattr(comparing, "ignores_case", lambda folder: False)
    assert identity("a.mid") == identity("./a.mid")
    assert identity("a.mid") != identity("b.mid")


@given(name=st.text("abcXYZéÉß", min_size=1, max_size=5))
def test_where_capitals_mean_small_letters_names_are_compared_so(name):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing, "ignores_case", lambda folder: True)
        assert identity(f"no_such_{name}") == identity(f"no_such_{name.upper()}") == identity(f"no_such_{name.lower()}")
        patch.setattr(comparing, "ignores_case", lambda folder: False)
        assert (identity(f"no_such_{name}") == identity(f"no_such_{name.upper()}")) == (name == name.upper())


def test_whether_capitals_count_is_tried_out(shelf):
    assert ignores_case(".") is ignores_case("deep") is os.path.exists("A.MID")
    (shelf / "deep" / "tune").write_bytes(b"")
    if not os.path.exists("deep/TUNE"):
        os.symlink("tune", "deep/TUNE")  # plays what such a file system does
    assert ignores_case("deep")


def test_kinds_have_names(shelf):
    os.symlink("a.mid", "link.mid")
    os.symlink("nowhere", "gone.mid")
    os.symlink("deep", "way")
    names = ["a.mid", "deep", "link.mid", "gone.mid", "way", "nothing", "a.mid/inside"]
    assert [kind(name) for name in names] == ["a file", "a folder", *["a symbolic link"] * 3, None, None]
    assert [kind(name, follow=True) for name in names[2:5]] == ["a file", None, "a folder"]
    assert kind(os.devnull) == "a device"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_is_no_file(shelf):
    os.mkfifo("pipe")
    assert kind("pipe") == "a pipe"


def test_what_is_in_use_is_found_under_every_name(shelf):
    os.link("a.mid", "other.mid")
    (shelf / "deep" / "there.mid").write_bytes(b"")
    in_use = InUse(["a.mid", "missing.mid", "deep"])
    assert all(name in in_use for name in ("./a.mid", "other.mid", shelf / "missing.mid", "deep/there.mid"))
    assert not any(name in in_use for name in ("b.mid", "deep/new.mid", "other missing.mid"))


def test_other_files_may_be_in_use_as_well(shelf):
    (shelf / "deep" / "there.mid").write_bytes(b"")
    first = InUse(["a.mid", "deep"])
    both = first.also("x.npz", None)
    assert all(name in both for name in ("a.mid", "deep/there.mid", "./x.npz"))
    assert "b.mid" not in both
    assert "x.npz" not in first
