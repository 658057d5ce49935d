"""The one way onto the disk: whole or not at all, together or not at all, and nothing is left beside."""

import errno
import os
import shutil
import stat
import threading
from contextlib import suppress

import pytest
from disk import Disk, contents
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.errors import OutputError, OutputExistsError
from symbolic_embed.files import FileSet, InUse, place, placing, write_durably


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def placed(path, during=lambda: None, **options):
    """A new file at `path`; `during` happens while it is in the making."""
    with placing(path, **options) as file:
        file.write(b"new")
        during()


def placed_set(names, during=lambda: None, **options):
    with FileSet(**options) as files:
        for name in names:
            files.add(name, b"new")
        during()


def fail():
    raise ZeroDivisionError


def test_a_file_is_written(here):
    place(b"abc", "x.npz")
    assert contents(here) == {"x.npz": b"abc"}


def test_a_file_may_be_filled_bit_by_bit(here):
    with placing("x.wav") as file:
        file.write(b"abc")
        assert contents(here).keys() != {"x.wav"}  # it lies beside its place until it is whole
        file.seek(0)
        file.write(b"A")
    assert contents(here) == {"x.wav": b"Abc"}


def test_what_exists_stays_unless_forced(here):
    place(b"old", "x.npz")
    with pytest.raises(OutputExistsError, match=r"^x\.npz: exists already"):
        place(b"new", "x.npz")
    assert contents(here) == {"x.npz": b"old"}
    place(b"new", "x.npz", force=True)
    assert contents(here) == {"x.npz": b"new"}


@pytest.mark.skipif(os.name == "nt", reason="who may read a file is told otherwise there")
def test_who_may_read_a_file_stays_so_when_it_is_replaced(here):
    place(b"old", "x.npz")
    os.chmod("x.npz", 0o640)
    place(b"new", "x.npz", force=True)
    assert stat.S_IMODE(os.stat("x.npz").st_mode) == 0o640


@pytest.mark.skipif(os.name == "nt", reason="who may read a file is told otherwise there")
def test_a_new_file_may_be_read_by_whom_the_user_lets(here):
    before = os.umask(0o027)
    try:
        place(b"new", "x.npz")
    finally:
        os.umask(before)
    assert stat.S_IMODE(os.stat("x.npz").st_mode) == 0o640


def test_a_link_to_a_file_stays_and_the_file_is_replaced(here):
    os.mkdir("elsewhere")
    place(b"old", "elsewhere/x.npz")
    os.symlink("elsewhere/x.npz", "link.npz")
    place(b"new", "link.npz", force=True)
    assert os.readlink("link.npz") == "elsewhere/x.npz"
    assert contents(here) == {"elsewhere": None, "elsewhere/x.npz": b"new", "link.npz": b"new"}


def test_a_device_stays_a_device(here):
    with pytest.raises(OutputError, match="is a device; only files are written"):
        place(b"new", os.devnull, force=True)
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("what", ["folder", "pipe", "link"])
def test_what_comes_into_being_during_the_work_is_not_replaced(here, what, force):
    make = {"folder": lambda: os.mkdir("x"), "pipe": lambda: os.mkfifo("x"), "link": lambda: os.symlink("gone", "x")}
    if what == "pipe" and not hasattr(os, "mkfifo"):
        pytest.skip("this system has no pipes in folders")
    with pytest.raises(OutputError, match=rf"^x: is a {what}"):
        placed("x", make[what], force=force)
    assert os.listdir() == ["x"]
    assert not os.path.isfile("x")


def test_a_file_that_comes_into_being_during_the_work_stays_unless_forced(here):
    def somebody_else():
        (here / "x").write_bytes(b"somebody else's")

    with pytest.raises(OutputExistsError):
        placed("x", somebody_else)
    assert contents(here) == {"x": b"somebody else's"}
    os.unlink("x")
    placed("x", somebody_else, force=True)
    assert contents(here) == {"x": b"new"}


def test_a_link_that_is_turned_elsewhere_during_the_work_is_not_followed(here):
    for name in "ab":
        place(b"old", name)
    os.symlink("a", "link")

    def turned():
        os.unlink("link")
        os.symlink("b", "link")

    with pytest.raises(OutputError, match=r"^link: leads elsewhere since the work began"):
        placed("link", turned, force=True)
    assert contents(here) == {"a": b"old", "b": b"old", "link": b"old"}


def test_of_two_at_a_time_one_wins_and_its_file_is_whole(here):
    barrier, refused = threading.Barrier(4), []

    def write(content):
        barrier.wait()
        try:
            place(content, "x")
        except OutputExistsError:
            refused.append(content)

    written = [bytes([letter]) * 100_000 for letter in b"abcd"]
    threads = [threading.Thread(target=write, args=(content,)) for content in written]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    assert contents(here) == {"x": (set(written) - set(refused)).pop()}


def test_an_input_stays_under_whatever_name_it_is_written_to(here):
    place(b"song", "song.mid")
    os.link("song.mid", "other.mid")
    for name in ("song.mid", "./song.mid", "other.mid"):
        with pytest.raises(OutputError, match="this command reads that file"):
            place(b"new", name, force=True, in_use=InUse(["song.mid"]))
    assert contents(here) == {"song.mid": b"song", "other.mid": b"song"}


def test_what_somebody_else_refuses_keeps_its_name(here):
    with pytest.raises(FileNotFoundError) as caught:
        placed("x", lambda: os.stat("missing.mid"))
    assert caught.value.filename == "missing.mid"
    assert contents(here) == {}


def test_an_error_of_the_work_comes_through_and_leaves_the_old_file(here):
    place(b"old", "x")
    with pytest.raises(ZeroDivisionError):
        placed("x", fail, force=True)
    assert contents(here) == {"x": b"old"}


def test_a_full_disk_is_said_in_a_line_that_names_the_file(here):
    with pytest.raises(OutputError) as caught, Disk(1).in_place():
        place(b"abc", "x")
    assert str(caught.value) == "x: cannot be written: no space left on device"


def test_a_name_that_is_too_long_for_the_file_system_is_named_as_it_was_given(here):
    name = "x" * 252 + ".npz"
    place(b"abc", name[:-4])  # the name in the making is shorter than those that fit
    with pytest.raises(OutputError, match=rf"^{name}: cannot be written: file name too long$"):
        place(b"abc", name)
    assert list(contents(here)) == [name[:-4]]


def test_what_a_program_owns_is_replaced_and_its_folder_made(here):
    write_durably("deep/run/settings.json", b"old")
    write_durably("deep/run/settings.json", b"new")
    assert contents(here) == {"deep": None, "deep/run": None, "deep/run/settings.json": b"new"}


def test_sets_take_their_places_together(here):
    with FileSet() as files:
        files.add("out/a.mid", b"a")
        with files.open("out/a.png") as file:
            file.write(b"picture")
        assert not os.path.exists("out/a.mid")
    assert contents(here) == {"out": None, "out/a.mid": b"a", "out/a.png": b"picture"}


def test_a_set_of_which_one_exists_is_not_written(here):
    write_durably("out/b.mid", b"old")
    with pytest.raises(OutputExistsError, match=r"^out/b\.mid"):
        placed_set(["out/a.mid", "out/b.mid"])
    assert contents(here) == {"out": None, "out/b.mid": b"old"}


def test_a_set_whose_work_fails_leaves_no_folder(here):
    with pytest.raises(ZeroDivisionError):
        placed_set(["out/deep/a.mid"], fail)
    assert contents(here) == {}


def test_a_file_that_failed_is_no_part_of_its_set(here):
    with FileSet() as files:
        with suppress(ZeroDivisionError), files.open("b") as file:
            file.write(b"half")
            fail()
        files.add("a", b"a")
    assert contents(here) == {"a": b"a"}


def test_two_files_of_one_name_are_refused(here):
    with pytest.raises(OutputError, match=r"^\./a: two files of one name would be written"):
        placed_set(["a", "./a"])
    assert contents(here) == {}


def test_earlier_files_go_with_the_set_that_replaces_them(here):
    write_durably("a.mid", b"old")
    write_durably("a.diff", b"old")
    with FileSet(force=True) as files:
        files.add("a.mid", b"new")
        files.take_away("a.diff")
        files.take_away("a.png")
        assert os.path.exists("a.diff")
    assert contents(here) == {"a.mid": b"new"}


NAMES = ("a.mid", "b.mid", "out/c.mid", "new/deep/d.mid")
SETS = {
    "existing": st.sets(st.sampled_from(NAMES[:3])),
    "written": st.lists(st.sampled_from(NAMES), unique=True, min_size=1),
    "taken_away": st.booleans(),
    "after": st.booleans(),
    "links": st.booleans(),
    "is_interrupt": st.booleans(),
}


@given(**SETS)
def test_whatever_fails_all_is_as_it_was_or_as_it_was_to_be(
    tmp_path_factory, existing, written, taken_away, after, links, is_interrupt
):
    """For every act of writing: where it fails, or where Ctrl-C is pressed right before or right after it, each file is
    the old one, or each is the new one, and nothing lies beside; the error names a file of the set."""
    error = KeyboardInterrupt() if is_interrupt else OSError(errno.ENOSPC, "No space left on device")
    number, disk = 0, None
    while disk is None or disk.has_failed:
        number += 1
        folder = tmp_path_factory.mktemp("shelf")
        (folder / "out").mkdir()
        for name in [*sorted(existing), "old.diff"]:
            (folder / name).write_bytes(b"old " + name.encode())
        before = contents(folder)
        disk, refusal = Disk(number, error, after=after, links=links), None
        try:
            with disk.in_place(), FileSet(force=True) as files:
                for name in written:
                    files.add(folder / name, b"new")
                if taken_away:
                    files.take_away(folder / "old.diff")
        except (KeyboardInterrupt, OutputError) as caught:
            refusal = caught
        wanted = before | dict.fromkeys(written, b"new")
        wanted |= {"new": None, "new/deep": None} if NAMES[3] in written else {}
        if taken_away:
            del wanted["old.diff"]
        assert contents(folder) == (before if disk.has_failed else wanted)
        assert (refusal is not None) is disk.has_failed
        assert refusal is None or isinstance(refusal, KeyboardInterrupt) is is_interrupt
        if isinstance(refusal, OutputError):
            assert any(str(refusal).startswith(str(folder / name)) for name in [*NAMES, "old.diff", "new/deep"])
            assert ".part" not in str(refusal)
        shutil.rmtree(folder)
    assert disk.count == number - 1 > 0


@given(after=st.booleans(), links=st.booleans(), is_interrupt=st.booleans())
def test_whatever_fails_without_force_nothing_is_there(tmp_path_factory, after, links, is_interrupt):
    error = KeyboardInterrupt() if is_interrupt else OSError(errno.EIO, "Input/output error")
    number, disk = 0, None
    while disk is None or disk.has_failed:
        number += 1
        folder = tmp_path_factory.mktemp("shelf")
        disk = Disk(number, error, after=after, links=links)
        try:
            with disk.in_place(), FileSet() as files:
                for name in ("deep/a.mid", "deep/a.json"):
                    files.add(folder / name, b"new")
        except (KeyboardInterrupt, OutputError):
            assert disk.has_failed
        made = {"deep": None, "deep/a.mid": b"new", "deep/a.json": b"new"}
        assert contents(folder) == ({} if disk.has_failed else made)
        shutil.rmtree(folder)


def test_an_earlier_file_that_cannot_be_put_back_is_kept_and_named(here, monkeypatch):
    """The rename of the second file fails, and then the one that would put the first back."""
    for name in "ab":
        place(b"old", name)
    really, renames = os.replace, []

    def replace(source, goal):
        renames.append(goal)
        if len(renames) > 1:
            raise OSError(errno.EIO, "Input/output error")
        really(source, goal)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(OutputError) as caught:
        placed_set("ab", force=True)
    begin, _, kept = str(caught.value).rpartition(" ")
    assert begin == "a: cannot be put back (Input/output error); it is kept as"
    assert contents(here) == {"a": b"new", "b": b"old", kept: b"old"}


def test_where_every_rename_fails_there_is_nothing_to_put_back(here, monkeypatch):
    place(b"old", "a")

    def fail(*_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OutputError, match=r"^a: cannot be written: input/output error$"):
        placed("a", force=True)
    assert contents(here) == {"a": b"old"}


def test_a_file_is_on_the_disk_before_it_takes_its_place(here, monkeypatch):
    acts = []
    for name in ("fsync", "link", "replace"):
        really = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *given, act=name, really=really: (acts.append(act), really(*given))[1])
    place(b"new", "x")
    assert acts == ["fsync", "link", "fsync"]
    acts.clear()
    place(b"newer", "x", force=True)
    assert acts == ["fsync", "link", "replace", "fsync"]


@pytest.mark.parametrize("error", [errno.EINVAL, errno.EACCES])
def test_a_folder_that_cannot_be_synced_is_no_failure(here, monkeypatch, error):
    really = os.fsync

    def fsync(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(error, "no")
        really(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    place(b"new", "x")
    assert contents(here) == {"x": b"new"}
