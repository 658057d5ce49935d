"""Progress: nothing where nobody watches, a bar that knows the end where somebody does."""

import io
import sys
from unittest.mock import patch

from symbolic_embed.commands.shared import progress
from symbolic_embed.commands.shared.progress import Progress


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


def test_messages_go_to_stderr(capsys):
    Progress().tell("warning: [a]")
    assert capsys.readouterr() == ("", "warning: [a]\n")
