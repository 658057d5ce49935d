"""Session files that are none, or are damaged: one line says what, and where."""

from __future__ import annotations

import json

import pytest

from symbolic_embed.errors import InputError
from symbolic_embed.live.sessions import HEAD, VERSION, lines_of

BEGUN = json.dumps({HEAD: VERSION}) + "\n"
PLAYED = json.dumps({"at": 0.5, "in": "903c40"}) + "\n"


def lines(*texts):
    return list(lines_of(texts, source="take.session"))


def test_the_head_comes_first_and_a_line_that_was_not_finished_is_left_out():
    assert [line.get("at") for line in lines(BEGUN, PLAYED, '{"at": 0.7, "in": "90')] == [None, 0.5]


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ((), "is empty"),
        (("\ufffd\ufffd\x00\n",), "line 1 is no JSON"),
        (("[1]\n",), "line 1 is not that of a session"),
        (('{"symbolic_embed_session": 99}\n',), "line 1 is not that of a session"),
        ((BEGUN, '{"at": 1, "in": "no bytes"}\n'), "line 2 is not that of a session"),
        ((BEGUN, '{"at": 1, "in": 7}\n'), "line 2 is not that of a session"),
        ((BEGUN, "broken\n", PLAYED), "line 2 is no JSON"),
    ],
)
def test_what_is_no_session_is_refused_in_a_line(texts, told):
    with pytest.raises(InputError, match=told):
        lines(*texts)
