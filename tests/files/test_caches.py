"""A folder that is there whole or not at all."""

import os
import shutil

import pytest
from disk import Disk, contents

from symbolic_embed.errors import OutputError
from symbolic_embed.files import placing_folder


def fill(path):
    with placing_folder(path) as folder:
        for name in ("bars/notes.npy", "bars/steps.npy", "stamp.json"):
            with folder.open(name) as file:
                file.write(name.encode())


FILLED = {
    "cache": None,
    "cache/1": None,
    "cache/1/bars": None,
    "cache/1/bars/notes.npy": b"bars/notes.npy",
    "cache/1/bars/steps.npy": b"bars/steps.npy",
    "cache/1/stamp.json": b"stamp.json",
}


def test_it_is_there_when_all_of_it_is(tmp_path):
    with placing_folder(tmp_path / "cache" / "1") as folder:
        with folder.open("stamp.json") as file:
            file.write(b"stamp")
        assert not (tmp_path / "cache" / "1").exists()
    assert contents(tmp_path) == {"cache": None, "cache/1": None, "cache/1/stamp.json": b"stamp"}


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=repr)
@pytest.mark.parametrize("after", [False, True])
def test_whatever_fails_it_is_not_there_and_nothing_is_beside(tmp_path, error, after):
    """The last act is the sync of the folder that it lies in: then it is there already."""
    number, outcomes = 0, []
    while not outcomes or outcomes[-1] is not None:
        number += 1
        disk, refusal = Disk(number, error, after=after), None
        try:
            with disk.in_place():
                fill(tmp_path / "cache" / "1")
        except (KeyboardInterrupt, OutputError) as caught:
            refusal = caught
        outcomes.append(str(refusal) if disk.has_failed else None)
        left = contents(tmp_path)
        assert left in ({}, FILLED)
        assert left or refusal
        if isinstance(refusal, OutputError):
            assert str(refusal).startswith(str(tmp_path / "cache"))
            assert ".part" not in str(refusal)
        shutil.rmtree(tmp_path / "cache", ignore_errors=True)
    assert len(outcomes) > 10


def test_all_of_it_is_on_the_disk_before_it_takes_its_place(tmp_path, monkeypatch):
    acts = []
    for name in ("fsync", "rename"):
        really = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *given, act=name, really=really: (acts.append(act), really(*given))[1])
    fill(tmp_path / "1")
    assert acts == ["fsync"] * 4 + ["rename", "fsync"]  # three files, the folder, and after it the one that it lies in


def test_an_error_of_the_work_leaves_nothing(tmp_path):
    def half():
        with placing_folder(tmp_path / "cache" / "1") as folder, folder.open("half") as file:
            file.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert contents(tmp_path) == {}


def test_what_somebody_else_has_put_there_meanwhile_stays(tmp_path):
    with placing_folder(tmp_path / "cache" / "1"):
        fill(tmp_path / "cache" / "1")
    assert contents(tmp_path) == FILLED


def test_a_file_in_its_place_is_an_error_that_names_it(tmp_path):
    (tmp_path / "1").write_bytes(b"")
    with pytest.raises(OutputError) as caught:
        fill(tmp_path / "1")
    assert str(caught.value).startswith(f"{tmp_path / '1'}: cannot be written: ")
    assert os.listdir(tmp_path) == ["1"]
