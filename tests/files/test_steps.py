"""Taking a place and taking that back: at every moment the old file or the new one, and in the end nothing beside."""

import errno
import os

import pytest
from disk import contents
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.files.beside import new_file
from symbolic_embed.files.identity import NOTHING_IN_USE, identity_of
from symbolic_embed.files.steps import Earlier, Part
from symbolic_embed.files.targets import target


def part(path, *, force):
    """A whole new file beside `path`."""
    made = Part(target(path, force=force), force=force, in_use=NOTHING_IN_USE)
    with new_file(made.beside) as file:
        file.write(b"new")
        made.identity = identity_of(os.fstat(file.fileno()))
    return made


def no_links(patch):
    def refuse(*_):
        raise OSError(errno.EPERM, "Operation not permitted")

    patch.setattr(os, "link", refuse)


@given(exists=st.booleans(), links=st.booleans(), acts=st.sampled_from(["", "d", "du", "u", "duu"]))
def test_a_step_that_is_undone_has_never_been(tmp_path_factory, exists, links, acts):
    folder = tmp_path_factory.mktemp("steps")
    if exists:
        (folder / "a").write_bytes(b"old")
    before = contents(folder)
    with pytest.MonkeyPatch.context() as patch:
        if not links:
            no_links(patch)
        step = part(folder / "a", force=exists)
        for act in acts:
            (step.do if act == "d" else step.undo)()
        step.clear()
        step.clear()
    assert contents(folder) == ({"a": b"new"} if acts == "d" else before)


@given(exists=st.booleans(), acts=st.sampled_from(["", "d", "du", "u"]))
def test_an_earlier_file_goes_and_comes_back(tmp_path_factory, exists, acts):
    folder = tmp_path_factory.mktemp("steps")
    if exists:
        (folder / "a.diff").write_bytes(b"old")
    before = contents(folder)
    step = Earlier(str(folder / "a.diff"))
    for act in acts:
        (step.do if act == "d" else step.undo)()
    step.clear()
    assert contents(folder) == ({} if acts == "d" else before)


def test_undoing_leaves_a_file_that_somebody_else_has_put_there(tmp_path):
    step = part(tmp_path / "a", force=False)
    step.do()
    os.replace(step.beside, tmp_path / "b")  # so that its number is not given to another file
    (tmp_path / "a").unlink()
    (tmp_path / "a").write_bytes(b"somebody else's")
    step.undo()
    step.clear()
    assert contents(tmp_path) == {"a": b"somebody else's", "b": b"new"}


def test_where_there_are_no_links_a_place_is_claimed_and_given_up(tmp_path, monkeypatch):
    no_links(monkeypatch)
    step = part(tmp_path / "a", force=False)
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        step.do()
    assert (tmp_path / "a").read_bytes() == b""
    step.undo()
    step.clear()
    assert contents(tmp_path) == {}
