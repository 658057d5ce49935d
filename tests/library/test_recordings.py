"""Recordings that a library keeps."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest
import small_pieces

from symbolic_embed.errors import InputError, LibraryError
from symbolic_embed.files.folders import Found
from symbolic_embed.library.recordings import FOLDER, LIST, KeptRecordings
from symbolic_embed.listening.countings import Counted


def ways(seed: int = 0) -> list[Counted]:
    random = np.random.default_rng(seed)
    return [
        Counted(48, 8, 2.0, random.normal(size=(20, 6)).astype(np.float32)),
        Counted(36, 4, 1.5, np.ones((24, 6), np.float32)),
    ]


@pytest.fixture
def library(tmp_path):
    return small_pieces.made(tmp_path / "library").folder


@pytest.fixture
def files(tmp_path):
    paths = []
    for name in "abc":
        path = tmp_path / f"{name}.wav"
        path.write_bytes(name.encode() * 100)
        os.utime(path, ns=(10**18, 10**18))
        paths.append(str(path))
    return paths


def added(library, paths, heard=lambda path: ways()) -> dict[str, tuple[str, str | None]]:
    outcomes = {}

    def told(outcome):
        outcomes[os.path.basename(outcome.path)] = (outcome.state, outcome.reason)

    KeptRecordings(library, encoder="e1").add([Found(path) for path in paths], heard, told)
    return outcomes


def test_what_was_heard_comes_back(library, files):
    assert set(added(library, files).values()) == {("embedded", None)}
    kept = KeptRecordings(library, encoder="e1")
    assert [one.path for one in kept.sounding()] == sorted(files)
    for one in kept.sounding():
        for ours, theirs in zip(one.ways, ways(), strict=True):
            assert (ours.steps, ours.pulses) == (theirs.steps, theirs.pulses)
            np.testing.assert_allclose(ours.vectors, theirs.vectors, atol=2e-3)


def test_twice_is_once(library, files):
    added(library, files)

    def never(path):
        raise AssertionError(path)

    assert set(added(library, files, never).values()) == {("unchanged", None)}


def test_another_name_of_the_same_bytes_is_known(library, files, tmp_path):
    added(library, files)
    copy = tmp_path / "copy.wav"
    copy.write_bytes((tmp_path / "a.wav").read_bytes())
    assert added(library, [str(copy)]) == {"copy.wav": ("known", None)}
    assert len(KeptRecordings(library)) == 4


def test_who_cannot_be_heard_is_remembered_with_the_reason(library, files):
    def refusing(path):
        raise InputError(path, "3.0 seconds of silence")

    assert added(library, files[:1], refusing) == {"a.wav": ("rejected", "3.0 seconds of silence")}
    assert added(library, files[:1]) == {"a.wav": ("rejected", "3.0 seconds of silence")}
    assert len(KeptRecordings(library)) == 0


def test_what_is_missing_is_rejected_and_not_kept(library, tmp_path):
    outcomes = added(library, [str(tmp_path / "gone.wav")])
    assert outcomes["gone.wav"][0] == "rejected"
    assert not KeptRecordings(library).files()


def test_forgotten_is_gone_from_the_disk_unless_another_file_has_it(library, files):
    added(library, files)
    kept = KeptRecordings(library)
    assert kept.remove([files[0]]) == 1
    assert len(KeptRecordings(library)) == 2
    assert sum(name.endswith(".npz") for name in os.listdir(kept.folder)) == 2
    assert kept.remove(["elsewhere"]) == 0


def test_an_interruption_costs_one_recording(library, files):
    def interrupted(path):
        if path == files[1]:
            raise KeyboardInterrupt
        return ways()

    with pytest.raises(KeyboardInterrupt):
        added(library, files, interrupted)
    outcomes = added(library, files)
    assert outcomes["a.wav"][0] == "unchanged"
    assert outcomes["c.wav"][0] == "embedded"
    assert len(KeptRecordings(library)) == 3


def test_another_encoders_recordings_are_refused_with_both_hashes(library, files):
    added(library, files)
    with pytest.raises(LibraryError, match=r"another encoder \(e1, this checkpoint has e2\)"):
        KeptRecordings(library, encoder="e2")


@pytest.mark.parametrize("content", ["", "{}", '{"encoder": "e1", "files": [{"path": 1}]}'])
def test_a_damaged_list_is_refused(library, files, content):
    added(library, files)
    with open(os.path.join(library, FOLDER, LIST), "w") as file:
        file.write(content)
    with pytest.raises(LibraryError, match="damaged"):
        KeptRecordings(library, encoder="e1")


def test_a_damaged_recording_is_named(library, files):
    added(library, files[:1])
    folder = os.path.join(library, FOLDER)
    (name,) = [name for name in os.listdir(folder) if name.endswith(".npz")]
    with open(os.path.join(folder, name), "wb") as file:
        file.write(b"nothing")
    with pytest.raises(LibraryError, match=name):
        list(KeptRecordings(library).sounding())


def test_the_list_is_json(library, files):
    added(library, files)
    with open(os.path.join(library, FOLDER, LIST)) as file:
        content = json.load(file)
    assert content["encoder"] == "e1"
    assert [one["path"] for one in content["files"]] == sorted(files)
