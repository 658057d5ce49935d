"""What is known as ours, and what is anybody's."""

import json
import os

import pytest

from symbolic_embed.outputs.earlier import COMPANIONS, beside_in, companions, record_in

OURS = {"command": "vary", "settings": {"strength": 0.5}, "seed": {"sha256": "0"}}
FOREIGN = [b"", b"{", b"[]", b"5", b"null", b"\xff\xfe", b"[" * 100_000, b'{"command": "vary"}']
FOREIGN += [json.dumps({**OURS, name: value}).encode() for name in OURS for value in (["list"], None, 5)]


def test_a_record_comes_back(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(OURS))
    assert record_in(tmp_path / "a.json") == OURS
    os.symlink("a.json", tmp_path / "b.json")
    assert record_in(tmp_path / "b.json") == OURS


@pytest.mark.parametrize("content", FOREIGN, ids=lambda content: content[:30])
def test_what_is_no_record_is_none(tmp_path, content):
    (tmp_path / "a.json").write_bytes(content)
    assert record_in(tmp_path / "a.json") is None


def test_what_is_no_file_is_none_and_a_pipe_is_not_waited_for(tmp_path):
    (tmp_path / "folder.json").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.json")
    assert [record_in(tmp_path / name) for name in ("folder.json", "pipe.json", "missing.json")] == [None] * 3


def test_companions_are_ours_as_long_as_they_are_what_the_record_says(tmp_path):
    said = {**OURS, **beside_in(dict.fromkeys(COMPANIONS, b""))}
    for ending in COMPANIONS:
        (tmp_path / f"a{ending}").write_bytes(b"")
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "a2.diff").write_bytes(b"")
    assert companions(tmp_path, "a", apart_from=()) == []
    (tmp_path / "a.json").write_bytes(b"{}")
    assert companions(tmp_path, "a", apart_from=()) == []
    (tmp_path / "a.json").write_text(json.dumps(OURS))
    assert companions(tmp_path, "a", apart_from=()) == []  # nothing was written with it
    (tmp_path / "a.json").write_text(json.dumps(said))
    assert companions(tmp_path, "a", apart_from=[".mid", ".png"]) == [
        tmp_path / f"a{ending}" for ending in COMPANIONS if ending != ".png"
    ]
    (tmp_path / "a.musicxml").write_bytes(b"edited")
    assert tmp_path / "a.musicxml" not in companions(tmp_path, "a", apart_from=())
    (tmp_path / "a.diff").unlink()
    os.symlink("a.txt", tmp_path / "a.diff")
    assert tmp_path / "a.diff" not in companions(tmp_path, "a", apart_from=())
