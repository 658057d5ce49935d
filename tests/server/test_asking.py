"""Requests in words over HTTP: told, and nothing done."""

import json


def asked(server, **said):
    return server.ask("POST", "/api/ask", json.dumps(said).encode(), {"content-type": "application/json"})


def test_what_is_meant_is_told_as_a_request_that_a_verb_takes(server, band):
    told = asked(server, text="four bars more", files=["a.mid"]).json
    assert (told["sure"], told["verb"], told["command"]) == (True, "compose", "symbolic-embed compose a.mid --bars 4")
    job = server.verb("compose", request=told["request"], options=told["options"], files={"a.mid": band}).json
    assert (job["state"], job["command"]) == ("done", told["command"])


def test_what_is_selected_is_meant_where_nothing_else_is_said(server):
    told = asked(server, text="vary it", files=["a.mid"], bars="3-6", tracks="0,2").json
    assert told["command"] == "symbolic-embed vary a.mid --tracks 0,2 --bars 3-6"
    told = asked(server, text="vary bars 1 to 2, keep the bass", files=["a.mid"], bars="3-6", tracks="0,2").json
    assert told["command"] == "symbolic-embed vary a.mid --keep bass --bars 1-2"
    told = asked(server, text="four bars more", files=["a.mid"], bars="3-6").json
    assert told["command"] == "symbolic-embed compose a.mid --bars 4"


def test_what_is_not_understood_is_said_and_nothing_is_done(server):
    before = server.jobs()
    told = asked(server, text="make me a sandwich", files=["a.mid"]).json
    assert (told["sure"], told["command"]) == (False, None)
    assert told["unclear"].startswith("not understood")
    assert server.jobs() == before


def test_what_is_no_question_is_refused_in_a_line(server):
    for said in ({}, {"text": 5}, {"text": "x" * 30_000}, {"text": "x", "verb": "vary"}, {"text": "x", "files": "a"}):
        answer = asked(server, **said)
        assert (answer.status, list(answer.json)) == (422, ["error"])
