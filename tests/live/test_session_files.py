"""Session files that are none, or are damaged: one line says what, and where."""

from __future__ import annotations

import json

import pytest

from symbolic_embed.errors import InputError
from symbolic_embed.live.sessions import HEAD, VERSION, lines_of
from symbolic_embed.live.takes import midi_of_take, replay_take

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
        ((BEGUN, '{"at": "now", "in": "903c40"}\n'), "line 2 is not that of a session"),
        ((BEGUN, '{"in": "903c40"}\n'), "line 2 is not that of a session"),
        ((BEGUN, '{"at": 1, "in": "903c40", "came": []}\n'), "line 2 is not that of a session"),
        ((BEGUN, '{"at": 1, "map": [0, 0, 0]}\n'), "line 2 is not that of a session"),
        ((BEGUN, '{"at": 1, "map": [0, 0]}\n'), "line 2 is not that of a session"),
        ((BEGUN, '{"at": 1, "map": [0, NaN, 120]}\n'), "line 2 is not that of a session"),
        ((BEGUN, '{"at": 1, "key": {}}\n'), "line 2 is not that of a session"),
        ((BEGUN, '{"at": 1, "port": "in", "there": 2}\n'), "line 2 is not that of a session"),
        ((BEGUN, '{"at": 1, "tempo": "fast", "beat": 1}\n'), "line 2 is not that of a session"),
        ((BEGUN, '{"at": 1, "answer": -1, "by": "decoder"}\n'), "line 2 is not that of a session"),
        ((BEGUN, '{"at": 1, "stand_in": 1}\n'), "line 2 is not that of a session"),
        ((BEGUN, '{"at": 1, "renewed": 1}\n'), "line 2 is not that of a session"),
        ((BEGUN, '{"due": 1, "out": ""}\n'), "line 2 is not that of a session"),
        ((BEGUN, '{"out": "913c40"}\n'), "line 2 is not that of a session"),
        ((BEGUN, '{"end": "never"}\n'), "line 2 is not that of a session"),
        ((BEGUN, "broken\n", PLAYED), "line 2 is no JSON"),
    ],
)
def test_what_is_no_session_is_refused_in_a_line(texts, told):
    with pytest.raises(InputError, match=told):
        lines(*texts)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"request": {"tempo": "fast"}}, "tempo"),
        ({"request": {"tempo": -5}}, "tempo"),
        ({"request": 7}, ""),
        ({"parts": ["banjo"]}, "banjo"),
        ({"parts": 7}, ""),
        ({"lead": "long"}, "long"),
        ({"lead": 1, "horizon": []}, ""),
    ],
)
def test_a_head_that_asks_for_what_cannot_be_is_named_by_file_and_line(change, told, tmp_path):
    head = {HEAD: VERSION, "request": {}, "parts": ["bass"], "lead": 0.5, **change}
    path = tmp_path / "take.session"
    path.write_text(json.dumps(head) + "\n")
    for use in (lambda: replay_take(path, pytest.fail), lambda: midi_of_take(path)):
        with pytest.raises(InputError, match=rf"take\.session: line 1: .*{told}.*") as refused:
            use()
        assert "`" not in str(refused.value)
