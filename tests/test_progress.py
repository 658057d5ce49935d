"""Progress: nothing where nobody watches, a bar that knows the end where somebody does."""

import io
import sys
from unittest.mock import patch

import pytest

from symbolic_embed import progress
from symbolic_embed.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_pipe_sees_no_bar(capsys, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0)
    assert list(Progress().through("abc", total=3, doing="reading")) == ["a", "b", "c"]
    assert capsys.readouterr() == ("", "")


def test_a_terminal_sees_a_bar_once_it_takes_long(monkeypatch):
    with patch.object(sys, "stderr", Terminal()) as terminal:
        list(Progress().through("abc", total=3, doing="reading"))
        assert terminal.getvalue() == ""
        monkeypatch.setattr(progress, "PATIENCE", -1)
        told = Progress()
        for one in told.through("abc", total=3, doing="reading"):
            told.tell(f"rejected: [{one}]")
        assert "reading" in terminal.getvalue()
        assert "/3" in terminal.getvalue()
        assert "rejected: [b]" in terminal.getvalue()


def test_work_inside_work_is_a_second_line_of_the_one_bar(monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", -1)
    with patch.object(sys, "stderr", Terminal()) as terminal:
        told = Progress()
        for _ in told.through("ab", total=2, doing="outside"):
            assert list(told.through("xyz", total=3, doing="inside")) == ["x", "y", "z"]
            assert told._bar is not None
        assert all(word in terminal.getvalue() for word in ("outside", "inside"))
        assert told._bar is None


def test_work_that_knows_its_length_is_counted(monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", -1)
    with patch.object(sys, "stderr", Terminal()) as terminal:
        assert list(Progress().counting("varying")([1, 2, 3])) == [1, 2, 3]
        assert "/3" in terminal.getvalue()


def test_work_towards_an_end_says_in_words_how_far_it_is(monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", -1)
    with patch.object(sys, "stderr", Terminal()) as terminal, Progress().towards(1.0, doing="training") as reach:
        reach(0.25, "25 %, batch 10")
        assert "training" in terminal.getvalue()
        assert "25 %, batch 10" in terminal.getvalue()


def test_the_bar_goes_when_the_work_fails(monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", -1)
    told = Progress()

    def work():
        with told.towards(1.0, doing="dividing") as reach:
            reach(0.5, "half")
            raise ZeroDivisionError

    with patch.object(sys, "stderr", Terminal()), pytest.raises(ZeroDivisionError):
        work()
    assert told._bar is None


def test_who_wants_quiet_hears_what_is_needed(capsys, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", -1)
    told = Progress(quiet=True)
    told.tell("warning: a")
    told.tell("rejected: b", needed=True)
    assert capsys.readouterr() == ("", "rejected: b\n")
    with patch.object(sys, "stderr", Terminal()) as terminal:
        list(told.through("ab", total=2, doing="reading"))
        assert terminal.getvalue() == ""


def test_messages_go_to_stderr(capsys):
    Progress().tell("warning: [a]")
    assert capsys.readouterr() == ("", "warning: [a]\n")
